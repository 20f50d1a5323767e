"""How it looks that a customer changed, took back or answered something: small marks, a line, a quote with a link.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.model import Item
from chalicelib.richtext import literal
from chalicelib.slack.blocks import SHOWN_AT_MOST, Block, Post, slanted
from chalicelib.slack.said import drawn
from chalicelib.slack.words import clean, moment, notification, when

QUOTED = 100
"""Characters of a message by which one that answers it names it."""
BEFORE = 400


def marks(item: Item) -> list[Block]:
    """Draw below a message what became of it."""
    elements: list[dict[str, Any]] = []
    if item.changed_at and not item.deleted_at:
        elements.append({"type": "mrkdwn", "text": f"Edited {when(item.changed_at)}"})
        if item.was:
            elements.append({"type": "plain_text", "text": f"Before: {_before(item.was)}"})
    if item.deleted_at:
        elements.append({"type": "mrkdwn", "text": f"Deleted {when(item.deleted_at)}"})
    return [{"type": "context", "elements": elements}] if elements else []


def marks_within(item: Item) -> list[Block]:
    """Draw the same within a line of words, where several messages stand together."""
    if item.deleted_at:
        return [slanted(" deleted "), moment(item.deleted_at, short=True)]
    if not item.changed_at:
        return []
    before = f" (before: {_before(item.was)})" if item.was else ""
    return [slanted(" edited "), moment(item.changed_at, short=True), *([slanted(before)] if before else [])]


def _before(was: Sequence[str]) -> str:
    return clean(", then ".join(f"“{each}”" for each in was), BEFORE)


def changed(name: str, link: str, was: Sequence[str]) -> Post:
    """Say that a message was changed, which one, and how it read before."""
    lead = [slanted(f"{name} changed "), *_this(link), slanted(". Before: ")]
    before = "\nthen: ".join(was)
    text = f"{name} changed a message. Before: {before}"
    return Post(notification(text), drawn(literal(before[:SHOWN_AT_MOST]), lead))


def taken_back(name: str, link: str) -> Post:
    """Say that a message was taken back, and which one."""
    said = [slanted(f"{name} deleted "), *_this(link), slanted(".")]
    return Post(notification(f"{name} deleted a message."), drawn((), said))


def _this(link: str) -> list[Block]:
    return [{"type": "link", "url": link, "text": "this message"}] if link else [slanted("a message")]


def quote(words: str, link: str) -> Block:
    """Draw which message another one answers, as a quote that leads there."""
    words = f"↩ {clean(words, QUOTED)}"
    said = {"type": "link", "url": link, "text": words} if link else {"type": "text", "text": words}
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [said]}]}
