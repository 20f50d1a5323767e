"""What came of a burst, side by side with one post per message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

CROWD = 50
QUIET = "+15559990000"


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one run."""

    drained: float
    waits: dict[str, list[float]]
    counts: Counter[str]


def show(title: str, runs: Sequence[Figures]) -> None:
    """Print the figures of two runs beside each other."""
    print(f"\n{title}\n  {'':36}{'as it is':>14}{'one by one':>14}")
    for name, figure in FIGURES.items():
        if "quiet" not in name or QUIET in runs[0].waits:
            print(f"  {name:36}" + "".join(_shown(figure(run)) for run in runs))


def _shown(figure: float) -> str:
    exact = figure < CROWD and figure != int(figure)
    return f"{figure:>14,.{'1' if exact else '0'}f}" if figure >= 1 or not figure else f"{figure:>14.2f}"


def _all(run: Figures) -> list[float]:
    return [wait for who, waits in run.waits.items() if who != QUIET for wait in waits]


def _per_message(run: Figures, what: str) -> float:
    return run.counts[what] / sum(map(len, run.waits.values()))


FIGURES: dict[str, Callable[[Figures], float]] = {
    "s until the last is in its thread": lambda run: run.drained,
    "s a message waits, median": lambda run: median(_all(run)),
    "s a message waits, at most": lambda run: max(_all(run)),
    "s a quiet one's waits, median": lambda run: median(run.waits[QUIET]),
    "s a quiet one's waits, at most": lambda run: max(run.waits[QUIET]),
    "posts": lambda run: run.counts["posts"],
    "times Slack asked to wait": lambda run: run.counts["429"],
    "calls to Slack per message": lambda run: _per_message(run, "slack"),
    "calls to DynamoDB per message": lambda run: _per_message(run, "aws"),
}
