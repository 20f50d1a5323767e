"""How a tree lies in the table: JSON with as little around the words as can be, beside the same as plain text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalicelib.richtext.tree import BARE, DEEPEST, Block, Rich, Run, Shape, Style, literal

AT_MOST = 130_000
"""Bytes of a text and its tree together: a row holds both, and the index of what is undone holds the row again."""
_STYLES, _SHAPES = {str(style): style for style in Style}, {str(shape): shape for shape in Shape}


def kept(rich: Rich, text: str, read: Callable[[str], Rich] = literal) -> str:
    """Write down a tree that lies beside a text; nothing where to `read` that text says the same.

    Where both together are too long it is left out as well: words are worth more than their looks.
    """
    if read(text) == rich:
        return ""
    spelled = json.dumps([_block(block) for block in rich], ensure_ascii=False, separators=(",", ":"))
    return spelled if len(text.encode()) + len(spelled.encode()) <= AT_MOST else ""


def found(spelled: str) -> Rich:
    """Read what was written down. What a newer version meant by it is read as its words."""
    return tuple(_read_block(*block) for block in json.loads(spelled)) if spelled else ()


def _block(block: Block) -> list[Any]:
    more = {
        "q": int(block.quoted),
        "d": block.depth,
        "n": block.number,
        "l": block.language,
    }
    told = {name: value for name, value in more.items() if value}
    spelled: list[Any] = [str(block.shape), [_run(run) for run in block.runs]]
    return [*spelled, told] if told else spelled


def _run(run: Run) -> Any:
    parts = [run.text, "".join(sorted(run.styles)), run.link, run.mention]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts if len(parts) > 1 else run.text


def _read_block(shape: str, runs: list[Any], more: Any = None, *_: Any) -> Block:
    about = more or {}
    return Block(
        tuple(_read_run(*([run] if isinstance(run, str) else run)) for run in runs),
        _SHAPES.get(shape, Shape.TEXT),
        bool(about.get("q")),
        min(about.get("d", 0), DEEPEST),
        about.get("n", 0),
        about.get("l", ""),
    )


def _read_run(text: str, styles: str = "", link: str = "", mention: str = "", *_: Any) -> Run:
    look = frozenset(_STYLES[letter] for letter in styles if letter in _STYLES) if styles else BARE
    return Run(text, look, link, mention)
