"""Signs around words, as in `*this*`: which of them are marks, and which only signs. In one pass over the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from chalicelib.richtext.tree import BARE, Run, Style, Styles, alike

MOST = 500
"""Marks that are read in one text, and lines that are more than words: no person writes that many, and all work on
a text grows with them. What comes after is shown as it was typed."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which signs mark what; `code` is what lies in backticks, `whole` what no mark divides."""

    styles: Mapping[str, Style]
    code: str = r"`[^`\n]+`"
    whole: str = ""

    def tokens(self) -> re.Pattern[str]:
        signs = "".join(map(re.escape, self.styles))
        return _compiled(rf"(?P<code>{self.code})|(?P<whole>{self.whole or '(?!)'})|(?P<sign>[{signs}])|\n")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def is_edge(char: str) -> bool:
    """Tell whether a mark may stand beside it: where a word begins or ends."""
    return not char or char.isspace() or unicodedata.category(char)[0] in "PS"


def may_open(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if not after or after == text[at] or after.isspace():
        return False
    return is_edge(text[at - 1 : at] if at else "")


def may_close(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and is_edge(text[at + 1 : at + 2])


def marked(text: str, grammar: Grammar) -> dict[int, int]:
    """Find the marks of a text: where each opens and where it closes."""
    found: dict[int, int] = {}
    open_now: dict[str, int] = {}
    for token in grammar.tokens().finditer(text):
        if len(found) >= MOST:
            break
        if token["code"]:
            if is_edge(text[token.start() - 1 : token.start()] if token.start() else "") and is_edge(
                text[token.end() : token.end() + 1]
            ):
                found[token.start()] = token.end() - 1
        elif token["sign"]:
            sign, at = token["sign"], token.start()
            if sign in open_now and open_now[sign] < at - 1 and may_close(text, at):
                start = open_now[sign]
                found[start] = at
                open_now = {other: place for other, place in open_now.items() if place < start}
            elif sign not in open_now and may_open(text, at):
                open_now[sign] = at
        elif not token["whole"]:
            open_now.clear()
    return found


def runs(text: str, grammar: Grammar) -> tuple[Run, ...]:
    """Read the words between the marks, each with how it looks."""
    return alike(_runs(text, marked(text, grammar), grammar))


def _runs(text: str, found: Mapping[int, int], grammar: Grammar) -> Iterator[Run]:
    closing = {end: start for start, end in found.items()}
    styles: Styles = BARE
    done, until = 0, -1
    for place in sorted({*found, *closing}):
        if place <= until:
            continue
        sign = text[place]
        yield Run(text[done:place], styles)
        if sign == "`":
            until = found[place]
            inside = text[place : until + 1].strip("`")
            yield Run(inside, styles | {Style.CODE})
            done = until + 1
            continue
        styles = styles | {grammar.styles[sign]} if place in found else styles - {grammar.styles[sign]}
        done = place + 1
    yield Run(text[done:], styles)
