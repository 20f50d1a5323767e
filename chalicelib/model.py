"""The nouns, and the legal lives of a message. No I/O, no provider's words.

Every moment is an int: milliseconds since 1970, UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ulid import ULID

DAY = 24 * 3600 * 1000
LATE_AT_MOST = 7 * DAY
"""A provider's clock is believed this far back; older claims are taken for a broken clock."""


def new_id(now: int) -> str:
    """Make an identity that sorts by arrival."""
    return str(ULID.from_timestamp(now / 1000))


def born(ulid: str) -> int:
    """Tell when an id was made."""
    return ULID.from_str(ulid).milliseconds


# --------------------------------------------------------------------------- who and where


@dataclass(frozen=True, slots=True)
class Address:
    """A typed identifier of a person, such as `phone:+905321112233`.

    `verified` says that the provider vouches for it; anything weaker never links two people.
    """

    kind: str
    value: str
    verified: bool = True

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Route:
    """The way back to a customer: through which of our accounts, to whom in the provider's spelling."""

    channel: str
    account: str
    medium: str
    address: str
    to: str
    sender: str = ""

    @property
    def line(self) -> str:
        """Our side of it; windows are kept per line."""
        return f"{self.channel}/{self.account}"


class Unit(StrEnum):
    """What a channel counts when it limits a text."""

    CHARACTERS = "characters"
    UTF16 = "utf-16 units"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one medium of a channel can do; generic code asks here instead of knowing channels."""

    label: str
    badge: str
    text_limit: int
    text_unit: Unit = Unit.CHARACTERS
    delivered: bool = False
    read: bool = False
    window: int | None = None
    stop_words: frozenset[str] = frozenset()
    start_words: frozenset[str] = frozenset()
    numbered: bool = False
    """Parts of a long text may overtake each other on the way, so they are numbered."""


@dataclass(frozen=True, slots=True)
class Account:
    """One of our own lines at a provider, with its secrets and the addresses it is known by."""

    channel: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    api_url: str
    webhook_url: str

    def secret(self, name: str) -> str:
        return self.secrets.get(name, "")

    def accepted(self, name: str) -> tuple[str, ...]:
        """Every value that is good at the moment: two, comma separated, while one is being rotated."""
        return tuple(value.strip() for value in self.secret(name).split(",") if value.strip())


# --------------------------------------------------------------------------- what reaches us


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message; `reference` is the provider's handle, never a URL with a token."""

    kind: str
    name: str = ""
    mime: str = ""
    size: int = 0
    reference: str = ""

    def __str__(self) -> str:
        return f"[{self.kind}{': ' + self.name if self.name else ''}]"


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A customer wrote. `id` is the message's own, unique in the account; `at` is the provider's clock."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    name: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sequence: int = 0
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A customer changed a message; `message` is the whole of it as it reads now, under its first id."""

    id: str
    message: MessageReceived


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A customer took a message back."""

    id: str
    of: str
    route: Route
    addresses: tuple[Address, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Reacted:
    """A customer put an emoji on a message, or took it off (`emoji` is empty)."""

    id: str
    to: str
    emoji: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of something we sent. `ours` is the token we gave it, where the provider returns it."""

    of: str
    state: State
    at: int
    reason: Reason | None = None
    detail: str = ""
    ours: str = ""


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A provider says that one of a person's addresses is now another."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class OptedOut:
    """A customer wants nothing more from us on this medium."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    word: str


@dataclass(frozen=True, slots=True)
class OptedIn:
    """A customer takes their opting out back."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    word: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Verified, but not a thing we know; kept raw."""

    kind: str


Event = (
    MessageReceived
    | MessageEdited
    | MessageDeleted
    | Reacted
    | Receipt
    | ContactChanged
    | OptedOut
    | OptedIn
    | Unknown
)


# --------------------------------------------------------------------------- the life of a message


class State(StrEnum):
    """Where a message stands. Inbound: recorded, posted. Outbound: all the others."""

    RECORDED = "recorded"
    POSTED = "posted"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a reply did not get through, in our words; blocks.py has the sentences."""

    BAD_ADDRESS = "bad address"
    BLOCKED = "blocked"
    OPTED_OUT = "opted out"
    WINDOW = "window closed"
    TOO_LONG = "too long"
    UNREACHABLE = "unreachable"
    FILTERED = "filtered"
    EXPIRED = "expired"
    REFUSED = "refused"
    NO_ROUTE = "no route"
    GAVE_UP = "gave up"
    LOST_TRACK = "lost track"


MOVES: Mapping[State, frozenset[State]] = {
    State.RECORDED: frozenset({State.SENDING, State.WITHDRAWN, State.FAILED, State.POSTED}),
    State.SENDING: frozenset(
        {State.RECORDED, State.SENT, State.DELIVERED, State.READ, State.FAILED, State.UNKNOWN}
    ),
    # Twilio reports "sent" before "undelivered".
    State.SENT: frozenset({State.DELIVERED, State.READ, State.FAILED}),
    State.DELIVERED: frozenset({State.READ}),
    # Carriers have reported failures that were deliveries; and a person may send again.
    State.FAILED: frozenset({State.DELIVERED, State.READ, State.RECORDED}),
    State.UNKNOWN: frozenset({State.RECORDED, State.SENT, State.DELIVERED, State.READ, State.FAILED}),
    State.READ: frozenset(),
    State.POSTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""From which state a message may go to which; whatever is not here leaves it as it was."""


def moved(state: State, to: State) -> State:
    """Take a step if it is a legal one, else stay: receipts come late, twice and out of order."""
    return to if to in MOVES[state] else state


_BEST = (State.RECORDED, State.SENDING, State.SENT, State.DELIVERED, State.READ)
_WORST = (State.FAILED, State.UNKNOWN, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Part:
    """One provider's message: what a reply became after splitting. `tries` tells repeated sends apart."""

    text: str
    state: State = State.RECORDED
    id: str = ""
    reason: Reason | None = None
    detail: str = ""
    tries: int = 0


def summary(parts: tuple[Part, ...]) -> State:
    """Tell one state of a reply from those of its parts: the worst news first, else the least progress."""
    states = [part.state for part in parts]
    for bad in _WORST:
        if bad in states:
            return bad
    least = min(states, key=_BEST.index)
    started = any(_BEST.index(state) > 0 for state in states)
    return State.SENDING if started and least is State.RECORDED else least


# --------------------------------------------------------------------------- what is on record


class Kind(StrEnum):
    """What an item of a conversation is."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETION = "deletion"
    REACTION = "reaction"
    LINE = "line"
    """Threadline's own words in the thread."""
    REPLY = "reply"
    NOTE = "note"


class Side(StrEnum):
    """To whom something is owed; the first word of the `undone` key."""

    SLACK = "in"
    CUSTOMER = "out"


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt to do something outside: `post` is its name, `count` how often it was tried."""

    post: str
    at: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened in a conversation."""

    conversation: str
    id: str
    kind: Kind
    at: int
    order: str
    text: str = ""
    author: str = ""
    route: Route | None = None
    attachments: tuple[Attachment, ...] = ()
    their_id: str = ""
    of: str = ""
    slack_ts: str = ""
    state: State = State.RECORDED
    parts: tuple[Part, ...] = ()
    claim: Claim | None = None
    shown: State | None = None
    notice_ts: str = ""
    asked_at: int = 0
    """When a person last wanted this reply sent: on typing it, or on *Send again*."""
    awaits: bool = False
    """Its provider reports deliveries, so its mark can wait a minute for a better state than *sent*."""
    parked: str = ""
    due: int | None = None
    version: int = 0

    @property
    def outbound(self) -> bool:
        return self.kind is Kind.REPLY


def owed(item: Item) -> Side | None:
    """Tell to whom an item still owes something; the sparse index is derived from this and nothing else."""
    if item.parked or item.kind is Kind.NOTE or item.state is State.WITHDRAWN:
        return None
    if item.state in (State.RECORDED, State.SENDING):
        return Side.CUSTOMER if item.outbound else Side.SLACK
    if item.outbound and unshown(item):
        return Side.SLACK
    return None


def unshown(item: Item) -> bool:
    """Tell whether the thread lacks something about a reply: its mark, bad news, or good news after bad."""
    if item.state in (State.FAILED, State.UNKNOWN):
        return item.shown is not item.state
    if item.state is State.SENT and item.awaits:
        return False
    return item.shown in (None, State.FAILED, State.UNKNOWN)


def order_key(at: int, arrived: int, sequence: int, ulid: str) -> str:
    """Make the key by which a thread reads: the provider's clock within reason, its sequence, our id."""
    clamped = min(max(at, arrived - LATE_AT_MOST), arrived)
    return f"{clamped:015d}#{sequence:012d}#{ulid}"


class Status(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


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
    waiting_since: int | None = None
    posted_order: str = ""
    previous: str = ""
    claim: Claim | None = None
    drawn: str = ""
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
    version: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """An address on record: whose it is, and what it allows."""

    address: str
    contact: str
    linked: str = "first message"
    opted_out: Mapping[str, int] = field(default_factory=dict)
    """Medium -> when. Consent belongs to a medium: a STOP by SMS says nothing about WhatsApp."""
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


@dataclass(frozen=True, slots=True)
class Ref:
    """Somebody else's name for something of ours: dedupe, receipts, threads and edits in one."""

    system: str
    account: str
    id: str
    conversation: str = ""
    item: str = ""
    part: int = 0
    orphan: Receipt | None = None
    """A receipt that came before the answer to our own call; applied on settling."""
    kept: str = ""
    """Why this is here without an item: a delete that came before its message, a reply before its thread."""
    expires: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's reply in a thread that we do not know yet to be ours; `event` is Slack's, as JSON."""

    thread: str
    ts: str
    event: str
    due: int | None = None
    expires: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """A verified payload as it came: not understood, or too big to take apart at the door."""

    id: str
    channel: str
    account: str
    reason: str
    method: str
    headers: Mapping[str, str]
    body: str = ""
    """Base64. Empty when the bytes are in the bucket under `id`."""
    path_rest: str = ""
    expires: int | None = None
    due: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Something kept under a name: the settings, and what Slack told us of our own installation."""

    name: str
    value: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """A door outwards that is shut for a while: a Slack channel or an account."""

    system: str
    name: str
    until: int
    why: str
    told_at: int = 0
    version: int = 0


# --------------------------------------------------------------------------- outcomes of a call outwards


@dataclass(frozen=True, slots=True)
class Ok:
    """It happened; `id` is their name for it."""

    id: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """It did not happen and may be tried again, not before `wait` ms where they said so."""

    why: str
    wait: int | None = None
    whole_line: bool = False
    """Everything through this line has to wait, not this conversation only."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may have happened."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not and will not happen; the reason is for the team, the detail is theirs."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The time in which it was allowed is over."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """Our credentials or set-up are at fault: everything waits and an administrator is told."""

    why: str


Outcome = Ok | Busy | Ambiguous | Refused | Closed | Ours


@dataclass(frozen=True, slots=True)
class Absent:
    """They have never heard of it, as far as they can know."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """There is nobody to ask."""


Found = Ok | Absent | CannotTell


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is asked to send: one part of a reply.

    `ours` is our name for this attempt, `<conversation>.<item>.<part>.<try>`: give it to the provider where
    it takes one, so that receipts and look-ups find the way back.
    """

    ours: str
    route: Route
    text: str
    claimed_at: int


OURS = re.compile(r"([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9]{1,3})\.([0-9]{1,3})")


def ours_token(item: Item, part: int) -> str:
    return f"{item.conversation}.{item.id}.{part}.{item.parts[part].tries}"


def read_ours(token: str) -> tuple[str, str, int, int] | None:
    """Take a token apart, or None if it is not one of ours."""
    match = OURS.fullmatch(token)
    return (match[1], match[2], int(match[3]), int(match[4])) if match else None
