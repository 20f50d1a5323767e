"""The buttons under a verdict: send it again, or take a person's word that it arrived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.gates import DRAWS, close, waits
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.places import place
from chalicelib.model import Busy, Conversation, Gate, Item, Side, owed
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import DOUBT, arrived, asked_again, doubted
from chalicelib.slack import blocks
from chalicelib.slack.asked import Press
from chalicelib.slack.desk.answers import Answer, Nothing, Say
from chalicelib.slack.desk.doing import GONE, about

SETTLED = "That is settled already: the thread shows how it ended."


def send_again(world: World, asked: Press) -> Answer:
    """Take a reply up again of which it is not known, or known not, that it arrived."""
    return _take_up(world, asked, _anew, "Sending it again …")


def it_arrived(world: World, asked: Press) -> Answer:
    """Take a person's word for it."""
    return _take_up(world, asked, arrived, "")


def _anew(item: Item, now: int) -> Item | None:
    """Take a reply up again; this door may not live to hear whether the thread says so in place of the verdict."""
    after = asked_again(item, now)
    return after and doubted(after, now + DOUBT if after.notice_ts else 0)


def _take_up(world: World, asked: Press, step: Callable[[Item, int], Item | None], words: str) -> Answer:
    conversation, name = about(asked)
    if not name:
        return Say(GONE)
    found: list[Any] = world.store.find_all((Item, (conversation, name)), (Conversation, (conversation,)))
    item, home = found
    if item is None or home is None:
        return Say(GONE)
    after = world.store.change(item, lambda now: step(now, world.now()))
    if after is None or after.version == item.version:
        return Say(SETTLED)
    if words and item.notice_ts:
        _draw(world, place(home, item.notice_ts).slack_channel, item.notice_ts, words)
    if owed(after) is Side.CUSTOMER:
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])
    else:
        world.queues.ring(Side.SLACK, [bell_of(home)])
    return Nothing()


def _draw(world: World, channel: str, ts: str, words: str) -> None:
    """Say what comes next in place of a verdict, if Slack has time for it: `deliver` says how it ends."""
    if waits(world.store.find(Gate, DRAWS, channel), world.now()):
        return
    outcome = world.slack.update(channel, ts, blocks.line(words))
    if isinstance(outcome, Busy):
        close(world, DRAWS, channel, outcome)
