"""A desk's threads against our record: what the team typed and no event told of goes on record now.

Slack tells of each message once or a few times, and then no more. Every ten minutes the newest heads of a channel
are listed, one call; only threads in which something was said since the last look are read. Once an hour all heads
are listed, down to the oldest open conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.gates import waits
from chalicelib.inbound.rooms import room_bell
from chalicelib.missed.asking import GRACE, TURN_LASTS, begun, ended, not_listed, paused
from chalicelib.missed.threads import Asking, Message, not_read, read_thread, refs_of, ts_of
from chalicelib.missed.watch import EVERY
from chalicelib.model import Gate, Outcome, Side, Watch, born
from chalicelib.services import World
from chalicelib.slack.threads import Leaf

OVERLAP = 2 * 60_000
"""Ms asked for once more: our clock and Slack's differ."""
CALLS = 20
"""Calls in a turn, of which there is one a minute: Slack takes fifty, and looking for lost posts needs some."""
AGAIN = 50_000
"""Ms until the next turn of an asking that was not done; the clock comes by once a minute."""

MOST_OPEN = 5_000


def look_at_desk(world: World, watch: Watch) -> None:
    """Look for what was typed since we last looked, unless the channel's gate is shut."""
    now, until = world.now(), world.now() + TURN_LASTS
    watch_now = begun(world, watch)
    if watch_now is None or waits(world.store.find(Gate, "slack", _channel(watch)), now):
        return
    team = world.slack.team()
    if not isinstance(team, str):
        not_listed(team)
        return
    if watch_now.goes_far and not watch.goal:  # an event of the channel itself may have been lost as well
        world.queues.ring(Side.SLACK, [room_bell(_channel(watch))])
    most = CALLS
    if watch.goes_far and now - GRACE - max(watch.upto, watch.goal) >= EVERY:
        most = CALLS - CALLS // 2
        watch = _glance(world, watch, team, until)
    _go_on(_ask(world, watch_now, team, until, most), watch)


def _glance(world: World, watch: Watch, team: str, until: int) -> Watch:
    """See what is new while a far asking goes on, which may take many turns, with half the calls of this one."""
    near = replace(watch, goal=world.now() - GRACE, goes_far=False, held=False, place="")
    asking = _ask(world, near, team, until, CALLS // 2)
    if not asking.done or asking.held:
        return watch
    return world.store.change(watch, lambda now: replace(now, upto=near.goal)) or watch


def _ask(world: World, watch: Watch, team: str, until: int, most: int) -> Asking:
    seen = watch.far or watch.began if watch.goes_far else watch.upto
    since = ts_of(max(seen - OVERLAP, 0))
    asking = Asking(world, watch, _channel(watch), team, watch.place, until, since, most, held=watch.held)
    outcome = _walk(asking)
    if asking.found:
        logs.alarm("missed.found", replies=asking.found)
    if outcome is not None:
        not_read(asking, outcome)
    return asking


def _channel(watch: Watch) -> str:
    return watch.line.partition("/")[2]


def _go_on(asking: Asking, watch: Watch) -> None:
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


def _walk(asking: Asking) -> Outcome | None:
    """Go through the heads, newest first, as far as this turn comes; returns why Slack gives no list, if so."""
    oldest = ""
    head, _, reply = asking.place.partition("/")
    if reply and (outcome := read_thread(asking, head, reply)):
        return outcome
    while not asking.tired():
        asking.calls += 1
        heads = asking.world.slack.heads(asking.channel, asking.place)
        if not isinstance(heads, Leaf):
            return heads
        for thread in _spoken_in(asking, heads.messages):
            if asking.tired():
                return None
            if outcome := read_thread(asking, thread, asking.since):
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


def _spoken_in(asking: Asking, heads: Sequence[Message]) -> list[str]:
    """Choose the threads of ours in which something was said since we last looked, newest first."""
    spoken = [head["ts"] for head in heads if str(head.get("latest_reply", "")) > asking.since]
    refs = refs_of(asking, spoken)
    return sorted((ts for ts in spoken if (ref := refs[ts]) is not None and ref.conversation), reverse=True)


def _oldest_open(world: World) -> str:
    """Tell when the oldest open conversation began; a desk may have left its conversations in another channel."""
    names = [name for desk in world.settings().desks for name in world.store.board(desk, MOST_OPEN)]
    return ts_of(min(map(born, names), default=world.now()))
