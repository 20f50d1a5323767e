"""What has happened to an item, and when: written whenever it is written anyway, so that its story can be told."""

from __future__ import annotations

from dataclasses import dataclass

FIRST, LAST = 6, 24
"""A story keeps how it began and how it ended; what goes on for ever in between does not fill its row."""
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ids, counts and reasons, never anybody's words."""

    what: str
    at: int
    detail: str = ""


def onward(steps: tuple[Step, ...], what: str, at: int, detail: str = "") -> tuple[Step, ...]:
    """Add a step to a story, which stays short."""
    longer = (*steps, Step(what, at, detail[:LONGEST]))
    return longer if len(longer) <= FIRST + LAST else (*longer[:FIRST], *longer[-LAST:])
