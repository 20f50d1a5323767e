"""A second copy of a post has turned up: the first of them stays, and the other is taken out of Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.facts import posted
from chalicelib.inbound.pen import draw_later, drawn, may_draw
from chalicelib.inbound.places import place, stands_at
from chalicelib.inbound.thread import opened
from chalicelib.inbound.turn import Turn, noted
from chalicelib.inbound.witness import stands
from chalicelib.model import Conversation, Item, Ref, Refused, State, born, stepped, written
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, unfinished
from chalicelib.slack.answers import GONE
from chalicelib.store import Put, Replace


def resolve(turn: Turn, copy: Item) -> bool:
    """Leave one of two copies standing; False if Slack has no time for that now."""
    leader = turn.world.store.find(Item, copy.conversation, copy.of) if copy.of else turn.home
    if leader is None:
        return _remove(turn, copy)
    settled = stands(leader, copy.post)
    if settled == copy.their_id:
        _done(turn, copy)
    elif not settled and _awaited(leader):
        return True  # whoever holds the claim settles the post; this comes after
    elif not settled and _missing(leader, copy) and not _is_left(turn.home, copy):
        _adopt(turn, leader, copy)
    elif isinstance(leader, Item) and copy.their_id < settled and copy.post == leader.post:
        return _exchange(turn, leader, copy)
    else:
        return _remove(turn, copy)  # what is not on record as posted is posted anew, perhaps in other company
    return True


def _awaited(leader: Item | Conversation) -> bool:
    """Tell whether a post is under way; of a reply, a verdict and no further attempt."""
    is_post = not (isinstance(leader, Item) and leader.outbound) or leader.state in (State.FAILED, State.UNKNOWN)
    return leader.claim is not None and is_post


def _missing(leader: Item | Conversation, copy: Item) -> bool:
    """Tell whether a copy takes the place of what was given up, or of a head that is to be made."""
    return isinstance(leader, Conversation) or (leader.parked != "" and leader.post == copy.post)


def _is_left(home: Conversation, copy: Item) -> bool:
    """Tell whether a copy stands where the conversation was before it moved."""
    there = stands_at(home, copy, copy.their_id).slack_channel
    return there != home.slack_channel or place(home, copy.their_id).left != ""


def _adopt(turn: Turn, leader: Item | Conversation, copy: Item) -> None:
    """Take for the post itself what was believed not to be there."""
    if isinstance(leader, Conversation):
        opened(turn, copy.their_id, "")
    elif leader.outbound:
        at = turn.world.now()
        turn.world.store.change(leader, lambda now: _noticed(replace(now, parked=""), copy.their_id, at))
    else:
        posted(turn, [leader], copy.their_id)
    _done(turn, copy)


def _noticed(item: Item, ts: str, now: int) -> Item:
    """Say where the verdict on a reply stands; what it says there may be old, and is to be drawn anew."""
    after = replace(item, notice_ts=ts, shown=None)
    return replace(after, due=now + CLAIM_LIFE if unfinished(after) else None)


def _exchange(turn: Turn, leader: Item, copy: Item) -> bool:
    """Go over from the settled copy, which is the later one, to the first; then take the later one out."""
    later, first = stands(leader), copy.their_id
    channel, store = stands_at(turn.home, copy, copy.their_id).slack_channel, turn.world.store
    now = turn.world.now()
    moved = [
        stepped(
            _noticed(each, first, now) if each.outbound else replace(each, slack_ts=first),
            "moved to its copy",
            now,
            first,
        )
        for each in carried(turn.world, leader)
    ]
    ref = Ref("slack", turn.team, f"{channel}:{first}", conversation=turn.home.id, item=leader.id)
    home = _home_of(turn.home, later, first)
    instead = replace(copy, their_id=later)
    writes: Sequence[Any] = [Replace(instead), Put(ref), *map(Replace, moved), *([Replace(home)] if home else [])]
    try:
        stored = store.write(*writes)
    except Lost:
        turn.ring()  # something of it has just changed
        return True
    turn.home = next((each for each in stored if isinstance(each, Conversation)), turn.home)
    logs.note("copy.exchanged", conversation=turn.home.id, item=leader.id, channel=channel, ts=first)
    return _remove(turn, stored[0])


def carried(world: World, leader: Item) -> list[Item]:
    """Find all that stands in one post: nothing of it came before its leader, the oldest, was written."""
    if leader.outbound:
        return [leader]
    since = written(leader.order)
    recent = takewhile(lambda each: born(each.id) >= since, world.store.items(leader.conversation))
    return [each for each in recent if each.slack_ts == leader.slack_ts]


def _home_of(home: Conversation, later: str, first: str) -> Conversation | None:
    """Move what the conversation says of a post, or None if it says nothing of it."""
    route_ts = first if home.route_ts == later else home.route_ts
    last_ts = first if home.last_ts == later else home.last_ts
    after = replace(home, route_ts=route_ts, last_ts=last_ts)
    return None if after == home else after


def _remove(turn: Turn, copy: Item) -> bool:
    """Take a copy out of Slack; one that somebody has deleted is done with, too."""
    if not may_draw(turn):
        draw_later(turn)
        return False
    channel = stands_at(turn.home, copy, copy.their_id).slack_channel
    outcome = turn.world.slack.delete(channel, copy.their_id)
    noted(turn, "copy.removed", outcome, copy.their_id, item=copy.of, channel=channel)
    if isinstance(outcome, Refused) and outcome.detail not in GONE:
        logs.alarm("copy.stays", why=outcome.detail, conversation=turn.home.id, ts=copy.their_id)
    if not drawn(turn, outcome):
        return False
    _done(turn, copy)
    return True


def _done(turn: Turn, copy: Item) -> None:
    at = turn.world.now()
    turn.world.store.change(
        copy, lambda now: stepped(replace(now, state=State.POSTED, due=None), "dealt with", at, copy.their_id)
    )
