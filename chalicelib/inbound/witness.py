"""The second witness: Slack's event of our own post says where it stands, also where its answer was lost.

What it says is only written down here; `deliver` alone acts on it.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.inbound.entries import new_item, write_once
from chalicelib.model import Conversation, Item, Kind, Ref, Side, Stamp, stepped
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.told import Posted, Shown
from chalicelib.store import Insert


def witness(world: World, seen: Posted) -> None:
    """Take in the event of a post of ours: one read where it is settled, which is nearly always."""
    stamp = seen.stamp
    thing: Item | Conversation | None = (
        world.store.find(Item, stamp.conversation, stamp.item)
        if stamp.item
        else world.store.find(Conversation, stamp.conversation)
    )
    if thing is None or stands(thing, stamp.post) == seen.ts:
        logs.note("slack.nothing", why="ours")
    elif _testify(world, thing, seen) or keep_copy(world, seen):
        world.queues.ring(Side.SLACK, [Bell(stamp.conversation, seen.channel)])


def witness_file(world: World, seen: Shown) -> None:
    """Take in the event of a post that shows a file: it bears no stamp, but is ours if we brought the file."""
    ref = world.store.find(Ref, "slack", seen.team, f"file:{seen.file}")
    item = world.store.find(Item, ref.conversation, ref.item) if ref else None
    if item is None or item.slack_ts == seen.ts:
        logs.note("slack.nothing", why="ours" if item else "a bot")
        return
    # One that was taken back from Slack, and came up all the same, is of no post that is on record.
    post = item.claim.post if item.claim and _carries(item, seen.file) else f"file:{seen.file}"
    posted = Posted(seen.team, seen.channel, seen.ts, Stamp(post, item.conversation, item.id))
    if _testify(world, item, posted) or keep_copy(world, posted):
        world.queues.ring(Side.SLACK, [Bell(item.conversation, seen.channel)])


def _carries(item: Item, file: str) -> bool:
    return any(each.slack_id == file and not each.apart for each in item.attachments)


def stands(thing: Item | Conversation, post: str = "") -> str:
    """Tell where a post of ours stands by the record: a thread's head, a verdict on a reply, or an item itself.

    A reply that nobody typed is in two posts of ours, so its name says which is meant.
    """
    if isinstance(thing, Conversation):
        return thing.thread_ts
    if thing.spoken and thing.spoken == post:
        return thing.their_id
    return thing.notice_ts if thing.outbound else thing.slack_ts


def keep_copy(world: World, seen: Posted) -> bool:
    """Put a copy of a post on record, to be dealt with; False if this ts is on record already.

    Replies typed under the copy of a thread's head are for the same conversation.
    """
    stamp, now = seen.stamp, world.now()
    copy = new_item(
        Kind.COPY, now, now, of=stamp.item, post=stamp.post, their_id=seen.ts, thread=f"{seen.channel}:"
    )
    copy = replace(copy, conversation=stamp.conversation)
    ref = Ref("slack", seen.team, f"{seen.channel}:{seen.ts}", conversation=stamp.conversation, item=copy.id)
    if write_once(world, ref, Insert(copy)) is None:
        return False
    logs.note("copy.found", conversation=stamp.conversation, item=stamp.item, channel=seen.channel, ts=seen.ts)
    if not stamp.item:
        call_up(world, stamp.conversation, ref.id)
    return True


def call_up(world: World, conversation: str, thread: str) -> None:
    """Have taken over what was said in a thread before it was known to be ours."""
    if world.store.kept(thread):
        world.queues.ring(Side.CUSTOMER, [Bell(f"kept:{thread}", conversation)])


def _testify(world: World, thing: Item | Conversation, seen: Posted) -> bool:
    """Write onto a claim where its post stands; False if there is no such claim, or it is known of another."""
    testified = False

    def step(now: Item | Conversation) -> Item | Conversation | None:
        nonlocal testified
        claim = now.claim
        testified = claim is not None and claim.post == seen.stamp.post and claim.ts in ("", seen.ts)
        if claim is None or not testified or claim.ts:
            return None
        told = replace(now, claim=replace(claim, ts=seen.ts))
        return stepped(told, "seen in Slack", world.now(), seen.ts) if isinstance(told, Item) else told

    after = world.store.change(thing, step)
    if testified:
        ids = {"conversation": seen.stamp.conversation, "item": seen.stamp.item}
        logs.note("post.witnessed", **ids, channel=seen.channel, ts=seen.ts)
    return testified or (after is not None and stands(after, seen.stamp.post) == seen.ts)
