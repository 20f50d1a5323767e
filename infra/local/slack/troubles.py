"""What is planned to go wrong, as a whole; whoever watches is told when it changes."""

from __future__ import annotations

import copy
import threading
from typing import Any

from infra.local.journal import Journal
from infra.local.slack.courier import Courier
from infra.local.slack.faults import Faults
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


class Troubles:
    """Looks at those who have the plans, once it knows them: they tell it when one has changed."""

    def __init__(self, journal: Journal, lock: threading.RLock) -> None:
        self._journal, self._lock = journal, lock

    def watch(self, faults: Faults, courier: Courier, workspace: Workspace) -> None:
        self._faults, self._courier, self._workspace = faults, courier, workspace
        self.settle()

    def settle(self) -> None:
        """Take what is so now for known."""
        self._told = self.show()

    def show(self) -> Json:
        with self._lock:
            return {
                "faults": copy.deepcopy(self._faults.planned()),
                "events": self._courier.counts(),
                **self._courier.plans(),
                "app": {"revoked": self._workspace.revoked},
            }

    def tell(self) -> None:
        with self._lock:
            before = self._told
            self.settle()
            if self._told != before:
                self._journal.add("faults", **self._told)

    def mend(self) -> None:
        """Forget what was to go wrong; events that were held go out."""
        with self._lock:
            self._faults.reset()
            self._courier.repeat(0)
            self._courier.drop(0)
            self._courier.release()
