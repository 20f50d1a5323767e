"""The tree: a text is blocks, a block is runs of words that look alike. No markup, so nothing in it can be one.

Slack's own rich text is as flat as this: what is nested is a list's item by its depth, and what is quoted says so.
Runs and blocks are made by the ten thousand, which is why they are named tuples.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple


class Style(StrEnum):
    """How words can look; the letters are how it is written down."""

    BOLD = "b"
    ITALIC = "i"
    STRIKE = "s"
    UNDERLINE = "u"
    CODE = "c"


Styles = frozenset[Style]
BARE: Styles = frozenset()


class Run(NamedTuple):
    """Words that look alike and lead to one place.

    `mention` is whom or what Slack means by them (`user:U0BOB`): until somebody is asked for the name, the words
    only stand for it.
    """

    text: str
    styles: Styles = BARE
    link: str = ""
    mention: str = ""


class Shape(StrEnum):
    TEXT = "t"
    ITEM = "i"
    CODE = "c"


class Block(NamedTuple):
    """What stands on lines of its own: some text, an item of a list, or code.

    `number` is that of an ordered item, and 0 of a bullet; `depth` is how many items it hangs from.
    """

    runs: tuple[Run, ...]
    shape: Shape = Shape.TEXT
    quoted: bool = False
    depth: int = 0
    number: int = 0
    language: str = ""


Rich = tuple[Block, ...]
DEEPEST = 8
"""As deep as Slack lets lists go."""


def literal(text: str) -> Rich:
    """Make the tree of a text in which nothing means anything but itself."""
    return (Block((Run(text),)),) if text else ()


def alike(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Put runs together that look alike, and leave out empty ones; a mention stays alone."""
    found: list[tuple[Run, list[str]]] = []
    for run in runs:
        if not run.text:
            continue
        if found and run[1:] == found[-1][0][1:] and not run.mention:
            found[-1][1].append(run.text)
        else:
            found.append((run, [run.text]))
    return tuple(Run("".join(texts), *first[1:]) for first, texts in found)


def words(rich: Rich) -> str:
    """Read the bare words, a block a line: as long as the tree is, so that places in them are places in it."""
    return "\n".join("".join([run.text for run in block.runs]) for block in rich)


def is_bare(rich: Rich) -> bool:
    """Tell whether there is nothing about a text but its words."""
    return all(block[1:] == _PLAIN and all(run[1:] == _ALONE for run in block.runs) for block in rich)


_PLAIN, _ALONE = Block(())[1:], Run("")[1:]


def changed(rich: Rich, change: Callable[[Run], Iterable[Run]]) -> Rich:
    """Put other runs in the place of each, and leave out blocks of which nothing is left."""
    found = (block._replace(runs=alike(each for run in block.runs for each in change(run))) for block in rich)
    return tuple(block for block in found if block.runs)


def stripped(rich: Rich) -> Rich:
    """Leave out what is blank before and after everything."""
    blocks = [block for block in rich if block.runs]
    while blocks and not (front := _lstripped(blocks[0].runs)):
        blocks.pop(0)
    if not blocks:
        return ()
    blocks[0] = blocks[0]._replace(runs=front)
    while not (back := _rstripped(blocks[-1].runs)):
        blocks.pop()
    blocks[-1] = blocks[-1]._replace(runs=back)
    return tuple(blocks)


def _lstripped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    for at, run in enumerate(runs):
        left = run.text.lstrip()
        if left:
            return (run._replace(text=left), *runs[at + 1 :])
    return ()


def _rstripped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    for at in range(len(runs) - 1, -1, -1):
        left = runs[at].text.rstrip()
        if left:
            return (*runs[:at], runs[at]._replace(text=left))
    return ()


class Ruler:
    """Finds what lies between two places in a tree's words, without looking at all the rest."""

    def __init__(self, rich: Rich) -> None:
        self.words = words(rich)
        self._pieces: list[tuple[Block, Run, bool]] = []
        self._starts: list[int] = []
        at = 0
        for block in rich:
            for number, run in enumerate(block.runs):
                self._pieces.append((block, run, number == 0))
                self._starts.append(at)
                at += len(run.text)
            at += 1  # the line's end

    def between(self, start: int, end: int) -> Rich:
        """Take a part. What goes on after a cut keeps how it looks; only an item is an item once."""
        found: list[tuple[Block, list[Run]]] = []
        first = max(bisect_right(self._starts, start) - 1, 0)
        for number in range(first, bisect_left(self._starts, end)):
            (block, run, begins), at = self._pieces[number], self._starts[number]
            if begins or not found:
                goes_on = block.shape is Shape.ITEM and not (begins and at >= start)
                found.append((block._replace(shape=Shape.TEXT, depth=0, number=0) if goes_on else block, []))
            text = run.text[max(start - at, 0) : end - at]
            if text:
                found[-1][1].append(run._replace(text=text))
        return tuple([block._replace(runs=tuple(runs)) for block, runs in found if runs])
