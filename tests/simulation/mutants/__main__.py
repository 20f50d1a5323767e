"""Makes every mistake of the table, one at a time, and tells which check of the simulator caught it.

A mistake is caught when a check speaks by its name; a simulator that breaks has caught nothing. The seeds that
caught something are then played with nothing wrong: there the checks must be silent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from tests.simulation.mutants.edits import ROOT
from tests.simulation.mutants.table import MUTANTS
from tests.simulation.mutants.trial import Outcome

SHOWN = 150
"""Characters of what a check said."""
MOST = 1_000_000


class Impossible(Exception):
    """A setting that makes no sense."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to be tried."""

    places: Sequence[int]
    seeds: int
    first: int
    jobs: int


def asked(environment: Mapping[str, str]) -> Asked:
    """Read the settings; raises Impossible."""
    only = environment.get("ONLY", "").casefold()
    places = [place for place, each in enumerate(MUTANTS) if only in each.name.casefold()]
    if not places:
        names = "\n".join(f"  {each.name}" for each in MUTANTS)
        raise Impossible(f"No mistake has {only!r} in its name; there are:\n{names}")
    first, seeds = _number(environment, "FIRST", 0, 0), _number(environment, "SEEDS", 200, 1)
    return Asked(places, seeds, first, _number(environment, "JOBS", os.cpu_count() or 1, 1))


def _number(environment: Mapping[str, str], name: str, usual: int, least: int) -> int:
    given = environment.get(name, "").strip() or str(usual)
    if not (given.isascii() and given.isdigit() and least <= int(given[:9]) < MOST):
        raise Impossible(f"{name} is {given!r}; it has to be a whole number from {least} to {MOST}.")
    return int(given)


def try_all(what: Asked) -> list[Outcome]:
    """Put each mistake on trial in a process of its own, and tell of each as it ends."""
    with ThreadPoolExecutor(what.jobs) as pool:
        under_way = [
            pool.submit(_child, "--mutant", place, "--first", what.first, "--seeds", what.seeds)
            for place in what.places
        ]
        outcomes = []
        for done in as_completed(under_way):
            outcomes.append(Outcome(**done.result()))
            print(told(outcomes[-1]), flush=True)  # noqa: T201
    return outcomes


def told(outcome: Outcome) -> str:
    """Tell what became of a mistake in two lines."""
    lines = [f"{_word(outcome):<9} {outcome.name}"]
    if outcome.caught:
        more = f", and {outcome.others} more" if outcome.others else ""
        first = outcome.said.splitlines()[0]
        lines += [f"          seed {outcome.seed} ({outcome.storm}), {outcome.seconds:.1f} s{more}"]
        lines += [f"          {first[:SHOWN]}"]
    else:
        lines += [f"          {outcome.tried} seeds, {outcome.seconds:.1f} s"]
    if outcome.missed:
        lines += [f"          never imported: {', '.join(outcome.missed)}"]
    if outcome.broke:
        seed, why = next(iter(outcome.broke.items()))
        lines += [f"          the simulator broke in {len(outcome.broke)} seeds, first in {seed}: {why[:SHOWN]}"]
    return "\n".join(lines)


def _word(outcome: Outcome) -> str:
    if outcome.caught:
        return "caught"
    return "BROKE" if outcome.broke else "SURVIVED"


def silent_without(seeds: Iterable[int], jobs: int) -> bool:
    """Play seeds with nothing wrong: whatever a check says there is no catch."""
    wanted = sorted(set(seeds))
    shares = [share for share in (wanted[start::jobs] for start in range(jobs)) if share]
    with ThreadPoolExecutor(jobs) as pool:
        said = [
            each for told in pool.map(lambda share: _child("--unchanged", *share), shares) for each in told.items()
        ]
    for seed, words in said:
        print(f"WRONG     seed {seed} with nothing wrong: {words[:SHOWN]}")  # noqa: T201
    return not said


def _child(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.simulation.mutants.trial", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> int:
    try:
        what = asked(os.environ)
    except Impossible as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    began = time.monotonic()
    outcomes = try_all(what)
    caught = [each for each in outcomes if each.seed is not None]
    fair = silent_without((each.seed for each in caught if each.seed is not None), what.jobs)
    seeds = len({each.seed for each in caught})
    print(f"\n{len(caught)} of {len(outcomes)} mistakes caught, in {time.monotonic() - began:.0f} s.")  # noqa: T201
    if fair and caught:
        print(f"The {seeds} seeds that caught them say nothing where nothing is wrong.")  # noqa: T201
    return 0 if fair and len(caught) == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
