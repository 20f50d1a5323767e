"""WhatsApp's few marks, both ways.

https://faq.whatsapp.com/539178204879377. There is no way to write a sign that is no mark, and no links with names.
A mark counts at the edge of a word, within a line; where it would not, the words go out without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from chalicelib.richtext.marks import MOST, Grammar, is_edge, runs
from chalicelib.richtext.plain import line_by_line, opened
from chalicelib.richtext.tree import BARE, Block, Rich, Run, Shape, Style, Styles, alike

SIGNS = {"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}
GRAMMAR = Grammar(SIGNS, r"```[^`]+```|`[^`\n]+`")
FENCE = re.compile(r"^```([^`]+)```$", re.MULTILINE)
LINE = re.compile(r"(?:(?P<quote>> ?)|(?P<bullet>[-*] )|(?P<number>\d{1,3})\. )(?=\S)")
SIGN = re.compile(r"[*_~`]|^>", re.MULTILINE)
BARE_RUN = Run("")[1:]
APART = "\u2060"
"""A word joiner: nobody sees it, and what stands behind it is no edge, so a sign there is only a sign."""


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
    lines_of_text = text.split("\n") if text else []
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


def write(rich: Rich) -> str:
    """Write it in WhatsApp's marks, so that the phone shows these words and no sign less."""
    return "\n".join(_block(block) for block in rich)


def _block(block: Block) -> str:
    text = "".join([run.text for run in block.runs])
    if block.shape is Shape.TEXT and not SIGN.search(text) and all(run[1:] == BARE_RUN for run in block.runs):
        return line_by_line(block, text)  # the usual case, and the quickest
    if block.shape is Shape.CODE:
        said = f"```{text}```" if text.strip() and "`" not in text else literal(text)
    else:
        said = "\n".join(map(_line, _divided(opened(block))))
    return line_by_line(block, said, "- ")


def _divided(found: Sequence[Run]) -> list[list[Run]]:
    """Divide runs into lines: no mark goes on in the next one."""
    lines: list[list[Run]] = [[]]
    for run in found:
        first, *others = run.text.split("\n")
        lines[-1].append(run._replace(text=first))
        lines += [[Run(other, *run[1:])] if other else [] for other in others]
    return lines


def _line(found: Sequence[Run]) -> str:
    """Write a line: marks where they count, and every other sign so that it is none."""
    if not found:
        return ""
    text = "".join([run.text for run in found])
    styled = any(run.styles for run in found)
    if not text or not (styled or SIGN.search(text)):
        return text
    spans = _spans(found, text) if styled else [(0, len(text), BARE)]
    bare = "".join(["." * (end - at) if Style.CODE in styles else text[at:end] for at, end, styles in spans])
    apart: set[int] = set()
    wanted = [(sign, style) for sign, style in SIGNS.items() if any(style in span[2] for span in spans)]
    for sign in "*_~`":
        begins, ends = _edges(bare, sign)
        if begins or ends:  # beside it, a mark of ours would be misread: the words go out without
            wanted = [each for each in wanted if each[0] != sign]
        if begins and ends and begins[0] + 1 < ends[-1]:
            apart.update(begins)
    hidden = text != bare and any(sign in bare and text.count(sign) > bare.count(sign) for sign in SIGNS)
    if styled and (apart or hidden):  # what keeps a sign from being a mark would spoil a mark of ours beside it
        return literal(text)
    return _Line(text, apart).write(spans, wanted)


def literal(text: str) -> str:
    """Write a text in which no sign is a mark."""
    return "\n".join(_line([Run(line)]) for line in text.split("\n"))


Span = tuple[int, int, Styles]


def _spans(found: Sequence[Run], text: str) -> list[Span]:
    """Tell from where to where the line looks how; code that cannot be marked is words like all others."""
    spans, at = list[Span](), 0
    for run in alike([run._replace(link="", mention="") for run in found]):
        end, styles = at + len(run.text), run.styles
        fits = "`" not in text and is_edge(text[at - 1 : at] if at else "") and is_edge(text[end : end + 1])
        spans.append((at, end, styles if fits else styles - {Style.CODE}))
        at = end
    return spans


def _edges(text: str, sign: str) -> tuple[list[int], list[int]]:
    """Find where a sign could begin a marked word, and where it could end one."""
    if sign not in text:
        return [], []
    code = sign == "`"
    places = [place for place, char in enumerate(text) if char == sign]
    begins = [
        at for at in places if _may_end(text[at - 1 : at] if at else "") and (code or _is_word(text, at + 1))
    ]
    ends = [at for at in places if at and _may_end(text[at + 1 : at + 2]) and (code or _is_word(text, at - 1))]
    return begins, ends


def _may_end(char: str) -> bool:
    """Tell whether a phone may take it for the edge of a word; nobody says what it makes of the unseen."""
    return not char or unicodedata.category(char)[0] not in "LNM"


def _is_word(text: str, at: int) -> bool:
    return at < len(text) and not text[at].isspace()


class _Line:
    """A line that is being written, with the places at which a sign is kept from being a mark."""

    def __init__(self, text: str, apart: AbstractSet[int]) -> None:
        self._text, self._apart = text, apart
        self._quote_like = text.startswith(">")

    def write(self, spans: Sequence[Span], wanted: Sequence[tuple[str, Style]]) -> str:
        said = self._write(spans, wanted)
        return f"{APART}{said}" if self._quote_like and said.startswith(">") else said

    def _write(self, spans: Sequence[Span], wanted: Sequence[tuple[str, Style]]) -> str:
        if not wanted:
            return "".join([self._leaf(*span) for span in spans])
        (sign, style), *inner = wanted
        said = []
        for has, group in groupby(spans, lambda span: style in span[2] and Style.CODE not in span[2]):
            some = list(group)
            words = self._trimmed(some) if has else None
            if words is None:
                said.append(self._write(some, inner))
                continue
            start, end = words
            said += [self._plain(some[0][0], start), sign, self._write(_within(some, start, end), inner), sign]
            said.append(self._plain(end, some[-1][1]))
        return "".join(said)

    def _trimmed(self, spans: Sequence[Span]) -> tuple[int, int] | None:
        """Find the words of a span if a mark counts there."""
        start, end = spans[0][0], spans[-1][1]
        part = self._text[start:end]
        start, end = end - len(part.lstrip()), start + len(part.rstrip())
        before, after = self._text[start - 1 : start] if start else "", self._text[end : end + 1]
        fits = start < end and is_edge(before) and is_edge(after)
        return (start, end) if fits and any(char not in " *_~" for char in self._text[start:end]) else None

    def _leaf(self, start: int, end: int, styles: Styles) -> str:
        return f"`{self._text[start:end]}`" if Style.CODE in styles else self._plain(start, end)

    def _plain(self, start: int, end: int) -> str:
        if not self._apart:
            return self._text[start:end]
        return "".join(
            [f"{APART}{self._text[at]}" if at in self._apart else self._text[at] for at in range(start, end)]
        )


def _within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    clipped = [(max(at, start), min(until, end), styles) for at, until, styles in spans]
    return [span for span in clipped if span[0] < span[1]]
