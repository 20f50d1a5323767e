"""The desks of a settings file."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any

from chalicelib.settings.choices import NOTE_MARK, REOPEN_HOURS, REPLY_MARK, Desk
from chalicelib.settings.mistakes import NAME, Field, checked, is_list, is_text, matches, one_of

CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
CALLED = re.compile(r"[UWS][A-Z0-9]{2,}")


def desks_from(table: Mapping[str, Any], wrong: list[str]) -> dict[str, Desk]:
    """Read the desks; each has a Slack channel of its own."""
    if not table:
        wrong.append('There is no desk; add [desks.support] with slack_channel = "C…".')
    desks: dict[str, Desk] = {}
    for name, given in table.items():
        if not NAME.fullmatch(name):
            wrong.append(f"desks.{name}: a desk's name is small letters, digits and _, at most 32 of them.")
        elif not isinstance(given, Mapping):
            wrong.append(f'desks.{name} has to be a table with slack_channel = "C…".')
        else:
            desks[name] = _desk(name, given, wrong)
    taken: dict[str, str] = {}
    for desk in desks.values():
        if desk.slack_channel in taken and desk.slack_channel:
            wrong.append(f"desks {taken[desk.slack_channel]} and {desk.name} share {desk.slack_channel}.")
        taken[desk.slack_channel] = desk.name
    return desks


def _desk(name: str, given: Mapping[str, Any], wrong: list[str]) -> Desk:
    where = f"desks.{name}."
    desk = Desk(name, **checked(_FIELDS, given, where, wrong))
    if desk.relay == "marked" and _begin_alike(desk.note_mark, desk.reply_mark):
        marks = f"note_mark {desk.note_mark!r} and reply_mark {desk.reply_mark!r}"
        wrong.append(f"{where}{marks} begin alike; nobody could tell a note from a reply.")
    return desk


def _begin_alike(one: str, other: str) -> bool:
    one, other = ("".join(mark.casefold().split()) for mark in (one, other))
    return one.startswith(other) or other.startswith(one)


def _is_hours(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 24 * 365


def _is_meeting(value: object) -> bool:
    """Tell whether an address is one to meet at: `{room}` and nothing else is filled in."""
    if value == "":
        return True
    if not isinstance(value, str) or not re.fullmatch(r"https://[^\s<>|]+", value):
        return False
    try:
        parts = list(string.Formatter().parse(value))
    except ValueError:
        return False
    # In its name nobody can put a room, in its path everybody can.
    host = value.removeprefix("https://").partition("/")[0]
    wanted = [part[1:] for part in parts if part[1] is not None]
    return "{" not in host and wanted == [("room", "", None)]


_MARK = "it has to be some visible characters, such as"

_FIELDS = {
    "slack_channel": Field("", matches(CHANNEL_ID), "a Slack channel's id looks like C0123456789"),
    "note_mark": Field(NOTE_MARK, is_text, f"{_MARK} {NOTE_MARK}"),
    "reopen_hours": Field(REOPEN_HOURS, _is_hours, "it has to be a whole number from 0 to 8760"),
    "relay": Field(
        "all", one_of("all", "marked"), 'it is "all", or "marked" where only replies with the reply_mark go out'
    ),
    "reply_mark": Field(REPLY_MARK, is_text, f"{_MARK} {REPLY_MARK}"),
    "mention": Field(
        (),
        lambda value: is_list(value, matches(CALLED)),
        'it has to be a list of Slack\'s ids of people and groups, such as ["U0123456789", "S0123456789"]',
    ),
    "video": Field(
        "", _is_meeting, "it has to be an address with {room} in its path, such as https://meet.example.com/{room}"
    ),
    "names": Field("changes", one_of("changes", "always", "never"), 'it is "changes", "always" or "never"'),
}
