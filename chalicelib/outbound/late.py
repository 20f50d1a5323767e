"""The team changes its mind about a reply that has gone: the customer is owed that, where their medium can.

Elsewhere the thread says once what the customer sees.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.model import Capabilities, Conversation, Item, Kind, Ref, Side, new_id, stepped
from chalicelib.outbound.address import moment
from chalicelib.outbound.attached import as_typed
from chalicelib.outbound.forms import with_told
from chalicelib.outbound.lines import say_once
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.told import Removed, Typed
from chalicelib.store import Insert


def edited(world: World, home: Conversation, item: Item, typed: Typed, *, note: bool) -> None:
    """Put on record that a reply reads otherwise now; a form of it that was a note keeps all later ones inside."""
    medium, newer = _medium(world, item), typed.edited > item.edited
    if medium is None or not medium.edits:
        if newer:
            sentence = world.settings().texts.edited_late
            say_once(world, home, f"{typed.channel}:{typed.ts}:edited", sentence, typed.ts)
        return

    def step(now: Item) -> Item | None:
        forms, noted = with_told(now.forms, now.edited, typed), now.noted or note
        after = replace(now, forms=forms, noted=noted, edited=max(now.edited, typed.edited))
        if after == now or (newer and after.edited == now.edited):
            return None
        return stepped(after, "edited late", world.now())

    correction = _item(world, Kind.CORRECTION, item, typed.edited or typed.ts)
    correction = as_typed(replace(correction, attachments=item.attachments), typed)
    before = item.version
    after = world.store.change(item, step, *([Insert(correction)] if newer else []))
    if after is not None and after.version > before:
        logs.note("reply.edited", conversation=home.id, item=item.id, ts=item.their_id, state=item.state)
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])


def deleted(world: World, home: Conversation, item: Item, removed: Removed) -> None:
    """Put on record that a reply is to be taken back."""
    medium, what = _medium(world, item), f"{removed.channel}:{removed.ts}:deleted"
    if medium is None or not medium.deletes:
        say_once(world, home, what, world.settings().texts.deleted_late, removed.ts)
        return
    recall = _item(world, Kind.RECALL, item, f"{world.now() / 1000:.6f}")
    try:
        world.store.write(Insert(Ref("slack", "said", what, home.id, recall.id)), Insert(recall))
    except Lost:
        return
    logs.note("reply.deleted", conversation=home.id, item=item.id, ts=item.their_id, state=item.state)
    world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])


def _medium(world: World, item: Item) -> Capabilities | None:
    return world.capabilities(item.route) if item.route else None


def _item(world: World, kind: Kind, about: Item, ts: str) -> Item:
    """Make what is owed to the customer, in the order in which the team did it."""
    now = world.now()
    ulid = new_id(now)
    return Item(
        about.conversation,
        ulid,
        kind,
        moment(ts),
        f"{ts:0>20}#{ulid}",
        author=about.author,
        route=about.route,
        their_id=about.their_id,
        of=about.id,
        asked_at=now,
        due=now + CLAIM_LIFE,
    )
