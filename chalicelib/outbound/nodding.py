"""The team's reactions to a customer's message become the one that we may have there: the newest that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.inbound.copies import carried
from chalicelib.model import Bubble, Item, Kind, Ok, Outcome, Reason, Refused, State
from chalicelib.outbound.attempt import Way
from chalicelib.outbound.ways import Prepare
from chalicelib.richtext.emoji import glyph_of


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
    now = way.world.now()
    if way.known is not None and way.route.medium in way.known.opted_out:
        return Refused(Reason.OPTED_OUT)
    if way.medium.window and (way.window is None or way.window.until < now):
        return Refused(Reason.WINDOW)
    return way.channel.react(Bubble(way.route, message.their_id), emoji, way.account, way.world.http)


def _last(messages: Sequence[Item]) -> Item:
    """Choose the message that a reaction to their post is shown at: the one they read last."""
    return max((each for each in messages if each.kind is Kind.MESSAGE), key=lambda each: each.order)


def _nods(message: Item, item: Item) -> tuple[str, ...]:
    """Add a reaction to those that stand, or take it off."""
    mine = f"{item.author} {item.text or item.was[0]}"
    others = tuple(each for each in message.nods if each != mine)
    return (*others, mine) if item.text else others


def _glyph(nods: Sequence[str]) -> str:
    """Find the newest that is an emoji everywhere, and not this workspace's own."""
    glyphs = (glyph_of(each.partition(" ")[2]) for each in reversed(nods))
    return next(filter(None, glyphs), "")
