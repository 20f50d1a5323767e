"""Telegram's delivery of updates: in order per chat and kind, one in flight, until 24 hours are over."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from infra.local.phones import Heard, Hook, Webhooks, knock

HELD = -2
"""The status of an update that waits behind another one of its chat."""
DAY = 24 * 3600
LONGEST_WAIT = 60


@dataclass(slots=True, eq=False)
class Ticket:
    """An update in its lane."""

    body: bytes
    status: int = HELD
    tried: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class Lane:
    """The updates of one chat and kind; `stuck` while the first of them is refused."""

    tickets: deque[Ticket] = field(default_factory=deque)
    stuck: bool = False


class Lanes:
    """Delivers updates; `hook` addresses a body at the moment it is tried, or says that no webhook is set."""

    def __init__(self, hooks: Webhooks, hook: Callable[[bytes], Hook | None], pace: float) -> None:
        self._hooks, self._hook, self._pace = hooks, hook, pace
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()
        self._heard = Heard(HTTPStatus.OK)
        self._kept: list[tuple[str, bytes]] = []
        self.answered: Callable[[Heard], None] = lambda _: None

    def errors(self) -> dict[str, Any]:
        """Say what getWebhookInfo says of the deliveries."""
        waiting = len(self._kept) + sum(len(lane.tickets) for lane in list(self._lanes.values()))
        if self._heard.taken:
            return {"pending_update_count": waiting}
        answered = self._heard.status > 0
        last = f"Wrong response from the webhook: {self._heard.status}" if answered else "Connection refused"
        return {"pending_update_count": waiting, "last_error_message": last}

    def keep(self, name: str, body: bytes) -> None:
        """Hold an update back until a webhook is set."""
        self._kept.append((name, body))

    def release(self) -> None:
        """Deliver what was held back."""
        kept, self._kept = self._kept, []

        def deliver() -> None:
            for name, body in kept:
                self.deliver(name, body)

        self._hooks.later(deliver)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            for lane in self._lanes.values():
                for ticket in lane.tickets:
                    ticket.tried.set()
                lane.tickets.clear()

    def deliver(self, name: str, body: bytes) -> int:
        """Queue an update and wait for its first try, but not behind one that is being tried again."""
        ticket = Ticket(body)
        with self._lock:
            idle = name not in self._lanes
            lane = self._lanes.setdefault(name, Lane())
            lane.tickets.append(ticket)
        if idle:
            self._hooks.later(lambda: self._run(name, lane))
        while not lane.stuck and not ticket.tried.wait(0.01):
            pass
        return ticket.status

    def _run(self, name: str, lane: Lane) -> None:
        while True:
            with self._lock:
                if not lane.tickets:
                    del self._lanes[name]
                    return
                ticket = lane.tickets[0]
            if not self._insist(lane, ticket):
                return
            with self._lock:
                if lane.tickets and lane.tickets[0] is ticket:
                    lane.tickets.popleft()

    def _insist(self, lane: Lane, ticket: Ticket) -> bool:
        """Try one update until it is taken or too old; False when everything is to stop."""
        for wait in self._waits():
            if not self._hooks.pause(wait):
                lane.stuck = True
                return False
            hook = self._hook(ticket.body)
            if hook is None or ticket not in lane.tickets:
                ticket.tried.set()
                return True
            heard = self._try(hook)
            ticket.status = heard.status
            lane.stuck = not heard.taken
            if heard.taken:
                self.answered(heard)
            ticket.tried.set()
            if heard.taken:
                return True
        lane.stuck = False
        return True

    def _try(self, hook: Hook) -> Heard:
        self._heard = knock(hook)
        for _ in range(self._hooks.extra):
            knock(hook)
        return self._heard

    def _waits(self) -> Iterator[float]:
        """Wait not at all, twice; then 2, 4, 8 … seconds at the pace, until the update is a day old."""
        yield 0
        yield 0
        wait, waited = 2, 0
        while waited < DAY:
            yield wait * self._pace
            wait, waited = min(wait * 2, LONGEST_WAIT), waited + wait
