"""Put a team member's words on record, with the address they are for: that of the last customer's post above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.places import is_over
from chalicelib.model import DAY, Conversation, Item, Kind, Reason, Ref, Side, is_carried, new_id
from chalicelib.outbound.address import address, moment
from chalicelib.outbound.forms import held_back, is_held_back, with_told
from chalicelib.outbound.marked import as_said, desk_at, is_noted, marks_of, stays_inside
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.lines import link, within
from chalicelib.slack.told import Typed
from chalicelib.store import Insert

EVENTS_LAST = 3 * DAY
"""Ms after which Slack tells of a message no more; with Delayed Events it goes on for a good day."""


def record(world: World, typed: Typed, conversation: str, before: Sequence[str] = ()) -> bool:
    """Record a reply or a note; a repeat changes nothing. `before` is how it was spelled before an edit."""
    home = world.store.find(Conversation, conversation)
    if home is None:
        return True
    note = stays_inside(world, home, typed.channel, *typed.spellings, *before)
    left = is_over(home, typed.channel, typed.thread_ts, typed.ts)
    bare, answered = as_said(world, typed, home)
    item = replace(_item(world, bare, home, note=note or left), reply_to=answered)
    if left:
        item = replace(item, thread=f"{typed.channel}:{typed.thread_ts}")
    if item.outbound and item.forms:
        item = held_back(item, world.now())
    own = Ref("slack", typed.team, f"{typed.channel}:{typed.ts}", conversation=home.id, item=item.id)
    told = _told(world, typed, home, note=note, left=left)
    try:
        world.store.write(Insert(own), Insert(item), *told)
    except Lost as lost:
        if own not in lost.losers:
            return record(world, typed, conversation, before)  # only a line for the thread was there already
        logs.note("reply.repeated", conversation=home.id, channel=typed.channel, ts=typed.ts)
        return False
    ids = {"conversation": home.id, "item": item.id, "channel": typed.channel, "ts": typed.ts}
    logs.note("reply.recorded", what=item.kind, **ids)
    # What is held back is told by the clock: until then the event that is missing may come.
    if is_held_back(item):
        logs.note("reply.refused", conversation=home.id, item=item.id, reason=Reason.UNHEARD)
    elif item.outbound:
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])
        if is_carried(item):
            world.queues.ring(Side.MEDIA, [Bell(home.id, home.id)])
    if told:
        world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
    return True


def _told(world: World, typed: Typed, home: Conversation, *, note: bool, left: bool) -> list[Insert]:
    """Say in the thread what whoever typed this has to know."""
    if left:
        return [] if note else _goes_on(world, typed, home)
    return _unmarked(world, typed, home) if note else _late(world, typed, home)


def _goes_on(world: World, typed: Typed, home: Conversation) -> list[Insert]:
    """Say below what was typed in a thread that its conversation has left that it went to nobody."""
    world.slack.team()  # without which nothing has an address
    address = world.slack.link(home.slack_channel, home.thread_ts, "") if home.thread_ts else ""
    there = link(address, f"its thread at the {home.desk} desk")
    what, name = f"{typed.channel}:{typed.ts}:left", within(home.name)
    ref, line = said(world, replace(home, name=name), what, world.settings().texts.goes_on, there=there)
    thread = f"{typed.channel}:{typed.thread_ts}"
    return [ref, Insert(replace(line.thing, thread=thread, calls=(typed.user,)))]


def _late(world: World, typed: Typed, home: Conversation) -> list[Insert]:
    """Say in the thread that replies came so late, once for all that were found together."""
    if not typed.asking or typed.follows:
        return []
    return _once(world, home, f"{home.id}:{typed.asking}:late", world.settings().texts.came_late)


def _unmarked(world: World, typed: Typed, home: Conversation) -> list[Insert]:
    """Say in the thread, once, why what was typed there went to nobody though it is no note."""
    desk = desk_at(world, home, typed.channel)
    if desk is None or not marks_of(desk) or is_noted(desk, typed.spellings):
        return []
    sentence = world.settings().texts.only_marked
    return _once(world, home, f"{home.id}:marked", sentence, mark=desk.reply_mark)


def _once(world: World, home: Conversation, what: str, sentence: str, **words: str) -> list[Insert]:
    """Say something unless it was said."""
    there = world.store.find(Ref, "slack", "said", what)
    return [] if there is not None else list(said(world, home, what, sentence, **words))


def _item(world: World, typed: Typed, home: Conversation, *, note: bool) -> Item:
    now = world.now()
    ulid = new_id(now)
    return Item(
        home.id,
        ulid,
        Kind.NOTE if note else Kind.REPLY,
        moment(typed.ts),
        # Slack's ts is the order in which the team typed, whatever order its events come in.
        f"{typed.ts:0>20}#{ulid}",
        # It stays in Slack's form until it goes out: only then are people's names looked up.
        text=typed.text,
        rich=typed.rich,
        attachments=() if note else typed.files,
        author=typed.user,
        route=None if note else address(world, home, typed.ts),
        their_id=typed.ts,
        edited=typed.edited,
        forms=with_told({}, "", typed),
        asked_at=min(now, moment(typed.ts)),
        due=None if note else now + CLAIM_LIFE,
    )


def said(world: World, home: Conversation, what: str, sentence: str, **words: str) -> tuple[Insert, Insert]:
    """Make a line of ours for the thread, under a reference that lets each thing be said once."""
    now = world.now()
    line = new_item(Kind.LINE, now, now, text=sentence.format(name=home.name, **words))
    ref = Ref("slack", "said", what, conversation=home.id, item=line.id)
    return Insert(ref), Insert(replace(line, conversation=home.id))
