"""One seed from its first moment to its verdict."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.actors import Cast
from tests.simulation.checks import CHECKS
from tests.simulation.evidence import Evidence
from tests.simulation.fates import Fates
from tests.simulation.storm import Storm
from tests.simulation.town import Town, town

HOUR = 3600.0
AFTERWARDS, AT_MOST = 1.5 * HOUR, 32 * HOUR
"""How long the clock runs on: so long in any case, and up to a day and more while something is still owed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a seed."""

    seed: int
    storm: str
    failures: tuple[str, ...]
    counts: Counter[str]
    tried: Counter[str]
    digest: str
    seconds: float
    diary: tuple[str, ...] = field(default=(), repr=False)


def play(seed: int, name: str = "", *, diary: bool = False, minutes: float = 30.0) -> Verdict:
    """Play a seed; the same one ends the same, whenever and wherever."""
    began = time.process_time()
    storm = Storm(seed, name, minutes)
    with town(seed, storm) as here:
        cast, fates = Cast(here, storm.over, storm.eager), Fates(here, storm)
        cast.plan()
        fates.plan()
        here.sweep_every_minute()
        here.clock.run(storm.over)
        fates.mend()
        _calm(here)
        if storm.name == "months":
            fates.months_later(cast)
            _calm(here)
        evidence = Evidence(here, cast, storm)
        counts: Counter[str] = Counter()
        failures = [
            f"{check.__name__.replace('_', ' ')}: {each}" for check in CHECKS for each in check(evidence, counts)
        ]
        lines = tuple(map(str, here.diary.lines)) if diary else ()
        counts["deaths"] = here.diary.counts["worker.died"]
        digest = here.diary.digest()
    return Verdict(
        seed, storm.name, tuple(failures), counts, storm.tried, digest, time.process_time() - began, lines
    )


def _calm(here: Town) -> None:
    """Let the clock run on in fair weather."""
    began = here.clock.now
    here.clock.run(began + AFTERWARDS)
    while here.clock.now - began < AT_MOST and (here.table.pending() or here.table.next_due() < float("inf")):
        here.clock.run(here.clock.now + HOUR)
        here.table.expire()
