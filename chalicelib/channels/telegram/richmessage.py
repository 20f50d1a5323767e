"""Rich messages: whole documents, of which the words and the files are what a thread can show.

https://core.telegram.org/bots/api#richmessage
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.reading import Payload, part, rows, text

INLINE = ("summary", "text", "alternative_text", "expression")


def words(message: Payload) -> str:
    """Read a rich message as plain text, a block to a line or more."""
    return "\n".join(_lines(message))


def blocks(message: Payload) -> Iterator[Payload]:
    """Walk through all blocks of a rich message, at whatever depth, in order."""
    for block in rows(message.get("blocks")):
        yield block
        yield from blocks(block)
        for item in rows(block.get("items")):
            yield from blocks(item)


def _lines(holder: Payload) -> Iterator[str]:
    for block in rows(holder.get("blocks")):
        yield from filter(None, (_inline(block.get(key)) for key in INLINE))
        for item in rows(block.get("items")):
            yield from (f"• {line}" if not at else line for at, line in enumerate(_lines(item)))
        for row in block.get("cells") or []:
            yield " | ".join(_inline(cell) for cell in rows(row))
        yield from _lines(block)
        yield from filter(None, [_inline(block.get("caption"))])


def _inline(value: Any) -> str:
    """Read words that look somehow: a text, several, or a thing that has some; a link says where it leads."""
    if isinstance(value, list):
        return "".join(map(_inline, value))
    if value is None or isinstance(value, str):
        return text(value)
    thing = part(value)
    said = next(filter(None, (_inline(thing.get(key)) for key in INLINE)), "")
    url = text(thing.get("url"))
    return f"{said} ({url})" if url and url != said else said
