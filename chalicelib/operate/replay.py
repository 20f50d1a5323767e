"""Raw bodies that nobody could read are read again, with today's code.

They were verified when they came, and what proved it was not kept. What is in them is recorded under the same
references as ever, so reading them twice doubles nothing. Oldest first; one call does what fits into its time and
names where the next has to begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib import logs
from chalicelib.errors import Malformed, NotHere, OperatorError
from chalicelib.inbound import reread
from chalicelib.model import Raw, born
from chalicelib.operate.names import is_ulid
from chalicelib.operate.times import age, moment
from chalicelib.outbound.reply import DOOR, act
from chalicelib.raw import DISMISSED, close, malformed, request_of
from chalicelib.services import World
from chalicelib.slack import desk, events
from chalicelib.slack.asking import read_asked

LASTS = 12_000
"""Ms after which a call reads no further body: a function lives 30 s."""
LISTED = 200

Answer = dict[str, Any]
Waiting = tuple[str, Raw | None]
"""A raw body's id, and the body if it is wanted."""


def unread(world: World, channel: str = "", after: str = "") -> Answer:
    """List what waits for code that can read it, without a word of it."""
    rows: list[Answer] = []
    until, last = world.now() + LASTS, ""
    for name, raw in _waiting(world, channel, after):
        if len(rows) == LISTED or (last and world.now() > until):
            return {"unread": rows, "next": last}
        if raw is not None:
            rows.append({**_named(raw), "why": raw.unread, "age": age(world.now() - born(raw.id))})
        last = name
    return {"unread": rows, "next": ""}


def replay(world: World, id: str = "", channel: str = "", after: str = "") -> Answer:  # noqa: A002 - the order's word
    """Read one body, those of a channel or line, or all; what still cannot be read stays, and says why."""
    return _each(world, _wanted(world, id, channel, after), _read)


def dismiss(world: World, id: str = "", channel: str = "", after: str = "") -> Answer:  # noqa: A002 - as above
    """Stop counting what is nothing to us; its bytes stay until they expire."""
    if not (id or channel):
        raise OperatorError("Say which: dismiss takes an id or a channel, such as telegram/main.")
    return _each(world, _wanted(world, id, channel, after), _dismiss)


def _each(world: World, raws: Iterator[Waiting], do: Callable[[World, Raw], Answer]) -> Answer:
    done: list[Answer] = []
    until, last = world.now() + LASTS, ""
    for name, raw in raws:
        if last and world.now() > until:
            return {"done": done, "next": last}
        if raw is not None:
            done.append({**_named(raw), **do(world, raw)})
        last = name
    return {"done": done, "next": ""}


def _wanted(world: World, name: str, channel: str, after: str) -> Iterator[Waiting]:
    """Choose what to do something about; by name also what was read before, which a repeat may mend."""
    if not name:
        yield from _waiting(world, channel, after)
        return
    if not is_ulid(name):
        raise OperatorError(f"{name[:60]!r} is no id of a raw body; `unread` lists them.")
    raw = world.store.find(Raw, name)
    if raw is None:
        raise OperatorError(f"There is no raw body {name}; after 90 days they are gone.")
    yield name, raw


def _waiting(world: World, channel: str, after: str) -> Iterator[Waiting]:
    """Walk through what waits, oldest first; what is of no interest is named as well, because it takes time."""
    if after and not is_ulid(after):
        raise OperatorError("`after` is the id of a raw body, as `next` of an earlier answer names it.")
    while batch := world.store.unread(after, LISTED):
        for due in batch:
            # The index may lag: what has been read meanwhile waits no more.
            raw = world.store.find(Raw, *due.ids)
            waits = raw is not None and raw.unread and raw.due is None
            yield due.ids[-1], raw if raw and waits and channel in ("", raw.channel, _line(raw)) else None
        after = batch[-1].ids[-1]


def _read(world: World, raw: Raw) -> Answer:
    """Read one; what breaks is told here, and holds up no other."""
    with logs.about(raw=raw.id):
        try:
            after = _READERS.get(_line(raw), reread)(world, raw)
        except (OperatorError, NotHere) as error:
            return {"outcome": "still unread", "why": str(error)}
        except Exception as error:  # noqa: BLE001 - whatever is in it, the others are read
            logs.alarm("replay.broke", error)
            return {"outcome": "still unread", "why": f"it broke: {type(error).__name__}, see the log"}
    if after.due is not None:
        return {"outcome": "handed over", "why": "it holds many events; its bell takes it apart"}
    if after.unread:
        return {"outcome": "still unread", "why": after.unread}
    return {"outcome": "read"}


def _dismiss(world: World, raw: Raw) -> Answer:
    if raw.due is not None:
        return {"outcome": "nothing to do", "why": "its bell is taking it apart"}
    if not raw.unread:
        return {"outcome": "nothing to do"}
    close(world, raw, "", DISMISSED)
    logs.note("webhook.dismissed", raw=raw.id)
    return {"outcome": "dismissed"}


def _read_event(world: World, raw: Raw) -> Raw:
    """Do what a Slack event asked for. A reply that is older than a day is not sent: its thread asks."""
    try:
        event = events.read_event(request_of(world, raw))
    except Malformed as error:
        return close(world, raw, malformed(error))
    return close(world, raw, act(world, event))


def _read_asked(world: World, raw: Raw) -> Raw:
    """Prove that a press can be read now. It is not done: who pressed was told that it failed, long ago."""
    try:
        read_asked(request_of(world, raw))
    except Malformed as error:
        return close(world, raw, malformed(error))
    return close(world, raw, "")


_READERS: Mapping[str, Callable[[World, Raw], Raw]] = {
    "/".join(DOOR): _read_event,
    "/".join(desk.DOOR): _read_asked,
}


def _line(raw: Raw) -> str:
    return f"{raw.channel}/{raw.account}"


def _named(raw: Raw) -> Answer:
    return {"raw": raw.id, "line": _line(raw), "kept": moment(born(raw.id))}
