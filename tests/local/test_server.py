"""What is no proper request gets a calm answer: never a 5xx, never a traceback, never HTML."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Queue

import pytest

from infra.local.server import Answer, Call, Server, answer_json


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with closing(Server(_echo)) as server:
        yield server.port


def _echo(call: Call) -> Answer:
    return answer_json({"got": len(call.body)})


def knock(port: int, raw: bytes) -> tuple[bytes, bytes]:
    """Send bytes as they are; give the status line's code and the body."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(raw + b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split()[1], body


@pytest.mark.parametrize("length", [b"abc", b"-5", b"1e3", b"0x10"])
def test_a_length_that_is_no_number_is_a_bad_request(port: int, length: bytes) -> None:
    assert knock(port, b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n") == (
        b"400",
        b'{"message": "Bad Request"}',
    )


def test_a_chunked_body_is_refused_and_not_taken_for_an_empty_one(port: int) -> None:
    assert knock(port, b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n")[0] == b"400"


def test_an_unknown_method_is_turned_away_as_api_gateway_does(port: int) -> None:
    assert knock(port, b"BREW / HTTP/1.1\r\n") == (b"403", b'{"message": "Missing Authentication Token"}')


# --------------------------------------------------------------------------- streams


class Tap:
    """A stream that gives what it is fed, and knows whether anybody still drinks."""

    def __init__(self) -> None:
        self.pieces: Queue[bytes | None] = Queue()
        self.left = threading.Event()

    def answer(self, _: Call) -> Answer:
        return Answer(200, headers={"Content-Type": "text/event-stream"}, stream=self.flow())

    def flow(self) -> Iterator[bytes]:
        try:
            yield from iter(self.pieces.get, None)
        finally:
            self.left.set()


@contextmanager
def tapped(server: Server, head: bytes = b"GET") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(head + b" / HTTP/1.1\r\nHost: x\r\n\r\n")
        yield line


def test_each_piece_of_a_stream_is_sent_as_it_comes() -> None:
    tap = Tap()
    with closing(Server(tap.answer)) as server, tapped(server) as line:
        got = line.recv(65536)
        assert b"Connection: close\r\n" in got
        assert b"Content-Length" not in got
        for piece in (b"one", b"two"):
            tap.pieces.put(piece)
            assert line.recv(65536) == piece
        tap.pieces.put(None)
        assert line.recv(65536) == b""


def test_a_reader_who_goes_away_ends_the_stream_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    tap = Tap()
    with closing(Server(tap.answer)) as server:
        with tapped(server) as line:
            line.recv(65536)
        while not tap.left.wait(0.01):
            tap.pieces.put(b"is anybody there?")
    assert capsys.readouterr().err == ""


def test_closing_does_not_wait_for_open_streams() -> None:
    tap = Tap()
    server = Server(tap.answer)
    with tapped(server) as line:
        line.recv(65536)
        server.close()  # would never come back
        tap.pieces.put(b"too late")
        assert line.recv(65536) == b""
    assert tap.left.wait(5)


def test_only_the_head_of_a_stream_is_given_to_those_who_ask_for_it() -> None:
    tap = Tap()
    with closing(Server(tap.answer)) as server, tapped(server, b"HEAD") as line:
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        assert line.recv(65536) == b""
