"""A desk's threads against our record: what the team typed and no event told of goes on record now.

Slack tells of each message once or a few times, and then no more. Every ten minutes the heads of a channel are
listed, one call; only threads in which something was said since we last looked are read. Older heads are looked
at where that finds something, or where we ourselves did not look for long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from chalicelib import logs
from chalicelib.errors import Lost, Malformed
from chalicelib.gates import waits
from chalicelib.model import Conversation, Gate, Item, Ours, Outcome, Ref, Refused, Side, Watch, born
from chalicelib.outbound.record import said
from chalicelib.outbound.reply import act
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.listed import read_listed

GRACE = 2 * 60_000
"""Ms that an event may take to come by itself."""
OVERLAP = 2 * 60_000
"""Ms asked for once more: our clock and Slack's differ."""
CALLS = 20
"""Calls in a turn, of which there is one a minute: Slack takes fifty, and looking for lost posts needs some."""
TURN_LASTS = 12_000
AGAIN = 50_000
"""Ms until the next turn of an asking that was not done; the clock comes by once a minute."""
BEHIND = 30 * 60_000
"""Ms without having looked, after which it was us who were away."""

MOST_OPEN = 5_000

Message = dict[str, Any]


@dataclass(slots=True)
class _Asking:
    """One turn at one desk's channel."""

    world: World
    watch: Watch
    channel: str
    team: str
    desk: str
    calls: int = 0
    found: int = 0
    broke: bool = False
    until: int = 0

    def lost(self) -> bool:
        return self.watch.lost or self.found > 0

    def tired(self) -> bool:
        return self.calls >= CALLS or self.world.now() > self.until

    @property
    def since(self) -> int:
        return max(self.watch.upto - OVERLAP, 0)


def look_at_desk(world: World, watch: Watch) -> None:
    """Look for what was typed since we last looked, unless the channel's gate is shut."""
    channel = watch.line.partition("/")[2]
    desk = world.settings().desk_in(channel)
    if desk is None or waits(world.store.find(Gate, "slack", channel), world.now()):
        return
    goal = watch.goal or world.now() - GRACE
    team = world.slack.team()
    if goal <= watch.upto:
        return
    if not isinstance(team, str):
        _not_listed(team)
        return
    asking = _Asking(world, replace(watch, goal=goal), channel, team, desk.name, until=world.now() + TURN_LASTS)
    place = _walk(asking)
    if asking.found:
        logs.alarm("missed.found", replies=asking.found)
    if not isinstance(place, str):
        _not_listed(place)
    elif not asking.broke:
        _go_on(asking, place)


def _not_listed(outcome: Outcome) -> None:
    say = logs.alarm if isinstance(outcome, Ours | Refused) else logs.note
    why = getattr(outcome, "why", "") or getattr(outcome, "detail", "")
    say("missed.not_listed", outcome=type(outcome).__name__, why=why)


def _go_on(asking: _Asking, place: str) -> None:
    """Write down how far we have come; the clock rings for what is left."""
    goal, now = asking.watch.goal, asking.world.now()

    def step(watch: Watch) -> Watch:
        if place:
            lost = asking.lost()
            return replace(watch, goal=goal, place=place, lost=lost, again=min(watch.again, now + AGAIN))
        return replace(watch, goal=0, place="", lost=False, upto=goal)

    asking.world.store.change(asking.watch, step)


def _walk(asking: _Asking) -> str | Outcome:
    """Go through the heads, newest first; return the one we have come to, or nothing if that was all."""
    place = asking.watch.place
    while not asking.tired():
        asking.calls += 1
        heads = asking.world.slack.heads(asking.channel, place)
        if not isinstance(heads, list):
            return heads
        for head in _spoken_in(asking, heads):
            if asking.tired():
                return place
            missed = _look_into(asking, head)
            if missed is not None:
                return missed
            place = head
        place = min((head["ts"] for head in heads), default="")
        if not place or not _deeper(asking, place):
            return ""
    return place


