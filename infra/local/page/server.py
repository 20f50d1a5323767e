"""The page's server: its files, the state of everything at once, what happens as it happens, and the strings."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from infra.local.journal import Journal
from infra.local.page import files, media
from infra.local.page.guard import guarded, refusal, refused
from infra.local.page.sources import Away, Source, Watch, within
from infra.local.server import Answer, Call, Server, answer_json

Json = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")

LARGEST = 40 * 1024 * 1024
"""Bytes of what a string is pulled with: files go along as base64."""
BEAT = 10.0
"""Seconds after which a quiet stream says that it is still there."""
PULL_PATIENCE = 30.0
"""Seconds; some verbs wait for a whole conversation to calm down."""
FLOW = "flow"
STEPS = frozenset({"door", "line", "bell", "clock", "call", "webhook", "event", "pressed"})
"""The kinds that tell of a moment, and so cannot be read from a state; the last of them go with it."""
STEPS_KEPT = 1_000
VERB = re.compile(r"[a-z_]+")
NUMBER = re.compile(r"[0-9]{1,16}")


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
        self._app = Source("the app", str(self._about.get("app", "")))
        self._journal = Journal()
        self._steps: deque[Json] = deque(maxlen=STEPS_KEPT)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._watches = [Watch(name, source.changes, self._tell) for name, source in self._sources.items()]
        if flow is not None:
            self._watches.append(Watch(FLOW, within(flow), self._tell))
        # Together, and before anybody can ask: one that is slow to answer keeps nobody else.
        _at_once(Watch.meet, self._watches)
        self._server = Server(self._answer, port, LARGEST)
        self.port, self.url = self._server.port, self._server.url
        for watch in self._watches:
            watch.start()

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
        return guarded(refusal(call) or self._served(call))

    def _served(self, call: Call) -> Answer:
        parts = call.path.removeprefix("/").split("/", 2)
        match call.method, parts:
            case "POST", ["pull", name, verb]:
                return self._pull(name, verb, call)
            case "GET", ["state"]:
                return answer_json(self._state(), headers={"Cache-Control": "no-store"})
            case "GET", ["live"]:
                return self._live(call)
            case "GET" | "HEAD", ["emoji"]:
                return self._emoji(call)
            case "GET" | "HEAD", ["media", "app", path] if self._about.get("app"):
                return media.face(self._app, path)
            case "GET" | "HEAD", ["media", name, path] if name in self._sources:
                return media.serve(self._sources[name], path, call.headers.get("range", ""))
            case "GET" | "HEAD", _:
                return files.serve(call)
        return refused(405, "method not allowed")

    def _state(self) -> Json:
        # First the mark, then the states: what happens meanwhile comes by the stream, and twice does no harm.
        with self._lock:
            mark, steps = self._journal.mark(), list(self._steps)
        states = _at_once(_state_of, self._sources.values())
        sources = dict(zip(self._sources, states, strict=True))
        for watch in self._watches:
            if sources.get(watch.name, ...) is None:
                watch.doubt()  # it may be slow only, and never have been away
        return {**mark, "about": self._about, "sources": sources, "flow": steps}

    def _emoji(self, call: Call) -> Answer:
        """Give Slack's emoji: far more than the rest of the state, and the same each time."""
        slack = self._sources.get("slack")
        try:
            body = json.dumps(slack.read("emoji") if slack else {}).encode()
        except Away as error:
            return refused(502, str(error))
        return files.tagged(call, body, "application/json")

    def _live(self, call: Call) -> Answer:
        # A browser that lost the line says how far it got; the address still has where it began.
        after = call.headers.get("last-event-id") or call.query.get("after", "")
        if not NUMBER.fullmatch(after):
            return refused(400, "after is the number of the last change seen")
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
            return refused(404, "there is no such string")
        try:
            about = call.json()
        except (ValueError, RecursionError):
            return refused(400, "this is not JSON")
        if not isinstance(about, dict):
            return refused(400, "send a JSON object")
        try:
            reply = source.ask(f"/control/{verb}", call.body or b"{}", PULL_PATIENCE)
        except Away as error:
            return refused(502, str(error))
        return Answer(reply.status, reply.body, {"Content-Type": "application/json"})


_STALE = b"event: stale\ndata: {}\n\n"


def _state_of(source: Source) -> Json | None:
    try:
        return source.read("state")
    except Away:
        return None


def _at_once(do: Callable[[T], R], things: Collection[T]) -> list[R]:
    with ThreadPoolExecutor(max(len(things), 1)) as pool:
        return list(pool.map(do, things))
