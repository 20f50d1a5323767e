"""One event speaks of two people: they are one, as its provider vouches, or may be, as its sender says."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.contacts import Whereabouts, Writes
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.joining import called
from chalicelib.merging import NOT_SAME, pair_of
from chalicelib.model import Contact, Kind, Merge, Offer, Pair, new_id
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.lines import within
from chalicelib.store import Insert

MAY_BE = (
    "This may be the same person as {other}: they gave {address} as their own. Anybody can give any number, so"
    " nothing is put together until somebody says so."
)


def met(world: World, here: Whereabouts, contact: str, home: Bell) -> tuple[Writes, Bell | None]:
    """Order what follows from meeting somebody else in an event, which is most rare; it costs a read then.

    The bell rings in the group of the thread, so that what the event brought stands there first.
    """
    writes: Writes = []
    for key, other in here.claimed.items():
        writes += _asked(world, contact, key, other, home.about)
    orders = [_ordered(world, contact, each) for each in here.others if not _told_apart(world, contact, each)]
    writes += [Insert(each) for each in orders]
    return writes, Bell(f"merge:{orders[0].id}", home.group) if orders else None


def _ordered(world: World, contact: str, other: Contact) -> Merge:
    now = world.now()
    return Merge(new_id(now), contact, other.id, due=now + CLAIM_LIFE)


def _told_apart(world: World, contact: str, other: Contact) -> bool:
    pair = world.store.find(Pair, pair_of(contact, other.id))
    return pair is not None and pair.settled == NOT_SAME


def _asked(world: World, contact: str, key: str, other: Contact, home: str) -> Writes:
    """Ask the team whether two are one, once for ever."""
    name, now = pair_of(contact, other.id), world.now()
    if world.store.find(Pair, name) is not None:
        return []
    text = MAY_BE.format(other=called(other), address=within(key.partition(":")[2]))
    line = new_item(Kind.LINE, now, now, text=text)
    value = f"{home}.{name}"
    offers = (Offer("Same person", "same_person", value), Offer("Not the same", "not_same", value))
    return [Insert(Pair(name, f"gave {key}", now)), Insert(replace(line, conversation=home, offers=offers))]
