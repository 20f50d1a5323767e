"""What every provider's stand-in has: phones, webhooks, faults, a journal of it all, and controls over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from http import HTTPStatus
from typing import Any

from infra.local.blobs import Kept
from infra.local.controls import pull, refuse, stranger
from infra.local.faults import Faults
from infra.local.journal import Journal
from infra.local.outside import Outside
from infra.local.phones import Phones
from infra.local.server import Answer, Call
from infra.local.webhooks import Webhooks

Json = dict[str, Any]

COMMON = ("changes", "fail", "mend", "phone", "quiet", "read", "repeat", "reset", "state", "write")
VIEWS = frozenset({"changes", "state"})
MEDIA = "/control/media/"
"""Where a customer's phone fetches a file: no credentials, unlike at the provider's API."""

SEALED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
"""What a customer or a team sent is not to run in anybody's browser."""


class Watched:
    """The parts of a stand-in that can be watched, until `begin` puts new ones in their place."""

    def __init__(self, now: Callable[[], float], outside: Outside) -> None:
        self._now, self._outside = now, outside
        self.journal = Journal()
        self.begin()

    def begin(self) -> None:
        """Begin anew; whoever watched is told that it lost track."""
        last = self.journal
        self.journal = Journal()  # each life its own: what still ends of the last one is not told in the next
        self.phones = Phones(self.journal, self._now)
        self.faults = Faults(self.journal)
        self.hooks = Webhooks(self.journal, self.phones, self.faults, self._outside)
        last.close()

    def close(self) -> None:
        self.journal.close()
        self.hooks.stop()

    def changes(self, since: int, wait: float, boot: str) -> Json:
        journal = self.journal
        found = journal.since(since, wait, boot)
        return found if journal is self.journal else self.journal.since(found["at"], 0, found["boot"])

    def state(self) -> Json:
        """Show everything; the journal's mark comes first, so that what it counts is in what is shown."""
        mark = self.journal.mark()
        return {
            "journal": mark,
            **self.phones.state(),
            **self.faults.state(),
            "pending": self.hooks.pending,
        }


def control(
    verbs: Mapping[str, Callable[..., Any]],
    files: Callable[[str], Kept | None],
    call: Call,
) -> Answer:
    """Serve the controls to whoever is on this machine; `state`, `changes` and media by GET."""
    refused = stranger(call)
    if refused or not call.path.startswith(MEDIA):
        return refused or pull(verbs, VIEWS, call, _told)
    found = files(call.path.removeprefix(MEDIA))
    if found is None:
        return refuse(HTTPStatus.NOT_FOUND, "no such file")
    return found.answer(SEALED)


def _told(found: Any) -> Any:
    if is_dataclass(found) and not isinstance(found, type):
        return asdict(found)
    return {"ok": True} if found is None else found
