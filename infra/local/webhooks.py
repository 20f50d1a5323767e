"""Webhooks: one knock at our door, or as many as a provider's patience allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from infra.local.faults import Faults
from infra.local.journal import Journal
from infra.local.outside import About, Heard, Hook, Outside
from infra.local.phones import Phones


class Webhooks:
    """Delivers webhooks, the first try at once, what follows in the background; every knock is told."""

    def __init__(self, journal: Journal, phones: Phones, faults: Faults, outside: Outside) -> None:
        self._outside = outside
        self._journal, self._phones, self._faults = journal, phones, faults
        self._busy = 0
        self._calm = threading.Condition()
        self._over = threading.Event()

    @property
    def pending(self) -> int:
        return self._busy

    def knock(self, hook: Hook, number: int = 1, method: str = "POST") -> Heard:
        heard = self._outside.knock(hook, method)
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

        self._outside.start(run)

    def pause(self, seconds: float) -> bool:
        """Wait; False means that everything is to stop."""
        return not self._outside.wait(self._over, seconds)

    def until(self, over: threading.Event, seconds: float) -> bool:
        """Wait for something of this delivery's to be over, but not longer."""
        return self._outside.wait(over, seconds)

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
