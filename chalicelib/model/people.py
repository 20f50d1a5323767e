"""People, their addresses, and the conversations desks have with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.model.claims import Claim
from chalicelib.model.lives import State
from chalicelib.model.who import Route


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    """Put aside until a moment, or until the customer writes."""
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread a conversation had before it moved; what Slack dates before `left` stands there."""

    slack_channel: str
    ts: str
    left: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's conversation with one desk: one Slack thread."""

    id: str
    contact: str
    desk: str
    slack_channel: str
    name: str
    opened_at: int
    thread_ts: str = ""
    status: Status = Status.OPEN
    owner: str = ""
    route: Route | None = None
    route_ts: str = ""
    last_ts: str = ""
    """The customer's last post, a late one included: a reply below it has answered them."""
    waiting_since: int | None = None
    posted_order: str = ""
    previous: str = ""
    earlier: str = ""
    """Slack's link to the thread of the previous conversation."""
    earlier_count: int = 0
    """How many conversations the desks had with this person before."""
    tags: tuple[str, ...] = ()
    snoozed_until: int = 0
    routes: tuple[Route, ...] = ()
    """The ways back that were used in here, so that a new one is noticed without asking the contact."""
    said: State | None = None
    """How far the team's last reply has come, as the card shows it."""
    said_ts: str = ""
    """Where that reply stands, in Slack's time."""
    picture: str = ""
    """The token of its customer's picture, so that their posts bear it without asking the contact."""
    left: tuple[Thread, ...] = ()
    """The threads it had at other desks, oldest first."""
    claim: Claim | None = None
    refused_until: int = 0
    """Until when Slack is not asked for this thread's head, because it refused one."""
    drawn: str = ""
    """What the card shows of it, by its digest; empty, so unknown, from a change on until it was drawn."""
    doubt: int = 0
    """Until when a drawing of the card whose answer was lost may yet take the place of a newer one; 0 if none."""
    due: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Current:
    """A contact's pointer to the conversation a desk has with them, open or resolved."""

    conversation: str
    slack_channel: str
    resolved_at: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One person."""

    id: str
    name: str = ""
    current: Mapping[str, Current] = field(default_factory=dict)
    """Desk -> the conversation that what they write for it belongs to, wherever that has moved since."""
    addresses: tuple[str, ...] = ()
    """Every address that leads here."""
    routes: tuple[Route, ...] = ()
    """The ways on which they have written to us, each once, the latest last."""
    locale: str = ""
    """A language tag such as `pt-BR`, where a provider tells."""
    zone: str = ""
    """A time zone such as `Europe/Istanbul`, where it can be known or guessed."""
    tags: tuple[str, ...] = ()
    picture: str = ""
    """The token of a picture of theirs at `/files/…`, if there is one."""
    blocked_at: int = 0
    into: str = ""
    """The contact that this one was merged into; it is followed by whoever finds this one."""
    merged: tuple[str, ...] = ()
    """The contacts that were merged into this one."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """An address on record: whose it is, and what it allows."""

    address: str
    contact: str
    linked: str = "first message"
    opted_out: Mapping[str, int] = field(default_factory=dict)
    """Medium -> when. Consent belongs to a medium: a STOP by SMS says nothing about WhatsApp."""
    opted_in: Mapping[str, int] = field(default_factory=dict)
    """Medium -> when last, asked for or not: a STOP that was said before and comes after it changes nothing."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Until when free text may go to an address over one of our lines."""

    address: str
    line: str
    until: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """A conversation as its contact's list shows it."""

    contact: str
    conversation: str
    desk: str
    opened_at: int
    version: int = 0
