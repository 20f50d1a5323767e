"""What was given up: listed, and given another life; ids, kinds and reasons, never what was said."""

from __future__ import annotations

import re
from typing import Any

from chalicelib import logs
from chalicelib.errors import OperatorError
from chalicelib.inbound.entries import bell_of
from chalicelib.model import Conversation, Item, Side, parked_at
from chalicelib.operate.names import ULID, is_ulid, pair
from chalicelib.operate.times import age, moment
from chalicelib.services import World
from chalicelib.settling import retried
from chalicelib.store import FIRST

BATCH = 100
_PLACE = re.compile(rf"([0-9]{{1,15}})-({ULID})")
"""How far a list was told: when the last of it was given up, and its id."""

Answer = dict[str, Any]


def parked(world: World, after: str = "") -> Answer:
    """List what failed for good, oldest first."""
    items, last = _batch(world, after)
    return {"parked": [_told(world, item) for item in items], "next": last}


def retry(world: World, id: str = "", after: str = "") -> Answer:  # noqa: A002 - the order's word
    """Give one parked item another life, or all; where nothing is parked, nothing happens."""
    if not id:
        raise OperatorError("Say which: retry takes the id of an item as `parked` lists it, or all.")
    if id != "all":
        return {"done": [_retried(world, _wanted(world, id))], "next": ""}
    items, last = _batch(world, after)
    return {"done": [_retried(world, item) for item in items], "next": last}


def _batch(world: World, after: str) -> tuple[list[Item], str]:
    """Read the next few, and name where the batch after them begins."""
    place = _PLACE.fullmatch(after)
    if after and place is None:
        raise OperatorError("`after` is what `next` of an earlier answer says.")
    dues = world.store.parked((int(place[1]), place[2]) if place else FIRST, BATCH)
    items = world.store.find_all(*((due.kind, due.ids) for due in dues))
    last = f"{dues[-1].at}-{dues[-1].ids[-1]}" if len(dues) >= BATCH else ""
    return [item for item in items if isinstance(item, Item) and item.parked], last


def _wanted(world: World, name: str) -> Item:
    both = pair(name)
    if both is not None:
        item = world.store.find(Item, *both)
    elif is_ulid(name):  # what is parked can be found by its own id alone
        ids = next((due.ids for due in world.store.parked() if due.ids[-1] == name), None)
        item = world.store.find(Item, *ids) if ids else None
    else:
        raise OperatorError(f"{name[:60]!r} is no item's id; `parked` lists what there is.")
    if item is None:
        raise OperatorError(f"Nothing that is parked has the id {name}; `parked` lists what there is.")
    return item


def _retried(world: World, item: Item) -> Answer:
    """Take the step once, however many ask for it, and ring."""
    before = item.parked
    taken = False

    def step(now: Item) -> Item | None:
        nonlocal taken
        after = retried(now, world.now())
        taken = after is not None
        return after

    after = world.store.change(item, step)
    name = f"{item.conversation}.{item.id}"
    if not taken or after is None:
        return {"id": name, "outcome": "nothing to do", "why": "it is not parked"}
    logs.note("item.retried", conversation=item.conversation, item=item.id, why=before)
    home = world.store.find(Conversation, item.conversation)
    if home is not None:
        world.queues.ring(Side.SLACK, [bell_of(home)])
    return {"id": name, "outcome": "retried", "kind": str(item.kind)}


def _told(world: World, item: Item) -> Answer:
    since = parked_at(item)
    return {
        "id": f"{item.conversation}.{item.id}",
        "kind": str(item.kind),
        "why": item.parked,
        "since": moment(since),
        "age": age(world.now() - since),
    }
