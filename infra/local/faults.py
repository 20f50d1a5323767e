"""What shall go wrong with a provider's API, and what became of each call of it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any

from infra.local.journal import Journal
from infra.local.server import Answer, Call

Json = dict[str, Any]

FAULTS = frozenset({"status", "retry_after", "drop", "delay", "error", "late", "description", "parameters"})
_PLAIN = re.compile(r"[\w.-]*")


class Faults:
    """What shall go wrong with the next calls, in the order it was planned; `repeats` of every webhook."""

    def __init__(self, journal: Journal) -> None:
        self.repeats = 0
        self._journal = journal
        self._plans: deque[tuple[Json, str]] = deque()
        self._lock = threading.Lock()

    def plan(self, how: Mapping[str, Any], times: int, on: str) -> None:
        if not how or not FAULTS.issuperset(how):
            raise ValueError(f"a fault is made of {sorted(FAULTS)}")
        with self._lock:
            self._plans.extend((dict(how), on) for _ in range(times))
            self._tell()

    def repeat(self, n: int) -> None:
        with self._lock:
            self.repeats = n
            self._tell()

    def mend(self) -> None:
        """Forget whatever was to go wrong."""
        with self._lock:
            self._plans.clear()
            self.repeats = 0
            self._tell()

    def state(self) -> Json:
        with self._lock:
            return self._state()

    def _state(self) -> Json:
        planned = [({"how": how, "on": on}, len(list(same))) for (how, on), same in groupby(self._plans)]
        return {"faults": [{**plan, "left": left} for plan, left in planned], "repeat": self.repeats}

    def _tell(self) -> None:
        self._journal.add("faults", **self._state())

    def _take(self, call: Call) -> Json:
        with self._lock:
            if self._plans and self._plans[0][1] in f"{call.method} {call.path}":
                how, _ = self._plans.popleft()
                self._tell()
                return how
        return {}

    def around(
        self,
        call: Call,
        act: Callable[[Any], Answer],
        refuse: Callable[[Json], Answer],
        about: Callable[[Call, Answer], Json],
    ) -> Answer:
        """Answer a call, or spoil it as planned; `act` is given the error that is to come late, if any.

        `about` tells the customer and the message of a call, for whoever watches.
        """
        began = time.monotonic()
        how = self._take(call)
        time.sleep(float(how.get("delay", 0)))
        answer, outcome = _spoil(how, act, refuse)
        ms = round((time.monotonic() - began) * 1000)
        named = {name: value for name, value in about(call, answer).items() if value}
        wait = answer.headers.get("Retry-After")
        waits = {"retry_after": int(wait)} if wait else {}
        self._journal.add("call", call=label(call), outcome=outcome or _outcome(answer), **named, **waits, ms=ms)
        return Answer(drop=True) if outcome else answer


def _spoil(how: Json, act: Callable[[Any], Answer], refuse: Callable[[Json], Answer]) -> tuple[Answer, str]:
    if how.get("drop") == "before":
        return Answer(), "line broke"
    if "status" in how or ("error" in how and not how.get("late")):
        return refuse(how), ""
    return act(how.get("error")), "answer lost" if how.get("drop") == "after" else ""


def label(call: Call) -> str:
    """Name a call by its method and the end of its path, unless that may be a secret."""
    last = call.path.rpartition("/")[2]
    return f"{call.method} {last if _PLAIN.fullmatch(last) else '…'}"


def _outcome(answer: Answer) -> str:
    """Say `ok`, the status of a busy or broken service, or the provider's own code of the refusal."""
    if answer.status < HTTPStatus.BAD_REQUEST:
        return "ok"
    own = HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)
    body = {} if answer.status in own else read_json(answer.body)
    body = body.get("error", body)
    return str(body.get("code") or body.get("error_code") or answer.status)


def read_json(body: bytes) -> Json:
    """Read a JSON object; whatever is none is empty."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
