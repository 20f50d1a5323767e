"""Pictures, sounds and films that customers sent and got, handed through from their stand-in."""

from __future__ import annotations

from http import HTTPStatus

from infra.local.page.guard import refused
from infra.local.page.sources import Away, Source
from infra.local.server import Answer

LARGEST = 16 * 1024 * 1024
"""Bytes; WhatsApp's largest film."""
SHOWN = "control/media/"
"""Where a stand-in shows them to anybody. Elsewhere are strings to pull, and addresses with a token inside."""
KINDS = ("image/", "audio/", "video/")
HEADERS = {
    # Opened on its own, an SVG is a document that could run scripts.
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
    if not reply.kind.lower().startswith(KINDS):
        return refused(415, "this is no picture, sound or film")
    if len(reply.body) > LARGEST:
        return refused(413, f"this is larger than {LARGEST} bytes")
    return Answer(200, reply.body, {"Content-Type": reply.kind, **HEADERS})
