"""How a stand-in listens, knocks and waits: on loopback and in threads, or as whoever runs it would have it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from infra.local.server import LARGEST, Answer, Call, Server

UNREACHED = 0
"""The status of a webhook that found nobody listening."""
UNANSWERED = -1
"""The status of a webhook that was taken but not answered in time, or not answered at all."""

_ONWARDS = frozenset({301, 302, 303, 307, 308})


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


def _post(hook: Hook, method: str, patience: float) -> Heard:
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


def _fetch(url: str, most: int, patience: float, hops: int = 3) -> Heard:
    """Fetch a file from this machine, and from nowhere else; of more than `most` bytes only the beginning."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost"}:
        return Heard(UNREACHED)
    door = HTTPConnection(parts.hostname, parts.port, timeout=patience)
    try:
        door.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        answer = door.getresponse()
        onwards = answer.headers.get("Location", "")
        if answer.status in _ONWARDS and onwards and hops:
            return _fetch(urljoin(url, onwards), most, patience, hops - 1)
        return Heard(answer.status, answer.headers.get_content_type(), answer.read(most + 1))
    except (OSError, HTTPException):
        return Heard(UNANSWERED)
    finally:
        door.close()


class Place(Protocol):
    """Where somebody listens, until it is closed."""

    @property
    def port(self) -> int: ...
    @property
    def url(self) -> str: ...

    def close(self) -> None: ...


class Outside:
    """This machine: sockets, threads and the real clock. A simulation puts its own in its place."""

    def listen(self, handle: Callable[[Call], Answer], port: int = 0, largest: int = LARGEST) -> Place:
        return Server(handle, port, largest)

    def knock(self, hook: Hook, method: str = "POST", patience: float = 15) -> Heard:
        return _post(hook, method, patience)

    def fetch(self, url: str, most: int, patience: float = 10) -> Heard:
        """Fetch a file by its address, as a provider does that is given one."""
        return _fetch(url, most, patience)

    def start(self, act: Callable[[], None]) -> None:
        """Let something happen beside everything else."""
        threading.Thread(target=act, daemon=True).start()

    def wait(self, over: threading.Event, seconds: float) -> bool:
        """Wait for something to be over, but not longer; tell whether it is."""
        return over.wait(seconds)
