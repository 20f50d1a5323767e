"""A tree as Slack's rich text. Nothing in it is markup: customers' words can call and trick nobody.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from chalicelib.richtext.plain import SAFE
from chalicelib.richtext.tree import Block, Rich, Run, Shape, Style

Json = dict[str, Any]

STYLES: Mapping[str, Style] = {
    "bold": Style.BOLD,
    "italic": Style.ITALIC,
    "strike": Style.STRIKE,
    "underline": Style.UNDERLINE,
    "code": Style.CODE,
}
LONGEST_LINK = 3_000


def write(rich: Rich, *, mentions: bool = False) -> list[Json]:
    """Make the containers of a rich_text block. `mentions` are for our own words: a customer's tree has none."""
    found: list[Json] = []
    grouped = [list(group) for _, group in groupby(_placed(rich), lambda placed: placed[0])]
    for place, group in enumerate(grouped):
        blocks = [block for _, block in group]
        if blocks[0].shape is Shape.ITEM:
            found.append(_list(blocks, mentions=mentions))
            continue
        block = blocks[0]
        elements = [_element(run, mentions=mentions) for run in block.runs]
        if block.shape is Shape.CODE:
            language = {"language": block.language} if block.language else {}
            elements = [{"type": "text", "text": run.text} for run in block.runs]
            kind = "rich_text_preformatted"
            found.append({"type": kind, "elements": elements, "border": int(block.quoted), **language})
            continue
        if not block.quoted and place < len(grouped) - 1 and block.runs[-1].text.endswith("\n"):
            elements.append({"type": "text", "text": "\n"})  # the one that is there ends the section for Slack
        kind = "rich_text_quote" if block.quoted else "rich_text_section"
        found.append({"type": kind, "elements": elements})
    return found


def _placed(rich: Rich) -> Iterator[tuple[tuple[int, ...], Block]]:
    """Say in which container each block stands: items share one as long as they count on."""
    number, before = 0, Block(())
    for block in rich:
        if not block.runs:
            continue
        counts_on = block.number == (before.number + 1 if before.number else 0)
        alike_ = (block.shape, block.quoted, block.depth) == (before.shape, before.quoted, before.depth)
        if not (block.shape is Shape.ITEM and alike_ and counts_on):
            number += 1
        yield (number,), block
        before = block


def _list(items: Sequence[Block], *, mentions: bool) -> Json:
    first = items[0]
    rows = [[_element(run, mentions=mentions) for run in item.runs] for item in items]
    return {
        "type": "rich_text_list",
        "style": "ordered" if first.number else "bullet",
        "indent": first.depth,
        "border": int(first.quoted),
        **({"offset": first.number - 1} if first.number > 1 else {}),
        "elements": [{"type": "rich_text_section", "elements": row} for row in rows],
    }


def _element(run: Run, *, mentions: bool) -> Json:
    style = {"style": {name: True for name, look in STYLES.items() if look in run.styles}} if run.styles else {}
    if mentions and run.mention:
        kind, _, name = run.mention.partition(":")
        kind, key = _MENTIONS[kind]
        return {"type": kind, key: name, **style}
    if SAFE.match(run.link) and len(run.link) <= LONGEST_LINK:
        said = {} if run.text == run.link else {"text": run.text}
        return {"type": "link", "url": run.link, **said, **style}
    return {"type": "text", "text": run.text, **style}


_MENTIONS = {
    "user": ("user", "user_id"),
    "channel": ("channel", "channel_id"),
    "group": ("usergroup", "usergroup_id"),
    "team": ("team", "team_id"),
}
