"""What is up, what was given up, what nobody could read, and how old the oldest is; nothing about anybody."""

from __future__ import annotations

from typing import Any

from chalicelib.errors import OperatorError, SecretMissing
from chalicelib.gates import FILES, gate_of_files, shut
from chalicelib.model import Gate, Watch
from chalicelib.services import World

LATE = 60 * 60
"""Seconds after which somebody should look: since the last asking for what we missed, or for what is undone."""


def health(world: World) -> dict[str, Any]:
    """Report in numbers and gates; `ok` is false when somebody should look."""
    try:
        settings = world.settings()
    except OperatorError as error:
        return {"ok": False, "why": str(error)}
    now = world.now()
    lines = [*(tuple(line.split("/")) for line in settings.accounts)]
    desks = [("slack", desk.slack_channel) for desk in settings.desks.values()]
    names = [*lines, *desks]
    doors = [*names, FILES, *map(gate_of_files, settings.accounts)]
    found = world.store.find_all(*((Gate, n) for n in doors), *((Watch, ("/".join(n),)) for n in names))
    gates, watches = found[: len(doors)], found[len(doors) :]
    shut_ones = {f"{gate.system}/{gate.name}": gate.why for gate in gates if shut(gate, now)}
    for line in lines:
        try:
            world.line(*line)
        except SecretMissing as error:
            shut_ones["/".join(line)] = str(error)
    undone = _age(now, world.store.oldest_undone())
    parked, unread = world.store.parked(), world.store.unread()
    listed = _age(now, min((watch.upto for watch in watches if watch), default=None))
    return {
        "ok": not (shut_ones or parked or unread) and max(listed or 0, undone or 0) < LATE,
        "up": sorted("/".join(name) for name in names if "/".join(name) not in shut_ones),
        "shut": shut_ones,
        "parked": len(parked),
        "oldest_parked_seconds": _age(now, parked[0].at if parked else None),
        "unread": len(unread),
        "oldest_unread_seconds": _age(now, unread[0].at if unread else None),
        "oldest_undone_seconds": undone,
        "oldest_listed_seconds": listed,
    }


def _age(now: int, since: int | None) -> int | None:
    return None if since is None else max(0, (now - since) // 1000)
