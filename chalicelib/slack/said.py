"""What a customer said, drawn in Slack's rich text: there nothing is markup, nothing pings, and no link lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.model import Attachment, Carriage, Item, Reason
from chalicelib.richtext import (
    Rich,
    Ruler,
    Run,
    Shape,
    Style,
    alike,
    beginning,
    changed,
    found,
    linked,
    literal,
    opened,
    plain,
    slack,
)
from chalicelib.slack.reasons import REASONS
from chalicelib.slack.words import clean, is_visible, pieces

Block = dict[str, Any]

EMPTY = "(an empty message)"
NAME_AT_MOST = 100
"""Characters of a file's name."""
RUNS_AT_MOST = 300
"""Pieces that look differently in one block; nobody says how many Slack takes."""


def readable(text: str, spelled: str) -> Rich:
    """Read a customer's words as they are shown: addresses are links, and every link says where it leads."""
    return tuple(block._replace(runs=opened(block)) for block in linked(found(spelled) or literal(text)))


def told(item: Item, *, named: bool = False) -> Rich:
    """Read what a customer wrote, with what they attached; there is always something to see.

    What is shown beside the words needs none, unless it is to be `named` where there are no others.
    """
    return begun(item, None, named=named)[0]


def begun(item: Item, most: int | None, *, named: bool = False) -> tuple[Rich, int]:
    """Read the same with `most` characters of the words at most, and how many are left."""
    if item.redacted:
        return changed(literal(item.text), lambda run: [run._replace(styles=frozenset({Style.ITALIC}))]), 0
    words, left = readable(item.text, item.rich), 0
    if most is not None:
        words, left = beginning(words, most)
    rich = with_lines(words, *attached(item))
    if is_visible(plain.write(rich)):
        return changed(rich, _struck) if item.deleted_at else rich, left
    if not any(map(is_beside, item.attachments)):
        return literal(EMPTY), 0
    return literal(" ".join(map(_in_brackets, item.attachments))) if named else (), 0


def _struck(run: Run) -> list[Run]:
    return [run._replace(styles=run.styles | {Style.STRIKE})]


def attached(item: Item) -> list[str]:
    """Name what came with a message and is not shown beside it, say why it is not, and what it says."""
    named = [_in_brackets(each) for each in item.attachments if not is_beside(each)]
    return [*named, *(each.said for each in item.attachments if each.said)]


def is_beside(attachment: Attachment) -> bool:
    """Tell whether a file is shown together with the words it came with."""
    at_slack = attachment.slack_id != "" and attachment.carriage in (Carriage.READY, Carriage.KEPT)
    return at_slack and not attachment.apart


def _in_brackets(attachment: Attachment) -> str:
    # What was not brought here is still called what a stranger called it.
    called = str(replace(attachment, name=clean(attachment.name, NAME_AT_MOST)))
    if attachment.carriage is Carriage.LOST:
        return f"{called[:-1]}: could not be brought here, because {because(attachment)}]"
    return f"{called[:-1]}: still on its way]" if attachment.apart else called


def because(attachment: Attachment) -> str:
    """Say why a file is not there, as the end of a sentence."""
    reason = REASONS[attachment.why or Reason.FILE_GONE].rstrip(".")
    return f"{reason} ({clean(attachment.detail, 200)})" if attachment.detail else reason


def with_lines(rich: Rich, *lines: str) -> Rich:
    """Put lines below a text."""
    below = linked(literal("\n".join(lines)))
    if not below or not rich:
        return (*rich, *below)
    last = rich[-1]
    if last.quoted or last.shape is not Shape.TEXT:
        return (*rich, *below)
    return (*rich[:-1], last._replace(runs=alike((*last.runs, Run("\n"), *below[0].runs))))


def written(item: Item) -> str:
    """Say the same in plain text."""
    return f"(deleted) {_written(item)}" if item.deleted_at and not item.redacted else _written(item)


def _written(item: Item) -> str:
    if item.rich:
        return plain.write(told(item))
    words = "\n".join(filter(None, (item.text, *attached(item))))
    return words if is_visible(words) else plain.write(told(item))


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
