"""A desk's threads against our record: what the team typed and no event told of goes on record now.

Slack tells of each message once or a few times, and then no more. Every ten minutes the newest heads of a channel
are listed, one call; only threads in which something was said since the last look are read. Once an hour all heads
are listed, down to the oldest open conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.gates import waits
from chalicelib.missed.asking import (
    TURN_LASTS,
    again,
    begun,
    ended,
    is_away,
    keep_found,
    not_listed,
    noted,
    paused,
)
from chalicelib.model import DAY, Ambiguous, Gate, Item, Outcome, Ref, Refused, Watch, born
from chalicelib.outbound.reply import DOOR, act
from chalicelib.raw import broken, malformed
from chalicelib.services import World
from chalicelib.slack.answers import GONE
from chalicelib.slack.events import Retyped, Typed
from chalicelib.slack.listed import event_of, read_listed
from chalicelib.slack.threads import Leaf

OVERLAP = 2 * 60_000
"""Ms asked for once more: our clock and Slack's differ."""
CALLS = 20
"""Calls in a turn, of which there is one a minute: Slack takes fifty, and looking for lost posts needs some."""
AGAIN = 50_000
"""Ms until the next turn of an asking that was not done; the clock comes by once a minute."""

MOST_OPEN = 5_000
THREAD_PATIENCE = DAY
"""Ms for which a thread is asked for that Slack will not list; what was typed before that is not sent any more."""

Message = dict[str, Any]


@dataclass(slots=True)
class _Asking:
    """One turn at one desk's channel.

    `place` is how far it has come: the head of the last thread that is done, or `head/reply` within one.
    """

    world: World
    watch: Watch
    channel: str
    team: str
    place: str
    until: int
    since: str
    calls: int = 0
    found: int = 0
    held: bool = False
    done: bool = False

    def tired(self) -> bool:
        return self.calls >= CALLS or self.world.now() > self.until


def look_at_desk(world: World, watch: Watch) -> None:
    """Look for what was typed since we last looked, unless the channel's gate is shut."""
    channel = watch.line.partition("/")[2]
    watch_now = begun(world, watch)
    if watch_now is None or waits(world.store.find(Gate, "slack", channel), world.now()):
        return
    team = world.slack.team()
    if not isinstance(team, str):
        not_listed(team)
        return
    seen = watch_now.far or watch_now.began if watch_now.goes_far else watch_now.upto
    since, until = _ts(max(seen - OVERLAP, 0)), world.now() + TURN_LASTS
    asking = _Asking(world, watch_now, channel, team, watch_now.place, until, since, held=watch_now.held)
    outcome = _walk(asking)
    if asking.found:
        logs.alarm("missed.found", replies=asking.found)
    if outcome is not None:
        _not_read(asking, outcome)
    _go_on(asking, watch)


def _go_on(asking: _Asking, watch: Watch) -> None:
    """Write down how far we have come; the clock rings for what is left."""
    soon = asking.world.now() + AGAIN
    came = replace(asking.watch, held=asking.held)

    def step(now: Watch) -> Watch | None:
        if asking.done:
            return ended(now, came)
        if asking.place in ("", now.place):
            return None
        return replace(paused(now, came, asking.place), again=min(now.again, soon))

    asking.world.store.change(watch, step)


def _not_read(asking: _Asking, outcome: Outcome) -> None:
    not_listed(outcome, wanted=asking.world.settings().desk_in(asking.channel) is not None)


def _walk(asking: _Asking) -> Outcome | None:
    """Go through the heads, newest first, as far as this turn comes; returns why Slack gives no list, if so."""
    oldest = ""
    head, _, reply = asking.place.partition("/")
    if reply and (outcome := _read(asking, head, reply)):
        return outcome
    while not asking.tired():
        asking.calls += 1
        heads = asking.world.slack.heads(asking.channel, asking.place)
        if not isinstance(heads, Leaf):
            return heads
        for thread in _spoken_in(asking, heads.messages):
            if asking.tired():
                return None
            if outcome := _read(asking, thread, asking.since):
                return outcome
            if "/" in asking.place:
                return None
        asking.place = min((head["ts"] for head in heads.messages), default=asking.place)
        asking.done = not heads.more or not asking.watch.goes_far
        if not asking.done:
            oldest = oldest or _oldest_open(asking.world)
            asking.done = asking.place < oldest
        if asking.done:
            return None
    return None


