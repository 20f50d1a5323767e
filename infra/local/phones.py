"""The customers of a provider's stand-in: what their phones show, who they are, and how they stand with us."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.journal import Journal

Json = dict[str, Any]

BEFORE = {"taken": frozenset({"sent", "refused"}), "refused": frozenset({"sent"})}
"""The states from which something a customer wrote gets there; a repeat that is refused takes nothing back."""
UNREADABLE = frozenset({"read", "failed", "undelivered", "deleted"})
"""The states of what was sent to a customer and has nothing more to be read."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of something a customer wrote: our webhook's first answer and the provider's id(s)."""

    status: int
    id: str
    ids: tuple[str, ...] = ()


class Phones:
    """What each customer's phone shows, oldest first, and what else is known of them; every change is told."""

    def __init__(self, journal: Journal, now: Callable[[], float]) -> None:
        self._journal = journal
        self._now = now
        self._lock = threading.Lock()  # over change and telling, or the last that is told may not be what is
        self._shown: dict[str, list[Json]] = {}
        self._people: dict[str, Json] = {}
        self._standings: dict[str, dict[str, Json]] = {}

    def show(self, who: str, direction: str, text: str, message_id: str, **more: Any) -> None:
        at = int(self._now() * 1000)
        entry = {"direction": direction, "text": text, "id": message_id, "state": "sent", "at": at, **more}
        with self._lock:
            self._shown.setdefault(who, []).append(entry)
            self._tell(who, entry)

    def update(self, message_id: str, who: str = "", /, **news: Any) -> None:
        """Change what a phone shows of a message; `who` where ids are each customer's own."""
        with self._lock:
            for name, entry in self._find({message_id}, who):
                entry.update(news)
                self._tell(name, entry)

    def settle(self, ids: Collection[str], state: str, who: str = "") -> None:
        """Say what became of what a customer wrote: taken at our door, or refused for good."""
        with self._lock:
            for name, entry in self._find(ids, who):
                if entry["direction"] == "from_customer" and entry["state"] in BEFORE[state]:
                    entry["state"] = state
                    self._tell(name, entry)

    def _find(self, ids: Collection[str], who: str) -> Iterator[tuple[str, Json]]:
        for name in [who] if who else self._shown:
            for entry in self._shown.get(name, []):
                if entry["id"] in ids:
                    yield name, entry

    def _tell(self, who: str, entry: Json) -> None:
        self._journal.add("phone", who=who, entry=dict(entry))

    def of(self, who: str) -> list[Json]:
        with self._lock:
            return [dict(entry) for entry in self._shown.get(who, [])]

    def unread(self, who: str) -> list[str]:
        """List the ids of what was sent to this customer, arrived, and has not been read."""
        return [
            entry["id"]
            for entry in self.of(who)
            if entry["direction"] == "to_customer" and entry["state"] not in UNREADABLE
        ]

    def meet(self, who: str, name: str) -> None:
        """Take on the name that a customer's profile gives."""
        with self._lock:
            if self._people.get(who) != {"name": name}:
                self._people[who] = {"name": name}
                self._journal.add("person", who=who, person={"name": name})

    def name(self, who: str) -> str:
        """Give the name of a customer's profile, empty if none is known."""
        return str(self._people.get(who, {}).get("name", ""))

    def stand(
        self,
        who: str,
        medium: str,
        *,
        stopped: bool = False,
        blocked: bool = False,
        window_ends: float | None = None,
    ) -> None:
        """Say how a customer stands with us on a medium; `window_ends` is a moment in seconds."""
        ends = None if window_ends is None else int(window_ends * 1000)
        standing = {"medium": medium, "stopped": stopped, "blocked": blocked, "window_ends": ends}
        with self._lock:
            if self._standings.setdefault(who, {}).get(medium) != standing:
                self._standings[who][medium] = standing
                self._journal.add("standing", who=who, standing=dict(standing))

    def state(self) -> Json:
        with self._lock:
            return {
                "phones": {who: [dict(entry) for entry in shown] for who, shown in self._shown.items()},
                "people": {who: self._people.get(who, {"name": ""}) for who in {**self._people, **self._shown}},
                "standings": {who: list(media.values()) for who, media in self._standings.items()},
            }
