"""A reply is edited or deleted in Slack: while nothing of it has gone, that counts; later, the thread says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.model import Conversation, Item, Kind, Ref, Side, State, is_carried, owed
from chalicelib.outbound import late
from chalicelib.outbound.attached import as_typed
from chalicelib.outbound.cut import retyped
from chalicelib.outbound.forms import held_back, is_held_back, let_go, with_told
from chalicelib.outbound.lines import say_once
from chalicelib.outbound.links import end
from chalicelib.outbound.marked import as_said, stays_inside
from chalicelib.outbound.record import EVENTS_LAST
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import nothing_gone, withdrawn
from chalicelib.slack.told import Removed, Typed
from chalicelib.store import Insert


def retype(world: World, typed: Typed, before: Sequence[str] = ()) -> bool:
    """Let an edit take effect while the reply is still here; False if there is no such message on record.

    What was a note in any form that we hear of while nothing has gone stays inside.
    """
    thread = f"{typed.channel}:{typed.ts}"
    ref = world.store.find(Ref, "slack", typed.team, thread)
    if ref is None:
        return False
    item, home = _behind(world, ref)
    if item is None or home is None:
        return True
    note, texts = stays_inside(world, home, typed.channel, *typed.spellings), world.settings().texts
    inside = item.kind is Kind.NOTE or (item.state is State.WITHDRAWN and typed.edited > item.edited)
    if inside and not note and not item.thread:
        say_once(world, home, f"{thread}:note", texts.note_stays, typed.ts)
    if not item.outbound:
        return True

    was_note = stays_inside(world, home, typed.channel, *typed.spellings, *before)
    typed, answered = as_said(world, typed, home)
    after = _change(
        world, home, "reply.edited", item, lambda now: _with_form(now, typed, world.now(), answered, note=was_note)
    )
    if after.state is State.WITHDRAWN:
        if item.state is not State.WITHDRAWN and not note:
            say_once(world, home, f"{thread}:note", texts.note_stays, typed.ts)
    elif not nothing_gone(after):
        late.edited(world, home, after, typed, note=was_note)
    elif is_held_back(item) and not is_held_back(after):
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])
    elif is_carried(after) and owed(after) is Side.CUSTOMER:
        world.queues.ring(Side.MEDIA, [Bell(home.id, home.id)])
    return True


def _with_form(item: Item, typed: Typed, now: int, answered: str, *, note: bool) -> Item | None:
    """Take in one more form of a reply of which nothing has gone: a newer one, or one that was missing."""
    newer, forms = typed.edited > item.edited, with_told(item.forms, item.edited, typed)
    if not nothing_gone(item) or not (newer or note or forms != item.forms):
        return None
    if note:
        return replace(withdrawn(item, now), edited=max(typed.edited, item.edited))
    after = retyped(replace(as_typed(item, typed), reply_to=answered), now) if newer else item
    after = replace(after, forms=forms)
    if forms:
        return held_back(after, now) if after.state is State.RECORDED else after
    return let_go(after, now) if is_held_back(after) else after


def remove(world: World, removed: Removed) -> None:
    """Let a deletion take effect while nothing has gone; one that comes first leaves a tombstone."""
    thread = f"{removed.channel}:{removed.ts}"
    ref = world.store.find(Ref, "slack", removed.team, thread)
    if ref is None:
        if may_be_ours(world, removed.team, removed.channel, removed.thread_ts):
            tombstone = Ref("slack", removed.team, thread, kept="deleted", expires=world.now() + EVENTS_LAST)
            try:
                world.store.write(Insert(tombstone))
            except Lost:
                remove(world, removed)
        return
    item, home = _behind(world, ref)
    if item is None or home is None or not item.outbound:
        return

    def step(now: Item) -> Item | None:
        return withdrawn(now, world.now()) if nothing_gone(now) else None

    after = _change(world, home, "reply.deleted", item, step)
    if after.state is not State.WITHDRAWN:
        end(world, after)
        late.deleted(world, home, after, removed)


def may_be_ours(world: World, team: str, channel: str, thread_ts: str) -> bool:
    """Tell whether a message we have not read may be a reply: in a desk's channel, or one that it has left."""
    if world.settings().desk_in(channel) is not None:
        return True
    return thread_ts != "" and world.store.find(Ref, "slack", team, f"{channel}:{thread_ts}") is not None


def _change(world: World, home: Conversation, event: str, item: Item, step: Callable[[Item], Item | None]) -> Item:
    """Take a step, and write the line for it only if it was not too late."""
    taken = False

    def told(now: Item) -> Item | None:
        nonlocal taken
        after = step(now)
        taken = after is not None
        return after

    after = world.store.change(item, told) or item
    if taken:
        logs.note(event, conversation=home.id, item=item.id, ts=item.their_id, state=after.state)
        if after.state is State.WITHDRAWN and owed(after):
            world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
    return after


def _behind(world: World, ref: Ref) -> tuple[Item | None, Conversation | None]:
    """Find what is on record about a message in Slack; behind a card there is no item."""
    if not ref.item:
        return None, None
    found: list[Any] = world.store.find_all(
        (Item, (ref.conversation, ref.item)), (Conversation, (ref.conversation,))
    )
    return found[0], found[1]