def _spoken_in(asking: _Asking, heads: Sequence[Message]) -> list[str]:
    """Choose the threads of ours in which something was said since we last looked, newest first."""
    spoken = [head["ts"] for head in heads if str(head.get("latest_reply", "")) > asking.since]
    refs = _refs(asking, spoken)
    return sorted((ts for ts in spoken if (ref := refs[ts]) is not None and ref.conversation), reverse=True)


def _oldest_open(world: World) -> str:
    """Tell when the oldest open conversation began; a desk may have left its conversations in another channel."""
    names = [name for desk in world.settings().desks for name in world.store.board(desk, MOST_OPEN)]
    return _ts(min(map(born, names), default=world.now()))


def _read(asking: _Asking, thread: str, since: str) -> Outcome | None:
    """Take in what a thread holds and we do not, page by page; returns why it cannot be read, if it cannot."""
    while not asking.tired():
        asking.calls += 1
        leaf = asking.world.slack.replies(asking.channel, thread, since, _ts(asking.watch.goal))
        if isinstance(leaf, Refused) and leaf.detail in GONE:
            break  # it says nothing any more
        if isinstance(leaf, Refused | Ambiguous):
            _pass_over(asking, thread, leaf)
            break
        if not isinstance(leaf, Leaf):
            return leaf
        _take_in(asking, [each for each in leaf.messages if not each.get("bot_id") and each.get("ts")])
        since = max((str(each["ts"]) for each in leaf.messages), default=since)
        if not leaf.more:
            break
        asking.place = f"{thread}/{since}"
    else:
        return None
    asking.place = thread
    return None


def _pass_over(asking: _Asking, thread: str, outcome: Outcome) -> None:
    """Let one thread that Slack will not list hold up no other: it is asked for again, for a day."""
    _not_read(asking, outcome)
    name = f"{thread} since {asking.since}"
    note = noted(asking.world, asking.watch.line, [name]).get(name)
    asking.held |= again(asking.world, asking.watch.line, name, note, THREAD_PATIENCE)


def _take_in(asking: _Asking, words: Sequence[Message]) -> None:
    refs = _refs(asking, [each["ts"] for each in words])
    missed = [each for each in words if refs[each["ts"]] is None]
    lost = sorted([*missed, *_changed(asking, words, refs)], key=lambda message: str(message["ts"]))
    notes = noted(asking.world, asking.watch.line, map(_name, lost))
    for each in lost:
        note = notes.get(_name(each))
        if not is_away(note):
            _take(asking, each, note, known=refs[each["ts"]] is not None)


def _changed(asking: _Asking, words: Sequence[Message], refs: dict[str, Ref | None]) -> list[Message]:
    """Choose those that were edited since they were put on record."""
    edited = [(each, ref) for each in words if each.get("edited") and (ref := refs[each["ts"]]) and ref.item]
    found: list[Any] = asking.world.store.find_all(*((Item, (ref.conversation, ref.item)) for _, ref in edited))
    return [
        each
        for (each, _), item in zip(edited, found, strict=True)
        if item is not None and str(each["edited"].get("ts", "")) > item.edited
    ]


def _take(asking: _Asking, message: Message, note: Ref | None, *, known: bool) -> None:
    """Let a message be what its event would have been; what that cannot be is kept raw."""
    world, watch = asking.world, asking.watch
    request = event_of(message, asking.team, asking.channel)
    try:
        event = read_listed(request, str(watch.goal))
        unread = act(world, event)
        asking.found += not known and isinstance(event, Typed | Retyped)
    except Malformed as error:
        unread = malformed(error)
    except Exception as error:  # noqa: BLE001 - one that breaks us must not hold back the others
        logs.alarm("missed.broke", error, ts=message["ts"])
        wait = again(world, watch.line, _name(message), note)
        asking.held |= wait
        unread = "" if wait else broken(error)
    if unread:
        keep_found(world, watch.line, _name(message), DOOR, request, unread)


def _name(message: Message) -> str:
    """Name a message in the form it has now."""
    edited = message.get("edited")
    return f"{message['ts']}/{edited.get('ts', '')}" if isinstance(edited, dict) else str(message["ts"])


def _refs(asking: _Asking, names: Iterable[str]) -> dict[str, Ref | None]:
    each = list(names)
    wanted = [(Ref, ("slack", asking.team, f"{asking.channel}:{ts}")) for ts in each]
    return dict(zip(each, asking.world.store.find_all(*wanted), strict=True))


def _ts(ms: int) -> str:
    return f"{ms / 1000:.6f}"
