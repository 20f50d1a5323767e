"""Slack's text as plain text: what a customer should read instead of `<@U123>`, `&amp;` and `:wave:`.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chalicelib.model import Unit

ANGLE = re.compile(r"<([^<>]*)>")
SHOUT = re.compile(r"<!(?:here|channel|everyone)(?:\|[^<>]*)?> ?")
"""It calls up colleagues, and says nothing to a customer."""
EMOJI = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6])(?:-[2-6])?:)?")


def with_glyphs(text: str, blocks: Iterable[Mapping[str, Any]]) -> str:
    """Put characters in place of emoji names, as far as the message says which; the rest stay `:names:`."""
    glyphs = dict(_emoji(blocks))

    def glyph(match: re.Match[str]) -> str:
        name, tone = match[1], match[2] or ""
        # Where the tone is not told apart from the name, the glyph has it in it.
        return glyphs.get((name, tone)) or glyphs.get((name, "")) or match[0]

    return EMOJI.sub(glyph, text) if glyphs else text


def plain(text: str, name_of: Callable[[str], str]) -> str:
    """Turn what was typed in Slack into plain text. `name_of` gives a Slack user's name."""
    text = ANGLE.sub(lambda match: _angle(match[1], name_of), SHOUT.sub("", text))
    return unescape(text).strip()


def unescape(text: str) -> str:
    """Read Slack's three entities as what was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _angle(inner: str, name_of: Callable[[str], str]) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return f"@{label or name_of(target[1:])}"
    if target.startswith("#"):
        return f"#{label}" if label else "#channel"
    if target.startswith("!"):
        return label
    target = target.removeprefix("mailto:").removeprefix("tel:")
    return target if not label or label in (target, target.partition("://")[2]) else f"{label} ({target})"


def _emoji(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Find each emoji's glyph by name and tone: Slack gives the code points beside the name."""
    for element in blocks:
        codes = element.get("unicode")
        if element.get("type") == "emoji" and isinstance(codes, str):
            yield (str(element.get("name")), str(element.get("skin_tone") or "")), _glyph(codes)
        yield from _emoji(element.get("elements") or ())


def _glyph(codes: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-"))
    except (ValueError, OverflowError):
        return ""


def escape(text: str) -> str:
    """Make text that Slack shows as it is, wherever it reads mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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


def split(text: str, limit: int, size: Callable[[str], int], *, numbered: bool = False) -> list[str]:
    """Cut text into parts of at most `limit` by `size`: at paragraphs, lines, sentences, or words.

    Only a word or link that is longer than a whole part is cut inside, and a character made of several never.
    """
    if size(text) <= limit:
        return [text]
    if not numbered:
        return list(_parts(text, limit, size))
    for most in (99, 999, 9999):
        parts = list(_parts(text, limit - len(f" ({most}/{most})"), size))
        if len(parts) <= most:
            break
    return [f"{part} ({number}/{len(parts)})" for number, part in enumerate(parts, 1)]


def _parts(text: str, limit: int, size: Callable[[str], int]) -> Iterator[str]:
    while text:
        end = _cut(text, limit, size)
        part, text = text[:end].rstrip(), text[end:].lstrip()
        if part:
            yield part


def _cut(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Find where the first part ends."""
    most = _fitting(text, limit, size)
    if most == len(text):
        return most
    for pattern in _BREAKS:
        end = _last(pattern, text, most)
        if end > most // 3:
            return end
    return _last(_BREAKS[-1], text, most) or _inside(text, most, limit, size)


def _last(pattern: re.Pattern[str], text: str, most: int) -> int:
    """Find the last place to cut; a blank just behind the end takes no room."""
    ends = [match.end() for match in pattern.finditer(text, 0, most + 1)]
    return next((end for end in reversed(ends) if end <= most or text[most].isspace()), 0)


def _inside(text: str, most: int, limit: int, size: Callable[[str], int]) -> int:
    """Cut where there is no good place: before a link that fits a part, and between characters to the eye."""
    near = _LINK.finditer(text, 0, most + _LONGEST_LINK)
    link = next((link for link in near if link.start() < most < link.end()), None)
    if link is not None and link.start() and size(link[0]) <= limit:
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


def _fitting(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Find the longest beginning that fits, by halving."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low


_MEASURES: Mapping[Unit, Callable[[str], int]] = {
    Unit.CHARACTERS: len,
    Unit.UTF16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    Unit.BYTES: lambda text: len(text.encode("utf-8", "surrogatepass")),
}


def measure(unit: Unit) -> Callable[[str], int]:
    """Count as a channel counts."""
    return _MEASURES[unit]
