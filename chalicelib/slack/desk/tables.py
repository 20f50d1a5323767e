"""What can be asked of the desk, and who sees to it: the whole of it on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.model import Ask
from chalicelib.services import World
from chalicelib.slack.asked import Command, HandedIn, Looked, Press, Shortcut
from chalicelib.slack.desk.again import it_arrived, send_again
from chalicelib.slack.desk.answers import Answer, Choices
from chalicelib.slack.desk.customers import customers
from chalicelib.slack.desk.naming import ask_name, take_name
from chalicelib.slack.desk.owning import assign, assigned, claim, hand_back
from chalicelib.slack.desk.standing import reopen, resolve
from chalicelib.slack.views import View

PRESSES: Mapping[str, Callable[[World, Press], Answer]] = {
    "claim": claim,
    "assign": assign,
    "hand_back": hand_back,
    "resolve": resolve,
    "reopen": reopen,
    "send_again": send_again,
    "it_arrived": it_arrived,
}
"""By a button's action_id."""

FORMS: Mapping[str, Callable[[World, HandedIn], Answer]] = {
    "assign": assigned,
    "name": take_name,
}
"""By a modal's callback_id."""

SHORTCUTS: Mapping[str, Callable[[World, Shortcut], Answer]] = {}

SEARCHES: Mapping[str, Callable[[World, Looked], Choices]] = {"customer": customers}
"""By the action_id of a field whose choices come from us."""

COMMANDS: Mapping[str, Callable[[World, Command], Answer]] = {
    "name": ask_name,
}
"""By the first word behind `/threadline`."""

FILLS: Mapping[str, Callable[[World, Ask], View]] = {}
"""What a worker draws into a modal that was opened at once."""
