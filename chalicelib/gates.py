"""Doors outwards that are shut for a while: a Slack channel or an account. The record waits; nothing is lost."""

from __future__ import annotations

from chalicelib import logs
from chalicelib.model import NO_TIME, Busy, Gate, Ok, Outcome, Stamp, new_id
from chalicelib.services import World
from chalicelib.slack.blocks import line
from chalicelib.store import Put

OURS_FOR = 3 * 60_000
"""Ms between tries while something of ours is broken."""
WAIT_IN_PLACE = 5_000
"""Ms up to which a worker waits where it stands; longer waits go on the record, and shut a gate."""
BUSY_FOR = 10_000
"""Ms to wait where nobody said how long."""
TOLD_AGAIN_AFTER = 60 * 60_000
DRAWS = "slack draws"
"""The system under whose name a Slack channel has its gate for all that is drawn there and is no post."""
HEADS = "slack heads"
"""The system under whose name it is told, once for a whole channel, that Slack refuses threads' heads there."""

FILES = ("slack", "files")
"""The gate for bytes on their way to Slack or from it: no post waits for it."""


def gate_of_files(line: str) -> tuple[str, str]:
    """Name the gate for the files of one of our lines: its messages do not wait for it."""
    channel, _, account = line.partition("/")
    return channel, f"{account} files"


def shut(gate: Gate | None, now: int) -> bool:
    """Tell whether a gate is shut."""
    return gate is not None and gate.until > now


def waits(gate: Gate | None, now: int) -> bool:
    """Tell whether a worker has to leave it at that, and write down why nothing more happens."""
    if gate is None or not shut(gate, now):
        return False
    logs.note("gate.shut", system=gate.system, name=gate.name, why=gate.why, until=gate.until)
    return True


def waited_out(world: World, outcome: Outcome) -> bool:
    """Wait where we stand if somebody is busy for seconds, and there is time for a call after that."""
    wait = outcome.wait if isinstance(outcome, Busy) else None
    if wait is None or wait > WAIT_IN_PLACE or not world.shift.has_time(wait):
        return False
    world.pause(wait / 1000)
    return True


def close(world: World, system: str, name: str, busy: Busy) -> int:
    """Shut a gate because somebody is busy, and return until when; where it is us, everybody else may go on."""
    if busy is NO_TIME:
        return world.now()
    before = world.store.find(Gate, system, name)
    until = max(world.now() + (busy.wait or BUSY_FOR), before.until if before else 0)
    world.store.write(Put(Gate(system, name, until, busy.why, before.told_at if before else 0)))
    logs.note("gate.closed", system=system, name=name, why=busy.why, until=until)
    return until


def close_ours(world: World, system: str, name: str, why: str, wait: int | None = None) -> int:
    """Shut a gate because something of ours is broken, tell an administrator, and return until when."""
    logs.alarm("gate.ours", system=system, name=name, why=why)
    now = world.now()
    until = now + (wait or OURS_FOR)
    before = world.store.find(Gate, system, name)
    told_at = before.told_at if before else 0
    if now - told_at >= TOLD_AGAIN_AFTER:
        # Whoever could not be told now is told a little later, and not with every conversation that meets this.
        told_at = now if _told(world, system, name, why) else now - TOLD_AGAIN_AFTER + OURS_FOR
    world.store.write(Put(Gate(system, name, until, why, told_at)))
    return until


def _told(world: World, system: str, name: str, why: str) -> bool:
    """Say it where administrators look; if Slack itself is the trouble, the log and /health have to do."""
    channel = world.settings().admin_channel
    if not channel:
        return False
    words = (
        f"Threadline cannot use {system} {name}: {why.rstrip('.')}. Everything for it waits and nothing is lost."
    )
    return isinstance(world.slack.post(channel, "", line(words), Stamp(new_id(world.now()))), Ok)
