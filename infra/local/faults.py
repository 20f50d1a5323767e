"""What shall go wrong with an API, and what became of each call of a provider's."""

from __future__ import annotations

import copy
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

MOST = 10_000
"""How often anything may be planned to happen."""
KEPT = 1_000
"""Calls that can be looked at afterwards."""
LONGEST_DELAY = 3600
_PLAIN = re.compile(r"[\w.-]*")


def count(n: Any, name: str) -> int:
    """Take a number of times, or say that it is none."""
    if not (type(n) is int and 0 <= n <= MOST):
        raise ValueError(f"{name} is a whole number from 0 to {MOST}")
    return n


def _is_number(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "status": lambda value: _is_number(value, 200, 599),
    "retry_after": lambda value: _is_number(value, 0, 10**9),
    "delay": lambda value: type(value) in {int, float} and 0 <= value <= LONGEST_DELAY,
    "drop": lambda value: value in ("before", "after"),
    "error": lambda value: _is_number(value, 1, 10**9),
    "late": lambda value: type(value) is bool,
    "description": lambda value: type(value) is str,
    "parameters": lambda value: type(value) is dict and CHECKS["retry_after"](value.get("retry_after", 0)),
}
"""What a fault may be made of: a value that cannot be meant would only come to light in somebody's call."""


def checked(how: Any, checks: Mapping[str, Callable[[Any], bool]] = CHECKS) -> Json:
    """Take a fault from outside, where it may be anything, or say why it is none."""
    if not (isinstance(how, Mapping) and how and checks.keys() >= how.keys()):
        raise ValueError(f"a fault is made of {', '.join(sorted(checks))}")
    for name, value in how.items():
        if not checks[name](value):
            raise ValueError(f"a fault cannot have this as {name}")
    return copy.deepcopy(dict(how))


class Plans:
    """What shall go wrong with the next calls: each meets the first plan that fits it. Whoever has it locks it."""

    def __init__(self, tell: Callable[[], None], checks: Mapping[str, Callable[[Any], bool]] = CHECKS) -> None:
        self._tell, self._checks = tell, checks
        self._plans: list[tuple[Json, str]] = []

    def add(self, how: Any, times: Any, on: Any) -> None:
        if not isinstance(on, str):
            raise TypeError("a call's name is a word")
        self._plans += [(checked(how, self._checks), on)] * count(times, "times")
        self._tell()

    def take(self, fits: Callable[[str], bool]) -> Json:
        """Give what shall go wrong with a call, and strike it off."""
        place = next((place for place, (_, on) in enumerate(self._plans) if fits(on)), None)
        if place is None:
            return {}
        how, _ = self._plans.pop(place)
        self._tell()
        return how

    def clear(self, how: Any = None) -> None:
        """Forget the plans for this fault, or all of them."""
        self._plans = [plan for plan in self._plans if how is not None and plan[0] != how]
        self._tell()

    def left(self, name: str) -> list[Json]:
        """List what is still planned, equal neighbours together; `name` is what a call's name goes by."""
        planned = [(how, on, len(list(same))) for (how, on), same in groupby(self._plans)]
        return [{"how": copy.deepcopy(how), name: on, "left": left} for how, on, left in planned]


class Faults:
    """What shall go wrong with the next calls of a provider; `repeats` of every webhook."""

    def __init__(self, journal: Journal) -> None:
        self.repeats = 0
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self._journal = journal
        self._plans = Plans(self._tell)
        self._lock = threading.RLock()  # over change and telling, or the last that is told may not be what is

    def plan(self, how: Mapping[str, Any], times: int, on: str) -> None:
        with self._lock:
            self._plans.add(how, times, on)

    def repeat(self, n: int) -> None:
        with self._lock:
            self.repeats = count(n, "n")
            self._tell()

    def mend(self, how: Any = None) -> None:
        """Forget whatever was to go wrong, or one fault of the calls."""
        with self._lock:
            if how is None:
                self.repeats = 0
            self._plans.clear(how)

    def state(self) -> Json:
        with self._lock:
            return {"faults": self._plans.left("on"), "repeat": self.repeats}

    def _tell(self) -> None:
        self._journal.add("faults", **self.state())

    def _take(self, call: Call) -> Json:
        with self._lock:
            return self._plans.take(lambda on: on in f"{call.method} {call.path}")

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
        self.calls.append(call)
        how = self._take(call)
        if how.get("delay"):
            time.sleep(float(how["delay"]))
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
