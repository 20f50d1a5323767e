"""What is no proper request gets a calm answer: never a 5xx, never a traceback, never HTML."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

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
