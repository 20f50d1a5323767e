"""The desk: what the team does with buttons, modals, shortcuts and commands."""

from chalicelib.slack.desk.door import DOOR, press
from chalicelib.slack.desk.home import publish
from chalicelib.slack.desk.replies import fill

__all__ = ["DOOR", "fill", "press", "publish"]
