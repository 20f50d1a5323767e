"""Once a minute: whatever is due rings. This makes the table the outbox, and every lost bell harmless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.model import Conversation, Item, Kept, Raw, Side, State, born, owed
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.store import Due

MINUTE = 60_000
LONGEST = 8 * MINUTE
PER_SHARD = 100
"""What is left over is still due a minute later."""


def sweep(world: World) -> None:
    """Ring for everything that is due, and push it back: 1, 2, 4 … minutes, by how long it has waited."""
    bells: Mapping[Side, dict[Bell, None]] = {Side.SLACK: {}, Side.CUSTOMER: {}}
    swept = 0
    for due in world.store.due(world.now(), PER_SHARD):
        # The index may lag behind the table: only what is still due there counts.
        thing = world.store.find(due.kind, *due.ids)
        if thing is None or thing.due is None or thing.due > world.now():
            continue
        swept += 1
        world.store.postpone(due, world.now() + _pause(thing, due, world.now()))
        rung = _bell(world, thing)
        if rung is not None:
            side, bell = rung
            bells[side][bell] = None
    for side, rings in bells.items():
        if rings:
            world.queues.ring(side, rings)
    if swept:
        logs.note("swept", things=swept, bells=sum(len(rings) for rings in bells.values()))


def _pause(thing: Any, due: Due, now: int) -> int:
    if isinstance(thing, Conversation | Kept):
        return MINUTE
    return min(max(now - born(due.ids[-1]), MINUTE), LONGEST)


def _bell(world: World, thing: Any) -> tuple[Side, Bell] | None:
    match thing:
        case Item():
            return _item_bell(world, thing)
        case Conversation():
            return Side.SLACK, Bell(thing.id, thing.slack_channel)
        case Raw():
            return Side.SLACK, Bell(f"raw:{thing.id}", f"raw-{thing.channel}-{thing.account}")
        case Kept():
            return Side.CUSTOMER, Bell(f"kept:{thing.thread}", thing.thread.replace(":", "-"))
    return None


def _item_bell(world: World, item: Item) -> tuple[Side, Bell] | None:
    if item.awaits and item.state is State.SENT:
        # A minute without a receipt: the thread shows *sent*, which is the best that is known.
        item = world.store.change(item, lambda now: replace(now, awaits=False)) or item
    side = owed(item)
    if side is Side.CUSTOMER:
        return side, Bell(item.conversation, item.conversation)
    home = world.store.find(Conversation, item.conversation) if side else None
    return (Side.SLACK, Bell(home.id, home.slack_channel)) if home else None
