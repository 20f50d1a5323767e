"""A raw body is taken apart: by its bell, where it was too much for the door, or because a person wants it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.inbound.entries import fitted
from chalicelib.inbound.receive import AT_ONCE, raw_bell, take, unknown
from chalicelib.model import Raw, Side
from chalicelib.raw import close, malformed, request_of
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE

TAKES = 10_000
"""Ms after which a bell takes no further events of its body and rings again: a worker lives 30 s."""


def unpack(world: World, raw_id: str) -> None:
    """Take apart a body that was put aside. Repeats are free, as everywhere."""
    raw = world.store.find(Raw, raw_id)
    if raw is None or raw.due is None:
        return
    with logs.about(raw=raw.id):
        _take_apart(world, raw, world.now() + TAKES)


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
    for start in range(raw.taken, len(events), AT_ONCE):
        if until is not None and world.now() > until:
            world.queues.ring(Side.SLACK, [raw_bell(raw)])
            return raw
        take(world, line, events[start : start + AT_ONCE])
        if len(events) > AT_ONCE:
            raw = world.store.change(raw, partial(_with_taken, upto=start + AT_ONCE)) or raw
    return close(world, raw, unknown(events))


def _with_taken(raw: Raw, upto: int) -> Raw:
    return replace(raw, taken=upto)


def _put_aside(world: World, raw: Raw) -> Raw:
    due = world.now() + CLAIM_LIFE
    after = world.store.change(raw, lambda now: replace(now, due=due, taken=0)) or raw
    world.queues.ring(Side.SLACK, [raw_bell(after)])
    return after
