"""What is up, what was given up, what nobody could read, and how old the oldest is; nothing about anybody."""

from __future__ import annotations

from typing import Any

from chalicelib.errors import OperatorError, SecretMissing
from chalicelib.gates import shut
from chalicelib.model import Gate
from chalicelib.services import World


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
    gates = world.store.find_all(*((Gate, name) for name in names))
    shut_ones = {f"{gate.system}/{gate.name}": gate.why for gate in gates if shut(gate, now)}
    for line in lines:
        try:
            world.line(*line)
        except SecretMissing as error:
            shut_ones["/".join(line)] = str(error)
    oldest = world.store.oldest_undone()
    parked, unread = world.store.parked(), world.store.unread()
    return {
        "ok": not (shut_ones or parked or unread),
        "up": sorted("/".join(name) for name in names if "/".join(name) not in shut_ones),
        "shut": shut_ones,
        "parked": len(parked),
        "oldest_parked_seconds": _age(now, parked[0].at if parked else None),
        "unread": len(unread),
        "oldest_unread_seconds": _age(now, unread[0].at if unread else None),
        "oldest_undone_seconds": _age(now, oldest),
    }


def _age(now: int, since: int | None) -> int | None:
    return None if since is None else max(0, (now - since) // 1000)
