"""The team's choices: desks, which line goes to which, texts. Read from TOML, checked as a whole.

A settings file that is wrong is refused with every mistake in it, each in one line, before anything changes.
"""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib.errors import SettingsWrong

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
NOT_SAID_ANY_MORE = ("files_stayed",)
"""Texts of earlier versions, which settings that were saved then may have."""
NOTE_MARK, REOPEN_HOURS = "//", 72
EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
INSIDE = frozenset({"eyes", "white_check_mark", "heavy_check_mark", "ballot_box_with_check", "eyeglasses", "x"})

REACTIONS = {"eyes": "claim", "white_check_mark": "resolve"}


@dataclass(frozen=True, slots=True)
class Texts:
    """What Threadline says in a thread; `{name}`, `{medium}`, `{reason}`, `{word}` are filled in."""

    failed: str = "Not delivered to {name} by {medium}: {reason}"
    unknown: str = "It is not known whether this reached {name} by {medium}: {reason}"
    arrived: str = "This did reach {name} after all."
    sent_again: str = "This has been sent to {name} again."
    withdrawn: str = "Taken back: nothing of this went to {name}."
    opted_out: str = "{name} wants no more messages by {medium} ({word}). Replies by {medium} will not be sent."
    opted_in: str = "{name} takes messages by {medium} again ({word})."
    parked: str = "Something that {name} wrote cannot be shown here: {reason}."
    parked_reply: str = "What became of a reply to {name} cannot be shown here: {reason}."
    edited_late: str = "Changed here only: the earlier text is on its way to {name}, or may have arrived."
    deleted_late: str = "Deleted here only: it is on its way to {name}, or may have arrived."
    not_changed: str = "Changed here only, {name} still sees the earlier words: {reason}"
    not_deleted: str = "Deleted here only, {name} still sees it: {reason}"
    reads_now: str = "{name} changed a message, which Slack does not let us show in its place: {text}"
    taken_back: str = "({name} took this back.)"
    reactions_stay: str = "Reactions such as this stay here: {medium} shows {name} some of ours, or none."
    note_stays: str = "A note stays inside, whatever becomes of it. To send it to {name}, write it anew."
    came_late: str = "Slack told Threadline of a reply above only now, long after it was typed."
    link: str = "{file}: {link}"
    """What a customer is sent instead of a file that their medium does not take."""
    link_over: str = "This link is over. Please ask for the file again."
    """What they see there after a week."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A team's place: one Slack channel and how it works there."""

    name: str
    slack_channel: str
    note_mark: str = NOTE_MARK
    reopen_hours: int = REOPEN_HOURS
    relay: str = "all"
    """`all`: every reply goes out that is no note. `marked`: only what begins with `reply_mark` does."""
    reply_mark: str = "!!"
    mention: tuple[str, ...] = ()
    """People (`U…`) and groups (`S…`) of Slack who are called when a conversation begins here."""
    video: str = ""
    """An address at which customers are met, with `{room}` where its name goes; empty for none."""
    names: str = "never"
    """Whether customers are told who answers: `never`, `always`, or `changes` (when it is somebody else)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there."""

    days: frozenset[int]
    """0 is Monday."""
    begins: int
    """Minutes after midnight."""
    ends: int
    zone: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Which new conversations go to a desk; what is empty asks for nothing, the first rule that fits counts."""

    desk: str
    channel: str = ""
    account: str = ""
    """A line, such as `twilio/main`."""
    words: tuple[str, ...] = ()
    language: str = ""
    hours: str = ""
    """The name of some hours, or `not` and such a name."""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    desks: Mapping[str, Desk]
    accounts: Mapping[str, str]
    """Line (`twilio/main`) -> desk."""
    admin_channel: str = ""
    """Where Threadline says that something of its own is broken."""
    texts: Texts = field(default_factory=Texts)
    inside: frozenset[str] = INSIDE
    """Reactions of the team, by Slack's names, that mean something among its members and go to no customer."""
    rules: tuple[Rule, ...] = ()
    hours: Mapping[str, Hours] = field(default_factory=dict)
    reactions: Mapping[str, str] = field(default_factory=lambda: REACTIONS)
    """Reaction, by Slack's name -> what it does: `claim` or `resolve`."""

    def desk_of(self, line: str) -> Desk:
        return self.desks[self.accounts[line]]

    def desk_in(self, slack_channel: str) -> Desk | None:
        """Find the desk that works in a Slack channel."""
        return next((desk for desk in self.desks.values() if desk.slack_channel == slack_channel), None)


