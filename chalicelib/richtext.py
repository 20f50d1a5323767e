"""Slack's text as plain text: what a customer should read instead of `<@U123>`, `&amp;` and `:wave:`.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

ANGLE = re.compile(r"<([^<>]*)>")
EMOJI = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?")
SHOUTS = ("!here", "!channel", "!everyone")


def with_glyphs(text: str, blocks: Iterable[Mapping[str, Any]]) -> str:
    """Put characters in place of emoji names, as far as the message says which; the rest stay `:names:`."""
    glyphs = dict(_emoji(blocks))
    return EMOJI.sub(lambda match: glyphs.get(match[1]) or match[0], text) if glyphs else text


def plain(text: str, name_of: Callable[[str], str]) -> str:
    """Turn what was typed in Slack into plain text. `name_of` gives a Slack user's name."""
    text = ANGLE.sub(lambda match: _angle(match[1], name_of), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _angle(inner: str, name_of: Callable[[str], str]) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return f"@{label or name_of(target[1:])}"
    if target.startswith("#"):
        return f"#{label}" if label else "#channel"
    if target.startswith("!"):
        return "" if target in SHOUTS else label
    target = target.removeprefix("mailto:").removeprefix("tel:")
    return target if not label or label in (target, target.partition("://")[2]) else f"{label} ({target})"


def _emoji(blocks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Find each emoji's glyph: Slack gives the code points beside the name."""
    for element in blocks:
        if not hasattr(element, "get"):
            continue
        codes = element.get("unicode")
        if element.get("type") == "emoji" and isinstance(codes, str):
            yield str(element.get("name")), _glyph(codes)
        yield from _emoji(element.get("elements") or ())


def _glyph(codes: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-"))
    except (ValueError, OverflowError):
        return ""


def escape(text: str) -> str:
    """Make text that Slack shows as it is, wherever it reads mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# A link, an emoji with its joiners and skin tones, or a flag: not to be cut if it can be helped.
_WHOLE = re.compile(
    r"https?://\S+"
    r"|[\U0001F1E6-\U0001F1FF]{2}"
    r"|(?:[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001F000-\U0001FAFF][\ufe0f\u20e3\U0001F3FB-\U0001F3FF]*"
    r"(?:\u200d[\u2190-\u2bff\U0001F000-\U0001FAFF][\ufe0f\U0001F3FB-\U0001F3FF]*)*)"
)
_JOINERS = "\u200d\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_LONGEST_LINK = 2_000
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[.!?…]['\")\]]?\s"), re.compile(r"\s"))


def split(text: str, limit: int, size: Callable[[str], int], *, numbered: bool = False) -> list[str]:
    """Cut text into parts of at most `limit` by `size`: at paragraphs, lines, sentences, or words.

    Only a word, link or emoji that is longer than a whole part is cut inside.
    """
    if size(text) <= limit:
        return [text]
    room = limit - (len(" (99/99)") if numbered else 0)
    parts = []
    while text:
        end = _cut(text, room, size)
        part, text = text[:end].rstrip(), text[end:].lstrip()
        if part:
            parts.append(part)
    if not numbered:
        return parts
    return [f"{part} ({number}/{len(parts)})" for number, part in enumerate(parts, 1)]


def _cut(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Find where the first part ends."""
    most = _fitting(text, limit, size)
    if most == len(text):
        return most
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, most + 1) if match.end() <= most + 1]
        if ends and ends[-1] > most // 3:
            return ends[-1]
    spaces = [match.end() for match in _BREAKS[-1].finditer(text, 0, most + 1)]
    if spaces:
        return spaces[-1]
    near = _WHOLE.finditer(text, 0, most + _LONGEST_LINK)
    end = next((whole.start() for whole in near if whole.start() < most < whole.end()), most)
    while end > 1 and _belongs_before(text[end]):
        end -= 1
    return end if end > 1 else most


def _belongs_before(character: str) -> bool:
    """Tell an accent, a joiner or a skin tone, which are nothing without what stands before them."""
    return character in _JOINERS or bool(unicodedata.combining(character))


def _fitting(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Find the longest beginning that fits, by halving."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low


def measure(unit: str) -> Callable[[str], int]:
    """Count as a channel counts."""
    return {
        "utf-16 units": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
        "bytes": lambda text: len(text.encode("utf-8", "replace")),
    }.get(unit, len)
