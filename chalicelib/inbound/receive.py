"""The door: verify, parse, record, ring, 2xx. Nothing is answered 2xx that is not on record."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from chalicelib import carry, logs
from chalicelib.channels import Channel
from chalicelib.errors import Lost, Malformed, Unverified
from chalicelib.inbound.entries import Recorded, fitted
from chalicelib.inbound.record import record
from chalicelib.model import DAY, Account, Event, Raw, Receipt, Side, Unknown, born, new_id
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.store import Insert
from chalicelib.web import Request, Response

AT_ONCE = 20
"""Events recorded at the door; a body with more is put aside and taken apart by a bell."""

INLINE_BYTES = 100_000
"""A raw body up to this size lies in its row (400 KB at most, base64 adds a third), else in the bucket."""

TRIES = 6

KEEP_RAW = 90 * DAY
"""How long a raw body waits for somebody to mend what could not read it; the bucket forgets as late."""

SECRET_HEADERS = ("signature", "token", "secret", "authorization", "cookie", "key", "password")
"""Parts of the names of headers that prove who somebody is."""


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
        return _take_in(world, module, line, request)


def _take_in(world: World, module: Channel, line: Account, request: Request) -> Response:
    try:
        events = module.parse(request, line)
    except Malformed:
        keep(world, line, request, "malformed")
        return module.answer(request, [])
    if len(events) > AT_ONCE:
        raw = keep(world, line, request, "many", due=world.now() + CLAIM_LIFE)
        world.queues.ring(Side.SLACK, [raw_bell(raw)])
        return module.answer(request, [])
    unknown = [event.kind for event in events if isinstance(event, Unknown)]
    large = len(request.body) > INLINE_BYTES
    if unknown or large:
        keep(world, line, request, f"unknown: {', '.join(unknown)}"[:200] if unknown else "large")
    take(world, line, map(fitted, events) if large else events)
    return module.answer(request, events)


def raw_bell(raw: Raw) -> Bell:
    """Name the bell that takes a raw body apart; one body of a line at a time."""
    return Bell(f"raw:{raw.id}", f"raw-{raw.channel}-{raw.account}")


def take(world: World, line: Account, events: Iterable[Event]) -> None:
    """Record events and ring for every conversation they touched, also if one of them breaks."""
    bells: dict[Bell, None] = {}
    try:
        for event in events:
            recorded = None if isinstance(event, Unknown) else _record(world, line, event)
            if recorded is not None and recorded.bell is not None:
                bells[recorded.bell] = None
    finally:
        if bells:
            world.queues.ring(Side.SLACK, bells)


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
                their_id=_their_id(event),
                conversation=recorded and recorded.conversation,
                item=recorded and recorded.item,
            )
            return recorded
    raise AssertionError("unreachable")


def _their_id(event: Event) -> str:
    match event:
        case Receipt(of):
            return of
        case Unknown():
            return ""
        case _:
            return event.id


def keep(world: World, line: Account, request: Request, reason: str, due: int | None = None) -> Raw:
    """Keep a verified request as it came, without what would let somebody send another."""
    raw = Raw(
        id=new_id(world.now()),
        channel=line.channel,
        account=line.name,
        reason=reason,
        method=request.method,
        headers={name: value for name, value in request.headers.items() if not _is_secret(name)},
        path_rest=request.path_rest,
        due=due,
        expires=world.now() + KEEP_RAW,
    )
    if len(request.body) <= INLINE_BYTES:
        raw = replace(raw, body=base64.b64encode(request.body).decode())
    else:
        carry.put_aside(world, f"raw/{raw.id}", request.body)
    logs.note("webhook.kept", reason=reason, raw=raw.id)
    stored: Raw = world.store.write(Insert(raw))[0]
    return stored


def _is_secret(header: str) -> bool:
    return any(word in header.lower() for word in SECRET_HEADERS)


def unpack(world: World, raw_id: str) -> None:
    """Take apart a body that was put aside at the door. Repeats are free, as everywhere."""
    raw = world.store.find(Raw, raw_id)
    if raw is None or raw.due is None:
        return
    module, line = world.line(raw.channel, raw.account)
    body = base64.b64decode(raw.body) if raw.body else carry.fetch(world, f"raw/{raw.id}")
    request = Request(raw.method, raw.headers, {}, body, raw.path_rest, born(raw.id))
    events = module.parse(request, line)
    events = events if raw.body else [fitted(event) for event in events]
    for start in range(raw.taken, len(events), AT_ONCE):
        take(world, line, events[start : start + AT_ONCE])
        raw = world.store.change(raw, partial(_with_taken, upto=start + AT_ONCE)) or raw
    world.store.change(raw, lambda now: replace(now, due=None))


def _with_taken(raw: Raw, upto: int) -> Raw:
    return replace(raw, taken=upto)
