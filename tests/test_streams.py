"""Streamed calls: what they bring, and that no peer makes them longer, or larger, than they may be."""

from __future__ import annotations

import io
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import repeat

import pytest

from chalicelib.web import NoAnswer, NotPublic, NotTaken, Sink, TooMuch, TooSlow, call
from infra.local.server import Answer, Call, Server

MB = 1 << 20
SOON = 0.2
"""Seconds that a call has here, if it is to be cut."""


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[Call]]]:
    calls: list[Call] = []

    def handle(call: Call) -> Answer:
        calls.append(call)
        return answer

    with closing(Server(handle)) as server:
        yield f"{server.url}/file?token=x", calls


@contextmanager
def saying(*pieces: bytes, then: Callable[[socket.socket], object] = lambda _: None) -> Iterator[str]:
    """Listen to one call, say these bytes as they are, and do something with the line before it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                line.sendall(b"".join(pieces))
                then(line)

        speaker = threading.Thread(target=answer, daemon=True)
        speaker.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/file"


def drip(line: socket.socket) -> None:
    """Say one byte after another for as long as somebody listens."""
    with suppress(OSError):
        for byte in repeat(b"x"):
            line.sendall(byte)
            time.sleep(0.01)


def fetched(url: str, most: int = MB, seconds: float = 5.0) -> bytes:
    file = io.BytesIO()
    reply = call("GET", url, into=Sink(file, most), seconds=seconds)
    assert (reply.status, reply.body) == (200, b"")
    return file.getvalue()


def test_a_body_goes_into_the_file_and_the_line_may_stay_open() -> None:
    with serving(Answer(200, b"abc" * 100_000, {"Content-Type": "image/png"})) as (url, calls):
        assert fetched(url) == b"abc" * 100_000
    assert calls[0].query == {"token": "x"}
    assert calls[0].headers["accept-encoding"] == "identity"


def test_what_is_no_200_is_told_and_stays_out_of_the_file() -> None:
    with serving(Answer(302, b"over there", {"Location": "https://else.where/"})) as (url, _):
        file = io.BytesIO()
        reply = call("GET", url, into=Sink(file, MB))
    assert (reply.status, reply.body, reply.headers["location"]) == (302, b"over there", "https://else.where/")
    assert file.getvalue() == b""


def test_a_page_of_an_error_is_not_read_to_its_end() -> None:
    with serving(Answer(500, b"", stream=repeat(b"x" * 65536))) as (url, _):
        assert call("GET", url, into=Sink(io.BytesIO(), MB)).status == 500


def test_what_is_announced_as_too_much_is_not_read() -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n", then=drip) as url, pytest.raises(TooMuch):
        fetched(url)


def test_of_what_is_too_much_and_not_announced_no_more_is_read_than_there_is_room_for() -> None:
    file = io.BytesIO()
    with serving(Answer(200, b"", stream=repeat(b"x" * 65536))) as (url, _), pytest.raises(TooMuch):
        call("GET", url, into=Sink(file, MB))
    assert len(file.getvalue()) <= MB


def test_a_large_file_is_never_in_memory() -> None:
    class Nowhere(io.BytesIO):
        def write(self, piece: object) -> int:
            return len(bytes(piece))  # type: ignore[call-overload]

    pieces = (b"x" * 65536 for _ in range(320))
    with serving(Answer(200, b"", stream=pieces)) as (url, _):
        tracemalloc.start()
        call("GET", url, into=Sink(Nowhere(), 30 * MB))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 2 * MB


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 ",
    ],
)
def test_who_drips_for_ever_is_cut_in_time_wherever_it_is(said: bytes) -> None:
    began = time.monotonic()
    with saying(said, then=drip) as url, pytest.raises(TooSlow):
        fetched(url, seconds=SOON)
    assert time.monotonic() - began < 10 * SOON


@pytest.mark.parametrize(("scheme", "failure"), [("http", TooSlow), ("https", NotTaken)])
def test_who_says_nothing_is_cut_in_time(scheme: str, failure: type[Exception]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(failure):
        fetched(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/", seconds=SOON)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"what?\r\n\r\n",
        b"",
    ],
)
def test_what_is_cut_short_is_not_taken_for_the_whole(said: bytes) -> None:
    with saying(said) as url, pytest.raises(NoAnswer):
        fetched(url)


def test_more_than_was_announced_is_not_read() -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalf and more") as url:
        assert fetched(url) == b"half"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_a_public_call_goes_to_nobody_inside_of_a_network(host: str) -> None:
    with pytest.raises(NotPublic):
        call("GET", f"http://{host}:9/", into=Sink(io.BytesIO(), MB, public=True))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://nobody.invalid/"])
def test_who_is_not_there_has_done_nothing(url: str) -> None:
    with pytest.raises(NotTaken):
        fetched(url)


def test_who_has_no_time_left_calls_nobody() -> None:
    with serving(Answer(200, b"abc")) as (url, calls), pytest.raises(NotTaken):
        fetched(url, seconds=0)
    assert calls == []


def test_a_file_is_sent_from_where_it_stands() -> None:
    file = io.BytesIO(b"head" + b"x" * 200_000)
    file.seek(4)
    with serving(Answer(200, b"OK")) as (url, calls):
        assert call("POST", url, headers={"Content-Type": "image/png"}, data=file).body == b"OK"
    assert (calls[0].body, calls[0].headers["content-type"]) == (b"x" * 200_000, "image/png")


def test_what_is_made_as_it_goes_out_says_how_long_it_is() -> None:
    class Form:
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"one, ", b"two")

        def __len__(self) -> int:
            return 8

    with serving(Answer(200, b"OK")) as (url, calls):
        call("POST", url, data=Form())
    assert (calls[0].body, calls[0].headers["content-length"]) == (b"one, two", "8")


def test_who_takes_a_file_too_slowly_is_cut_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(TooSlow):
        call(
            "POST", f"http://127.0.0.1:{listener.getsockname()[1]}/", data=io.BytesIO(b"x" * 30 * MB), seconds=SOON
        )
