"""What befalls files: how soon their messages appear, what the app is told of them, and what becomes of each."""

from __future__ import annotations

import threading
from collections.abc import Callable

from infra.local.outside import Outside
from infra.local.slack.crowd import Crowd
from infra.local.slack.workspace import Workspace


class Shelf:
    """The strings of a workspace's files."""

    def __init__(
        self,
        workspace: Workspace,
        crowd: Crowd,
        lock: threading.RLock,
        outside: Outside,
        tell: Callable[[], None],
    ) -> None:
        self._workspace, self._crowd, self._lock, self._outside = workspace, crowd, lock, outside
        self._tell = tell
        self._closed = threading.Event()
        workspace.sharing.wake = self._later

    def close(self) -> None:
        self._closed.set()

    def file_posts(self, delay: float = 0, never: int = 0) -> None:
        """Let messages with the app's files appear so many seconds late, and the next `never` not at all."""
        with self._lock:
            self._workspace.plan_files(delay, never, stubs=self._workspace.cabinet.stubs)
            self._tell()

    def file_stubs(self, on: bool = True) -> None:  # noqa: FBT001, FBT002 - a control's arguments are JSON
        """Tell the app of files by their ids alone, as Slack does in channels that are shared."""
        with self._lock:
            self._workspace.cabinet.stubs = on is True
            self._tell()

    def spoil_file(self, file: str, how: str) -> None:
        with self._lock:
            self._crowd.spoil(file, how)

    def delete_file(self, file: str) -> None:
        with self._lock:
            self._crowd.discard(file)

    def ripen(self) -> None:
        with self._lock:
            self._workspace.ripen()

    def _later(self, seconds: float) -> None:
        """Look again by ourselves: nobody may call in the meantime."""

        def look() -> None:
            if not self._outside.wait(self._closed, seconds):
                self.ripen()

        self._outside.start(look)
