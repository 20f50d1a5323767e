"""What every stand-in shares: customers' phones, planned faults, webhooks with retries, and the controls."""

from __future__ import annotations

import inspect
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from infra.local.server import Answer, Call, answer_json

UNREACHED = 0
"""The status of a webhook that found nobody listening."""
UNANSWERED = -1
"""The status of a webhook that was taken but not answered in time, or not answered at all."""

FAULTS = frozenset({"status", "retry_after", "drop", "delay", "error", "late", "description", "parameters"})


@dataclass(frozen=True, slots=True)
class Written:
    """What became of something a customer wrote: our webhook's first answer and the provider's id(s)."""

    status: int
    id: str
    ids: tuple[str, ...] = ()


class Phones:
    """What each customer's phone shows, oldest first."""

    def __init__(self) -> None:
        self._shown: dict[str, list[dict[str, Any]]] = {}

    def show(self, who: str, direction: str, text: str, message_id: str, **more: Any) -> None:
        entry = {"direction": direction, "text": text, "id": message_id, "state": "sent", **more}
        self._shown.setdefault(who, []).append(entry)

    def of(self, who: str) -> list[dict[str, Any]]:
        return [dict(entry) for entry in self._shown.get(who, [])]

    def everyone(self) -> dict[str, list[dict[str, Any]]]:
        return {who: self.of(who) for who in list(self._shown)}

    def update(self, message_id: str, **news: Any) -> None:
        for entries in list(self._shown.values()):
            for entry in entries:
                if entry["id"] == message_id:
                    entry.update(news)

    def unread(self, who: str) -> list[str]:
        """List the ids of what was sent to this customer, arrived, and has not been read."""
        return [
            entry["id"]
            for entry in self.of(who)
            if entry["direction"] == "to_customer" and entry["state"] not in {"read", "failed", "undelivered"}
        ]


class Faults:
    """What shall go wrong with the next calls of the API, in the order it was planned."""

    def __init__(self) -> None:
        self._plans: deque[tuple[dict[str, Any], str]] = deque()
        self._lock = threading.Lock()

    def plan(self, how: Mapping[str, Any], times: int, on: str) -> None:
        if not how or not FAULTS.issuperset(how):
            raise ValueError(f"a fault is made of {sorted(FAULTS)}")
        with self._lock:
            self._plans.extend((dict(how), on) for _ in range(times))

    def _take(self, call: Call) -> dict[str, Any]:
        with self._lock:
            if self._plans and self._plans[0][1] in f"{call.method} {call.path}":
                return self._plans.popleft()[0]
        return {}

    def around(
        self,
        call: Call,
        act: Callable[[Any], Answer],
        refuse: Callable[[dict[str, Any]], Answer],
    ) -> Answer:
        """Answer a call, or spoil it as planned; `act` is given the error that is to come late, if any."""
        how = self._take(call)
        time.sleep(float(how.get("delay", 0)))
        if how.get("drop") == "before":
            return Answer(drop=True)
        if "status" in how or ("error" in how and not how.get("late")):
            return refuse(how)
        answer = act(how.get("error"))
        return Answer(drop=True) if how.get("drop") == "after" else answer


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook, signed and ready to post."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """How a webhook was answered."""

    status: int
    kind: str = ""
    body: bytes = b""

    @property
    def taken(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def knock(hook: Hook, method: str = "POST", patience: float = 15) -> Heard:
    """Post a webhook once; redirects are not followed, since they lose the body."""
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
    """Delivers webhooks: the first try at once, what follows in the background."""

    def __init__(self) -> None:
        self.extra = 0
        self._busy = 0
        self._calm = threading.Condition()
        self._over = threading.Event()

    @property
    def pending(self) -> int:
        return self._busy

    def deliver(self, hook: Hook, waits: Iterable[float], again: Callable[[Heard], bool]) -> Heard:
        """Knock now, as often as repeats are wanted, and go on in the background while `again` says so."""
        heard = knock(hook)
        for _ in range(self.extra):
            knock(hook)
        if again(heard):
            self.later(lambda: self._insist(hook, waits, again))
        return heard

    def _insist(self, hook: Hook, waits: Iterable[float], again: Callable[[Heard], bool]) -> None:
        for wait in waits:
            if not self.pause(wait) or not again(knock(hook)):
                return

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


def multipart(call: Call) -> dict[str, tuple[str, bytes]]:
    """Take a multipart form apart: each field's content type and bytes."""
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + call.body).get_payload()
    found: dict[str, tuple[str, bytes]] = {}
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message):
            name = str(part.get_param("name", header="content-disposition"))
            found[name] = (part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
    return found


def reach_from(public: str, local: str) -> Callable[[str], str]:
    """Turn addresses of the public host into addresses that can be reached here."""
    same = 0
    while same < min(len(public), len(local)) and public[-1 - same] == local[-1 - same]:
        same += 1
    public_base, local_base = public[: len(public) - same], local[: len(local) - same]

    def reach(url: str) -> str:
        return local_base + url.removeprefix(public_base) if url.startswith(public_base) else url

    return reach if public_base else str


def control(verbs: Mapping[str, Callable[..., Any]], call: Call) -> Answer:
    """Serve `POST /control/<verb>` with a JSON object of arguments, and `GET /control/state`."""
    name = call.path.removeprefix("/control/")
    act = verbs.get(name)
    if act is None:
        return answer_json({"error": f"the controls are {', '.join(sorted(verbs))}"}, HTTPStatus.NOT_FOUND)
    if call.method != ("GET" if name == "state" else "POST"):
        return answer_json({"error": "wrong method"}, HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        arguments = call.json() if call.method == "POST" else {}
        inspect.signature(act).bind(**arguments)
        found = act(**arguments)
    except (TypeError, ValueError, LookupError, TimeoutError) as error:
        return answer_json({"error": f"{type(error).__name__}: {error}"}, HTTPStatus.BAD_REQUEST)
    if is_dataclass(found) and not isinstance(found, type):
        found = asdict(found)
    return answer_json({"ok": True} if found is None else found)
