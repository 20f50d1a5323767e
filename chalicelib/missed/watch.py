"""Who is to be asked, and when: one row for each, which the clock looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.channels import LISTS
from chalicelib.errors import Lost, OperatorError
from chalicelib.model import Watch
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settings import Settings
from chalicelib.store import Insert

EVERY = 10 * 60_000
"""Ms between two askings."""


def watched(settings: Settings) -> list[str]:
    """Name whom we can ask: the lines whose providers list, and Slack for each desk's channel."""
    lines = [line for line in settings.accounts if line.partition("/")[0] in LISTS]
    return [*lines, *(f"slack/{desk.slack_channel}" for desk in settings.desks.values())]


def due(world: World) -> list[Bell]:
    """Name the bells that are due; whoever was never asked is asked from now on. One read where nothing is due."""
    try:
        lines = watched(world.settings())
    except OperatorError:  # the doors say so, and there is nobody to ask before there are settings
        return []
    now, bells = world.now(), []
    found: list[Any] = world.store.find_all(*((Watch, (line,)) for line in lines))
    for line, watch in zip(lines, found, strict=True):
        try:
            if watch is None:
                world.store.write(Insert(Watch(line, now, now + EVERY)))
            elif watch.again <= now:
                world.store.change(watch, lambda each: replace(each, again=now + EVERY))
                bells.append(bell_of(line))
        except Lost:  # a worker was at it, or another sweep
            logs.note("watch.busy", line=line)
    return bells


def bell_of(line: str) -> Bell:
    return Bell(f"missed:{line}", f"missed-{line}")
