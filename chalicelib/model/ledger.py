"""What is kept beside conversations: others' names for our things, raw bodies, gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.events import Receipt


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
class Link:
    """An address of ours at which a customer finds a file; whoever knows its token may have it."""

    token: str = field(repr=False)
    key: str
    name: str
    mime: str
    expires: int | None = None
    shown: bool = False
    """It is a picture that a page may show, for as long as it is kept; all others are only handed out."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's reply in a thread that we do not know yet to be ours.

    `event` is what Slack told of it: a line of JSON for each of its forms.
    """

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
    taken: int = 0
    """How many of its events are on record."""
    broke: str = ""
    """Why one of those is not, although it was tried."""
    unread: str = ""
    """Why it waits for code that can read it; what waits for nothing has none."""
    done: str = ""
    """How its waiting ended: read, or dismissed by a person."""
    done_at: int = 0
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
