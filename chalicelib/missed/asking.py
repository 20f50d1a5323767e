"""One asking: from where it asks, until when, and how far it has come. Lines and desks have this in common.

Most askings are near: they see what is new since the last one. One an hour goes far, with a checkpoint of its own.
What is found and breaks us is tried again for an hour, and then kept raw, so that nothing holds up the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.model import Ours, Outcome, Ref, Refused, Watch
from chalicelib.raw import KEEP_RAW, keep
from chalicelib.services import World
from chalicelib.store import Put
from chalicelib.web import Request

SYSTEM = "missed"
"""Under which references lies what was put away."""

GRACE = 2 * 60_000
"""Ms that a webhook or an event may take to come by itself."""
FAR_EVERY = 60 * 60_000
PATIENCE = 60 * 60_000
"""Ms for which something that breaks us may keep us from getting on."""
TURN_LASTS = 10_000
"""Ms after which a turn begins nothing more: a call may take 13 s, and a worker lives 30 s."""


def begun(world: World, watch: Watch) -> Watch | None:
    """Begin an asking, or go on with the one under way; None if it is too soon for one."""
    if watch.goal:
        return watch
    goal = world.now() - GRACE
    if goal <= watch.upto:
        return None
    return replace(watch, goal=goal, goes_far=world.now() - watch.far >= FAR_EVERY)


def paused(now: Watch, asking: Watch, place: str) -> Watch:
    """Note where the next turn goes on."""
    return replace(now, goal=asking.goal, goes_far=asking.goes_far, place=place)


def ended(now: Watch, asking: Watch) -> Watch:
    """Note that everything until the asking's goal has been seen."""
    far = asking.goal if asking.goes_far else now.far
    return replace(now, upto=asking.goal, far=far, goal=0, goes_far=False, place="")


def stuck(world: World, asking: Watch) -> bool:
    """Tell whether something has kept us from getting on for too long."""
    return world.now() - asking.upto > PATIENCE


def not_listed(outcome: Outcome, *, wanted: bool = True) -> None:
    """Say so, aloud where somebody has to do something about it."""
    say = logs.alarm if wanted and isinstance(outcome, Ours | Refused) else logs.note
    why = getattr(outcome, "why", "") or getattr(outcome, "detail", "")
    say("missed.not_listed", outcome=type(outcome).__name__, why=why)


def keep_found(world: World, line: str, their_id: str, door: tuple[str, str], request: Request, why: str) -> None:
    """Keep what was found and cannot be taken in, as the webhook it would have been: counted until it is read."""
    keep(world, door, request, why, unread=why)
    put_away(world, line, their_id)


def put_away(world: World, line: str, their_id: str) -> None:
    """Remember that this one was seen to, though it is not on record: no later asking takes it up again."""
    world.store.write(Put(Ref(SYSTEM, line, their_id, kept="put away", expires=world.now() + KEEP_RAW)))


def away(world: World, line: str, their_ids: Iterable[str]) -> set[str]:
    """Name those of them that an earlier asking has put away."""
    names = list(dict.fromkeys(their_ids))
    found: list[Any] = world.store.find_all(*((Ref, (SYSTEM, line, name)) for name in names))
    return {name for name, ref in zip(names, found, strict=True) if ref is not None}
