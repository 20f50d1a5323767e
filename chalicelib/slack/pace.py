"""How fast we post: about what Slack takes of one channel, so that it seldom has to tell us to wait.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

BURST = 4
"""Posts that may follow each other at once; Slack says "short bursts" and no number."""
EVERY = 1_000
"""Ms between posts after that."""


class Pace:
    """One worker's memory of what it posted; another one's is not known here, and Slack's answer settles it."""

    def __init__(self) -> None:
        self._free: dict[str, int] = {}
        """Channel -> the moment from which a whole burst may be posted again."""

    def step(self, channel: str, now: int) -> int:
        """Count one post and tell how many ms to wait before it."""
        free = max(self._free.get(channel, 0), now)
        self._free[channel] = free + EVERY
        return max(free - now - (BURST - 1) * EVERY, 0)

    def spent(self, channel: str, until: int) -> None:
        """Take Slack's word that nothing may be posted before a moment, and then one at a time."""
        self._free[channel] = until + (BURST - 1) * EVERY
