"""Carries events to the app: signed, in order, with Slack's patience and Slack's retries.

Slack itself retries almost at once, after one minute and after five; here the pauses are shorter.
A retry does not hold back what follows it, so as in reality the app may see events out of order.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from infra.local.faults import count
from infra.local.journal import Journal
from infra.local.slack.wire import Post, Reply, Signer, post


@dataclass(frozen=True, slots=True, order=True)
class Parcel:
    """One attempt to deliver one event; `attempt` counts Slack's retries."""

    due: float
    number: int
    event_id: str = field(compare=False)
    body: bytes = field(compare=False)
    about: Mapping[str, Any] = field(compare=False)
    era: int = field(compare=False)
    attempt: int = field(default=0, compare=False)
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the app may take, and the pauses before it is asked again."""

    retries: Sequence[float] = (0.2, 2.0, 5.0)
    timeout: float = 3.0
    background: bool = True
    post: Post = post


class Courier:
    """Delivers in a thread of its own, or, without one, when somebody waits for quiet."""

    def __init__(
        self,
        url: str,
        signer: Signer,
        lock: threading.RLock,
        pace: Pace,
        journal: Journal,
        tell: Callable[[], None],
    ) -> None:
        self._url, self._signer, self._pace = url, signer, pace
        self._journal, self._tell = journal, tell
        self._changed = threading.Condition(lock)
        self._closed = False
        self._busy = self._era = self._numbers = 0
        self._begin()
        self._thread = threading.Thread(target=self._work, daemon=True)
        if pace.background:
            self._thread.start()

    def _begin(self) -> None:
        self._era += 1
        self._waiting: list[Parcel] = []
        self._held: list[tuple[str, bytes, Mapping[str, Any]]] = []
        self._holding = False
        self._repeats = self._drops = 0
        self.log: list[dict[str, object]] = []

    def reset(self) -> None:
        with self._changed:
            self._begin()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._pace.background:
            self._thread.join()

    def enqueue(self, event_id: str, body: bytes, about: Mapping[str, Any]) -> None:
        """Take an event to deliver; `about` is what whoever watches is told of it."""
        with self._changed:
            if self._drops:
                self._drops -= 1
                self._note(event_id, 0, "dropped", about)
            elif self._holding:
                self._held.append((event_id, body, about))
            else:
                self._put(event_id, body, about)
            self._tell()

    def repeat(self, times: int) -> None:
        with self._changed:
            self._repeats = count(times, "n")
            self._tell()

    def drop(self, number: int) -> None:
        with self._changed:
            self._drops = count(number, "n")
            self._tell()

    def hold(self) -> None:
        with self._changed:
            self._holding = True
            self._tell()

    def release(self, *, reverse: bool = False) -> None:
        with self._changed:
            held, self._held, self._holding = self._held, [], False
            for event_id, body, about in reversed(held) if reverse else held:
                self._put(event_id, body, about)
            self._tell()

    def plans(self) -> dict[str, Any]:
        """Tell what happens to events: how many more of each, how many are lost next, whether they wait."""
        with self._changed:
            return {"repeat": self._repeats, "drops": self._drops, "held": self._holding}

    def pending(self) -> int:
        """Count the events that are under way."""
        with self._changed:
            return len(self._waiting) + self._busy

    def kept(self) -> int:
        """Count the events that wait to be released."""
        with self._changed:
            return len(self._held)

    def quiet(self, timeout: float) -> None:
        """Wait until nothing is under way; events that are held do not count."""
        until = time.monotonic() + timeout
        while not self._pace.background and (parcel := self._take(until)):
            self._attempt(parcel)
        with self._changed:
            if not self._changed.wait_for(self._is_quiet, until - time.monotonic()):
                raise TimeoutError("events are still under way")

    def _is_quiet(self) -> bool:
        return not self._waiting and not self._busy

    def _put(self, event_id: str, body: bytes, about: Mapping[str, Any]) -> None:
        for attempt in range(self._repeats + 1):
            reason = "http_timeout" if attempt else ""  # as if the app's answer had been lost
            due, number = time.monotonic(), self._number()
            self._push(Parcel(due, number, event_id, body, about, self._era, attempt, reason))

    def _push(self, parcel: Parcel) -> None:
        heapq.heappush(self._waiting, parcel)
        self._changed.notify_all()

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _take(self, until: float | None = None) -> Parcel | None:
        """Take the next attempt when it is due; nothing when closed, or when there is none to wait for."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if self._waiting and self._waiting[0].due <= now:
                    self._busy += 1
                    return heapq.heappop(self._waiting)
                if until is not None and (not self._waiting or now >= until):
                    return None
                self._changed.wait(self._waiting[0].due - now if self._waiting else None)
        return None

    def _work(self) -> None:
        while parcel := self._take():
            self._attempt(parcel)

    def _attempt(self, parcel: Parcel) -> None:
        headers = {"Content-Type": "application/json", **self._signer.headers(parcel.body)}
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = parcel.reason
        reply = self._pace.post(self._url, parcel.body, headers, self._pace.timeout)
        with self._changed:
            self._busy -= 1
            if parcel.era == self._era:
                self._settle(parcel, reply)
            self._tell()
            self._changed.notify_all()

    def _settle(self, parcel: Parcel, reply: Reply) -> None:
        result = reply.problem or "ok"
        attempt = parcel.attempt
        if reply.problem:
            unwanted = reply.headers.get("x-slack-no-retry") == "1"
            if unwanted or attempt >= len(self._pace.retries):
                result = "given up"
            else:
                due = time.monotonic() + self._pace.retries[attempt]
                later = replace(parcel, due=due, number=self._number(), attempt=attempt + 1, reason=result)
                self._push(later)
        self._note(parcel.event_id, attempt, result, parcel.about, reply.status)

    def _note(self, event_id: str, attempt: int, result: str, about: Mapping[str, Any], status: int = 0) -> None:
        note = {"event_id": event_id, "attempt": attempt, "result": result}
        self.log.append(note)
        self._journal.add("event", **about, **note, status=status)
