"""A desk's Slack channel was archived, renamed, shared or deleted, or lacks the app: who is told, what waits.

An event only says that something happened; what a channel is now is asked for and held against what it was, so
events may be lost, late and repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from chalicelib import logs
from chalicelib.gates import close_ours, shut, waited_out
from chalicelib.model import Gate, Ok, Saved, Side, Stamp, new_id
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settings import Desk
from chalicelib.slack.blocks import line
from chalicelib.slack.rooms import Room
from chalicelib.store import Put


def room_bell(channel: str) -> Bell:
    """Make the bell that has a desk's channel looked at."""
    return Bell(f"room:{channel}", f"room-{channel}")


def look_at_room(world: World, channel: str) -> None:
    """See what a desk's channel is now, and do what follows from it."""
    desk = world.settings().desk_in(channel)
    if desk is None:
        return
    if not world.shift.has_time():
        world.queues.ring(Side.SLACK, [room_bell(channel)])
        return
    now = world.slack.room(channel)
    if not isinstance(now, Room) and waited_out(world, now):
        now = world.slack.room(channel)
    if not isinstance(now, Room):
        return  # what cannot be posted there says so by itself
    saved = world.store.find(Saved, _name(channel))
    before = Room(**json.loads(saved.value)) if saved else Room(now.name, id=channel)
    if now == before and saved:
        return
    logs.note(
        "room.changed",
        channel=channel,
        **{name: on for name, on in asdict(now).items() if name not in ("name", "id")},
    )
    trouble = _trouble(now)
    if trouble:
        close_ours(world, "slack", channel, f"the channel of the desk “{desk.name}” {trouble}")
    if _trouble(before) and not trouble:
        _open(world, channel)
    # Last, and only if they heard of it: else it is news still when the channel is looked at again.
    if all(_tell(world, sentence) for sentence in _news(before, now, desk)):
        world.store.write(Put(Saved(_name(channel), json.dumps(asdict(now)))))


def _name(channel: str) -> str:
    return f"slack channel {channel}"


def _trouble(room: Room) -> str:
    """Say why nothing can be posted in a channel, and what to do about it; empty if all is well."""
    if room.gone:
        return "is gone, or hidden from Threadline; invite it again, or change the desk's channel in the settings"
    if room.archived:
        return f"(#{room.name}) was archived; unarchive it, or give the desk another channel in the settings"
    if not room.member:
        return f"(#{room.name}) has lost Threadline; invite it there again"
    return ""


def _news(before: Room, now: Room, desk: Desk) -> Iterator[str]:
    """Say what is another than it was, where somebody should know and nothing waits for them."""
    what = f"The channel of the desk “{desk.name}”"
    if now.shared and not before.shared:
        yield (
            f"{what} (#{now.name}) is shared with another organization now: its people can read there what "
            "customers write. What they type there goes to no customer."
        )
    if before.shared and not now.shared and not now.gone:
        yield f"{what} (#{now.name}) is not shared with another organization any more."
    if before.name and now.name and now.name != before.name:
        yield f"{what} is called #{now.name} now, and was #{before.name}. Nothing has to be done about it."
    if before.id and now.id and now.id != before.id:
        yield (
            f"{what} (#{now.name}) has another id in Slack now, {now.id}. Threadline goes on there: leave the old "
            "one in the settings."
        )
    if _trouble(before) and not _trouble(now):
        yield f"{what} (#{now.name}) can be used again. What has waited comes within minutes."


def _tell(world: World, sentence: str) -> bool:
    """Tell administrators, if there is a channel for that; false if they could not be told now."""
    channel = world.settings().admin_channel
    stamp = Stamp(new_id(world.now()))
    outcome = world.slack.post(channel, "", line(sentence), stamp) if channel else None
    if not isinstance(outcome, Ok):
        logs.alarm("room.not_told", why="no administrator could be told of a desk's channel")
    return outcome is None or isinstance(outcome, Ok)


def _open(world: World, channel: str) -> None:
    """Let a channel's gate open now; what waits for it is due within minutes."""
    gate = world.store.find(Gate, "slack", channel)
    if gate is not None and shut(gate, world.now()):
        world.store.write(Put(Gate("slack", channel, world.now(), gate.why)))
