"""What a team can choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.settings.texts import Texts

NOTE_MARK, REPLY_MARK, REOPEN_HOURS = "//", "!!", 72
INSIDE = frozenset({"eyes", "white_check_mark", "heavy_check_mark", "ballot_box_with_check", "eyeglasses", "x"})

REACTIONS = {"eyes": "claim", "white_check_mark": "resolve"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A team's place: one Slack channel and how it works there."""

    name: str
    slack_channel: str
    note_mark: str = NOTE_MARK
    reopen_hours: int = REOPEN_HOURS
    relay: str = "all"
    """`all`: every reply goes out that is no note. `marked`: only what begins with `reply_mark` does."""
    reply_mark: str = REPLY_MARK
    mention: tuple[str, ...] = ()
    """People (`U…`) and groups (`S…`) of Slack who are called when a conversation begins here."""
    video: str = ""
    """An address at which customers are met, with `{room}` where its name goes; empty for none."""
    names: str = "changes"
    """Which replies begin with who answers.

    `changes`: the first, and each by somebody else than before. `always`: every one. `never`: none.
    """


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
