"""WhatsApp's few marks as they come in; `to_whatsapp.py` writes them.

https://faq.whatsapp.com/539178204879377
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from chalicelib.richtext.marks import MOST, Grammar, runs
from chalicelib.richtext.to_whatsapp import write
from chalicelib.richtext.tree import Block, Rich, Run, Shape, Style

__all__ = ["read", "write"]

SIGNS = {"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}
GRAMMAR = Grammar(SIGNS, r"```[^`]+```|`[^`\n]+`")
FENCE = re.compile(r"^```([^`]+)```$", re.MULTILINE)
LINE = re.compile(r"(?:(?P<quote>> ?)|(?P<bullet>[-*] )|(?P<number>\d{1,3})\. )(?=\S)")


def read(text: str) -> Rich:
    """Read what a customer wrote as WhatsApp shows it."""
    found, done = list[Block](), 0
    for fence in FENCE.finditer(text):
        if fence[1].strip() and len(found) < MOST:
            found += _lines(text[done : fence.start()].removesuffix("\n"))
            found.append(Block((Run(fence[1].strip("\n")),), Shape.CODE))
            done = fence.end() + (text[fence.end() : fence.end() + 1] == "\n")
    return (*found, *_lines(text[done:]))


def _lines(text: str) -> Iterator[Block]:
    """Put together what is quoted in a row, and what is neither quoted nor an item."""
    lines_of_text = text.split("\n", MOST) if text else []
    marks = [(LINE.match(line) if place < MOST else None, line) for place, line in enumerate(lines_of_text)]
    for kind, group in groupby(marks, lambda each: each[0].lastgroup if each[0] else ""):
        lines = [(found, line[found.end() :] if found else line) for found, line in group]
        if kind in ("bullet", "number"):
            for found, words in lines:
                number = int(found["number"]) if found and found["number"] else 0
                yield Block(runs(words, GRAMMAR), Shape.ITEM, number=number)
            continue
        inner = runs("\n".join(words for _, words in lines), GRAMMAR)
        if inner:
            yield Block(inner, quoted=kind == "quote")
