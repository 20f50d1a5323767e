"""Slack's rich text as it comes in; `to_slack.py` writes it.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.reading import text as clean
from chalicelib.richtext.emoji import glyph, glyph_of
from chalicelib.richtext.to_slack import STYLES, Json, write
from chalicelib.richtext.tree import BARE, DEEPEST, Block, Rich, Run, Shape, Styles, alike

__all__ = ["read", "write"]

NESTED = 6
"""As deep as what we do not know is searched for words."""
WORDS = ("text", "title", "name", "label", "fallback", "alt_text", "value", "number", "url")
"""Where an element of a kind we do not know may say what it is, the best first."""
TABLES = ("table", "data_table")
BETWEEN_CELLS = " | "


def read(blocks: Any) -> Rich:
    """Read the blocks of a message. Whatever has a form that we do not know is read as its words."""
    found: list[Block] = []
    for block in _rows(blocks):
        containers = _rows(block.get("elements")) if block.get("type") == "rich_text" else [block]
        for place, container in enumerate(containers):
            inner = list(_container(container))
            if place < len(containers) - 1 and container.get("type") == "rich_text_section":
                inner = [_without_line_end(each) for each in inner]
            found += inner
    return tuple(found)


def _without_line_end(block: Block) -> Block:
    """Leave off the line's end with which Slack ends a section that something else follows."""
    *before, last = block.runs
    return block._replace(runs=alike([*before, last._replace(text=last.text.removesuffix("\n"))]))


def _container(container: Json) -> Iterator[Block]:
    kind, elements = container.get("type"), container.get("elements")
    if kind in TABLES:
        yield from _table(container)
        return
    quoted = kind == "rich_text_quote" or bool(container.get("border"))
    if kind == "rich_text_list":
        yield from _items(container, quoted=quoted)
        return
    if kind == "rich_text_preformatted":
        said = Run("".join([run.text for run in _runs(elements)]))
        if said.text:
            yield Block((said,), Shape.CODE, quoted, language=_word(container, "language"))
        return
    runs = _runs(elements) if kind in ("rich_text_section", "rich_text_quote") else alike(_any_words(container))
    if runs:
        yield Block(runs, quoted=quoted and kind == "rich_text_quote")


def _table(table: Json) -> Iterator[Block]:
    """Read a table as lines: nobody outside has columns that would keep their width."""
    caption, rows = _word(table, "caption"), table.get("rows")
    lines = [_cells(row) for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    runs = [run for line in ([[Run(caption)]] if caption else []) + lines for run in (*line, Run("\n"))][:-1]
    found = alike(runs)
    if found:
        yield Block(found)


def _cells(row: list[Any]) -> list[Run]:
    found: list[Run] = []
    for place, cell in enumerate(_rows(row)):
        read_ = [run for block in read([cell]) for run in block.runs] if cell.get("type") == "rich_text" else []
        inside = read_ or list(_any_words(cell))
        found += [Run(BETWEEN_CELLS)] if place else []
        found += [run._replace(text=" ".join(run.text.split("\n"))) for run in inside]
    return found


def _items(container: Json, *, quoted: bool) -> Iterator[Block]:
    depth = min(_number(container, "indent"), DEEPEST)
    first = _number(container, "offset") + 1 if container.get("style") == "ordered" else 0
    for place, element in enumerate(_rows(container.get("elements"))):
        known = element.get("type") == "rich_text_section"
        runs = _runs(element.get("elements")) if known else alike(_any_words(element))
        if runs:
            yield Block(runs, Shape.ITEM, quoted, depth, first + place if first else 0)


def _number(container: Json, name: str) -> int:
    value = container.get(name)
    return min(max(value, 0), 10**6) if type(value) is int else 0


def _runs(elements: Any) -> tuple[Run, ...]:
    found: list[Run] = []
    called = False
    for element in _rows(elements):
        if element.get("type") == "broadcast":
            called = True
            continue
        run = _run(element)
        if called and run.text:  # the blank that set the call apart goes with it
            run, called = run._replace(text=run.text.removeprefix(" ")), False
        found.append(run)
    return alike(found)


def _run(element: Json) -> Run:
    read = INLINE.get(_word(element, "type"), _unknown)
    return read(element, _styles(element.get("style")))


def _styles(style: Any) -> Styles:
    if not isinstance(style, dict):
        return BARE
    return frozenset(look for name, look in STYLES.items() if style.get(name) is True)


def _text(element: Json, styles: Styles) -> Run:
    return Run(_word(element, "text"), styles)


def _link(element: Json, styles: Styles) -> Run:
    url = _word(element, "url")
    return Run(_word(element, "text") or url.removeprefix("mailto:").removeprefix("tel:"), styles, url)


def _emoji(element: Json, styles: Styles) -> Run:
    name, codes = _word(element, "name"), _word(element, "unicode")
    tone = element.get("skin_tone")
    return Run(glyph(codes) or glyph_of(name, str(tone or "")) or f":{name}:", styles)


def _date(element: Json, styles: Styles) -> Run:
    from chalicelib.richtext.mrkdwn import date  # noqa: PLC0415 - each reads a piece of the other's

    said = _word(element, "fallback") or date(element.get("timestamp"))
    return Run(said, styles, _word(element, "url"))


def _mention(kind: str, name: str, stands_for: str) -> Callable[[Json, Styles], Run]:
    def read(element: Json, styles: Styles) -> Run:
        said = _word(element, name)
        return Run(stands_for, styles, mention=f"{kind}:{said}" if said else "")

    return read


def _unknown(element: Json, styles: Styles) -> Run:
    said = _says(element)
    return Run(said or "".join(run.text for run in _any_words(element)), styles, _word(element, "url"))


INLINE: Mapping[str, Callable[[Json, Styles], Run]] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "user": _mention("user", "user_id", "@somebody"),
    "channel": _mention("channel", "channel_id", "#channel"),
    "usergroup": _mention("group", "usergroup_id", "@group"),
    "team": _mention("team", "team_id", "@team"),
    "date": _date,
    "color": lambda element, styles: Run(_word(element, "value"), styles),
}


def _any_words(thing: Json, depth: int = 0) -> Iterator[Run]:
    """Find whatever words there are in something of a kind we do not know."""
    kind = _word(thing, "type")
    if kind in INLINE:
        yield _run(thing)
        return
    said = _says(thing)
    if said:
        yield Run(said)
    for place, each in enumerate(_inside(thing) if depth < NESTED else ()):
        yield from ([Run(" ")] if (said or place) and "elements" not in thing else [])
        yield from _any_words(each, depth + 1)


def _inside(thing: Json) -> list[Json]:
    found: list[Json] = []
    for value in thing.values():
        rows = value if isinstance(value, list) else [value]
        found += _rows([each for row in rows for each in (row if isinstance(row, list) else [row])])
    return found


def _rows(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _says(thing: Json) -> str:
    return next(filter(None, (_number_or_word(thing, name) for name in WORDS)), "")


def _number_or_word(thing: Json, name: str) -> str:
    value = thing.get(name)
    return str(value) if type(value) in (int, float) else _word(thing, name)


def _word(element: Json, name: str) -> str:
    value = element.get(name)
    return clean(value) if isinstance(value, str) else ""
