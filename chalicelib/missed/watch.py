"""Who is to be asked, and when: one row for each, which the clock looks at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.channels import LISTS
from chalicelib.errors import Lost, OperatorError
from chalicelib.model import DAY, Saved, Watch
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settings import Settings
from chalicelib.store import Insert, Put, Replace

EVERY = 10 * 60_000
"""Ms between two askings."""
AWAY = 3 * DAY
"""Ms after which a line that is back in the settings begins anew: somebody else may have answered meanwhile."""
LEFT = 30 * DAY
"""Ms for which a channel is asked that its desk has left: its conversations go on there."""
DESKS = "watched desks"
"""Under which name it is kept until when each desk's channel is to be asked."""


def watched(settings: Settings) -> list[str]:
    """Name whom we can ask: the lines whose providers list, and Slack for each desk's channel."""
    lines = [line for line in settings.accounts if line.partition("/")[0] in LISTS]
    return [*lines, *(f"slack/{desk.slack_channel}" for desk in settings.desks.values())]


def due(world: World) -> list[Bell]:
    """Name the bells that are due; whoever was never asked is asked from now on. Two reads if nothing is."""
    try:
        lines = watched(world.settings())
    except OperatorError:  # the doors say so, and there is nobody to ask before there are settings
        return []
    lines += _left(world, [line for line in lines if line.startswith("slack/")])
    found: list[Any] = world.store.find_all(*((Watch, (line,)) for line in lines))
    # Held against the others: an outage of our own keeps all of them from being asked.
    since = max((watch.again for watch in found if watch), default=0) - AWAY
    return [bell_of(line) for line, watch in zip(lines, found, strict=True) if _is_due(world, line, watch, since)]


def _left(world: World, desks: Sequence[str]) -> list[str]:
    """Name the channels that desks have left not too long ago; today's are written down once a day."""
    now = world.now()
    saved = world.store.find(Saved, DESKS)
    until: dict[str, int] = json.loads(saved.value) if saved else {}
    if any(until.get(desk, 0) < now + LEFT - DAY for desk in desks):
        until = {desk: end for desk, end in until.items() if end > now} | dict.fromkeys(desks, now + LEFT)
        world.store.write(Put(Saved(DESKS, json.dumps(until))))
    return [desk for desk, end in until.items() if end > now and desk not in desks]


def _is_due(world: World, line: str, watch: Watch | None, since: int) -> bool:
    now = world.now()
    new = Watch(line, began=now, upto=now, again=now + EVERY)
    try:
        if watch is None:
            world.store.write(Insert(new))
            return False
        if watch.again < since:
            world.store.write(Replace(replace(new, version=watch.version)))
            return False
        if watch.again > now:
            return False
        world.store.change(watch, lambda each: replace(each, again=now + EVERY))
    except Lost:  # a worker was at it, or another sweep
        logs.note("watch.busy", line=line)
        return False
    return True


def bell_of(line: str) -> Bell:
    return Bell(f"missed:{line}", f"missed-{line}")
