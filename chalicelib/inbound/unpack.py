"""A raw body is taken apart: by its bell, where it was too much for the door, or because a person wants it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.inbound.entries import fitted
from chalicelib.inbound.receive import AT_ONCE, raw_bell, take, unknown
from chalicelib.model import Event, Raw, Side, born
from chalicelib.raw import broken, close, malformed, request_of
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE

TAKES = 10_000
"""Ms after which a bell takes no further events of its body and rings again: a worker lives 30 s."""
TRIED_FOR = 60 * 60_000
"""Ms since a body came after which what still breaks us waits for a person: an outage may be over by then."""


def unpack(world: World, raw_id: str) -> None:
    """Take apart a body that was put aside. Repeats are free, as everywhere."""
    raw = world.store.find(Raw, raw_id)
    if raw is None or raw.due is None:
        return
    with logs.about(raw=raw.id):
        try:
            _take_apart(world, raw, world.now() + TAKES)
        except Exception as error:
            if _young(world, raw):
                raise
            logs.alarm("unpack.broke", error)
            close(world, raw, broken(error))


def reread(world: World, raw: Raw) -> Raw:
    """Read a body with today's code and record what is in it; many events are left to a bell."""
    return _take_apart(world, raw, None)


def _take_apart(world: World, raw: Raw, until: int | None) -> Raw:
    """Record what a body holds, until the time is over; without a time only what a door would take at once."""
    module, line = world.line(raw.channel, raw.account)
    try:
        events = module.parse(request_of(world, raw), line)
    except Malformed as error:
        return close(world, raw, malformed(error))
    if not raw.body:
        events = [fitted(event) for event in events]
    if until is None and len(events) > AT_ONCE:
        return _put_aside(world, raw)
    broke = raw.broke
    for start in range(raw.taken, len(events), AT_ONCE):
        if until is not None and world.now() > until:
            world.queues.ring(Side.SLACK, [raw_bell(raw)])
            return raw
        try:
            take(world, line, events[start : start + AT_ONCE])
        except Exception as error:  # noqa: BLE001 - told by take, and in the end by the body's own row
            broke = broken(error)
        if len(events) > AT_ONCE:
            raw = world.store.change(raw, partial(_with_taken, upto=start + AT_ONCE, broke=broke)) or raw
    return _end(world, raw, events, broke)


def _end(world: World, raw: Raw, events: list[Event], broke: str) -> Raw:
    """Close a body; where something broke, only when it has been tried long enough: sweep rings until then."""
    if broke and raw.due is not None and _young(world, raw):
        return world.store.change(raw, partial(_with_taken, upto=0, broke="")) or raw
    return close(world, raw, "; ".join(filter(None, (broke, unknown(events)))))


def _young(world: World, raw: Raw) -> bool:
    return world.now() < born(raw.id) + TRIED_FOR


def _with_taken(raw: Raw, upto: int, broke: str) -> Raw:
    return replace(raw, taken=upto, broke=broke)


def _put_aside(world: World, raw: Raw) -> Raw:
    due = world.now() + CLAIM_LIFE
    after = world.store.change(raw, lambda now: replace(now, due=due, taken=0, broke="")) or raw
    world.queues.ring(Side.SLACK, [raw_bell(after)])
    return after
