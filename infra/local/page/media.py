"""Files that customers and the team sent and got, handed through from their stand-in."""

from __future__ import annotations

from http import HTTPStatus

from infra.local.page.guard import refused
from infra.local.page.sources import Away, Source
from infra.local.server import Answer

LARGEST = 64 * 1024 * 1024
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
}


def serve(source: Source, path: str) -> Answer:
    """Fetch one thing, without any credentials."""
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
    return Answer(200, reply.body, {**({"Content-Type": reply.kind} if shown else KEPT), **HEADERS})
