"""One file, fetched from where it is said to be: the hosts, the size and the time are ours to limit."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from chalicelib.filetypes import sniffed
from chalicelib.model import Ambiguous, Busy, Outcome, Reason, Refused, Source
from chalicelib.services import World
from chalicelib.web import CallFailed, Reply, Sink, retry_after

MOST = 100 << 20
"""Bytes of a file that we carry: as many as the most generous medium lets through, a fifth of a worker's disk."""
HEAD = 8192
"""Bytes by which a file tells what it is."""
PAGE = "text/html"
SECONDS = 30
"""For one file, redirects included; what takes longer is tried again."""
REDIRECTS = 4
MOVED = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
NOWHERE = "no address"
NAMES_US = ("user-agent",)
"""Headers that are no credentials: they go wherever we are sent."""


@dataclass(frozen=True, slots=True)
class Got:
    """A file as it came."""

    size: int
    mime: str
    """What whoever handed it out says it is."""


def download(world: World, source: Source, most: int, into: BinaryIO) -> Got | Outcome:
    """Fetch a file, piece by piece; `into` holds it afterwards, and stands at its end.

    Each place on the way has to be one that the source allows, and only the first is shown the credentials.
    """
    if source.size > most:
        return Refused(Reason.FILE_TOO_BIG, f"{source.size:,} bytes")
    url, until = source.url, world.now() + SECONDS * 1000
    for _ in range(REDIRECTS + 1):
        if not source.allows(url):
            return Refused(Reason.FILE_REFUSED, f"it is said to be at {_host(url)}, where we fetch nothing")
        into.seek(0)
        into.truncate()
        sink = Sink(into, most, public=not _is_our_own(source, url))
        left = max((until - world.now()) / 1000, 0.1)
        try:
            reply = world.http("GET", url, headers=_headers(source, url), into=sink, seconds=left)
        except CallFailed as failure:
            return failure.outcome
        if reply.status not in MOVED:
            return _judged(reply, into)
        url = _onward(url, reply.headers.get("location", ""))
    return Refused(Reason.FILE_REFUSED, "we are sent from one place to the next")


def looked_at(file: BinaryIO, name: str, claimed: str) -> str:
    """Tell by how it begins what a file is."""
    file.seek(0)
    return sniffed(file.read(HEAD), name, claimed)


def _onward(url: str, location: str) -> str:
    """Read where we are sent; what is no address leads nowhere."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _host(url: str) -> str:
    """Name a place, for whoever has to find out why we do not go there."""
    try:
        return urlsplit(url).hostname or NOWHERE
    except ValueError:
        return NOWHERE


def _headers(source: Source, url: str) -> Mapping[str, str]:
    if _origin(url) == _origin(source.url):
        return source.headers
    return {name: value for name, value in source.headers.items() if name.lower() in NAMES_US}


def _is_our_own(source: Source, url: str) -> bool:
    """Tell whether an address is one that whoever runs us has chosen; it may be inside of their network."""
    there = urlsplit(url)
    return there.scheme == "http" or (_origin(url) == _origin(source.url) and there.hostname in source.hosts)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    there = urlsplit(url)
    return there.scheme, there.hostname, there.port


def _judged(reply: Reply, into: BinaryIO) -> Got | Outcome:
    why = f"HTTP {reply.status}"
    match reply.status:
        case HTTPStatus.OK if reply.headers.get("content-encoding", "identity").lower() != "identity":
            return Refused(Reason.FILE_REFUSED, "it is packed in a way that nobody asked for")
        case HTTPStatus.OK:
            size = into.seek(0, io.SEEK_END)
            mime = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Got(size, mime) if size else Refused(Reason.FILE_EMPTY)
        case status if status in GONE:
            return Refused(Reason.FILE_GONE, why)
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return Busy(why, retry_after(reply.headers))
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            # An address that is good for minutes may have been good for too few: it is asked for anew.
            return Ambiguous(why)
        case status if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(Reason.FILE_REFUSED, why)
    return Ambiguous(why)
