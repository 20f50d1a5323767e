"""One call whose body is streamed, into a file or out of one: every wait is bounded, and so is the whole."""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from urllib.parse import SplitResult, urlsplit

from chalicelib.web import (
    CONNECT_SECONDS,
    READ_SECONDS,
    NoAnswer,
    NotPublic,
    NotTaken,
    Pieces,
    Reply,
    Sink,
    Streamed,
    TooMuch,
    TooSlow,
)

CHUNK = 1 << 16
"""Bytes of a file that are in memory at a time."""
MOST_SAID = 1 << 20
"""Bytes that are kept of an answer which is no file."""
OK = 200
BROKEN = (OSError, http.client.HTTPException, ValueError, AttributeError)
"""What a line ends in that breaks, or is cut while http.client reads from it."""


def stream(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Streamed | None,
    into: Sink | None,
    *,
    seconds: float,
) -> Reply:
    """Call once, and be done in so many seconds; raises CallFailed.

    The body of a 200 goes into the sink, and no more of it is read than it takes.
    """
    where, until = urlsplit(url), time.monotonic() + seconds
    line = _connected(where, until, public=into is not None and into.public)
    with closing(line), _cut_after(line, until - time.monotonic()) as cut:
        try:
            asking = _asking(where, line)
        except BROKEN as error:
            raise NotTaken("could not connect") from error
        try:
            asking.request(method, _target(where), body, {**headers, **_length(body, headers)})
            answer = asking.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            said = _taken(answer, into if answer.status == OK else None)
        except BROKEN as error:
            raise (TooSlow() if cut.is_set() else NoAnswer(type(error).__name__)) from error
        if cut.is_set():  # a body whose length nobody said ends where its line does
            raise TooSlow
    return Reply(answer.status, said, told)


def _connected(where: SplitResult, until: float, *, public: bool) -> socket.socket:
    """Connect to the first address that answers in time; with `public`, to none inside of any network."""
    port = where.port or (443 if where.scheme == "https" else 80)
    try:
        places = socket.getaddrinfo(where.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotTaken("no such host") from error
    if public and not all(_is_public(str(place[-1][0])) for place in places):
        raise NotPublic
    for family, kind, protocol, _, address in places:
        left = until - time.monotonic()
        if left <= 0:
            break
        line = socket.socket(family, kind, protocol)
        line.settimeout(min(CONNECT_SECONDS, left))
        try:
            line.connect(address)
        except OSError:
            line.close()
            continue
        line.settimeout(READ_SECONDS)
        if where.scheme != "https":
            return line
        return _tls().wrap_socket(line, server_hostname=where.hostname, do_handshake_on_connect=False)
    raise NotTaken("could not connect")


def _is_public(address: str) -> bool:
    place = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(place, "ipv4_mapped", None) or place).is_global


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def _cut_after(line: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Cut a line when its time is over, whatever it waits for: a peer that drips keeps every single wait short."""
    cut = threading.Event()

    def do() -> None:
        cut.set()
        with suppress(OSError):
            # The socket's own, also below TLS: that of an SSLSocket would meddle with who is reading.
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()


def _asking(where: SplitResult, line: socket.socket) -> http.client.HTTPConnection:
    """Speak HTTP on a line that stands."""
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    made = http.client.HTTPSConnection if isinstance(line, ssl.SSLSocket) else http.client.HTTPConnection
    asking = made(str(where.hostname), where.port, blocksize=CHUNK)
    asking.sock = line
    return asking


def _target(where: SplitResult) -> str:
    return f"{where.path or '/'}{'?' if where.query else ''}{where.query}"


def _length(body: Streamed | None, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Say how much comes, unless the caller has: what is left of the file from where it stands."""
    if body is None or "Content-Length" in headers:
        return {}
    if isinstance(body, Pieces):
        return {"Content-Length": str(len(body))}
    here = body.tell()
    left = body.seek(0, io.SEEK_END) - here
    body.seek(here)
    return {"Content-Length": str(left)}


def _taken(answer: http.client.HTTPResponse, into: Sink | None) -> bytes:
    """Read a body to its end, piece by piece as they come; what is cut short is not taken for the whole."""
    most = into.most if into else MOST_SAID
    announced, size, kept = answer.length, 0, bytearray()
    if into and announced is not None and announced > most:
        raise TooMuch
    while announced is None or size < announced:
        piece = answer.read1(CHUNK)
        if not piece:
            break
        size += len(piece)
        if size > most:
            if into:
                raise TooMuch
            return bytes(kept)
        if into:
            into.file.write(piece)
        else:
            kept += piece
    silent = into and not size and announced is None and not answer.chunked
    if silent or size < (announced or 0):
        raise http.client.IncompleteRead(b"")
    return bytes(kept)
