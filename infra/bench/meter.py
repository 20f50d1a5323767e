"""Two things in turn, many times, and the median of each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

WARM = 10
"""Runs that do not count."""
LONGEST = 8.0
"""Seconds after which fewer runs have to do."""

Clock = Callable[[], float]
Steps = Sequence[Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in ms: all of it, and what of it was spent in Slack's Web API."""

    all: float
    slack: float = 0.0

    @property
    def without_slack(self) -> Times:
        return Times(self.all - self.slack)


class Meter:
    """Takes times; what slack_sdk's calls take, theirs and ours alike, is taken apart."""

    def __init__(self) -> None:
        self._clock: Clock = time.perf_counter
        self._slack = 0.0

    @contextmanager
    def watching_slack(self) -> Iterator[None]:
        """Note the time of every call to Slack."""
        from slack_sdk import WebClient  # noqa: PLC0415

        real = WebClient.api_call

        def timed(*args: Any, **more: Any) -> Any:
            began = self._clock()
            try:
                return real(*args, **more)
            finally:
                self._slack += self._clock() - began

        WebClient.api_call = timed  # type: ignore[method-assign]  # the only way to see both sides' calls
        try:
            yield
        finally:
            WebClient.api_call = real  # type: ignore[method-assign]

    def by_the_clock(self, runs: int, *ready: Callable[[], Steps]) -> list[Times]:
        """Take the time that passes."""
        return self._in_turn(runs, time.perf_counter, ready)

    def of_the_processor(self, runs: int, *ready: Callable[[], Steps]) -> list[Times]:
        """Take the processor's time, in which whoever else is at work here counts for little."""
        return self._in_turn(runs, time.thread_time, ready)

    def _in_turn(self, runs: int, clock: Clock, ready: Sequence[Callable[[], Steps]]) -> list[Times]:
        """Take turns, so that a busy machine is busy for all."""
        self._clock = clock
        taken: list[list[Times]] = [[] for _ in ready]
        gc.collect()
        end = time.monotonic() + LONGEST
        for run in range(runs + WARM):
            if run > 2 * WARM and time.monotonic() > end:
                break
            for make_ready, times in zip(ready, taken, strict=True):
                times.append(self._once(make_ready()))
        return [_median(times[WARM:]) for times in taken]

    def _once(self, steps: Steps) -> Times:
        self._slack = 0.0
        began = self._clock()
        for step in steps:
            step()
        return Times((self._clock() - began) * 1000, self._slack * 1000)


def _median(times: Sequence[Times]) -> Times:
    return Times(median(each.all for each in times), median(each.slack for each in times))
