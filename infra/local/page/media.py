"""Pictures, sounds and films of a stand-in, handed through: only what it shows to anybody."""

from __future__ import annotations

import re
from http import HTTPStatus

from infra.local.page.sources import Away, Source
from infra.local.server import Answer, answer_json

LARGEST = 16 * 1024 * 1024
"""Bytes; WhatsApp's largest film."""
KEPT = "control/media/"
"""Where a stand-in shows to anybody what customers sent and got; its other controls are for pulling."""
SHOWN = ("image/", "audio/", "video/")
TOKEN_INSIDE = re.compile(r"(^|/)bot\d+(:|%3a)", re.IGNORECASE)
"""How Telegram's paths begin, for files too: a token in an address ends up in histories and logs."""
HEADERS = {
    # Opened on its own, an SVG is a document that could run scripts.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=60",
}


def serve(source: Source, path: str, query: str = "") -> Answer:
    """Fetch one thing without any credentials; what needs some is refused and says so."""
    if TOKEN_INSIDE.search(path):
        return _no(403, f"{source.name} has a token in this address, which does not belong into a page")
    if ".." in path or (path.startswith("control") and not path.startswith(KEPT)):
        return _no(404, "not found")
    try:
        reply = source.ask(f"/{path}{'?' if query else ''}{query}", most=LARGEST)
    except Away as error:
        return _no(502, str(error))
    if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _no(403, f"{source.name} shows this only to those who have its credentials; the page has none")
    if reply.status != HTTPStatus.OK:
        return _no(404, "not found")
    if not reply.kind.lower().startswith(SHOWN):
        return _no(415, "this is no picture, sound or film")
    if len(reply.body) > LARGEST:
        return _no(413, f"this is larger than {LARGEST} bytes")
    return Answer(200, reply.body, {"Content-Type": reply.kind, **HEADERS})


def _no(status: int, why: str) -> Answer:
    return answer_json({"ok": False, "error": why}, status)
