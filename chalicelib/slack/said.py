"""What a customer said, drawn in Slack's rich text: there nothing is markup, nothing pings, and no link lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.model import Item
from chalicelib.richtext import Rich, Ruler, Run, Shape, found, linked, literal, opened, plain, slack
from chalicelib.slack.words import is_visible, pieces

Block = dict[str, Any]

EMPTY = "(an empty message)"
RUNS_AT_MOST = 300
"""Pieces that look differently in one block; nobody says how many Slack takes."""


def told(item: Item) -> Rich:
    """Read what a customer wrote, with what they attached; there is always something to see."""
    rich = with_lines(found(item.rich) or literal(item.text), *map(str, item.attachments))
    if not is_visible(plain.write(rich)):
        return literal(EMPTY)
    return tuple(block._replace(runs=opened(block)) for block in linked(rich))


def with_lines(rich: Rich, *lines: str) -> Rich:
    """Put lines below a text."""
    below = "\n".join(lines)
    if not below or not rich:
        return (*rich, *literal(below))
    last = rich[-1]
    if last.quoted or last.shape is not Shape.TEXT:
        return (*rich, *literal(below))
    return (*rich[:-1], last._replace(runs=(*last.runs, Run(f"\n{below}"))))


def written(item: Item) -> str:
    """Say the same in plain text."""
    if item.rich:
        return plain.write(told(item))
    words = "\n".join(filter(None, (item.text, *map(str, item.attachments))))
    return words if is_visible(words) else EMPTY


def drawn(rich: Rich, before: Sequence[Block] = ()) -> list[Block]:
    """Draw a text as rich_text blocks of a size that Slack takes; `before` stands in its first line."""
    blocks = [slack.write(part) for part in _divided(rich)] or [[]]
    if before:
        first = blocks[0][0] if blocks[0] and blocks[0][0]["type"] == "rich_text_section" else None
        section = {"type": "rich_text_section", "elements": [*before, *(first["elements"] if first else ())]}
        blocks[0] = [section, *blocks[0][1 if first else 0 :]]
    return [{"type": "rich_text", "elements": containers} for containers in blocks]


def _divided(rich: Rich) -> Iterator[Rich]:
    ruler, at = Ruler(rich), 0
    for piece in pieces(ruler.words):
        yield from _few(ruler, at, at + len(piece))
        at += len(piece)


def _few(ruler: Ruler, start: int, end: int) -> Iterator[Rich]:
    """Halve a part that has too many looks."""
    part = ruler.between(start, end)
    if sum(len(block.runs) for block in part) > RUNS_AT_MOST:
        middle = (start + end) // 2
        yield from _few(ruler, start, middle)
        yield from _few(ruler, middle, end)
    elif part:
        yield part
