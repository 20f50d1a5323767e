"""Play seeds: `make simulate`, or one with its whole diary: `make simulate SEED=17`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from textwrap import fill

from tests.simulation.play import Verdict, play
from tests.simulation.report import table, told
from tests.simulation.storm import STORMS

LONGEST = 12
"""Digits of a number that is looked at."""
MOST = 10_000_000
USAGE = f"""\
Plays seeds of the simulation, and tells what was tried and what came of it. There are no arguments, only settings:

  make simulate                  200 seeds, on all processors
  make simulate SEEDS=10000      so many, from FIRST=0 on
  make simulate FIRST=200        another 200
  make simulate SEED=17          one seed with its whole diary
  make simulate STORM=crashes    every seed in one storm
  make simulate JOBS=1           on so many processors

{fill("The storms are " + ", ".join(STORMS) + ".", 76)}
Without make: SEED=17 python -m tests.simulation. docs/simulation.md says what it all means.
It ends with 1 where a seed failed, and with 2 where a setting cannot be."""


class Impossible(Exception):
    """A setting that cannot be; its words are for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which seeds, in which storm, on how many processors."""

    seeds: range
    storm: str
    jobs: int
    diary: bool


def read(given: Mapping[str, str]) -> Choice:
    """Read the settings; raises Impossible."""
    storm = given.get("STORM", "").strip()
    if storm and storm not in STORMS:
        raise Impossible(f"There is no storm called {storm!r}; there are {', '.join(STORMS)}.")
    jobs = _number(given, "JOBS", os.cpu_count() or 1, 1, 256)
    first = _number(given, "FIRST", 0, 0, MOST)
    if given.get("SEED", "").strip():
        seed = _number(given, "SEED", 0, 0, MOST)
        return Choice(range(seed, seed + 1), storm, 1, diary=True)
    return Choice(range(first, first + _number(given, "SEEDS", 200, 1, MOST)), storm, jobs, diary=False)


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    word = given.get(name, "").strip() or str(usual)
    if not (word.isascii() and word.isdigit() and len(word) <= LONGEST and least <= int(word) <= most):
        raise Impossible(f"{name} is {word!r}; it has to be a whole number from {least} to {most}.")
    return int(word)


def _verdicts(choice: Choice) -> Iterator[Verdict]:
    """Play each seed, in as many processes as there are jobs."""
    storms = [choice.storm] * len(choice.seeds)
    if choice.jobs == 1:
        yield from map(play, choice.seeds, storms)
        return
    with ProcessPoolExecutor(choice.jobs, get_context("spawn")) as pool:
        yield from pool.map(play, choice.seeds, storms, chunksize=2)


def main(arguments: Sequence[str], given: Mapping[str, str]) -> int:
    """Play what was asked for, and tell what came of it."""
    if arguments:
        asked = set(arguments) <= {"-h", "--help", "help"}
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        choice = read(given)
    except Impossible as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    began = time.monotonic()
    verdicts: list[Verdict] = []
    if choice.diary:
        verdicts.append(play(choice.seeds[0], choice.storm, diary=True))
        print("\n".join(verdicts[0].diary))  # noqa: T201
    for each in () if choice.diary else _verdicts(choice):
        verdicts.append(each)
        if each.failures:
            print(told(each), flush=True)  # noqa: T201
    print(table(verdicts, time.monotonic() - began))  # noqa: T201
    if choice.diary and verdicts[0].failures:
        print(told(verdicts[0], most=100))  # noqa: T201
    return int(any(each.failures for each in verdicts))


if __name__ == "__main__":
    # Sets of texts have to be walked through in the same order in every process.
    if os.environ.get("PYTHONHASHSEED") != "0":
        again = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - ourselves
    sys.exit(main(sys.argv[1:], os.environ))