def _spoken_in(asking: _Asking, heads: Sequence[Message]) -> list[str]:
    """Choose the threads of ours in which something was said since we last looked, newest first."""
    since = _ts(asking.since)
    spoken = [head["ts"] for head in heads if str(head.get("latest_reply", "")) > since]
    refs = _refs(asking, spoken)
    return sorted((ts for ts in spoken if (ref := refs[ts]) is not None and ref.conversation), reverse=True)


def _deeper(asking: _Asking, place: str) -> bool:
    """Tell whether older heads are worth a call: events were lost, and there are open conversations that old."""
    if not asking.lost() and asking.watch.goal - asking.watch.upto < BEHIND:
        return False
    oldest = min(map(born, asking.world.store.board(asking.desk, MOST_OPEN)), default=None)
    return oldest is not None and place > _ts(oldest)


def _look_into(asking: _Asking, thread: str) -> Outcome | None:
    """Take in what a thread holds and we do not; returns why it cannot be read, if it cannot."""
    asking.calls += 1
    listed = asking.world.slack.replies(asking.channel, thread, _ts(asking.since), _ts(asking.watch.goal))
    if not isinstance(listed, list):
        return None if isinstance(listed, Refused) else listed  # a thread that is gone says nothing any more
    words = [each for each in listed if not each.get("bot_id") and each.get("ts")]
    refs = _refs(asking, [each["ts"] for each in words])
    missed = [each for each in words if refs[each["ts"]] is None]
    for each in sorted([*missed, *_changed(asking, words, refs)], key=lambda message: str(message["ts"])):
        _take(asking, each)
    _tell(asking, [each["ts"] for each in missed])
    return None


def _changed(asking: _Asking, words: Sequence[Message], refs: dict[str, Ref | None]) -> list[Message]:
    """Choose those that were edited since they were put on record."""
    edited = [(each, ref) for each in words if each.get("edited") and (ref := refs[each["ts"]]) and ref.item]
    found: list[Any] = asking.world.store.find_all(*((Item, (ref.conversation, ref.item)) for _, ref in edited))
    return [
        each
        for (each, _), item in zip(edited, found, strict=True)
        if item is not None and str(each["edited"].get("ts", "")) > item.edited
    ]


def _take(asking: _Asking, message: Message) -> None:
    """Let a message be what its event would have been."""
    try:
        act(asking.world, read_listed(message, asking.team, asking.channel))
    except Malformed as error:
        logs.alarm("missed.broke", error, ts=message["ts"])
    except Exception as error:  # noqa: BLE001 - one that breaks us must not hold back the others
        logs.alarm("missed.broke", error, ts=message["ts"])
        asking.broke = True


def _tell(asking: _Asking, missed: Sequence[str]) -> None:
    """Say in the thread that a reply goes out so late, once for all that were found together."""
    refs = [ref for ref in _refs(asking, missed).values() if ref is not None and ref.item]
    found: list[Any] = asking.world.store.find_all(*((Item, (ref.conversation, ref.item)) for ref in refs))
    asking.found += len(refs)
    replies = sorted((item for item in found if item and item.outbound), key=lambda item: str(item.conversation))
    for conversation, items in groupby(replies, key=lambda item: str(item.conversation)):
        home = asking.world.store.find(Conversation, conversation)
        if home is None:
            continue
        name = f"{asking.channel}:{next(items).their_id}:late"
        try:
            asking.world.store.write(*said(asking.world, home, name, asking.world.settings().texts.came_late))
        except Lost:
            continue
        asking.world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


def _refs(asking: _Asking, names: Sequence[str]) -> dict[str, Ref | None]:
    wanted = [(Ref, ("slack", asking.team, f"{asking.channel}:{ts}")) for ts in names]
    return dict(zip(names, asking.world.store.find_all(*wanted), strict=True))


def _ts(ms: int) -> str:
    return f"{ms / 1000:.6f}"
