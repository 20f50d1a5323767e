"""Once a minute: whatever is due rings. This makes the table the outbox, and every lost bell harmless."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib import logs, missed
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.receive import raw_bell
from chalicelib.model import Conversation, Item, Kept, Merge, Raw, Side, State, born, is_carried, owed
from chalicelib.patience import MINUTE, as_long_again
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.store import Due

EARLY = 5_000
"""Ms by which one sweep may follow the last too soon, and still find what is due."""
PER_SHARD = 100
"""What is left over is still due a minute later."""

Home = Callable[[str], Conversation | None]


def sweep(world: World) -> None:
    """Ring for everything that is due, and push it back: 1, 2, 4 … minutes, by how long it has waited."""
    bells: dict[Side, dict[Bell, None]] = {side: {} for side in Side}
    home = cache(lambda conversation: world.store.find(Conversation, conversation))
    now, swept = world.now(), 0
    try:
        for due in world.store.due(now, PER_SHARD):
            # The index may lag behind the table; what has been settled or moved there is not pushed back.
            # Pushed back first, so that one thing that breaks us cannot be the first again in a minute.
            if world.store.postpone(due, now + _pause(due, now)):
                swept += 1
                for side, bell in _bells(world, world.store.find(due.kind, *due.ids), home):
                    bells[side][bell] = None
        bells[Side.SLACK] |= dict.fromkeys(missed.due(world))
    finally:
        for side, rings in bells.items():
            if rings:
                world.queues.ring(side, rings)
        if swept:
            logs.note("swept", things=swept, bells=sum(map(len, bells.values())))


def _pause(due: Due, now: int) -> int:
    """Wait as long again as a thing has waited; a conversation is older than what it waits for."""
    if due.kind is Conversation:
        return MINUTE - EARLY
    since = int(float(due.ids[-1]) * 1000) if due.kind is Kept else born(due.ids[-1])
    return as_long_again(now - since) - EARLY


def _bells(world: World, thing: Any, home: Home) -> list[tuple[Side, Bell]]:
    match thing:
        case Item():
            return _item_bells(world, thing, home)
        case Conversation():
            return [(Side.SLACK, bell_of(thing))]
        case Raw():
            return [(Side.SLACK, raw_bell(thing))]
        case Merge():
            return [(Side.SLACK, Bell(f"merge:{thing.id}", f"merge-{thing.id}"))]
        case Kept():
            return [(Side.CUSTOMER, Bell(f"kept:{thing.thread}", thing.thread.replace(":", "-")))]
    return []


def _item_bells(world: World, item: Item, home: Home) -> list[tuple[Side, Bell]]:
    if item.awaits and item.state is State.SENT:
        # A minute without a receipt: the thread shows *sent*, which is the best that is known.
        item = world.store.change(item, lambda now: replace(now, awaits=False)) or item
    side, own = owed(item), Bell(item.conversation, item.conversation)
    carrier = [(Side.MEDIA, own)] if side and is_carried(item) else []
    if side is Side.CUSTOMER:
        return [*carrier, (side, own)]
    found = home(item.conversation) if side is Side.SLACK else None
    return [*carrier, (Side.SLACK, bell_of(found))] if found else carrier
