"""One asking: from where it asks, until when, and how far it has come. Lines and desks have this in common.

Most askings are near: they see what is new since the last one. One an hour goes far, with a checkpoint of its own.
What is found and cannot be taken in is tried again for an hour and holds up nothing else meanwhile: only the
checkpoints stay where they are.
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
"""Under which references lies what was put away, and since when the others are tried."""
AWAY = "put away"

GRACE = 2 * 60_000
"""Ms that a webhook or an event may take to come by itself."""
FAR_EVERY = 60 * 60_000
PATIENCE = 60 * 60_000
"""Ms for which what cannot be taken in is tried again, since it was first tried."""
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
    return replace(now, goal=asking.goal, goes_far=asking.goes_far, held=asking.held, place=place)


def ended(now: Watch, asking: Watch) -> Watch:
    """Note that everything until the asking's goal has been seen, unless some of it has to be tried again."""
    now = replace(now, goal=0, goes_far=False, held=False, place="")
    if asking.held:
        return now
    return replace(now, upto=max(now.upto, asking.goal), far=asking.goal if asking.goes_far else now.far)


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
    _note(world, line, their_id, AWAY)


def again(world: World, line: str, their_id: str, note: Ref | None, patience: int = PATIENCE) -> bool:
    """Tell whether to try something again that cannot be taken in now; `note` is what is noted of it."""
    if note is None:
        _note(world, line, their_id, "to be tried again")
        return True
    return world.now() - _since(note) <= patience


def noted(world: World, line: str, their_ids: Iterable[str]) -> dict[str, Ref]:
    """Find what earlier askings noted of some: that they were put away, or since when they are tried."""
    names = list(dict.fromkeys(their_ids))
    found: list[Any] = world.store.find_all(*((Ref, (SYSTEM, line, name)) for name in names))
    return {name: ref for name, ref in zip(names, found, strict=True) if ref is not None}


def is_away(note: Ref | None) -> bool:
    return note is not None and note.kept == AWAY


def _note(world: World, line: str, their_id: str, what: str) -> None:
    world.store.write(Put(Ref(SYSTEM, line, their_id, kept=what, expires=world.now() + KEEP_RAW)))


def _since(note: Ref) -> int:
    return (note.expires or 0) - KEEP_RAW
