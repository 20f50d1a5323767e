"""Verified bodies kept as they came: those that nobody can read yet, and those that are too much for a door."""

from __future__ import annotations

import base64
import traceback
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.model import DAY, Raw, born, new_id
from chalicelib.services import World
from chalicelib.slack.stripped import stripped
from chalicelib.store import Insert
from chalicelib.web import Request

INLINE_BYTES = 100_000
"""A raw body up to this size lies in its row (400 KB at most, base64 adds a third), else in the bucket."""

KEEP_RAW = 90 * DAY
"""How long a raw body waits for somebody to mend what could not read it; the bucket forgets as late."""

SECRET_HEADERS = ("signature", "token", "secret", "authorization", "cookie", "key", "password")
"""Parts of the names of headers that prove who somebody is."""

READ, DISMISSED = "read", "dismissed"


def keep(world: World, door: tuple[str, str], request: Request, reason: str, **more: Any) -> Raw:
    """Keep a verified request as it came, without what would let somebody send another.

    With `unread` it is counted and alarmed on until today's code can read it, or somebody dismisses it.
    """
    content = stripped(request.body) if door[0] == "slack" else request.body
    raw = Raw(
        id=new_id(world.now()),
        channel=door[0],
        account=door[1],
        reason=reason[:200],
        method=request.method,
        headers={name: value for name, value in request.headers.items() if not _is_secret(name)},
        path_rest=request.path_rest,
        expires=world.now() + KEEP_RAW,
        **more,
    )
    if len(content) <= INLINE_BYTES:
        raw = replace(raw, body=base64.b64encode(content).decode())
    else:
        world.bucket.put(f"raw/{raw.id}", content)
    stored: Raw = world.store.write(Insert(raw))[0]
    if stored.unread:
        _alarm(stored)
    else:
        logs.note("webhook.kept", reason=reason, raw=raw.id)
    return stored


def request_of(world: World, raw: Raw) -> Request:
    """Make the request again, as it was when it came."""
    body = base64.b64decode(raw.body) if raw.body else world.bucket.get(f"raw/{raw.id}")
    return Request(raw.method, raw.headers, {}, body, raw.path_rest, born(raw.id))


def close(world: World, raw: Raw, unread: str, done: str = READ) -> Raw:
    """Write down that a body was read, or why it still cannot be; only what was not known before is news."""
    news = unread not in ("", raw.unread)
    after: Raw = (
        world.store.change(
            raw,
            lambda now: replace(
                now,
                due=None,
                taken=0,
                broke="",
                unread=unread,
                done="" if unread else done,
                done_at=0 if unread else world.now(),
            ),
        )
        or raw
    )
    if news:
        _alarm(after)
    return after


def malformed(error: Malformed) -> str:
    """Say what a parser stumbled over, by kind and place: never with a word of the payload."""
    return f"malformed: {_place(error.__cause__ or error)}"


def broken(error: BaseException) -> str:
    """Say what broke us, in the same way: the body can be read, and what is in it cannot be put on record."""
    return f"it broke: {_place(error)}"


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _alarm(raw: Raw) -> None:
    logs.alarm("webhook.unread", why=raw.unread, raw=raw.id, channel=raw.channel, account=raw.account)


def _is_secret(header: str) -> bool:
    return any(word in header.lower() for word in SECRET_HEADERS)
