"""Webhooks: one knock at our door, or as many as a provider's patience allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from infra.local.faults import Faults
from infra.local.journal import Journal
from infra.local.phones import Phones

UNREACHED = 0
"""The status of a webhook that found nobody listening."""
UNANSWERED = -1
"""The status of a webhook that was taken but not answered in time, or not answered at all."""


@dataclass(frozen=True, slots=True)
class About:
    """What a webhook is about, for whoever watches: never its words; `who` if it is about one customer."""

    what: str = ""
    who: str = ""
    ids: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        who = {"who": self.who} if self.who else {}
        several = {"ids": list(self.ids)} if len(self.ids) > 1 else {}
        return {"what": self.what, **who, "id": self.ids[0] if self.ids else "", **several}


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook, signed and ready to post."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    about: About = field(default_factory=About)


@dataclass(frozen=True, slots=True)
class Heard:
    """How a webhook was answered."""

    status: int
    kind: str = ""
    body: bytes = b""

    @property
    def taken(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def _post(hook: Hook, method: str, patience: float = 15) -> Heard:
    """Knock once; redirects are not followed, since they lose the body."""
    parts = urlsplit(hook.url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    door = connect(parts.hostname or "", parts.port, timeout=patience)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        door.connect()
    except OSError:
        return Heard(UNREACHED)
    try:
        door.request(method, target, hook.body, dict(hook.headers))
        answer = door.getresponse()
        return Heard(answer.status, answer.headers.get_content_type(), answer.read())
    except (OSError, HTTPException):
        return Heard(UNANSWERED)
    finally:
        door.close()


class Webhooks:
    """Delivers webhooks, the first try at once, what follows in the background; every knock is told."""

    def __init__(self, journal: Journal, phones: Phones, faults: Faults) -> None:
        self._journal, self._phones, self._faults = journal, phones, faults
        self._busy = 0
        self._calm = threading.Condition()
        self._over = threading.Event()

    @property
    def pending(self) -> int:
        return self._busy

    def knock(self, hook: Hook, number: int = 1, method: str = "POST") -> Heard:
        heard = _post(hook, method)
        self._journal.add("webhook", **hook.about.shown(), status=heard.status, **{"try": number})
        return heard

    def first(self, hook: Hook, number: int = 1) -> Heard:
        """Knock, and as often again as repeats are wanted; it is the first answer that counts."""
        heard = self.knock(hook, number)
        for _ in range(self._faults.repeats):
            self.knock(hook, number)
        return heard

    def deliver(self, hook: Hook, waits: Iterable[float], again: Callable[[Heard], bool]) -> Heard:
        """Knock now, and go on in the background while `again` says so."""
        heard = self.first(hook)
        if again(heard):
            self.later(lambda: self._insist(hook, waits, again))
        else:
            self.settle(hook.about, taken=heard.taken)
        return heard

    def _insist(self, hook: Hook, waits: Iterable[float], again: Callable[[Heard], bool]) -> None:
        for number, wait in enumerate(waits, 2):
            if not self.pause(wait):
                return
            heard = self.knock(hook, number)
            if not again(heard):
                self.settle(hook.about, taken=heard.taken)
                return
        self.settle(hook.about, taken=False)

    def settle(self, about: About, *, taken: bool) -> None:
        """Note on the phone that no more knocks follow: what the customer wrote was taken, or refused for good."""
        if about.what == "message":
            self._phones.settle(about.ids, "taken" if taken else "refused", about.who)

    def later(self, act: Callable[[], None]) -> None:
        """Run something in the background; `quiet` waits for it."""
        with self._calm:
            self._busy += 1

        def run() -> None:
            try:
                act()
            finally:
                with self._calm:
                    self._busy -= 1
                    self._calm.notify_all()

        threading.Thread(target=run, daemon=True).start()

    def pause(self, seconds: float) -> bool:
        """Wait; False means that everything is to stop."""
        return not self._over.wait(seconds)

    def quiet(self, timeout: float = 10) -> None:
        with self._calm:
            if not self._calm.wait_for(lambda: self._busy == 0, timeout):
                raise TimeoutError(f"{self._busy} webhooks are still under way")

    def stop(self, patience: float = 0) -> None:
        """Give up what is under way, and wait for what cannot be called back."""
        self._over.set()
        with self._calm:
            self._calm.wait_for(lambda: self._busy == 0, patience)


def reach_from(public: str, local: str) -> Callable[[str], str]:
    """Turn addresses of the public host into addresses that can be reached here."""
    same = 0
    while same < min(len(public), len(local)) and public[-1 - same] == local[-1 - same]:
        same += 1
    public_base, local_base = public[: len(public) - same], local[: len(local) - same]

    def reach(url: str) -> str:
        return local_base + url.removeprefix(public_base) if url.startswith(public_base) else url

    return reach if public_base else str
