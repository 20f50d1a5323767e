"""The desk: what the team does with buttons, modals, shortcuts and commands."""

from chalicelib.slack.desk.buttons import DOOR, press

__all__ = ["DOOR", "press"]
