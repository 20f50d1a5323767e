"""HTTP both ways: a request as it arrived, and one way to call out, with timeouts and our outcomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, runtime_checkable
from urllib.parse import parse_qsl

from chalicelib.errors import Malformed
from chalicelib.model import NO_TIME, Ambiguous, Busy, Ours, Outcome, Reason, Refused, State

CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
"""Together well under the 20 s after which a worker takes no new work, and its life of 30 s."""
LONGEST_WAIT = 60 * 60_000
STREAM_SECONDS = 13.0
"""For the whole of a streamed call, where nobody says: as long as any other may take."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived: header names in lower case, the body untouched.

    `path_rest` is what follows the account in the address; Twilio's callbacks carry our token there.
    `arrived` is our clock: an event of a provider that sends no time of its own is as old as its request.
    """

    method: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path_rest: str = ""
    arrived: int = 0

    def json(self) -> Any:
        """Read the body as JSON; raises Malformed."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Malformed("not JSON") from error

    def form(self) -> list[tuple[str, str]]:
        """Read the body as a form, blanks kept, order kept; raises Malformed."""
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True)
        except ValueError as error:
            raise Malformed("not a form") from error


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that a provider lists: `request` makes the webhook that was to tell of it.

    It says why as well, if that is not all of it now: some of it has to be asked for.
    `ours` is our number on it, whichever the medium, and `state` what became of something we sent.
    """

    id: str
    at: int
    request: Callable[[], tuple[Request, str]]
    inbound: bool
    ours: str = ""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what a provider lists, and where it goes on; nothing more where `more` is empty."""

    rows: tuple[Listed, ...]
    more: str


def say(status: int, reason: str) -> Response:
    """Answer a stranger with a short reason and nothing else."""
    return Response(status, json.dumps({"error": reason}), "application/json")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider's API answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        """Read it as a JSON object; anything else reads as an empty one."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def judge(reply: Reply, why: str) -> Outcome:
    """Tell the outcome by the status alone, for an answer that no table of its channel knows."""
    match reply.status:
        case 429:
            return Busy(why, wait=retry_after(reply.headers), whole_line=True)
        case 401 | 403 | 404:
            return Ours(why)
        case status if 300 <= status < 400:  # noqa: PLR2004 - we follow no redirect: the base is wrong
            return Ours(why)
        case status if 400 <= status < 500:  # noqa: PLR2004
            return Refused(Reason.REFUSED, why)
        case _:
            return Ambiguous(why)


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Read how long they want to be left alone, in milliseconds; after an hour everybody is asked once more."""
    seconds = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return at_most_an_hour(int(seconds[:6]) * 1000) if seconds.isascii() and seconds.isdigit() else None


def at_most_an_hour(wait: int) -> int:
    """Take a wait for what can be meant: by somebody's slip nothing of ours may stand still for days."""
    return min(wait, LONGEST_WAIT)


Http = Callable[..., Reply]
"""`http(method, url, headers=…, json=…, data=…)`; raises CallFailed. The one seam outwards.

With `into`, a sink, the body is streamed into a file; `data` may be a file, or pieces of known length, and is then
streamed. Such a call has so many `seconds` as a whole.
"""


@runtime_checkable
class Pieces(Protocol):
    """A body that is made as it goes out."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __len__(self) -> int: ...


Streamed = BinaryIO | Pieces


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a body is streamed to, and how much at most; with `public`, from no address inside of a network."""

    file: BinaryIO
    most: int
    public: bool = False


class CallFailed(Exception):
    """No answer came; the subclass says whether they can have acted."""

    outcome: Outcome


class NotTaken(CallFailed):
    """The request never left: nothing can have happened."""

    outcome = Busy("could not connect")


class NoTime(CallFailed):
    """The request was not even made: whoever makes it might not live to see the answer."""

    outcome = NO_TIME


class NoAnswer(CallFailed):
    """The request was on its way and no answer came: it may have happened."""

    outcome = Ambiguous("no answer")


class TooSlow(CallFailed):
    """What was to be streamed took longer than it may."""

    outcome = Ambiguous("too slow")


class TooMuch(CallFailed):
    """More came, or was announced, than there is room for; the rest was not read."""

    outcome = Refused(Reason.FILE_TOO_BIG)


class NotPublic(CallFailed):
    """The name leads to an address inside of a network, and nobody was called there."""

    outcome = Refused(Reason.FILE_REFUSED, "its address is not public")


def call(  # noqa: PLR0913 - what a request may have
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: Mapping[str, str] | Streamed | None = None,
    params: Mapping[str, str] | None = None,
    into: Sink | None = None,
    seconds: float = STREAM_SECONDS,
) -> Reply:
    """Call a provider once: never a retry, never a redirect, never without a timeout."""
    if into is not None or not (data is None or isinstance(data, Mapping)):
        from chalicelib.streams import stream  # noqa: PLC0415 - it knows this module

        body = None if isinstance(data, Mapping) else data
        return stream(method, url, headers or {}, body, into, seconds=seconds)
    import requests  # noqa: PLC0415 - 75 ms that only a worker should pay

    try:
        answer = requests.request(
            method,
            url,
            headers=dict(headers or {}),
            json=json,
            data=data,
            params=params,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
        )
    except requests.exceptions.RequestException as error:
        raise _failure(error) from error
    return Reply(answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})


def _failure(error: Exception) -> CallFailed:
    """Tell a connection that was never made from an answer that was lost."""
    import requests  # noqa: PLC0415
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415

    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.InvalidURL):
        return NotTaken("could not connect")
    cause = error.args[0] if error.args else None
    if isinstance(getattr(cause, "reason", None), NewConnectionError):
        return NotTaken("could not connect")
    return NoAnswer(type(error).__name__)
