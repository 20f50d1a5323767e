"""What happened here, numbered: whoever watches asks for what came after the last thing they saw."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from itertools import islice
from typing import Any

Json = dict[str, Any]

KEPT = 4_000
"""How many changes can be asked for; who fell further behind begins anew."""
LONGEST_WAIT = 25.0
"""Seconds that one question may wait for news."""


class Journal:
    """The last changes, oldest first, each with its number, its moment in ms and its kind."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.closed = False
        self._begin()

    def _begin(self) -> None:
        self.boot = secrets.token_hex(6)
        self._last = 0
        self._kept: deque[Json] = deque(maxlen=KEPT)

    def add(self, kind: str, **about: Any) -> None:
        """Write down what is so now; whoever waits hears of it."""
        with self._news:
            self._last += 1
            self._kept.append({"n": self._last, "at": int(time.time() * 1000), "kind": kind, **about})
            self._news.notify_all()

    def mark(self) -> Json:
        """Say how far it goes, for a state that is taken at the same time."""
        with self._news:
            return {"boot": self.boot, "at": self._last}

    def since(self, since: int, wait: float = 0, boot: str = "") -> Json:
        """Give what came after `since`, waiting for it if need be; `lost` when that cannot be told any more."""
        with self._news:
            if boot in ("", self.boot):
                began = self.boot  # begun anew while we wait is news too, also for who stands at 0
                self._news.wait_for(
                    lambda: self.closed or self._last != since or self.boot != began, min(wait, LONGEST_WAIT)
                )
            oldest = self._kept[0]["n"] if self._kept else self._last + 1
            lost = boot not in ("", self.boot) or not oldest - 1 <= since <= self._last
            changes = [] if lost else self._after(since)
            return {"boot": self.boot, "at": self._last, "lost": lost, "changes": changes}

    def _after(self, since: int) -> list[Json]:
        # From the right: who watches wants the last one or two of thousands.
        return list(islice(reversed(self._kept), self._last - since))[::-1]

    def reset(self) -> None:
        """Begin anew: whoever watched is told that it lost track."""
        with self._news:
            self._begin()
            self._news.notify_all()

    def close(self) -> None:
        """Let everybody who waits go."""
        with self._news:
            self.closed = True
            self._news.notify_all()
