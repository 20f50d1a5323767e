"""Fetching one file: where we go for it, what we show there, and what each answer means."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

import pytest

from chalicelib.carry.download import Got, download
from chalicelib.model import Ambiguous, Busy, Outcome, Reason, Refused, Source, hosts_of
from chalicelib.web import NoAnswer, NotTaken, TooSlow
from infra.local.server import Answer, Call, Server
from tests.house import House
from tests.providers import Api

MB = 1 << 20
PASSWORD = {"Authorization": "Basic secret", "User-Agent": "Threadline"}


class Host:
    """A host on this machine that answers by path, and remembers what it was shown."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, Mapping[str, str]]] = []
        self._server = Server(self._answer)
        self.url, self.close = self._server.url, self._server.close

    def _answer(self, call: Call) -> Answer:
        self.seen.append((call.path, call.headers))
        return self.answers[call.path]


@pytest.fixture
def host() -> Iterator[Host]:
    with closing(Host()) as here:
        yield here


@pytest.fixture
def cdn() -> Iterator[Host]:
    with closing(Host()) as here:
        yield here


def source(url: str, size: int = 0) -> Source:
    return Source(url, hosts_of(url), PASSWORD, size=size)


def fetched(house: House, what: Source, most: int = MB) -> tuple[Got | Outcome, bytes]:
    file = io.BytesIO()
    got = download(house.world, what, most, file)
    return got, file.getvalue()


def to(url: str, status: int = 302) -> Answer:
    return Answer(status, b"", {"Location": url})


def test_a_file_is_fetched_with_the_credentials(house: House, host: Host) -> None:
    host.answers["/a"] = Answer(200, b"bytes", {"Content-Type": "Image/PNG; x=y"})
    assert fetched(house, source(f"{host.url}/a")) == (Got(5, "image/png"), b"bytes")
    assert host.seen[0][1]["authorization"] == "Basic secret"


def test_where_it_sends_us_on_no_credentials_are_shown(house: House, host: Host, cdn: Host) -> None:
    host.answers["/a"] = to(f"{cdn.url}/b?signed=1")
    cdn.answers["/b"] = Answer(200, b"bytes")
    assert fetched(house, source(f"{host.url}/a"))[1] == b"bytes"
    ((_, headers),) = cdn.seen
    assert ("authorization" in headers, headers["user-agent"]) == (False, "Threadline")


def test_it_may_send_us_to_another_place_of_its_own(house: House, host: Host) -> None:
    host.answers |= {"/a": to("/b", 307), "/b": Answer(200, b"bytes")}
    assert fetched(house, source(f"{host.url}/a"))[1] == b"bytes"
    assert [headers["authorization"] for _, headers in host.seen] == ["Basic secret"] * 2


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/b",
        "file:///etc/passwd",
        "ftp://127.0.0.1/b",
        "https://user:password@127.0.0.1/b",
        "http://[::1]/b",
        "",
    ],
)
def test_we_are_sent_nowhere_else(house: House, host: Host, url: str) -> None:
    host.answers["/a"] = to(url) if url else Answer(302)
    got, file = fetched(house, source(f"{host.url}/a"))
    assert isinstance(got, Refused)
    assert (got.reason, file) == (Reason.FILE_REFUSED, b"")


def test_a_round_of_redirects_ends(house: House, host: Host) -> None:
    host.answers["/a"] = to("/a")
    assert fetched(house, source(f"{host.url}/a"))[0] == Refused(
        Reason.FILE_REFUSED, "we are sent from one place to the next"
    )
    assert len(host.seen) == 5


def test_what_came_before_a_redirect_is_not_part_of_the_file(house: House, host: Host) -> None:
    host.answers |= {"/a": Answer(301, b"moved", {"Location": "/b"}), "/b": Answer(200, b"b")}
    assert fetched(house, source(f"{host.url}/a")) == (Got(1, ""), b"b")


def test_a_public_host_that_leads_inside_of_a_network_is_not_called(house: House) -> None:
    what = Source("https://127.0.0.1/a", (".0.0.1",))  # as one below a provider's name might
    assert fetched(house, what)[0] == Refused(Reason.FILE_REFUSED, "its address is not public")


def test_our_own_host_may_be_inside_of_our_network(house: House) -> None:
    got, _ = fetched(house, Source("https://127.0.0.1:1/a", ("127.0.0.1",)))
    assert got == Busy("could not connect")


def test_what_is_said_to_be_too_big_is_not_asked_for(house: House, host: Host) -> None:
    assert fetched(house, source(f"{host.url}/a", size=MB + 1))[0] == Refused(
        Reason.FILE_TOO_BIG, "1,048,577 bytes"
    )
    assert host.seen == []


ANSWERS: Mapping[str, tuple[Answer, Got | Outcome]] = {
    "nothing": (Answer(200), Refused(Reason.FILE_EMPTY)),
    "too much": (Answer(200, bytes(MB + 1)), Refused(Reason.FILE_TOO_BIG)),
    "packed": (
        Answer(200, b"x", {"Content-Encoding": "gzip"}),
        Refused(Reason.FILE_REFUSED, "it is packed in a way that nobody asked for"),
    ),
    "404": (Answer(404), Refused(Reason.FILE_GONE, "HTTP 404")),
    "410": (Answer(410), Refused(Reason.FILE_GONE, "HTTP 410")),
    "400": (Answer(400), Refused(Reason.FILE_REFUSED, "HTTP 400")),
    "401": (Answer(401), Ambiguous("HTTP 401")),
    "403": (Answer(403), Ambiguous("HTTP 403")),
    "429": (Answer(429, b"", {"Retry-After": "9"}), Busy("HTTP 429", 9_000)),
    "503": (Answer(503), Busy("HTTP 503")),
    "500": (Answer(500), Ambiguous("HTTP 500")),
    "304": (Answer(304), Ambiguous("HTTP 304")),
    "cut": (Answer(drop=True), Ambiguous("no answer")),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_ends_in_one_outcome(house: House, host: Host, what: str) -> None:
    host.answers["/a"], outcome = ANSWERS[what]
    assert fetched(house, source(f"{host.url}/a"))[0] == outcome


@pytest.mark.parametrize("failure", [NoAnswer(), NotTaken(), TooSlow()])
def test_no_answer_ends_in_what_is_known_of_it(house: House, failure: NoAnswer | NotTaken | TooSlow) -> None:
    call: Callable[..., object] = Api(failure)
    got = download(replace(house.world, call=call), source("http://127.0.0.1/a"), MB, io.BytesIO())  # type: ignore[arg-type]
    assert got == failure.outcome
