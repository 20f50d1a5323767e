"""The templates of each line: asked for at their provider, and kept for ten minutes in the table."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chalicelib import logs
from chalicelib.errors import NotHere, SecretMissing
from chalicelib.model import Ours, Outcome, Saved, Template
from chalicelib.services import World
from chalicelib.store import Put

KEPT_FOR = 10 * 60_000
LARGEST = 250_000
"""Bytes of a list as it is kept, packed: some two thousand templates; of more only the first are found."""

Templates = tuple[Template, ...]


def kept(world: World, line: str, since: int = 0) -> Templates | None:
    """Give the templates of a line as they were last asked for, if that was not before a moment."""
    saved = world.store.find(Saved, _name(line))
    if saved is None:
        return None
    told = json.loads(zlib.decompress(base64.b64decode(saved.value)))
    if told["at"] < since:
        return None
    return tuple(Template(**{**each, "variables": tuple(each["variables"])}) for each in told["templates"])


def templates_of(world: World, line: str) -> Templates | Outcome:
    """Give the templates of a line as they are, or were ten minutes ago at most."""
    now = world.now()
    there = kept(world, line, now - KEPT_FOR)
    if there is not None:
        return there
    channel, _, account = line.partition("/")
    try:
        module, ours = world.line(channel, account)
    except (NotHere, SecretMissing) as error:
        return Ours(str(error))
    found = module.templates(ours, world.http)
    logs.note("templates.listed", line=line, outcome="Ok" if isinstance(found, tuple) else type(found).__name__)
    if isinstance(found, tuple):
        in_order = sorted(found, key=lambda each: (each.unsendable != "", called(each).casefold(), each.language))
        return _keep(world, line, in_order, now)
    return found


def _keep(world: World, line: str, found: Sequence[Template], now: int) -> Templates:
    packed = _packed(found, now)
    while len(packed) > LARGEST:
        found = found[: len(found) // 2]
        packed = _packed(found, now)
    world.store.write(Put(Saved(_name(line), packed)))
    return tuple(found)


def _packed(found: Sequence[Template], now: int) -> str:
    told: dict[str, Any] = {"at": now, "templates": [asdict(each) for each in found]}
    return base64.b64encode(zlib.compress(json.dumps(told).encode())).decode()


def _name(line: str) -> str:
    return f"templates {line}"


def called(template: Template) -> str:
    """Say what people call a template."""
    return template.name or template.id


def key_of(template: Template) -> str:
    """Name a template in few letters: what a provider calls it may be too long for a menu."""
    return hashlib.sha256(f"{template.id} {template.language}".encode()).hexdigest()[:20]
