"""One entry of the record: an item as it arrived, and the reference that makes its repeats free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from chalicelib.errors import Lost
from chalicelib.model import (
    WORDS,
    Attachment,
    Carriage,
    Contact,
    ContactChanged,
    Conversation,
    Item,
    Kind,
    MessageReceived,
    OptedIn,
    OptedOut,
    Reacted,
    Ref,
    believed,
    new_id,
    order_key,
)
from chalicelib.queues import Bell
from chalicelib.richtext import beginning
from chalicelib.services import World
from chalicelib.settings import Case
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.blocks import SHOWN_AT_MOST
from chalicelib.slack.said import readable
from chalicelib.store import Insert, Put, Replace

T = TypeVar("T")

TEXT_BYTES, WORD_BYTES, MOST_ATTACHMENTS = 100_000, 1_000, 20
"""Together below half of a row's 400 KB: what is undone counts twice, in the table and in its index."""


LAST = 10**12 - 1
"""What is about a message comes after it, also within a second of a provider's clock."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of an event: the bell to ring, if there is one, and the item it made or is about."""

    bell: Bell | None
    conversation: str
    item: str
    files: Bell | None = None
    """The bell for whoever carries its files."""
    merge: Bell | None = None
    """The bell for whoever makes one person of two whom it named."""
    picture: Bell | None = None
    """The bell for whoever asks for its sender's picture."""


def new_item(kind: Kind, at: int, now: int, sequence: int = LAST, **rest: Any) -> Item:
    """Make an item that is in no conversation yet; its due time is past the life of a first claim."""
    ulid = new_id(now)
    order = order_key(at, now, sequence, ulid)
    return Item("", ulid, kind, believed(at, now), order, due=now + CLAIM_LIFE, **rest)


def muted(item: Item) -> Item:
    """Keep something from Slack: it owes nobody anything, and nobody fetches its files."""
    files = tuple(replace(each, carriage=Carriage.NONE) for each in item.attachments)
    return replace(item, muted=True, attachments=files, due=None)


def bell_of(home: Conversation) -> Bell:
    return Bell(home.id, home.slack_channel)


def case_of(
    event: MessageReceived | Reacted | ContactChanged | OptedOut | OptedIn, sender: Contact | None
) -> Case:
    """Say of an event what rules ask of a new conversation."""
    text, spoken = (event.text, event.locale) if isinstance(event, MessageReceived) else ("", "")
    known, tags = (sender.locale, sender.tags) if sender else ("", ())
    return Case(event.route.line, event.route.medium, text, spoken or known, tags)


def write_once(
    world: World, ref: Ref, *writes: Insert | Replace | Put, bell: Bell | None = None
) -> Recorded | None:
    """Write with a reference that must be new; where it is not, this is a repeat and nothing happens."""
    try:
        world.store.write(Insert(ref), *writes)
    except Lost as lost:
        if any(isinstance(loser, Ref) for loser in lost.losers):
            return None
        raise
    return Recorded(bell, ref.conversation, ref.item)


def carried(event: MessageReceived) -> tuple[Attachment, ...]:
    """Mark what is to be fetched of a message; words that are too long for a post are a file as well."""
    attachments = to_fetch(event.attachments)
    if max(len(event.text), len(event.rich)) > SHOWN_AT_MOST and _is_too_long(event):
        attachments.append(
            Attachment("file", "message.txt", "text/plain", reference=WORDS, carriage=Carriage.WAITING)
        )
    return tuple(attachments)


def to_fetch(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Mark of what came with a message what has bytes."""
    return [replace(each, carriage=Carriage.WAITING) if each.reference else each for each in attachments]


def _is_too_long(event: MessageReceived) -> bool:
    """Tell whether a post shows the beginning only: where links lead is shown as well."""
    return beginning(readable(event.text, event.rich), SHOWN_AT_MOST)[1] > 0


def fitted(event: T) -> T:
    """Cut what no row could hold; whoever calls this has kept the request whole."""
    changes: dict[str, Any] = {}
    long = len(getattr(event, "text", "").encode()) > TEXT_BYTES // 2
    for each in fields(event):  # type: ignore[arg-type]  # every event is a dataclass
        value = getattr(event, each.name)
        if each.name == "rich":
            changes["rich"] = value if len(value.encode()) <= TEXT_BYTES // 2 and not long else ""
        elif type(value) is str:
            changes[each.name] = _cut(value, TEXT_BYTES if each.name == "text" else WORD_BYTES)
        elif is_dataclass(value):
            changes[each.name] = fitted(value)
        elif isinstance(value, tuple):
            kept = value[:MOST_ATTACHMENTS]
            changes[each.name] = tuple(fitted(one) if isinstance(one, Attachment) else one for one in kept)
    return replace(event, **changes)  # type: ignore[type-var]


def _cut(text: str, most: int) -> str:
    raw = text.encode()
    return text if len(raw) <= most else raw[:most].decode(errors="ignore") + "…"
