"""What is planned to go wrong, as a whole; whoever watches is told when it changes."""

from __future__ import annotations

import threading
from typing import Any

from infra.local.faults import Plans
from infra.local.journal import Journal
from infra.local.slack.courier import Courier
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


class Troubles:
    """Looks at those who have the plans, once it knows them: they tell it when one has changed."""

    def __init__(self, journal: Journal, lock: threading.RLock) -> None:
        self._journal, self._lock = journal, lock

    def watch(self, faults: Plans, courier: Courier, workspace: Workspace) -> None:
        self._faults, self._courier, self._workspace = faults, courier, workspace
        self.settle()

    def settle(self) -> None:
        """Take what is so now for known."""
        self._told = self._planned()

    def show(self) -> Json:
        """Show also how many events are under way: that is no plan, and changes too often to be told."""
        with self._lock:
            return {**self._planned(), "pending": self._courier.pending()}

    def _planned(self) -> Json:
        return {
            "faults": self._faults.left("method"),
            "events": {"held": self._courier.kept()},
            **self._courier.plans(),
            "files": self._workspace.files_planned(),
            "app": {"revoked": self._workspace.revoked},
        }

    def tell(self) -> None:
        with self._lock:
            before = self._told
            self.settle()
            if self._told != before:
                self._journal.add("faults", **self._told)

    def mend(self, how: Json | None = None) -> None:
        """Forget one fault of the calls; or all that was to go wrong, and events that were held go out."""
        with self._lock:
            self._faults.clear(how)
            if how is not None:
                return
            self._courier.repeat(0)
            self._courier.drop(0)
            self._workspace.plan_files()
            self._courier.release()
