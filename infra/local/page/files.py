"""The page's own files: what lies in `site/`, and nothing else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from infra.local.page.guard import refused
from infra.local.server import Answer, Call

SITE = Path(__file__).with_name("site")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


PLAIN = re.compile(r"[a-z0-9_-][a-z0-9_.-]*", re.ASCII | re.IGNORECASE)
"""A part of a name that is not hidden and leads nowhere else."""


def serve(call: Call) -> Answer:
    """Give a file by its name, read anew each time: one that is being worked on needs no restart."""
    file = _found(call.path.removeprefix("/") or "index.html")
    if file is None:
        return refused(404, "not found")
    return tagged(call, file.read_bytes(), TYPES[file.suffix])


def tagged(call: Call, body: bytes, kind: str) -> Answer:
    """Give something that a browser may keep, as long as it asks each time whether it is still so."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if call.headers.get("if-none-match") == tag:
        return Answer(304, headers=headers)
    return Answer(200, body, {**headers, "Content-Type": kind})


def _found(name: str) -> Path | None:
    file = SITE / name
    plain = all(PLAIN.fullmatch(part) for part in name.split("/"))
    return file if plain and file.suffix in TYPES and file.is_file() else None
