"""Telegram's delivery of updates: in order per chat and kind, one in flight, until 24 hours are over."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from infra.local.outside import About, Heard, Hook
from infra.local.webhooks import Webhooks

HELD = -2
"""The status of an update that waits behind another one of its chat."""
DAY = 24 * 3600
LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class Update:
    """An update, and the lane it belongs to."""

    lane: str
    body: bytes
    about: About


@dataclass(slots=True, eq=False)
class Ticket:
    """An update in its lane."""

    update: Update
    status: int = HELD
    tried: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class Lane:
    """The updates of one chat and kind; `stuck` while the first of them is refused."""

    tickets: deque[Ticket] = field(default_factory=deque)
    stuck: bool = False


class Lanes:
    """Delivers updates; `hook` addresses an update at the moment it is tried, or says that no webhook is set."""

    def __init__(self, hooks: Webhooks, hook: Callable[[Update], Hook | None], pace: float) -> None:
        self._hooks, self._hook, self._pace = hooks, hook, pace
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()
        self._heard = Heard(HTTPStatus.OK)
        self._kept: list[Update] = []
        self.answered: Callable[[Heard], None] = lambda _: None

    def errors(self) -> dict[str, Any]:
        """Say what getWebhookInfo says of the deliveries."""
        waiting = len(self._kept) + sum(len(lane.tickets) for lane in list(self._lanes.values()))
        if self._heard.taken:
            return {"pending_update_count": waiting}
        answered = self._heard.status > 0
        last = f"Wrong response from the webhook: {self._heard.status}" if answered else "Connection refused"
        return {"pending_update_count": waiting, "last_error_message": last}

    def keep(self, update: Update) -> None:
        """Hold an update back until a webhook is set."""
        self._kept.append(update)

    def release(self) -> None:
        """Deliver what was held back."""
        kept, self._kept = self._kept, []

        def deliver() -> None:
            for update in kept:
                self.deliver(update)

        self._hooks.later(deliver)

    def clear(self) -> None:
        """Forget whatever waits."""
        with self._lock:
            dropped, self._kept = self._kept, []
            for lane in self._lanes.values():
                for ticket in lane.tickets:
                    ticket.tried.set()
                    dropped.append(ticket.update)
                lane.tickets.clear()
        for update in dropped:
            self._hooks.settle(update.about, taken=False)

    def deliver(self, update: Update) -> int:
        """Queue an update and wait for its first try, but not behind one that is being tried again."""
        ticket = Ticket(update)
        with self._lock:
            idle = update.lane not in self._lanes
            lane = self._lanes.setdefault(update.lane, Lane())
            lane.tickets.append(ticket)
        if idle:
            self._hooks.later(lambda: self._run(update.lane, lane))
        while not lane.stuck and not self._hooks.until(ticket.tried, 0.01):
            pass
        return ticket.status

    def _run(self, name: str, lane: Lane) -> None:
        try:
            while (ticket := self._next(name, lane)) and self._insist(lane, ticket):
                with self._lock:
                    if lane.tickets and lane.tickets[0] is ticket:
                        lane.tickets.popleft()
        finally:
            with self._lock:
                lane.stuck = True  # nobody is to wait for a lane that nobody runs, whatever ended it
                if self._lanes.get(name) is lane:
                    del self._lanes[name]

    def _next(self, name: str, lane: Lane) -> Ticket | None:
        with self._lock:
            if not lane.tickets:
                del self._lanes[name]  # at once, or an update that comes just now would wait in it for ever
                return None
            return lane.tickets[0]

    def _insist(self, lane: Lane, ticket: Ticket) -> bool:
        """Try one update until it is taken, too old or in nobody's way; False when everything is to stop."""
        for number, wait in enumerate(self._waits(), 1):
            if not self._hooks.pause(wait):
                return False
            if ticket not in lane.tickets:
                break
            hook = self._hook(ticket.update)
            if hook is None:
                self.keep(ticket.update)
                break
            if self._try(hook, number, lane, ticket):
                break
        else:
            self._hooks.settle(ticket.update.about, taken=False)
        lane.stuck = False
        ticket.tried.set()
        return True

    def _try(self, hook: Hook, number: int, lane: Lane, ticket: Ticket) -> bool:
        self._heard = heard = self._hooks.first(hook, number)
        ticket.status = heard.status
        lane.stuck = not heard.taken
        if heard.taken:
            self._hooks.settle(ticket.update.about, taken=True)
            self.answered(heard)
        ticket.tried.set()
        return heard.taken

    def _waits(self) -> Iterator[float]:
        """Wait not at all, twice; then 2, 4, 8 … seconds at the pace, until the update is a day old."""
        yield 0
        yield 0
        wait, waited = 2, 0
        while waited < DAY:
            yield wait * self._pace
            wait, waited = min(wait * 2, LONGEST_WAIT), waited + wait
