"""One mistake on trial, in a process of its own: seed after seed, until a check speaks."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict, dataclass, field

from tests.simulation.mutants.edits import Meddler, Mutant
from tests.simulation.mutants.table import MUTANTS

SEED_LASTS = 90
"""Seconds of processor after which a seed is believed to go on for ever."""


class Endless(BaseException):
    """A seed came to no end; the application must not be able to catch this."""


@dataclass
class Outcome:
    """What became of a mistake: the seed whose checks spoke and their first words, or none."""

    name: str
    seed: int | None = None
    storm: str = ""
    said: str = ""
    others: int = 0
    """How many more failures this seed had."""
    tried: int = 0
    seconds: float = 0.0
    broke: dict[int, str] = field(default_factory=dict)
    """Seeds in which the simulator itself broke: that proves nothing."""
    missed: list[str] = field(default_factory=list)

    @property
    def caught(self) -> bool:
        return self.seed is not None


def put_on_trial(mistake: Mutant, seeds: range) -> Outcome:
    """Play seeds with a mistake in the application; the first that a check speaks in is the last."""
    began, outcome = time.monotonic(), Outcome(mistake.name)
    with Meddler(mistake) as meddler:
        from tests.simulation.play import play  # noqa: PLC0415 - it brings the application with it
        from tests.simulation.storm import chosen  # noqa: PLC0415

        for seed in sorted(seeds, key=lambda seed: chosen(seed) not in mistake.storms):
            outcome.tried += 1
            signal.setitimer(signal.ITIMER_PROF, SEED_LASTS)
            try:
                verdict = play(seed)
            except (Exception, Endless) as error:  # noqa: BLE001 - told, and never taken for a catch
                outcome.broke[seed] = f"{type(error).__name__}: {error}"
                continue
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            if verdict.failures:
                outcome.seed, outcome.storm = seed, verdict.storm
                outcome.said, outcome.others = verdict.failures[0], len(verdict.failures) - 1
                break
        outcome.missed = meddler.missed
    outcome.seconds = time.monotonic() - began
    return outcome


def play_unchanged(seeds: list[int]) -> dict[int, str]:
    """Play seeds with nothing wrong, and tell what is said nevertheless."""
    from tests.simulation.play import play  # noqa: PLC0415

    failures = {seed: play(seed).failures for seed in seeds}
    return {seed: said[0] for seed, said in failures.items() if said}


def _endless(*_: object) -> None:
    raise Endless(f"still going on after {SEED_LASTS} s")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutant", type=int, help="its place in the table")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--unchanged", type=int, nargs="+", help="seeds to play with nothing wrong")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGPROF, _endless)
    if given.unchanged:
        told: object = {str(seed): said for seed, said in play_unchanged(given.unchanged).items()}
    else:
        told = asdict(put_on_trial(MUTANTS[given.mutant], range(given.first, given.first + given.seeds)))
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
