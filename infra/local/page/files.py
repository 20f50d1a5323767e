"""The page's own files: what lies in `site/`, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from infra.local.server import Answer, Call, answer_json

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


def serve(call: Call) -> Answer:
    """Give a file by its name; a name is looked up, never joined to a path."""
    name = call.path.removeprefix("/") or "index.html"
    file = _listed().get(name)
    if file is None:
        return answer_json({"ok": False, "error": "not found"}, 404)
    body = file.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if call.headers.get("if-none-match") == tag:
        return Answer(304, headers=headers)
    return Answer(200, body, {**headers, "Content-Type": TYPES[file.suffix]})


def _listed() -> dict[str, Path]:
    """Read the folder each time, so that a file that is being worked on needs no restart."""
    return {
        file.relative_to(SITE).as_posix(): file
        for file in SITE.rglob("*")
        if file.suffix in TYPES and not file.name.startswith(".") and file.is_file()
    }
