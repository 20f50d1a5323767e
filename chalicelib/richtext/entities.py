"""Telegram's entities: marks beside a text, whose places are counted in UTF-16 units.

https://core.telegram.org/bots/api#messageentity
They may nest and overlap. What lies outside the text, or means nothing to us, changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from chalicelib.richtext.tree import BARE, Block, Rich, Run, Shape, Style, Styles, alike

STYLES: Mapping[str, Style] = {
    "bold": Style.BOLD,
    "italic": Style.ITALIC,
    "underline": Style.UNDERLINE,
    "strikethrough": Style.STRIKE,
    "code": Style.CODE,
}
QUOTES = ("blockquote", "expandable_blockquote")
MOST = 1_000
"""Ten times as many as Telegram sends."""

LONGEST_LINK = 2_000

Span = tuple[int, int, Mapping[str, Any]]


def read(text: str, entities: Any) -> Rich:
    """Read a text with its marks."""
    spans = list(_spans(text, entities if isinstance(entities, list) else []))
    blocks = [span for span in spans if span[2]["type"] in ("pre", *QUOTES)]
    return tuple(_blocks(text, sorted(blocks, key=lambda span: (span[0], -span[1])), spans))


def _spans(text: str, entities: Sequence[Any]) -> Iterator[Span]:
    """Count in characters; a place inside a surrogate pair is that of the whole character."""
    known = [each for each in entities[:MOST] if isinstance(each, dict) and isinstance(each.get("type"), str)]
    if not known:
        return
    units = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    for each in known:
        offset, length = each.get("offset"), each.get("length")
        if type(offset) is not int or type(length) is not int or offset < 0 or length <= 0:
            continue
        start, end = bisect_left(units, offset), bisect_left(units, min(offset + length, units[-1]))
        if start < end:
            yield start, end, _to_itself(each, text[start:end])


def _to_itself(entity: Mapping[str, Any], words: str) -> Mapping[str, Any]:
    """Make of an address that Telegram found a link like any other; one without `https://` stays words."""
    if entity["type"] == "email":
        return {"type": "text_link", "url": f"mailto:{words}"}
    return {"type": "text_link", "url": words} if entity["type"] == "url" and "://" in words else entity


def _blocks(text: str, blocks: Sequence[Span], spans: Sequence[Span]) -> Iterator[Block]:
    """Divide a text where code or a quote begins and ends; their own lines need no line's end around them."""
    marks = _Marks(spans)
    done = 0
    for start, end, about in blocks:
        if start < done:
            continue
        before = text[done:start].removesuffix("\n")
        if before:
            yield Block(marks.runs(text, done, done + len(before)))
        kind = about["type"]
        if kind == "pre":
            language = about.get("language")
            named = language if isinstance(language, str) else ""
            yield Block((Run(text[start:end]),), Shape.CODE, language=named[:30])
        else:
            yield Block(marks.runs(text, start, end), quoted=True)
        done = end + (text[end : end + 1] == "\n")
    if done < len(text):
        yield Block(marks.runs(text, done, len(text)))


class _Marks:
    """How the text looks from each place on where that changes; asked from its beginning to its end."""

    def __init__(self, spans: Sequence[Span]) -> None:
        ends = [place for start, end, about in spans if about["type"] != "pre" for place in (start, end)]
        self._places = sorted(set(ends))
        starts: dict[int, list[Span]] = {}
        for span in spans:
            starts.setdefault(span[0], []).append(span)
        self._looks: list[tuple[Styles, str]] = []
        open_now: list[Span] = []
        for place in self._places:
            open_now = [span for span in open_now if span[1] > place] + starts.get(place, [])
            self._looks.append(_look(open_now))

    def runs(self, text: str, start: int, end: int) -> tuple[Run, ...]:
        first = bisect_left(self._places, start + 1)
        styles, link = self._looks[first - 1] if first else (BARE, "")
        found, at = [], start
        for number in range(first, len(self._places)):
            place = self._places[number]
            if place >= end:
                break
            found.append(Run(text[at:place], styles, link))
            at, (styles, link) = place, self._looks[number]
        return alike([*found, Run(text[at:end], styles, link)])


def _look(spans: Sequence[Span]) -> tuple[Styles, str]:
    kinds = {span[2]["type"]: span[2] for span in spans}
    styles = frozenset(style for kind, style in STYLES.items() if kind in kinds)
    url = kinds.get("text_link", {}).get("url")
    return styles, url[:LONGEST_LINK] if isinstance(url, str) else ""
