"""Behind the bell: ask a provider, or Slack, what happened since we last asked, and take in what never came."""

from __future__ import annotations

from chalicelib import logs
from chalicelib.missed.desks import look_at_desk
from chalicelib.missed.lines import look_at_line
from chalicelib.model import Watch
from chalicelib.services import World


def look(world: World, line: str) -> None:
    """Ask once, as far as one turn goes. What is on record already costs no more than reading it."""
    watch = world.store.find(Watch, line)
    if watch is None:
        return
    with logs.about(line=line):
        (look_at_desk if line.startswith("slack/") else look_at_line)(world, watch)
