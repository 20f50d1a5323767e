"""The door Slack knocks at: a team member's words go on record, or are kept until their thread is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from chalicelib import logs
from chalicelib.errors import Lost, Malformed
from chalicelib.inbound.rooms import room_bell
from chalicelib.inbound.witness import witness, witness_file
from chalicelib.model import DAY, Kept, Ref, Side
from chalicelib.outbound.address import moment
from chalicelib.outbound.changes import may_be_ours, remove, retype
from chalicelib.outbound.nods import nod
from chalicelib.outbound.record import EVENTS_LAST, record
from chalicelib.raw import keep, malformed
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack import events
from chalicelib.slack.told import (
    Challenge,
    HomeOpened,
    Moved,
    Nodded,
    Nothing,
    Posted,
    Removed,
    Retyped,
    RoomChanged,
    Shown,
    SlackEvent,
    Strange,
    Typed,
    typed_from,
)
from chalicelib.store import Insert
from chalicelib.team import home_bell
from chalicelib.web import Request, Response

DOOR = "slack", "events"
"""The name under which raw bodies of this door are kept."""


def reply(world: World, request: Request) -> Response:
    """Take in one Slack event; raises Stranger if it is not Slack's. What cannot be read is kept."""
    events.verify(request, world.slack_secrets(), world.now() / 1000)
    try:
        event = events.read_event(request)
    except Malformed as error:
        keep(world, DOOR, request, "malformed", unread=malformed(error))
        return Response()
    if isinstance(event, Challenge):
        return Response(200, event.text)
    unread = act(world, event)
    if unread:
        keep(world, DOOR, request, unread, unread=unread)
    return Response()


def act(world: World, event: SlackEvent) -> str:
    """Do what an event asks for, and say why if nobody knows what that is. Repeats are free."""
    event = _named(world, event)
    doing = _DOING.get(type(event))
    if doing is not None:
        doing(world, event)
        return ""
    match event:
        case Retyped(typed, before):
            # Slack delivers out of order: an edit of a reply we lack is the reply.
            if retype(world, typed, before):
                return ""
            if world.now() - moment(typed.ts) < EVENTS_LAST:
                _typed(world, typed, before)
            else:
                logs.note("slack.nothing", why="an edit of what was said long ago")
        case Strange(kind, team, channel, thread_ts) if may_be_ours(world, team, channel, thread_ts):
            return f"unknown: {kind}"
        case Strange(why) | Nothing(why):
            logs.note("slack.nothing", why=why)
    return ""


def take_over(world: World, thread: str) -> None:
    """Record what was said in a thread before it was known to be ours. Repeats are free."""
    for kept in world.store.kept(thread):
        if kept.due is None:
            continue
        forms = [json.loads(line) for line in kept.event.splitlines()]
        told = [(typed_from(form["typed"]), form["before"]) for form in forms]
        home = _home(world, told[0][0])
        if home:
            # The newest first: until all that it follows is known, it is held back.
            for typed, before in sorted(told, key=lambda form: form[0].edited, reverse=True):
                _take_in(world, typed, home, before)
        if home or (kept.expires or 0) <= world.now():
            world.store.change(kept, lambda now: replace(now, due=None))


def _home(world: World, typed: Typed) -> str:
    """Name the conversation whose thread this is, if it is one of ours."""
    ref = world.store.find(Ref, "slack", typed.team, f"{typed.channel}:{typed.thread_ts}")
    return ref.conversation if ref else ""


def _typed(world: World, typed: Typed, before: Sequence[str] = ()) -> None:
    home = _home(world, typed)
    if not home and world.settings().desk_in(typed.channel) is not None:
        _keep(world, typed, before)
        # The thread may have become ours while this was written down.
        home = _home(world, typed)
    if home:
        _take_in(world, typed, home, before)


def _take_in(world: World, typed: Typed, home: str, before: Sequence[str]) -> None:
    """Put words on record; where another form of them is there already, this is one more."""
    if not record(world, typed, home, before):
        retype(world, typed, before)


def _keep(world: World, typed: Typed, before: Sequence[str]) -> None:
    """Keep words whose thread we do not know, in each form that we are told of."""
    now, thread = world.now(), f"{typed.channel}:{typed.thread_ts}"
    event = json.dumps({"typed": asdict(typed), "before": before})
    kept = Kept(thread, typed.ts, event, due=now + CLAIM_LIFE, expires=now + DAY)
    try:
        world.store.write(Insert(kept))
    except Lost:
        logs.note("reply.repeated", channel=typed.channel, ts=typed.ts)
        there = world.store.find(Kept, thread, typed.ts)
        if there is not None:
            world.store.change(there, lambda each: _with_form(each, event))


def _home_opened(world: World, event: HomeOpened) -> None:
    world.queues.ring(Side.SLACK, [home_bell(event.user)])


def _moved(world: World, event: Moved) -> None:
    """Go on with a channel under its new id; the record keeps the first one."""
    first = world.slack.moves.first(event.channel)
    if world.settings().desk_in(first) is None and world.settings().desk_in(event.channel) is None:
        logs.note("slack.nothing", why="a channel that is no desk's")
        return
    world.slack.moves.note(event.channel, event.now)
    world.queues.ring(Side.SLACK, [room_bell(first)])


def _named(world: World, event: SlackEvent) -> SlackEvent:
    """Call a channel as the record does, where it has another id by now."""
    if isinstance(event, Retyped):
        typed = _named(world, event.now)
        return replace(event, now=typed) if isinstance(typed, Typed) else event
    if isinstance(event, Challenge | Nothing | HomeOpened | Moved):
        return event
    if world.settings().desk_in(event.channel) is not None:
        return event
    first = world.slack.moves.first(event.channel)
    return event if first == event.channel else replace(event, channel=first)


def _room_changed(world: World, event: RoomChanged) -> None:
    """Have a desk's channel looked at by somebody who has the time to ask Slack, and to tell of it."""
    if world.settings().desk_in(event.channel) is None:
        logs.note("slack.nothing", why="a channel that is no desk's")
        return
    world.queues.ring(Side.SLACK, [room_bell(event.channel)])


def _with_form(kept: Kept, event: str) -> Kept | None:
    told = kept.event.splitlines()
    return None if event in told else replace(kept, event="\n".join([*told, event]))


_DOING: Mapping[type[SlackEvent], Callable[[World, Any], object]] = {
    Typed: _typed,
    Removed: remove,
    Nodded: nod,
    Posted: witness,
    Shown: witness_file,
    HomeOpened: _home_opened,
    RoomChanged: _room_changed,
    Moved: _moved,
}
"""What is done for the events that ask for one thing only."""
