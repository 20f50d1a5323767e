"""What goes out: a tree in the markup of its channel, in as many parts as that takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from chalicelib.model import Capabilities, Markup, Unit
from chalicelib.richtext import html, plain, whatsapp
from chalicelib.richtext.cutting import cut
from chalicelib.richtext.measure import measure
from chalicelib.richtext.tree import Rich, Ruler, changed, is_bare, words

WRITERS: Mapping[Markup, Callable[[Rich], str]] = {
    Markup.PLAIN: plain.write,
    Markup.WHATSAPP: whatsapp.write,
    Markup.HTML: html.telegram,
}
IN_A_UNIT = {Unit.SEGMENTS: 160}
"""Characters that one of a unit may hold; of the others one."""
TRIES = 12
_PAUSE = re.compile(r"[\s.!?…。！？]")  # noqa: RUF001 - Chinese and Japanese


def parts(rich: Rich, can: Capabilities) -> tuple[list[str], Markup]:
    """Write what a medium is to be given: each part is one message of it, and all are in one markup."""
    rich = as_sent(rich, can.markup)
    markup = Markup.PLAIN if can.markup is Markup.HTML and is_bare(rich) else can.markup
    if len(words(rich)) <= can.text_limit * IN_A_UNIT.get(can.text_unit, 1):
        whole = WRITERS[markup](rich)
        if _room(whole, can, markup) <= 1:
            return ([whole] if whole else []), markup
    if not can.numbered:
        return list(_Divided(rich, can, markup, "")), markup
    for most in (99, 999):
        found = list(islice(_Divided(rich, can, markup, f" ({most}/{most})"), most + 1))
        if len(found) <= most:
            break
    else:
        found = list(_Divided(rich, can, markup, " (9999/9999)"))
    return [f"{part} ({number}/{len(found)})" for number, part in enumerate(found, 1)], markup


def as_sent(rich: Rich, markup: Markup) -> Rich:
    """Let links say where they lead where names for them are unknown; phones find addresses by themselves."""
    if not any(run.link for block in rich for run in block.runs):
        return rich
    if markup is not Markup.HTML:
        rich = tuple(block._replace(runs=plain.opened(block)) for block in rich)
    return changed(
        rich, lambda run: [run._replace(link="")] if plain.says(run) or markup is not Markup.HTML else [run]
    )


def _room(said: str, can: Capabilities, markup: Markup, behind: str = "") -> float:
    """Tell how much of a message's room a text takes: more than 1 is too much, be it of words or of marks."""
    size = measure(can.text_unit)(readable(said, markup) + behind) / can.text_limit
    marks = html.marks(said) / can.marks_limit if can.marks_limit and markup is Markup.HTML else 0
    return max(size, marks)


def readable(text: str, markup: Markup) -> str:
    """Read what was sent as what the customer sees of it, or nearly."""
    return html.words(text) if markup is Markup.HTML else text


class _Divided:
    """The parts of a text that is too long for one, each with room for what is to stand behind it."""

    def __init__(self, rich: Rich, can: Capabilities, markup: Markup, behind: str) -> None:
        self._ruler, self._markup, self._behind = Ruler(rich), markup, behind
        self._can, self._limit, self._size = can, can.text_limit, measure(can.text_unit)
        self._longest = can.text_limit * IN_A_UNIT.get(can.text_unit, 1)
        # A link's name is not divided if that can be helped: to the eye of the knife it is one word.
        self._text = "\n".join(
            "".join([_PAUSE.sub("_", run.text) if run.link else run.text for run in block.runs]) for block in rich
        )

    def __iter__(self) -> Iterator[str]:
        at = 0
        while (at := self._after_blank(at)) < len(self._text):
            end, said = self._part(at)
            if said:
                yield said
            at = end

    def _after_blank(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at

    def _fits_bare(self, text: str) -> bool:
        return self._size(text + self._behind) <= self._limit

    def _part(self, at: int) -> tuple[int, str]:
        """Take as much as fits: first as many words, and if their looks take more room, fewer of them."""
        longest = self._longest
        for _ in range(TRIES):
            end = cut(self._text, at, longest, self._fits_bare)
            said = self._write(at, end)
            room = _room(said, self._can, self._markup, self._behind)
            if room <= 1:
                return end, said
            longest = max(int((end - at) * min(1 / room, 0.9)), 1)
        end = cut(self._text, at, self._longest, self._fits_bare)
        bare = self._ruler.words[at:end].rstrip()
        return end, html.escaped(bare) if self._markup is Markup.HTML else bare

    def _write(self, at: int, end: int) -> str:
        end = at + len(self._text[at:end].rstrip())
        return WRITERS[self._markup](self._ruler.between(at, end))
