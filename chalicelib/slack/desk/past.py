"""What was said with one person, on every channel and at every desk, newest first; all of it, or some words."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.finding import folded
from chalicelib.model import Contact, Conversation, History, Item, Kind
from chalicelib.richtext import found, mrkdwn, plain
from chalicelib.services import World

SHOWN = 10
TOGETHER = 30
"""Conversations that are read side by side; older ones come after all that was said in those."""
LASTS = 8_000
"""Ms after which a search stops, and says how far it came."""

TOLD = frozenset({Kind.MESSAGE, Kind.REPLY, Kind.NOTE, Kind.SAID})
OURS = frozenset({Kind.REPLY, Kind.NOTE, Kind.SAID})


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was said, each with its conversation; `further` is where the next page begins, if any."""

    said: Sequence[tuple[Item, Conversation]]
    further: str = ""
    conversations: int = 0
    to_the_end: bool = True
    """It ends because there is no more room, or nothing more; and not because it took too long."""


def page(world: World, contact: Contact, words: str = "", place: str = "") -> Page:
    """Read one page of it, from a place on that an earlier page has named."""
    ids = conversations_of(world, contact)
    wanted, until = folded(words).split(), world.now() + LASTS
    said: list[tuple[Item, Conversation]] = []
    last = place
    for where, item, home in _walk(world, ids, place):
        if len(said) == SHOWN:
            return Page(said, last, len(ids))
        if item.kind in TOLD and _has(item, wanted):
            said.append((item, home))
        last = where
        if not world.is_time(until):
            return Page(said, last, len(ids), to_the_end=False)
    return Page(said, "", len(ids))


def conversations_of(world: World, contact: Contact) -> list[str]:
    """Name all conversations with a person, also with those that were merged into them, the newest first."""
    lists = [world.store.listed(History, each, "") for each in (contact.id, *contact.merged)]
    return sorted((each.conversation for some in lists for each in some), reverse=True)


def spoken(item: Item) -> str:
    """Read what somebody said as plain words; a file is named."""
    rich = found(item.rich) or (mrkdwn.read(item.text) if item.kind in OURS else ())
    words = plain.write(rich) or item.text
    return " ".join(filter(None, (words, *map(str, item.attachments))))


def _has(item: Item, wanted: Sequence[str]) -> bool:
    text = folded(spoken(item)) if wanted else ""
    return all(word in text for word in wanted)


def _walk(world: World, ids: Sequence[str], place: str) -> Iterator[tuple[str, Item, Conversation]]:
    """Walk through all items, newest first, naming where each stands."""
    group, _, before = place.partition(".")
    first = int(group) if group.isdigit() else 0
    for number in range(first, -(-len(ids) // TOGETHER)):
        some = ids[number * TOGETHER : (number + 1) * TOGETHER]
        read: list[Any] = world.store.find_all(*((Conversation, (each,)) for each in some))
        homes = {home.id: home for home in read if home is not None}
        lists = [world.store.items(each, SHOWN, before) for each in homes]
        for item in heapq.merge(*lists, key=lambda item: item.id, reverse=True):
            yield f"{number}.{item.id}", item, homes[item.conversation]
        before = ""
