"""The page's server: its files, the state of everything at once, what happens as it happens, and the strings."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.local.journal import Journal
from infra.local.page import files, media
from infra.local.page.guard import guarded, refusal
from infra.local.page.sources import Away, Source, Watch
from infra.local.server import Answer, Call, Server, answer_json

Json = dict[str, Any]

BEAT = 10.0
"""Seconds after which a quiet stream says that it is still there."""
PULL_PATIENCE = 30.0
"""Seconds; some verbs wait for a whole conversation to calm down."""
FLOW = "flow"
STEPS = frozenset({"door", "line", "bell", "clock", "call", "webhook", "event", "pressed"})
"""The kinds that tell of a moment, and so cannot be read from a state; the last of them go with it."""
STEPS_KEPT = 1_000
READ = frozenset({"state", "changes", "emoji"})
"""The controls that are only read."""
VERB = re.compile(r"[a-z_]+")


class Page:
    """Serves the page on 127.0.0.1 until it is closed; raises PortBusy."""

    def __init__(
        self,
        port: int,
        stand_ins: Mapping[str, str],
        flow: Journal | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self._about = dict(about or {})
        self._sources = {name: Source(name, url) for name, url in stand_ins.items()}
        self._journal = Journal()
        self._steps: deque[Json] = deque(maxlen=STEPS_KEPT)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._hosts: frozenset[str] = frozenset()
        self._watches = [Watch(name, source.changes, self._tell) for name, source in self._sources.items()]
        if flow is not None:
            # In short waits: the flow belongs to somebody else, who may close it later than the page.
            self._watches.append(
                Watch(FLOW, lambda since, boot, wait: flow.since(since, min(wait, 1), boot), self._tell)
            )
        self._server = Server(self._answer, port)
        self.port, self.url = self._server.port, self._server.url
        for watch in self._watches:
            watch.start()
        self._hosts = frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def close(self) -> None:
        self._closing.set()
        for watch in self._watches:
            watch.close()
        self._journal.close()
        self._server.close()

    def _tell(self, source: str, change: Json) -> None:
        about = {name: value for name, value in change.items() if name not in ("n", "kind")}
        with self._lock:
            self._journal.add(change["kind"], **{**about, "source": source})
            if change["kind"] in STEPS:
                self._steps.append({**change, "n": self._journal.mark()["at"], "source": source})

    def _answer(self, call: Call) -> Answer:
        return guarded(refusal(call, self._hosts) or self._served(call))

    def _served(self, call: Call) -> Answer:
        parts = call.path.removeprefix("/").split("/", 2)
        match call.method, parts:
            case "POST", ["pull", name, verb]:
                return self._pull(name, verb, call)
            case "GET", ["state"]:
                return answer_json(self._state(), headers={"Cache-Control": "no-store"})
            case "GET", ["live"]:
                return self._live(call)
            case "GET" | "HEAD", ["media", name, path] if name in self._sources:
                return media.serve(self._sources[name], path, call.raw_query)
            case "GET" | "HEAD", _:
                return files.serve(call)
        return _no(405, "method not allowed")

    def _state(self) -> Json:
        # First the mark, then the states: what happens meanwhile comes by the stream, and twice does no harm.
        with self._lock:
            mark, steps = self._journal.mark(), list(self._steps)
        asked = [(source, "state") for source in self._sources.values()]
        asked += [(source, "emoji") for name, source in self._sources.items() if name == "slack"]
        with ThreadPoolExecutor(max(len(asked), 1)) as pool:
            found = list(pool.map(lambda one: _read(*one), asked))
        sources = {
            source.name: state for (source, verb), state in zip(asked, found, strict=True) if verb == "state"
        }
        emoji = next((each for (_, verb), each in zip(asked, found, strict=True) if verb == "emoji"), None)
        return {**mark, "about": self._about, "sources": sources, "flow": steps, "emoji": emoji or {}}

    def _live(self, call: Call) -> Answer:
        # A browser that lost the line says how far it got; the address still has where it began.
        after = call.headers.get("last-event-id") or call.query.get("after", "")
        if not after.isascii() or not after.isdigit():
            return _no(400, "after is the number of the last change seen")
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        return Answer(200, headers=headers, stream=self._news(call.query.get("boot", ""), int(after)))

    def _news(self, boot: str, after: int) -> Iterator[bytes]:
        yield b": welcome\n\n"
        while not self._closing.is_set():
            answer = self._journal.since(after, BEAT, boot)
            if answer["lost"]:
                yield _STALE
                return
            told = b""
            for change in answer["changes"]:
                if change["kind"] == "stale":
                    yield told + _STALE
                    return
                told += f"id: {change['n']}\ndata: {json.dumps(change)}\n\n".encode()
            after = answer["at"]
            yield told or b": still here\n\n"

    def _pull(self, name: str, verb: str, call: Call) -> Answer:
        source = self._sources.get(name)
        if source is None or not VERB.fullmatch(verb):
            return _no(404, "there is no such string")
        try:
            about = call.json()
        except ValueError:
            return _no(400, "this is not JSON")
        if not isinstance(about, dict):
            return _no(400, "send a JSON object")
        try:
            if verb in READ:
                return answer_json(source.read(verb, PULL_PATIENCE, **about))
            reply = source.ask(f"/control/{verb}", call.body or b"{}", PULL_PATIENCE)
        except Away as error:
            return _no(502, str(error))
        return Answer(reply.status, reply.body, {"Content-Type": "application/json"})


_STALE = b"event: stale\ndata: {}\n\n"


def _read(source: Source, verb: str) -> Json | None:
    try:
        return source.read(verb)
    except Away:
        return None


def _no(status: int, why: str) -> Answer:
    return answer_json({"ok": False, "error": why}, status)
