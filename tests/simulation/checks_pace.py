"""Whether Slack is left alone for as long as it asks, by its own clock: posts, and drawings for themselves.

Not in every storm: in others the worker that was asked may have died, or the table was silent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.simulation.checks_course import WORKER
from tests.simulation.diary import Line
from tests.simulation.evidence import Evidence
from tests.simulation.weather import End

STORMS = ("slack", "rush")


def whoever_asks_us_to_wait_is_left_alone(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    if seen.storm.name not in STORMS:
        return
    asked: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for line in seen.town.diary.of("call"):
        channel, began = line.about.get("channel", ""), line.about["began"]
        if not line.about.get("post") or not channel:
            continue
        # What was under way already when Slack said so is not meant.
        until = max((until for at, until in asked[channel] if at <= began), default=0.0)
        if began < until:
            yield (
                f"something was posted into {channel} at {began:.3f}, and Slack had asked to be left alone "
                f"until {until:.3f}{seen.story(str(line.about['post']))}"
            )
        if _heard(line):
            asked[channel].append((line.at, line.at + float(line.about["wait"])))


def nothing_is_drawn_before_slack_has_time_for_it(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    if seen.storm.name not in STORMS:
        return
    asked: dict[str, list[tuple[float, float, Line]]] = defaultdict(list)
    for line in seen.town.diary.of("call"):
        channel, began = line.about.get("draws", ""), line.about["began"]
        if not channel:
            continue
        for at, until, first in asked[channel]:
            if at + _heard_after(first, line) <= began < until:
                yield (
                    f"{line.who} drew in {channel} at {began:.3f}, and {first.who} had been asked to leave it "
                    f"alone until {until:.3f}{seen.story(channel)}"
                )
                break
        if _heard(line):
            asked[channel].append((line.at, line.at + float(line.about["wait"]), line))


def _heard(line: Line) -> bool:
    """Tell whether somebody was asked to wait, and was still there to hear it."""
    return bool(line.about.get("wait")) and line.about["end"] in (End.DONE, End.REFUSED)


def _heard_after(first: Line, then: Line) -> float:
    """Tell after how many seconds one worker must know what another was told.

    Whoever brings a moved conversation up to date draws in the channel it left, beside those who work for that.
    """
    return 0.0 if first.who == then.who else WORKER


CHECKS = (whoever_asks_us_to_wait_is_left_alone, nothing_is_drawn_before_slack_has_time_for_it)
