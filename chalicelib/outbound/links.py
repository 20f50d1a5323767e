"""Files that a medium does not take: the customer gets an address of ours, which leads to the file for a week."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from chalicelib.model import DAY, Attachment, Item, Link
from chalicelib.services import World
from chalicelib.store import Insert
from chalicelib.web import Response

LASTS = 7 * DAY
OPEN_FOR = 15 * 60
"""Seconds for which the bucket's own address is good: long enough to begin, and to go on with what broke off."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
HARMLESS = re.compile(r"(image/(?!svg)|audio/|video/)[\w.+-]+|application/pdf|text/plain")
"""What a browser may know for what it is; the rest it only keeps."""
BYTES = "application/octet-stream"
CAREFULLY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def laid(world: World, file: Attachment) -> str:
    """Make an address for a file; nobody can guess it."""
    token = secrets.token_urlsafe(16)
    link = Link(token, file.key, file.name, file.mime, expires=world.now() + LASTS)
    world.store.write(Insert(link))
    return f"{world.public_url}/files/{token}"


def end(world: World, item: Item) -> None:
    """Let the addresses in a reply lead nowhere any more; those of other replies' files that it repeats stay."""
    told = re.compile(re.escape(f"{world.public_url}/files/") + f"({TOKEN.pattern})(?![A-Za-z0-9_-])")
    files = {file.key for file in item.attachments}
    for token in {token for part in item.parts for token in told.findall(part.text)}:
        link = world.store.find(Link, token)
        if link is not None and link.key in files:
            world.store.change(link, lambda each: replace(each, expires=world.now()))


def lead(world: World, token: str) -> Response:
    """Send whoever has a link on to the file."""
    link = world.store.find(Link, token) if TOKEN.fullmatch(token) else None
    if link is None or not (link.shown or (link.expires or 0) > world.now()):  # the table forgets late
        return Response(404, world.settings().texts.link_over, "text/plain; charset=utf-8")
    mime = link.mime if HARMLESS.fullmatch(link.mime) else BYTES
    there = world.bucket.address(link.key, link.name, mime, OPEN_FOR, shown=link.shown)
    return Response(302, headers={"Location": there, **CAREFULLY})
