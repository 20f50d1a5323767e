"""In which parts a reply goes out: fixed once, and anew only while nothing of it has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model import Item, Part, stepped


def retyped(item: Item, now: int) -> Item:
    """Let a reply that has another form now, and of which nothing has gone, be cut anew; its tries still count."""
    parts = [part for part in item.parts if part.state is item.state][:1]
    tries = max((part.tries for part in item.parts), default=0)
    anew = tuple(replace(part, text="", file=None, kind="", tries=tries) for part in parts)
    return stepped(replace(item, parts=anew), "edited", now)


def cut(item: Item, parts: Sequence[Part]) -> Item:
    """Fix in which parts a reply goes out, unless that was done before."""
    if is_cut(item):
        return item
    tries = max((part.tries for part in item.parts), default=0)
    return replace(item, parts=tuple(replace(part, tries=tries) for part in parts))


def is_cut(item: Item) -> bool:
    """Tell whether it is fixed in which parts a reply goes out."""
    return any(part.text or part.file is not None for part in item.parts)
