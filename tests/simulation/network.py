"""The wires: nobody listens on a socket, every call is a wait, and the weather says how it ends."""

from __future__ import annotations

import email.message
import io
import threading
import urllib.error
import urllib.request
import urllib.response
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import Request as Prepared

from chalicelib.web import NoAnswer, NotTaken, Pieces, Reply, TooMuch
from infra.local.outside import UNANSWERED, UNREACHED, Heard, Hook, Outside
from infra.local.server import Answer, Call
from tests.simulation.clock import Clock, Signal
from tests.simulation.diary import Diary
from tests.simulation.noted import done_by, words_in
from tests.simulation.weather import End, Fate, Weather

Handler = Callable[[Call], Answer]
Door = Callable[[Call], Signal]
READ_SECONDS = 10.0
LOOK_AGAIN = 0.25
"""Seconds between two looks of a stand-in that would look every few milliseconds."""


class Unreached(Exception):
    """Nobody could be reached."""


class Silence(Exception):
    """No answer came."""


@dataclass(frozen=True, slots=True)
class Host:
    """Somebody who listens here."""

    port: int
    url: str

    def close(self) -> None:
        """Nothing to close."""


class Network:
    """Carries calls to the stand-ins and knocks to our door."""

    def __init__(self, clock: Clock, diary: Diary, weather: Weather) -> None:
        self.clock, self.diary, self.weather = clock, diary, weather
        self.hosts: dict[str, Handler] = {}
        self.kept: Mapping[str, bytes] = {}
        """What lies in our bucket, by its path: whoever has an address of it fetches it there."""
        self.door: Door
        self.knocks: list[tuple[str, Call]] = []
        """Every webhook of a provider there was, for those who send one again much later."""

    def ask(self, call: Call, host: str, patience: float = READ_SECONDS) -> Answer:
        """Call a stand-in as the weather will have it; raises Unreached, Silence."""
        fate = self.weather.fate(host, f"{call.method} {call.path}")
        what = {"to": host, "call": call.path.rpartition("/")[2], "end": fate.end, "began": self.clock.now}
        note = {**what, "words": words_in(call.body), **done_by(call)}
        self.clock.sleep(fate.before)
        match fate.end:
            case End.UNREACHED:
                self.diary.note("call", **note)
                raise Unreached
            case End.LOST:
                self.diary.note("call", **note)
                self.clock.sleep(patience)
                raise Silence
            case End.REFUSED:
                wait = fate.answer.headers.get("Retry-After", "")
                self.diary.note("call", **note, status=fate.answer.status, wait=wait)
                self.clock.sleep(fate.after)
                return fate.answer
            case End.LATE:
                self.clock.spawn(f"late {host}", lambda: self._carry_out(call, host, note), fate.late)
                self.clock.sleep(patience)
                raise Silence
        return self._answered(fate, self._carry_out(call, host, note), patience)

    def _answered(self, fate: Fate, answer: Answer, patience: float) -> Answer:
        """Bring an answer back to whoever still wants it."""
        match fate.end:
            case End.SILENT:
                self.clock.sleep(patience)
                raise Silence
            case End.RESET:
                self.clock.sleep(fate.after)
                raise Silence
        self.clock.sleep(fate.after)
        if answer.drop:
            raise Silence
        return fate.answer if fate.end is End.BROKEN else answer

    def _carry_out(self, call: Call, host: str, note: Mapping[str, Any]) -> Answer:
        answer = self.hosts[host](call)
        self.diary.note("call", **note, status=answer.status, wait=answer.headers.get("Retry-After", ""))
        return answer

    def http(self, method: str, url: str, **about: Any) -> Reply:
        """Stand in for `web.call`: what it would put on the wire, without the wire."""
        into, patience = about.pop("into", None), about.pop("seconds", READ_SECONDS)
        data = about.get("data")
        if isinstance(data, Pieces) and not isinstance(data, Mapping):
            about["data"] = b"".join(data)
        elif data is not None and hasattr(data, "read"):
            about["data"] = data.read()
        asked = Prepared(method, url, **about).prepare()
        call, host = call_of(method, str(asked.url), dict(asked.headers), asked.body or b"")
        try:
            answer = self.ask(call, host.partition(":")[0], patience)  # whatever the port, it is the same house
        except Unreached as error:
            raise NotTaken("could not connect") from error
        except Silence as error:
            raise NoAnswer("no answer") from error
        body = answer.body
        if into is not None and answer.status == HTTPStatus.OK:
            if len(body) > into.most:
                raise TooMuch
            into.file.write(body)
            body = b""
        return Reply(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})

    def opener(self) -> urllib.request.OpenerDirector:
        """Make what `urlopen` opens with: slack_sdk's way out."""
        director = urllib.request.OpenerDirector()
        for handler in (Urls(self), urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler()):
            director.add_handler(handler)
        return director


