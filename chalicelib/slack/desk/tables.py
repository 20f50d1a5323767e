"""What can be asked of the desk, and who sees to it: the whole of it on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.model import Ask
from chalicelib.services import World
from chalicelib.slack.asked import Command, HandedIn, Looked, Press, Shortcut
from chalicelib.slack.desk import blocking, history, home, meeting, menu, noting, templating, writing
from chalicelib.slack.desk.again import it_arrived, send_again
from chalicelib.slack.desk.answers import Answer, Choices
from chalicelib.slack.desk.customers import customers
from chalicelib.slack.desk.moving import ask_desk, move
from chalicelib.slack.desk.naming import ask_name, take_name
from chalicelib.slack.desk.owning import assign, assigned, claim, hand_back
from chalicelib.slack.desk.persons import is_same, not_same, same_as, same_person, undo_merge
from chalicelib.slack.desk.replying import choose, fill, open_form, send
from chalicelib.slack.desk.saved import edit, forget, keep, look, new, save, show_all
from chalicelib.slack.desk.snoozing import snooze, snoozed
from chalicelib.slack.desk.standing import reopen, resolve
from chalicelib.slack.desk.turning import ask_way, turn
from chalicelib.slack.views import View

PRESSES: Mapping[str, Callable[[World, Press], Answer]] = {
    "claim": claim,
    "assign": assign,
    "hand_back": hand_back,
    "more": menu.more,
    "note": noting.note,
    "tag": noting.tag,
    "block": blocking.block,
    "unblock": blocking.unblock,
    "video": meeting.video,
    "snooze": snooze,
    "resolve": resolve,
    "reopen": reopen,
    "turn": ask_way,
    "move": ask_desk,
    "send_again": send_again,
    "it_arrived": it_arrived,
    "home_show": home.choose,
    "home_desk": home.choose,
    "home_again": home.choose,
    "snippets": open_form,
    "snippet": choose,
    "template": templating.open_templates,
    "template_choice": templating.choose,
    "saved": show_all,
    "saved_one": edit,
    "new_saved": new,
    "forget_saved": forget,
    "keep_saved": keep,
    "history": history.history,
    "history_older": history.older,
    "history_newer": history.newer,
    "same_as": same_as,
    "same_person": same_person,
    "not_same": not_same,
    "undo_merge": undo_merge,
}
"""By a button's action_id."""

FORMS: Mapping[str, Callable[[World, HandedIn], Answer]] = {
    "assign": assigned,
    "find": menu.found,
    "note": noting.noted,
    "snooze": snoozed,
    "tag": noting.tagged,
    "video": meeting.sent,
    "name": take_name,
    "reply": send,
    "turn": turn,
    "move": move,
    "saved": save,
    "template": templating.send,
    "history": history.search,
    "same_as": is_same,
    "write": writing.take_whom,
}
"""By a modal's callback_id."""

SHORTCUTS: Mapping[str, Callable[[World, Shortcut], Answer]] = {
    "threadline": menu.on_message,
    "threadline_write": writing.ask_whom,
}

SEARCHES: Mapping[str, Callable[[World, Looked], Choices]] = {
    "customer": customers,
    "snippet": look,
    "saved_one": look,
    "template_choice": templating.look,
}
"""By the action_id of a field whose choices come from us."""

COMMANDS: Mapping[str, Callable[[World, Command], Answer]] = {
    "": menu.find,
    "help": menu.help_,
    "name": ask_name,
    "replies": show_all,
    "write": writing.ask_whom,
}
"""By the first word behind `/threadline`."""

FILLS: Mapping[str, Callable[[World, Ask], View]] = {
    "history": history.fill,
    "snippet": fill,
    "templates": templating.fill,
}
"""What a worker draws into a modal that was opened at once."""
