"""The team's reactions to a customer's message become the one that we may have there: the newest that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.inbound.copies import carried
from chalicelib.model import Bubble, Item, Kind, Ok, Outcome, State
from chalicelib.outbound.attempt import Way
from chalicelib.outbound.ways import Prepare
from chalicelib.richtext.emoji import glyph_of

STANDS = "on"
MOST = 100
"""Reactions that are remembered of one message, with those that were taken off."""


def nodded(way: Way, item: Item, leader: Item, _: Prepare) -> Outcome | None:
    """Show the customer how the team reacts by now; None while Slack does not say who it was."""
    message = _last(carried(way.world, leader))
    if item.state is not State.RECORDED:
        return _react(way, message, message.nodded)
    ours = way.world.slack.is_ours(item.author)
    if ours is None:
        return None
    if not ours:
        logs.note("slack.nothing", why="a reaction from outside the team")
        return Ok("")
    nods = _nods(message, item)
    seen = _glyph(nods)
    outcome = _react(way, message, seen) if seen != message.nodded or item.doubt else Ok("")
    if isinstance(outcome, Ok):
        way.world.store.change(message, lambda now: replace(now, nods=_nods(now, item), nodded=seen))
    return outcome


def _react(way: Way, message: Item, emoji: str) -> Outcome:
    refusal = way.closed()
    if refusal is not None:
        return refusal
    return way.channel.react(Bubble(way.route, message.message_id), emoji, way.account, way.world.http)


def _last(messages: Sequence[Item]) -> Item:
    """Choose the message that a reaction to their post is shown at: the one they read last."""
    return max((each for each in messages if each.kind is Kind.MESSAGE), key=lambda each: each.order)


def _nods(message: Item, item: Item) -> tuple[str, ...]:
    """Add what somebody did with an emoji, oldest first; the newest of it counts, whichever comes first."""
    when, same = item.order.partition("#")[0], [item.author, item.text or item.was[0]]
    mine = " ".join([when, *same, STANDS if item.text else "off"])
    before = [each for each in message.nods if each.split()[1:3] == same]
    others = [each for each in message.nods if each not in before]
    return tuple(sorted([*others, max([mine, *before])])[-MOST:])


def _glyph(nods: Sequence[str]) -> str:
    """Find the newest that is an emoji everywhere, and not this workspace's own."""
    standing = [each.split() for each in reversed(nods) if each.endswith(f" {STANDS}")]
    return next(filter(None, (glyph_of(name) for _, _, name, _ in standing)), "")