def read(text: str, channels: Iterable[str]) -> Settings:
    """Read and check settings; raises SettingsWrong with all that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong(f"The settings are not TOML: {error}") from error
    wrong: list[str] = []
    _unknown(raw, ("desks", "accounts", "admin_channel", "texts", "inside"), "", wrong)
    desks = _desks(_table(raw, "desks", wrong), wrong)
    accounts = _accounts(_table(raw, "accounts", wrong), desks, sorted(channels), wrong)
    admin = raw.get("admin_channel", "")
    if not isinstance(admin, str) or (admin and not CHANNEL_ID.fullmatch(admin)):
        wrong.append(f"admin_channel is {admin!r}; a Slack channel's id looks like C0123456789.")
    texts = _texts(_table(raw, "texts", wrong), wrong)
    inside = raw.get("inside", sorted(INSIDE))
    if not isinstance(inside, list) or not all(isinstance(name, str) and EMOJI.fullmatch(name) for name in inside):
        wrong.append(f'inside is {inside!r}; it has to be a list of emoji names, such as ["eyes"].')
        inside = []
    if wrong:
        raise SettingsWrong("The settings cannot be used:\n" + "\n".join(f"- {line}" for line in wrong))
    return Settings(desks, accounts, admin, texts, frozenset(inside))


def _table(raw: Mapping[str, Any], name: str, wrong: list[str]) -> Mapping[str, Any]:
    table = raw.get(name, {})
    if isinstance(table, Mapping):
        return table
    wrong.append(f"{name} has to be a table: write [{name}] and its lines below it.")
    return {}


def _unknown(table: Mapping[str, Any], known: Iterable[str], where: str, wrong: list[str]) -> None:
    known = list(known)
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
            wrong.append(f"{where}{key} is not a setting; {hint}")


def _desks(table: Mapping[str, Any], wrong: list[str]) -> dict[str, Desk]:
    if not table:
        wrong.append('There is no desk; add [desks.support] with slack_channel = "C…".')
    desks: dict[str, Desk] = {}
    for name, given in table.items():
        where = f"desks.{name}."
        if not NAME.fullmatch(name):
            wrong.append(f"desks.{name}: a desk's name is small letters, digits and _, at most 32 of them.")
        elif not isinstance(given, Mapping):
            wrong.append(f'desks.{name} has to be a table with slack_channel = "C…".')
        else:
            _unknown(given, ("slack_channel", "note_mark", "reopen_hours"), where, wrong)
            desks[name] = _desk(name, given, where, wrong)
    taken: dict[str, str] = {}
    for desk in desks.values():
        if desk.slack_channel in taken and desk.slack_channel:
            wrong.append(f"desks {taken[desk.slack_channel]} and {desk.name} share {desk.slack_channel}.")
        taken[desk.slack_channel] = desk.name
    return desks


def _desk(name: str, given: Mapping[str, Any], where: str, wrong: list[str]) -> Desk:
    channel = given.get("slack_channel", "")
    if not isinstance(channel, str) or not CHANNEL_ID.fullmatch(channel):
        wrong.append(f"{where}slack_channel is {channel!r}; a Slack channel's id looks like C0123456789.")
        channel = ""
    mark = given.get("note_mark", NOTE_MARK)
    if not isinstance(mark, str) or not mark.strip() or mark != mark.strip():
        wrong.append(f"{where}note_mark is {mark!r}; it has to be some visible characters, such as //.")
    hours = given.get("reopen_hours", REOPEN_HOURS)
    if not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= 24 * 365:
        wrong.append(f"{where}reopen_hours is {hours!r}; it has to be a whole number from 0 to 8760.")
    return Desk(name, channel, mark, hours)


def _accounts(
    table: Mapping[str, Any], desks: Mapping[str, Desk], channels: list[str], wrong: list[str]
) -> dict[str, str]:
    if not table:
        wrong.append('No account goes to a desk; add [accounts] with "twilio/main" = "support".')
    for line, desk in table.items():
        channel, _, account = line.partition("/")
        if channel not in channels:
            wrong.append(f'accounts."{line}": there is no channel {channel!r}; {", ".join(channels)} there are.')
        if not NAME.fullmatch(account):
            wrong.append(f'accounts."{line}" has to name a channel and an account, such as "twilio/main".')
        if not isinstance(desk, str) or desk not in desks:
            wrong.append(f'accounts."{line}" goes to {desk!r}, which is no desk here.')
    return {str(line): str(desk) for line, desk in table.items()}


def _texts(table: Mapping[str, Any], wrong: list[str]) -> Texts:
    known = {text.name: str(text.default) for text in fields(Texts)}
    _unknown(table, (*known, *NOT_SAID_ANY_MORE), "texts.", wrong)
    chosen = {}
    for name, text in table.items():
        if name not in known:
            continue
        allowed = _placeholders(known[name]) or set()
        used = _placeholders(text) if isinstance(text, str) else None
        if used is None or not str(text).strip():
            wrong.append(f"texts.{name} has to be a sentence; braces only around a word that is filled in.")
        elif not used <= allowed:
            names = ", ".join(sorted(allowed))
            wrong.append(f"texts.{name} asks for {', '.join(sorted(used - allowed))}; it can have {names}.")
        elif name == "link" and "link" not in used:
            wrong.append("texts.link has to have {link} in it: without it the customer has no way to the file.")
        else:
            chosen[name] = text
    return Texts(**chosen)


def _placeholders(text: str) -> set[str] | None:
    """Name what a text wants filled in, or None if it cannot be filled."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    if any(layout or conversion for _, _, layout, conversion in parts):
        return None
    return {name for _, name, _, _ in parts if name is not None}
