"""A small HTTP server on 127.0.0.1, shared by the gateway and every stand-in."""

from __future__ import annotations

import errno
import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LARGEST = 10_485_760
"""Bytes of a request's body that API Gateway takes; who is sent files takes more."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived: header names in lower case, the body untouched."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw_query: str = ""

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def fields(self) -> dict[str, list[str]]:
        """Every value of every form field, in order."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.body.decode(), keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to send; `drop` closes the connection instead of answering, a `stream` follows piece by piece."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    stream: Iterator[bytes] | None = None


def answer_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


class PortBusy(Exception):
    """Somebody else listens where we were to listen."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is in use by another program. Stop that one, or choose another port.")
        self.port = port


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the usual 5 makes a burst wait a second for its second knock

    def __init__(self, port: int, handle: Callable[[Call], Answer], largest: int) -> None:
        self.handle, self.largest, self.closing = handle, largest, threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who hang up: those who want no more of a body do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Server:
    """Serves calls with one plain function until it is closed."""

    def __init__(self, handle: Callable[[Call], Answer], port: int = 0, largest: int = LARGEST) -> None:
        try:
            self._http = _Http(port, handle, largest)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortBusy(port) from error
            raise
        self.port: int = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; a stream ends before its next piece, and nobody waits for that."""
        self._http.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # headers and body in one write: two cost 44 ms of delayed ACK each
    disable_nagle_algorithm = True
    timeout = 60
    server: _Http

    def _serve(self) -> None:
        given = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not (given.isascii() and given.isdigit()):
            self.close_connection = True
            self._send(answer_json({"message": "Bad Request"}, 400))
            return
        length = int(given[:12])
        if length > self.server.largest:
            self.close_connection = True
            self._send(answer_json({"message": "Request Too Long"}, 413))
            return
        parts = urlsplit(self.path)
        call = Call(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            parts.query,
        )
        self._send(self.server.handle(call))

    def _send(self, answer: Answer) -> None:
        if answer.drop:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.stream is not None:
            self._send_stream(answer.stream)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _send_stream(self, pieces: Iterator[bytes]) -> None:
        """Send each piece as it comes, until there are no more, the reader goes away, or the server closes."""
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            self.wfile.flush()
            for piece in pieces if self.command != "HEAD" else ():
                if self.server.closing.is_set():
                    return
                # Past the buffer, which would be written once more when the reader is gone.
                self.connection.sendall(piece)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = _serve  # noqa: N815 - http.server's names

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what is no proper request as API Gateway does, in JSON."""
        self.close_connection = True
        status = 403 if code == HTTPStatus.NOT_IMPLEMENTED else code
        self.command = self.command or "GET"
        self.request_version = "HTTP/1.1"
        self._send(answer_json({"message": "Missing Authentication Token"}, status))

    def log_message(self, *_: Any) -> None:
        """Stay quiet: callers log what matters."""
