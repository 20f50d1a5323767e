"""How several messages of one customer look in one post: each a paragraph of its own, with its time.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block#date-element-type
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from chalicelib.model import Capabilities, Item
from chalicelib.richtext import escape
from chalicelib.slack.blocks import Block, Post, called, context, from_customer, rich, signature
from chalicelib.slack.changed import marks_within
from chalicelib.slack.said import drawn, is_beside, told, written
from chalicelib.slack.words import TEXT_AT_MOST, moment

SAME_DAY = 12 * 60 * 60 * 1000
"""Ms for which the time alone says when; readers are in many zones, so there is no one midnight."""
LATE = " (arrived late)"


def takes(items: Sequence[Item]) -> int:
    """Tell how many of some messages one post can hold so that also its plain text shows every word."""
    room = TEXT_AT_MOST
    for place, item in enumerate(items):
        room -= len(escape(written(item)))
        if room < place:  # what stands between them
            return place
    return len(items)


def together(
    items: Sequence[Item],
    medium: Capabilities,
    name: str,
    now: int,
    *,
    late: Container[str] = (),
    reopened: str | None = None,
    above: Mapping[str, Sequence[Block]] = {},
) -> Post:
    """Draw several messages as one post; `late` has the ids of those that came after their turn.

    `above` has what stands above some of them, by their ids.
    """
    blocks: list[Block] = []
    for item in items:
        blocks += [*above.get(item.id, ()), *_paragraph(item, now, late=item.id in late)]
    if any(is_beside(each) for item in items for each in item.attachments):
        blocks.insert(0, rich(signature(medium, name)))
    if reopened is not None:
        blocks.append(context(called(reopened)))
    return from_customer("\n".join(map(written, items)), blocks, medium, name)


def _paragraph(item: Item, now: int, *, late: bool) -> list[Block]:
    said = [moment(item.at, short=now - item.at < SAME_DAY)]
    if late:
        said.append({"type": "text", "text": LATE, "style": {"italic": True}})
    return drawn(told(item, named=True), [*said, *marks_within(item), {"type": "text", "text": "  "}])
