"""When the message of a file comes about: Slack says ok at once, and shows it as soon as it likes, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.faults import LONGEST_DELAY, count
from infra.local.slack.channel import Channel

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: float
    channel: Channel
    message: Json
    files: list[str]


class Sharing:
    """The messages with files that are on their way, each for `delay` seconds; the next `never` do not arrive."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.wake: Callable[[float], None] = lambda _: None
        self.reset()

    def reset(self) -> None:
        self.delay, self.never = 0.0, 0
        self._waiting: list[_Waiting] = []

    def plan(self, delay: Any, never: Any) -> None:
        """Say how it goes from now on, also with those that are on their way."""
        if type(delay) not in {int, float} or not 0 <= delay <= LONGEST_DELAY:
            raise ValueError(f"delay is a number of seconds up to {LONGEST_DELAY}")
        self.delay, self.never = delay, count(never, "never")

    def put(self, channel: Channel, message: Json, files: list[str]) -> None:
        if self.never:
            self.never -= 1
            return
        self._waiting.append(_Waiting(self._now(), channel, message, files))
        if self.delay:
            self.wake(self.delay)

    def due(self) -> Iterator[tuple[Channel, Json, list[str]]]:
        """Take those whose time has come, in order."""
        until = self._now() - self.delay
        ripe = [one for one in self._waiting if one.since <= until]
        self._waiting = [one for one in self._waiting if one.since > until]
        for one in ripe:
            yield one.channel, one.message, one.files
