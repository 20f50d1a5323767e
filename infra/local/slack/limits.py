"""Slack's budgets: about one post a second per channel, everything else by tier and minute.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections.abc import Callable

POST = "chat.postMessage"
BURST, PER_SECOND = 5, 1.0
WORKSPACE_PER_MINUTE = 300


class Limits:
    """One bucket per method, and for posts one per channel; each refills as time goes by."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def reset(self) -> None:
        self._buckets.clear()

    def wait(self, method: str, per_minute: int, channel: str) -> int:
        """Spend one call; when there is none left, give the seconds until there is."""
        if method != POST:
            return self._spend(method, per_minute, per_minute / 60)
        seconds = self._spend(f"{POST} {channel}", BURST, PER_SECOND)
        return seconds or self._spend(POST, WORKSPACE_PER_MINUTE, WORKSPACE_PER_MINUTE / 60)

    def _spend(self, bucket: str, most: float, per_second: float) -> int:
        now = self._now()
        left, since = self._buckets.get(bucket, (most, now))
        left = min(most, left + (now - since) * per_second)
        if left >= 1:
            self._buckets[bucket] = (left - 1, now)
            return 0
        self._buckets[bucket] = (left, now)
        return max(1, math.ceil((1 - left) / per_second))
