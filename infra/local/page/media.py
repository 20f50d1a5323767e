"""Files that customers and the team sent and got, handed through from their stand-in."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from infra.local.page.guard import refused
from infra.local.page.sources import Away, Source
from infra.local.server import Answer

LARGEST = 64 * 1024 * 1024
LARGEST_FACE = 1024 * 1024
FACE = re.compile(r"files/[A-Za-z0-9_-]{22}")
FACES = ("image/png", "image/jpeg", "image/webp")
HERE = ("127.0.0.1", "localhost")
SHOWN = ("control/media/", "control/file/")
"""Where a stand-in shows them to anybody. Elsewhere are strings to pull, and addresses with a token inside."""
KINDS = ("image/", "audio/", "video/")
DOCUMENT = "image/svg+xml"
"""It is called a picture, and is a document that could run scripts."""
KEPT = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
"""What is neither picture, sound nor film is saved, and never opened here."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=60",
    "Accept-Ranges": "bytes",
}
PART = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")
"""Players ask for it, or cannot tell how long a sound is, nor go back in it; a last part nobody asks for."""


def serve(source: Source, path: str, wanted: str = "") -> Answer:
    """Fetch one thing, without any credentials; perhaps the wanted part of it only."""
    if not path.startswith(SHOWN) or not path.isascii():
        return refused(404, "not found")
    try:
        reply = source.ask(f"/{path}", most=LARGEST)
    except Away as error:
        return refused(502, str(error))
    if reply.status != HTTPStatus.OK:
        return refused(404, "not found")
    if len(reply.body) > LARGEST:
        return refused(413, f"this is larger than {LARGEST} bytes")
    kind = reply.kind.lower()
    shown = kind.startswith(KINDS) and not kind.startswith(DOCUMENT)
    headers = {**({"Content-Type": reply.kind} if shown else KEPT), **HEADERS}
    found = PART.fullmatch(wanted)
    return _part(reply.body, headers, int(found[1]), found[2]) if found else Answer(200, reply.body, headers)


def face(app: Source, path: str) -> Answer:
    """Fetch a customer's picture where the app leads to it: into the bucket, which is on this machine, too."""
    if not FACE.fullmatch(path):
        return refused(404, "not found")
    try:
        there = urlsplit(app.ask(f"/{path}").onward)
        if there.hostname not in HERE:
            return refused(404, "not found")
        reply = Source("the bucket", f"http://{there.netloc}").ask(
            f"{there.path}?{there.query}", most=LARGEST_FACE
        )
    except Away as error:
        return refused(502, str(error))
    if reply.status != HTTPStatus.OK or len(reply.body) > LARGEST_FACE or reply.kind not in FACES:
        return refused(404, "not found")
    return Answer(200, reply.body, {"Content-Type": reply.kind, **HEADERS})


def _part(body: bytes, headers: dict[str, str], first: int, until: str) -> Answer:
    last = min(int(until or len(body)), len(body) - 1)
    if first > last:
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(body)}"})
    return Answer(206, body[first : last + 1], {**headers, "Content-Range": f"bytes {first}-{last}/{len(body)}"})
