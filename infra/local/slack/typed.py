"""What a person types, as Slack's clients send it: escaped text and the rich_text that means the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.slack.inline import Inline, Names, escape, read

Json = dict[str, Any]
Part = tuple[Json, str]
"""A container of rich_text, and the same as mrkdwn."""

DEEPER, DEEPEST = 2, 8
"""Spaces that make an item hang from the one above, and how far Slack lets lists be indented."""

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r">(?!:-?\() ?(?P<rest>.*)")
_QUOTE_ALL = ">>>"
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*•◦▪]\ufe0e?|(?P<number>\d{1,3})\.)[ \t]+(?P<rest>\S.*)")
_BULLETS = "•◦▪"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    quoted: bool = False
    item: re.Match[str] | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list; `number` is 0 for a bullet."""

    level: int
    number: int
    words: str


def as_sent(typed: str, names: Names, block_id: str) -> Json:
    """Give the `text` and `blocks` of a message with these words."""
    parts = list(_parts(typed, names))
    text = "\n".join(text for _, text in parts)
    elements = [container for container, _ in parts]
    blocks = [{"type": "rich_text", "block_id": block_id, "elements": elements}] if elements else []
    return {"text": text, "blocks": blocks} if blocks else {"text": text}


def _parts(typed: str, names: Names) -> Iterator[Part]:
    done = 0
    for fence in _FENCE.finditer(typed):
        if not fence[1].strip():
            continue
        yield from _paragraphs(typed[done : fence.start()].strip("\n"), names)
        inner = [{"type": "text", "text": fence[1]}]
        yield {"type": "rich_text_preformatted", "elements": inner, "border": 0}, f"```{escape(fence[1])}```"
        done = fence.end()
    rest = typed[done:]
    yield from _paragraphs(rest.strip("\n") if done else rest.rstrip("\n"), names)


def _paragraphs(typed: str, names: Names) -> Iterator[Part]:
    if not typed.strip():
        return
    for (quoted, listed), group in itertools.groupby(_lines(typed), lambda line: (line.quoted, bool(line.item))):
        lines = list(group)
        if listed:
            yield from _lists(lines, names, quoted=quoted)
            continue
        words = "\n".join(line.words for line in lines)
        if quoted and words.strip():
            found = read(words, names)
            yield {"type": "rich_text_quote", "elements": found.elements}, _as_quoted(found.text)
        else:
            yield _section("\n".join([">"] * len(lines)) if quoted else words, names)


def _lines(typed: str) -> Iterator[_Line]:
    quote_all = False
    for line in typed.split("\n"):
        if line.startswith(_QUOTE_ALL):
            quote_all = True
        quote = _QUOTE.fullmatch(line.removeprefix(">>") if quote_all else line)
        words = quote["rest"] if quote else line
        yield _Line(words, bool(quote) or quote_all, _ITEM.fullmatch(words))


def _section(words: str, names: Names) -> Part:
    found = read(words, names) if words.strip() else Inline([{"type": "text", "text": words or "\n"}], words)
    return {"type": "rich_text_section", "elements": found.elements}, found.text


def _as_quoted(text: str) -> str:
    return "\n".join(f"&gt; {line}" for line in text.split("\n"))


def _lists(lines: Sequence[_Line], names: Names, *, quoted: bool) -> Iterator[Part]:
    """Give a list per depth and kind; deeper ones follow those that they hang from, as siblings."""
    items = _items([line.item for line in lines if line.item])
    for (level, ordered), group in itertools.groupby(items, lambda item: (item.level, item.number > 0)):
        members = list(group)
        sections = [_section(item.words, names) for item in members]
        container: Json = {
            "type": "rich_text_list",
            "style": "ordered" if ordered else "bullet",
            "indent": level,
            "border": int(quoted),
            "elements": [section for section, _ in sections],
        }
        if members[0].number > 1:
            container["offset"] = members[0].number - 1
        marks = [_mark(item, number) for number, item in enumerate(members, members[0].number)]
        text = "\n".join(f"{mark} {words}" for mark, (_, words) in zip(marks, sections, strict=True))
        yield container, _as_quoted(text) if quoted else text


def _items(found: Sequence[re.Match[str]]) -> Iterator[_Item]:
    """Tell how deep each item stands, and its number: Slack counts on, whatever is typed."""
    widths: list[int] = []
    last: list[int] = []
    for item in found:
        width = len(item["indent"].expandtabs(4))
        while len(widths) > 1 and width < widths[-1]:
            widths.pop()
        if not widths or (width >= widths[-1] + DEEPER and len(widths) <= DEEPEST):
            widths.append(width)
        level = len(widths) - 1
        del last[level + 1 :]
        before = last[level] if level < len(last) else 0
        number = (before + 1 if before else max(1, int(item["number"]))) if item["number"] else 0
        last[level:] = [number]
        yield _Item(level, number, item["rest"])


def _mark(item: _Item, number: int) -> str:
    indent = "    " * item.level
    if not item.number:
        return indent + _BULLETS[item.level % 3]
    words = (str(number), _letters(number), _roman(number))
    return f"{indent}{words[item.level % 3]}."


def _letters(number: int) -> str:
    more, place = divmod(number - 1, len(_LETTERS))
    return (_letters(more) if more else "") + _LETTERS[place]


def _roman(number: int) -> str:
    for value, letters in _ROMAN:
        if number >= value:
            return letters + _roman(number - value)
    return ""
