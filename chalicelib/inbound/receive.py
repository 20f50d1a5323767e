"""The door: verify, parse, record, ring, 2xx. Nothing is answered 2xx that is not on record."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from chalicelib import logs
from chalicelib.channels import Channel
from chalicelib.errors import Lost, Malformed, Unverified
from chalicelib.inbound.entries import Recorded, fitted
from chalicelib.inbound.record import record
from chalicelib.model import Account, Event, MessageReceived, Raw, Receipt, Side, Unknown
from chalicelib.queues import Bell
from chalicelib.raw import INLINE_BYTES, keep, malformed
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.web import Request, Response

AT_ONCE = 20
"""Events recorded at the door; a body with more is put aside and taken apart by a bell."""

TRIES = 6
PATIENCE = 8_000
"""Ms after which, once something broke, the rest is left to the repeat: it may not be an event that breaks us."""


def receive(world: World, channel: str, account: str, request: Request) -> Response:
    """Take in one webhook; raises Stranger if it is not what it should be."""
    module, line = world.line(channel, account)
    request = replace(request, arrived=world.now())
    with logs.about(channel=channel, account=account):
        try:
            module.verify(request, line)
        except Unverified:
            logs.note("webhook.unverified")
            raise
        return take_in(world, module, line, request)


def take_in(world: World, module: Channel, line: Account, request: Request) -> Response:
    """Take in a request that is known to be genuine, and answer it."""
    door = line.channel, line.name
    try:
        events = module.parse(request, line)
    except Malformed as error:
        keep(world, door, request, "malformed", unread=malformed(error))
        return module.answer(request, [])
    if len(events) > AT_ONCE:
        raw = keep(world, door, request, "many", due=world.now() + CLAIM_LIFE)
        world.queues.ring(Side.SLACK, [raw_bell(raw)])
        return module.answer(request, [])
    unread, large = unknown(events), len(request.body) > INLINE_BYTES
    if unread or large:
        keep(world, door, request, unread or "large", unread=unread)
    take(world, line, map(fitted, events) if large else events)
    return module.answer(request, events)


def unknown(events: Iterable[Event]) -> str:
    """Name the kinds of events that nobody knows; nothing if all are known."""
    kinds = dict.fromkeys(event.kind for event in events if isinstance(event, Unknown))
    return f"unknown: {', '.join(kinds)}"[:200] if kinds else ""


def raw_bell(raw: Raw) -> Bell:
    """Name the bell that takes a raw body apart; one body of a line at a time."""
    return Bell(f"raw:{raw.id}", f"raw-{raw.channel}-{raw.account}")


def take(world: World, line: Account, events: Iterable[Event]) -> None:
    """Record events and ring for every conversation they touched.

    One that breaks us holds up no other, and is raised in the end.
    """
    bells: dict[Side, dict[Bell, None]] = {Side.SLACK: {}, Side.MEDIA: {}}
    broke: Exception | None = None
    until = world.now() + PATIENCE
    try:
        for event in events:
            if broke is not None and world.now() > until:
                break
            try:
                recorded = None if isinstance(event, Unknown) else _record(world, line, event)
            except Exception as error:  # noqa: BLE001 - raised below, when the others are on record
                logs.alarm("event.broke", error, what=type(event).__name__, their_id=_their_id(event))
                broke = broke or error
            else:
                for bell in (recorded.bell, recorded.merge) if recorded is not None else ():
                    bells[Side.SLACK] |= {bell: None} if bell is not None else {}
                for bell in (recorded.files, recorded.picture) if recorded is not None else ():
                    bells[Side.MEDIA] |= {bell: None} if bell is not None else {}
    finally:
        for side, rings in bells.items():
            if rings:
                world.queues.ring(side, rings)
    if broke is not None:
        raise broke


def _record(world: World, line: Account, event: Event) -> Recorded | None:
    """Record one event, again from the start when somebody else was first."""
    for attempt in range(TRIES):
        try:
            recorded = record(world, line, event)
        except Lost:
            if attempt == TRIES - 1:
                raise
            world.pause(random.uniform(0, 0.05 * (attempt + 1)))  # noqa: S311 - jitter
        else:
            logs.note(
                "webhook.taken",
                what=type(event).__name__,
                wish=_wish(event),
                their_id=_their_id(event),
                conversation=recorded and recorded.conversation,
                item=recorded and recorded.item,
            )
            return recorded
    raise AssertionError("unreachable")


def _wish(event: Event) -> str:
    return type(event.wish).__name__ if isinstance(event, MessageReceived) and event.wish else ""


def _their_id(event: Event) -> str:
    match event:
        case Receipt(of):
            return of
        case Unknown():
            return ""
        case _:
            return event.id
