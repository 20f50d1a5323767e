"""Plain text, both ways: addresses in it are links, and what had looks is said without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from chalicelib.richtext.tree import BARE, Block, Rich, Run, Shape, Style, alike, changed

URL = re.compile(r"(?<![A-Za-z0-9])https?://[\w\[][^\s<>|\"]{0,2000}")
NOT_ITS_END = ".,;:!?'\"*_~`)]}»”’"  # noqa: RUF001 - quotation marks as people set them
"""Signs after an address that belong to the sentence around it."""
PAGE = re.compile(r"https?://[\w\[]", re.IGNORECASE)
SAFE = re.compile(r"https?://[\w\[]|mailto:[^\s]|tel:[+\d]", re.IGNORECASE)
"""What may be a link in what we write: it leads somewhere, and whatever else it may do is not for a tap."""
INDENT = "    "


def write(rich: Rich) -> str:
    """Say it without looks; only what is struck out shows that, since without it the words say the opposite."""
    return "\n".join(line_by_line(block, "".join(_words(opened(block)))) for block in rich)


def line_by_line(block: Block, said: str, bullet: str = "• ") -> str:
    """Put before a block's lines what says that they are an item or quoted."""
    if block.shape is Shape.ITEM:
        said = f"{INDENT * block.depth}{counted(block) or bullet}{said}"
    return "> " + said.replace("\n", "\n> ") if block.quoted else said


def _words(runs: Sequence[Run]) -> Iterator[str]:
    for struck, group in groupby(runs, lambda run: Style.STRIKE in run.styles):
        text = "".join([run.text for run in group])
        yield f"~{text}~" if struck and text.strip() else text


def opened(block: Block) -> tuple[Run, ...]:
    """Let every link of a block say where it leads: a name alone may lie, and cannot be typed."""
    if not any(run.link for run in block.runs):
        return block.runs
    found: list[Run] = []
    for link, group in groupby(block.runs, lambda run: run.link):
        runs = list(group)
        found += _told(link, runs) if link else runs
    return alike(found)


def target(link: str) -> str:
    """Say where a link leads as people write it."""
    return link.removeprefix("mailto:").removeprefix("tel:")


def says(run: Run) -> bool:
    """Tell whether a link's words are where it leads."""
    return bool(run.link) and run.text == target(run.link)


def _told(link: str, runs: list[Run]) -> list[Run]:
    leads = target(link)
    label = "".join([run.text for run in runs])
    if label in (link, leads, leads.partition("://")[2], leads.removesuffix("/")):
        return [Run(leads, runs[0].styles, link)]
    named = [run._replace(link="") for run in runs]
    return [*named, Run(" ("), Run(leads, BARE, link), Run(")")]


def linked(rich: Rich) -> Rich:
    """Make links of the addresses in what is not a link yet."""
    return changed(rich, lambda run: [run] if run.link or run.mention or Style.CODE in run.styles else _urls(run))


def _urls(run: Run) -> Iterator[Run]:
    done, text = 0, run.text
    if "://" in text:
        for found in URL.finditer(text):
            url = whole(found[0])
            yield run._replace(text=text[done : found.start()])
            yield run._replace(text=url, link=url)
            done = found.start() + len(url)
    yield run._replace(text=text[done:])


def whole(url: str) -> str:
    """Leave off what ends the sentence around an address, and a bracket that was not opened in it."""
    over, end = url.count(")") - url.count("("), len(url)
    while url[end - 1] in NOT_ITS_END and not (url[end - 1] == ")" and over <= 0):
        over -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def counted(block: Block) -> str:
    """Count an ordered item as Slack does: by numbers, below them by letters, below those in Roman numerals."""
    return f"{_COUNTED[block.depth % 3](block.number)}. " if block.number else ""


def _letters(number: int) -> str:
    more, place = divmod(number - 1, 26)
    return (_letters(more) if more else "") + chr(ord("a") + place)


def _roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        said += letters * times
    return said


_COUNTED: Sequence[Callable[[int], str]] = (str, _letters, _roman)
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