class Urls(urllib.request.BaseHandler):
    """Opens `http:` addresses on our wires."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def http_open(self, request: urllib.request.Request) -> urllib.response.addinfourl:
        body = request.data if isinstance(request.data, bytes) else b""
        asked = call_of(request.get_method(), request.full_url, dict(request.header_items()), body)
        try:
            answer = self._network.ask(*asked)
        except Unreached as error:
            raise urllib.error.URLError(ConnectionRefusedError("refused")) from error
        except Silence as error:
            raise TimeoutError("timed out") from error
        headers = email.message.Message()
        for name, value in answer.headers.items():
            headers[name] = value
        response = urllib.response.addinfourl(io.BytesIO(answer.body), headers, request.full_url, answer.status)
        response.msg = "answered"  # type: ignore[attr-defined]  # HTTPErrorProcessor reads it
        return response


class Wire(Outside):
    """One stand-in's way to the world."""

    def __init__(self, name: str, network: Network) -> None:
        self._name, self._network = name, network

    def listen(self, handle: Handler, port: int = 0, largest: int = 0) -> Host:  # noqa: ARG002
        self._network.hosts[self._name] = handle
        return Host(port, f"http://{self._name}")

    def knock(self, hook: Hook, method: str = "POST", patience: float = 15) -> Heard:
        call, _ = call_of(method, hook.url, dict(hook.headers), hook.body)
        answer = knock(self._network, self._name, call, patience)
        if answer is None:
            return Heard(UNANSWERED)
        kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
        return Heard(answer.status or UNREACHED, kind.partition(";")[0].strip().lower(), answer.body)

    def fetch(self, url: str, most: int, patience: float = 0) -> Heard:  # noqa: ARG002
        """Come for a file of ours; nobody waits here, since whoever comes may hold the stand-in meanwhile."""
        network, place = self._network, urlsplit(url)
        fate = network.weather.fate("s3", f"GET by {self._name}")
        found = network.kept.get(place.path)
        network.diary.note("fetch", by=self._name, path=place.path, end=fate.end)
        if fate.end is not End.DONE or found is None:
            return Heard(UNANSWERED)
        kind = dict(parse_qsl(place.query)).get("response-content-type", "")
        return Heard(HTTPStatus.OK, kind, found[:most])

    def start(self, act: Callable[[], None]) -> None:
        self._network.clock.spawn(f"{self._name}'s", act)

    def wait(self, over: threading.Event, seconds: float) -> bool:
        if not over.is_set():
            self._network.clock.sleep(LOOK_AGAIN if 0 < seconds < 0.05 else seconds)
        return over.is_set()


def knock(network: Network, who: str, call: Call, patience: float, *, again: bool = True) -> Answer | None:
    """Knock at our door once; None when no answer came in time. Some knock `again` by themselves."""
    for later in network.weather.copies(who) if again else ():
        network.clock.spawn(f"{who} again", lambda: _knock(network, who, call, patience), later)
    return _knock(network, who, call, patience)


def _knock(network: Network, who: str, call: Call, patience: float) -> Answer | None:
    fate = network.weather.fate(f"knock {who}", call.path)
    if who != "slack":
        network.knocks.append((who, call))
    network.clock.sleep(fate.before)
    if fate.end in (End.UNREACHED, End.LOST):
        network.diary.note("knock", by=who, path=call.path, end=fate.end)
        return None
    if fate.end is End.REFUSED:
        network.diary.note("knock", by=who, path=call.path, end=fate.end, status=fate.answer.status)
        return fate.answer
    answer: Answer | None = network.door(call).wait(patience)
    network.diary.note("knock", by=who, path=call.path, end=fate.end, status=answer.status if answer else "none")
    return None if fate.end is End.SILENT else answer


def call_of(method: str, url: str, headers: Mapping[str, str], body: bytes | str) -> tuple[Call, str]:
    """Make a call as the server makes it of what arrives, and name whom it is for."""
    parts = urlsplit(url)
    lowered = {name.lower(): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else body
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Call(method, parts.path, query, {**lowered, "host": parts.netloc}, raw, parts.query), parts.netloc
