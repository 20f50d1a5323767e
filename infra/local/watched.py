"""What every provider's stand-in has: phones, webhooks, faults, a journal of it all, and controls over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from http import HTTPStatus
from typing import Any

from infra.local.faults import Faults
from infra.local.journal import Journal
from infra.local.phones import Phones
from infra.local.server import Answer, Call, answer_json
from infra.local.webhooks import Webhooks

Json = dict[str, Any]

COMMON = ("changes", "fail", "mend", "phone", "quiet", "read", "repeat", "reset", "state", "write")
MEDIA = "/control/media/"
"""Where a customer's phone fetches a file: no credentials, unlike at the provider's API."""


class Watched:
    """The parts of a stand-in that can be watched, until `begin` puts new ones in their place."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.journal = Journal()
        self.begin()

    def begin(self) -> None:
        """Begin anew; whoever watched is told that it lost track."""
        last = self.journal
        self.journal = Journal()  # each life its own: what still ends of the last one is not told in the next
        self.phones = Phones(self.journal, self._now)
        self.faults = Faults(self.journal)
        self.hooks = Webhooks(self.journal, self.phones, self.faults)
        last.close()

    def close(self) -> None:
        self.journal.close()
        self.hooks.stop()

    def changes(self, since: int | str, wait: float | str, boot: str) -> Json:
        journal = self.journal
        patience = max(0.0, float(wait))  # also of what is not a number, which would never end
        found = journal.since(int(since), patience, boot)
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
    files: Callable[[str], tuple[str, bytes] | None],
    call: Call,
) -> Answer:
    """Serve `POST /control/<verb>` with a JSON object of arguments; `state`, `changes` and media by GET."""
    if call.path.startswith(MEDIA):
        return _hand_out(files(call.path.removeprefix(MEDIA)))
    name = call.path.removeprefix("/control/")
    act = verbs.get(name)
    if act is None:
        return answer_json({"error": f"the controls are {', '.join(sorted(verbs))}"}, HTTPStatus.NOT_FOUND)
    if call.method != ("GET" if name in {"state", "changes"} else "POST"):
        return answer_json({"error": "wrong method"}, HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        arguments = call.json() if call.method == "POST" else call.query if name == "changes" else {}
        inspect.signature(act).bind(**arguments)
        found = act(**arguments)
    except (TypeError, ValueError, LookupError, TimeoutError, OverflowError) as error:
        return answer_json({"error": f"{type(error).__name__}: {error}"}, HTTPStatus.BAD_REQUEST)
    if is_dataclass(found) and not isinstance(found, type):
        found = asdict(found)
    return answer_json({"ok": True} if found is None else found)


def _hand_out(found: tuple[str, bytes] | None) -> Answer:
    if found is None:
        return answer_json({"error": "no such file"}, HTTPStatus.NOT_FOUND)
    kind, data = found
    return Answer(HTTPStatus.OK, data, {"Content-Type": kind, "X-Content-Type-Options": "nosniff"})
