"""What providers report of our replies, written onto them."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.contacts import opt_out
from chalicelib.inbound.entries import Recorded, bell_of
from chalicelib.model import (
    DAY,
    Account,
    Conversation,
    Item,
    Reason,
    Receipt,
    Ref,
    Side,
    moved,
    owed,
    read_ours,
    unsigned,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import with_receipt
from chalicelib.store import Insert, Replace


def record_receipt(world: World, line: Account, event: Receipt) -> Recorded | None:
    """Settle a reply's record; a receipt for an id we do not know yet waits for the answer to our own call."""
    ours = read_ours(event.ours)
    if ours is not None:
        conversation, item, part, tries = ours
        return _settle(world, event, conversation, item, part, tries)
    ref = world.store.find(Ref, line.channel, line.name, event.of)
    if ref is not None and ref.item:
        return _settle(world, event, ref.conversation, ref.item, ref.part, None)
    kept = replace(event, detail=unsigned(event.detail))
    waiting = Ref(line.channel, line.name, event.of, orphan=kept, expires=world.now() + DAY)
    if ref is None:
        world.store.write(Insert(waiting))
    elif ref.orphan is not None and better(ref.orphan, event) is event:
        world.store.write(Replace(replace(waiting, version=ref.version)))
    logs.note("receipt.early", state=event.state, their_id=event.of)
    return None


def better(one: Receipt, other: Receipt) -> Receipt:
    """Keep the receipt that says more."""
    return other if moved(one.state, other.state) is other.state else one


def _settle(
    world: World, event: Receipt, conversation: str, item_id: str, part: int, tries: int | None
) -> Recorded | None:
    """Take the step; the bell is only for what the thread does not show yet."""
    item, taken = world.store.find(Item, conversation, item_id), Recorded(None, conversation, item_id)
    if item is None or part >= len(item.parts):
        return None

    news = False

    def step(now: Item) -> Item | None:
        nonlocal news
        after = with_receipt(now, event, part, tries, world.now())
        news = after is not None
        return after

    if step(item) is None:
        return taken
    if event.reason is Reason.OPTED_OUT and item.route is not None:
        # Before the step: a repeat of this receipt would find nothing left to do.
        opt_out(world.store, item.route, event.at)
    after = world.store.change(item, step)
    if news and after:
        ids = {"conversation": conversation, "item": item_id, "part": part, "their_id": event.of}
        logs.note("receipt.settled", **ids, said=event.state, state=after.state)
    side = owed(after) if after else None
    if side is Side.CUSTOMER:
        # It settled a part whose answer was lost, and the parts behind it have waited for that.
        world.queues.ring(Side.CUSTOMER, [Bell(conversation, conversation)])
    home = world.store.find(Conversation, conversation) if side is Side.SLACK else None
    return replace(taken, bell=bell_of(home)) if home else taken
