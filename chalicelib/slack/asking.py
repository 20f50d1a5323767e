"""Read what people of the team ask of us in Slack.

https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from chalicelib.reading import Payload, ident, number, part, rows, text, untrusted, word
from chalicelib.slack.asked import Asked, By, Command, HandedIn, Looked, Press, Seen, Shortcut, Spot, Values
from chalicelib.slack.views import CUT
from chalicelib.web import Request


def read_asked(request: Request) -> list[Asked]:
    """Read what somebody asks, or nothing where it asks for nothing; raises Malformed."""
    with untrusted():
        form = parse_qs(request.body.decode())
        if "command" in form:
            return [_command({name: values[0] for name, values in form.items()})]
        (payload,) = form["payload"]
        return _read(part(json.loads(payload)))


def _read(payload: Payload) -> list[Asked]:
    reader = _READERS.get(text(payload["type"]))
    return reader(payload) if reader else []


def _command(form: Mapping[str, str]) -> Command:
    by = By(
        text(form.get("team_id")),
        ident(form["user_id"]),
        text(form.get("trigger_id")),
        text(form.get("response_url")),
    )
    return Command(by, text(form.get("text")).strip(), text(form.get("channel_id")))


def _by(payload: Payload, team: str = "") -> By:
    user = part(payload["user"])
    return By(
        text(user.get("team_id")) or team,
        ident(user["id"]),
        text(payload.get("trigger_id")),
        text(payload.get("response_url")),
    )


def _presses(payload: Payload) -> list[Asked]:
    by, spot, view = _by(payload), _spot(payload), _seen(payload)
    return [
        Press(by, text(action.get("action_id")), _value(action), spot, view) for action in rows(payload["actions"])
    ]


def _value(action: Payload) -> str:
    """Read the value of a button, or of what was chosen in a menu."""
    return next(iter(_chosen(action)), "")


def _spot(payload: Payload) -> Spot | None:
    channel, message = part(payload.get("channel")), part(payload.get("message"))
    where = part(payload.get("container"))
    ts = text(message.get("ts")) or text(where.get("message_ts"))
    if not channel or not ts:
        return None
    thread_ts = text(message.get("thread_ts")) or text(where.get("thread_ts"))
    return Spot(ident(channel["id"]), ts, thread_ts)


def _seen(payload: Payload) -> Seen | None:
    view = part(payload.get("view"))
    if not view:
        return None
    meta = part(json.loads(text(view.get("private_metadata")) or "{}"))
    state = part(part(view.get("state")).get("values"))
    return Seen(
        ident(view["id"]),
        text(view.get("hash")),
        text(view.get("callback_id")),
        {text(name): text(value) for name, value in meta.items()},
        _values(state),
        {_plainly(name): text(name) for name in state},
        home=view.get("type") == "home",
    )


def _values(state: Payload) -> Values:
    """Read a form by its blocks, which have one field each."""
    found: dict[str, tuple[str, ...]] = {}
    for block, elements in state.items():
        given = [value for element in part(elements).values() for value in _chosen(part(element))]
        found[_plainly(block)] = tuple(given)
    return found


def _plainly(block: object) -> str:
    return text(block).partition(CUT)[0]


def _chosen(element: Payload) -> tuple[str, ...]:
    """Read what was typed or chosen, whatever kind of field it is."""
    for key in ("selected_options", "selected_users"):
        if key in element:
            many = element[key] or ()
            return tuple(text(each if isinstance(each, str) else part(each)["value"]) for each in many)
    for key in ("selected_option", "selected_user", "selected_channel", "selected_conversation"):
        if key in element:
            one = element[key]
            return () if one is None else (text(one if isinstance(one, str) else part(one)["value"]),)
    if "selected_date_time" in element:
        return (str(number(element["selected_date_time"])),) if element["selected_date_time"] else ()
    value = text(element.get("value"))
    return (value,) if value.strip() else ()


def _shortcut(payload: Payload) -> list[Asked]:
    # On a message Slack does not always say whose the user is; the workspace is that of whoever chose it.
    by = _by(payload, text(part(payload.get("team")).get("id")))
    return [Shortcut(by, text(payload["callback_id"]), _spot(payload))]


def _handed_in(payload: Payload) -> list[Asked]:
    view = _seen(payload)
    return [HandedIn(_by(payload), view)] if view else []


def _looked(payload: Payload) -> list[Asked]:
    return [Looked(_by(payload), text(payload["action_id"]), word(payload.get("value")), _seen(payload))]


_READERS: Mapping[str, Callable[[Payload], list[Asked]]] = {
    "block_actions": _presses,
    "message_action": _shortcut,
    "shortcut": _shortcut,
    "view_submission": _handed_in,
    "block_suggestion": _looked,
}
"""By Slack's word for it; to close a modal asks for nothing."""
