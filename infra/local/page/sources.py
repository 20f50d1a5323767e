"""Where the page's news come from: the controls of each stand-in, asked over HTTP, and whoever keeps a journal."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from infra.local.journal import Journal

Json = dict[str, Any]
Look = Callable[[int, str, float], Json]
"""Ask for what came after a number: since, boot, seconds to wait. Raises Away, or Over."""
Tell = Callable[[str, Json], None]

NOWHERE = 10**12
"""A number that no journal reaches: asked for what came after it, one only says where it is."""
AGAIN = 0.5
"""Seconds until a stand-in that is away is asked again."""
LONG_POLL = 5.0
"""Seconds; also how long it may take until a doubt is cleared up."""
MARGIN = 5.0
"""Seconds that an answer may take beyond the wait it was asked for."""
LARGEST = 64 * 1024 * 1024
OK = 200


class Away(Exception):
    """A stand-in does not answer, or not as it should."""


class Over(Exception):
    """A journal is closed and has told everything."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    kind: str
    body: bytes
    onward: str = ""
    """Where whoever asks is sent instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """One stand-in, seen from outside."""

    name: str
    url: str

    def ask(self, path: str, body: bytes | None = None, timeout: float = MARGIN, most: int = LARGEST) -> Reply:
        """Ask once, without following anything anywhere; raises Away. At most one byte over `most` is read."""
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        headers = {"Connection": "close", **({"Content-Type": "application/json"} if body is not None else {})}
        try:
            line.request("GET" if body is None else "POST", path, body, headers)
            answer = line.getresponse()
            kind, onward = (answer.getheader(name) or "" for name in ("Content-Type", "Location"))
            return Reply(answer.status, kind, answer.read(most + 1), onward)
        except (OSError, HTTPException) as error:
            raise Away(f"{self.name} does not answer") from error
        finally:
            line.close()

    def read(self, verb: str, timeout: float = MARGIN, **query: Any) -> Json:
        """Read one of its GET controls; raises Away."""
        reply = self.ask(f"/control/{verb}{'?' if query else ''}{urlencode(query)}", timeout=timeout)
        try:
            found = json.loads(reply.body) if reply.status == OK else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Away(f"{self.name} has no {verb} to show")
        return found

    def changes(self, since: int, boot: str, wait: float) -> Json:
        return self.read("changes", wait + MARGIN, since=since, wait=wait, boot=boot)


def within(journal: Journal) -> Look:
    """Look at a journal of this very process, which somebody else may close."""

    def look(since: int, boot: str, wait: float) -> Json:
        closed = journal.closed  # before the look: then what it finds is all there is
        found = journal.since(since, wait, boot)
        if closed and not found["changes"]:
            raise Over
        return found

    return look


class Watch:
    """Follows one source in a thread of its own, for as long as it lives and when it comes back."""

    def __init__(self, name: str, look: Look, tell: Tell) -> None:
        self.name, self._look, self._tell = name, look, tell
        self._stop = threading.Event()
        self._at, self._boot, self._there = NOWHERE, "", False
        self._doubted = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"page-{name}", daemon=True)

    def meet(self) -> None:
        """Take the first look, so that who asks for the state after this misses nothing."""
        with suppress(Away, KeyError, Over):
            self._find(self._look(NOWHERE, "", 0))

    def start(self) -> None:
        self._thread.start()

    def doubt(self) -> None:
        """Hear that its state could not be read, so that everybody has to ask anew when it answers."""
        self._doubted.set()

    def close(self) -> None:
        """Let go; a question that is out ends when the other side ends it, and nobody waits for that."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear(self._look(self._at, self._boot, LONG_POLL))
            except (Away, KeyError):
                self._there = False
                self._stop.wait(AGAIN)
            except Over:
                return

    def _hear(self, answer: Json) -> None:
        stale = answer["lost"] or not self._there
        if self._doubted.is_set():
            self._doubted.clear()
            stale = True
        for change in answer["changes"]:
            self._tell(self.name, change)
        self._find(answer)
        if stale:
            # Also of one that was only away: a state that was taken meanwhile does not have it.
            self._tell(self.name, {"kind": "stale"})

    def _find(self, answer: Json) -> None:
        self._at, self._boot, self._there = answer["at"], answer["boot"], True
