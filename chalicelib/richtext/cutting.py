"""Long texts in parts: where to cut so that nothing a reader takes for one is divided."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LINK = re.compile(r"https?://\S+")
_LONGEST_LINK = 2_000
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…]['\")\]]?\s|[。！？]"),  # noqa: RUF001 - Chinese and Japanese
    re.compile(r"\s"),
)
_ZWJ = "\u200d"
_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
"""What follows a black flag and makes it England's."""
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


Fits = Callable[[str], bool]


def cut(text: str, start: int, longest: int, fits: Fits) -> int:
    """Find where the part that begins at `start` ends: at a paragraph, line, sentence, or word.

    It has `longest` characters at most. Only a word or link that is longer than a whole part is cut inside, and a
    character made of several never.
    """
    near = text[start : start + longest + _LONGEST_LINK + 1]
    most = _fitting(near, longest, fits)
    if most == len(near):
        return start + most
    for pattern in _BREAKS:
        end = _last(pattern, near, most)
        if end > most // 3:
            return start + end
    return start + (_last(_BREAKS[-1], near, most) or _inside(near, most, fits))


def _last(pattern: re.Pattern[str], text: str, most: int) -> int:
    """Find the last place to cut; a blank just behind the end takes no room."""
    ends = [match.end() for match in pattern.finditer(text, 0, most + 1)]
    return next((end for end in reversed(ends) if end <= most or text[most].isspace()), 0)


def _inside(text: str, most: int, fits: Fits) -> int:
    """Cut where there is no good place: before a link that fits a part, and between characters to the eye."""
    near = _LINK.finditer(text, 0, most + _LONGEST_LINK)
    link = next((link for link in near if link.start() < most < link.end()), None)
    if link is not None and link.start() and fits(link[0]):
        return link.start()
    end = most
    while end and _joined(text, end):
        end -= 1
    return end or most


def _joined(text: str, at: int) -> bool:
    """Tell whether what stands before and after a place is one character to the eye."""
    after = ord(text[at])
    if text[at - 1] == _ZWJ or text[at] == _ZWJ or after in _TONES or after in _TAGS:
        return True
    if after in _FLAG_LETTERS:
        letters = 0
        while letters < at and ord(text[at - 1 - letters]) in _FLAG_LETTERS:
            letters += 1
        return letters % 2 == 1
    return unicodedata.category(text[at]) in ("Mn", "Mc", "Me")


def _fitting(text: str, longest: int, fits: Fits) -> int:
    """Find the longest beginning that fits, by halving; it is never nothing."""
    low, high = 1, min(len(text), longest)
    if fits(text[:high]):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low
