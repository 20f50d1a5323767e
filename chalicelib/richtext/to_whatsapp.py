"""A tree in WhatsApp's marks, so that a phone shows these words and no sign less; `whatsapp.py` reads them.

There is no way to write a sign that is no mark, and no links with names. A mark counts at the edge of a word, and
within a line; nobody says what else is one to a phone. So a line is written with its marks and looked over: where
a sign of the words could be taken for a mark, or for the end of one of ours, the words go out without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from chalicelib.richtext.plain import URL, line_by_line, opened, whole
from chalicelib.richtext.tree import BARE, Block, Rich, Run, Shape, Style, alike

MARKS = {Style.BOLD: "*", Style.ITALIC: "_", Style.STRIKE: "~"}
"""From the outside to the inside."""
SIGNS = (*MARKS.values(), "`")
_ODD = re.compile(r"[*_~`]|^>", re.MULTILINE)
APART = "\u2060"
"""A word joiner: nobody sees it, and what stands behind it is no edge, so a sign there is only a sign."""
FENCE = "```"
BLANK = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
UNSEEN = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_BLANK_QUOTED, _NOTHING_QUOTED = (
    re.compile(rf"^> (?:(?!\n)[{BLANK}\ufeff])+", re.MULTILINE),
    re.compile(r"^> $", re.MULTILINE),
)
"""Before what is blank a phone shows the sign itself."""
_WORDS = re.compile(rf"[^{BLANK}{UNSEEN}](?s:.*)[^{BLANK}{UNSEEN}]|[^{BLANK}{UNSEEN}]")
"""What can stand in marks: it begins and ends with something to see."""
_NO_WORD, _WORD = r"(?<![^\W_])", r"(?![^\W_])"
_SHOWN = {sign: "." if sign == "`" else "[^ ]" for sign in SIGNS}
"""What stands inside a mark, beside it: code may begin with a blank."""
_OPENS = {sign: re.compile(rf"{_NO_WORD}{re.escape(sign)}(?={beside})") for sign, beside in _SHOWN.items()}
_CLOSES = {sign: re.compile(rf"(?<={beside}){re.escape(sign)}{_WORD}") for sign, beside in _SHOWN.items()}
_CLOSES_LAST = {sign: re.compile(f"(?s:.*){closes.pattern}") for sign, closes in _CLOSES.items()}
_A_SIGN = re.compile(r"[*_~`]")
_ONLY_SIGNS = re.compile(r"[\s\ufeff*_~]*")
_BARE_RUN = Run("")[1:]

Span = tuple[int, int, frozenset[Style]]
"""From where to where the words of a line look how."""
Piece = tuple[str, bool]
"""What is written, and whether it is words: not a mark, nor code, in which no sign begins anything."""


def write(rich: Rich) -> str:
    """Write it as a phone is to show it."""
    return "\n".join(_block(block) for block in rich)


def _block(block: Block) -> str:
    runs = block.runs if block.shape is Shape.CODE else opened(block)
    text = "".join([run.text for run in runs])
    if block.shape is Shape.CODE and text.strip() and "`" not in text:
        # A fence holds no quote's signs: there each line has its own.
        said = "\n".join(map(_fenced, text.split("\n"))) if block.quoted else _fenced(text)
    elif block.shape is Shape.CODE or not any(run.styles for run in runs):
        said = literal(text)
    else:
        said = "\n".join(_lines(runs))
    said = line_by_line(block, said, "- ")
    return _NOTHING_QUOTED.sub("", _BLANK_QUOTED.sub("> ", said)) if block.quoted else said


def _fenced(text: str) -> str:
    return f"{FENCE}{text}{FENCE}" if text.strip() else text


def literal(text: str) -> str:
    """Write a text in which no sign is a mark."""
    if not _ODD.search(text):
        return text
    return "\n".join([_bare(line) if _ODD.search(line) else line for line in text.split("\n")])


def _bare(line: str) -> str:
    signs = [sign for sign in SIGNS if sign in line and (_is_fence(sign, line) or _is_pair(sign, line, line))]
    said = _apart(line, signs) if signs else line
    return f"{APART}{said}" if said.startswith(">") else said


def _is_fence(sign: str, line: str) -> bool:
    """Tell whether a sign is part of what may be a fence: its end may be lines away."""
    return sign == "`" and FENCE in line


def _is_pair(sign: str, words: str, line: str) -> bool:
    """Tell whether a sign in the words of a line may be read as a mark that ends anywhere in it."""
    begins, ends = _OPENS[sign].search(words), _CLOSES_LAST[sign].match(line)
    return begins is not None and ends is not None and begins.end() < ends.end() - 1


def _apart(line: str, signs: Sequence[str]) -> str:
    """Keep signs from being marks; an address has a spelling of its own for that, and would break by ours."""
    if "://" in line:
        line = URL.sub(lambda found: _address(found[0], signs), line)
    for sign in signs:
        line = _OPENS[sign].sub(f"{APART}{sign}", line)
    return line


def _address(found: str, signs: Sequence[str]) -> str:
    url = whole(found)
    after = found[len(url) :]
    for sign in signs:
        url = _OPENS[sign].sub(f"%{ord(sign):02X}", url)
    return url + after


def _lines(found: Sequence[Run]) -> Iterator[str]:
    """Write runs line by line: no mark goes on in the next one."""
    line: list[Run] = []
    for run in found:
        first, ends, others = run.text.partition("\n")
        if ends:
            yield _line([*line, run._replace(text=first)])
            whole_lines, ends, first = others.rpartition("\n")
            if ends and run.styles:
                yield from map(_look(run.styles), whole_lines.split("\n"))
            elif ends:
                yield literal(whole_lines)
            line = []
        line.append(run._replace(text=first))
    yield _line(line)


def _look(styles: frozenset[Style]) -> Callable[[str], str]:
    """Make what writes a line that looks the same from its beginning to its end: there may be very many."""
    marks = "".join(sign for style, sign in MARKS.items() if style in styles)

    def one(line: str) -> str:
        words = _WORDS.search(line)
        if words is None or _ONLY_SIGNS.fullmatch(line):
            return _bare(line)
        if Style.CODE in styles:
            return _line([Run(line, styles)])
        if _A_SIGN.search(line):
            spoilt = all(_is_near(sign, f".{line}.") for sign in marks)
            return _bare(line) if spoilt else _line([Run(line, styles)])
        if not marks or not _counts(line, *words.span()):
            return _bare(line)
        return f"{line[: words.start()]}{marks}{words[0]}{marks[::-1]}{line[words.end() :]}"

    return one


def _line(found: Sequence[Run]) -> str:
    text = "".join([run.text for run in found])
    if not any(run.styles for run in found):
        return _bare(text) if _ODD.search(text) else text
    if text.count("`") > 1:  # between them no mark may count
        return _bare(text)
    spans = _spans(found, text)
    wanted = [(style, sign) for style, sign in MARKS.items() if any(style in span[2] for span in spans)]
    while True:
        pieces = list(_marked(text, spans, wanted))
        said = "".join([piece for piece, _ in pieces])
        words = "".join([piece if is_words else "." * len(piece) for piece, is_words in pieces])
        fit = [(style, sign) for style, sign in wanted if not _is_near(sign, words)]
        if len(fit) == len(wanted):
            break
        wanted = fit
    ours = [sign for _, sign in wanted]
    if any(_is_pair(sign, words, said) for sign in SIGNS if sign in words and sign not in ours):
        return _bare(text)
    return f"{APART}{said}" if said.startswith(">") else said


def _is_near(sign: str, words: str) -> bool:
    """Tell whether a sign in the words could begin what a mark of ours ends, or end what it begins."""
    return sign in words and bool(_OPENS[sign].search(words) or _CLOSES[sign].search(words))


def _spans(found: Sequence[Run], text: str) -> list[Span]:
    """Tell from where to where the line looks how; what is code looks like nothing else beside."""
    runs = alike([Run(run.text, _marks_of(run)) for run in found])
    spans, at = list[Span](), 0
    for run in runs:
        end = at + len(run.text)
        fits = Style.CODE not in run.styles or (
            "`" not in text and bool(run.text.strip()) and _counts(text, at, end)
        )
        spans.append((at, end, run.styles if fits else BARE))
        at = end
    return spans


def _marks_of(run: Run) -> frozenset[Style]:
    return frozenset({Style.CODE}) if Style.CODE in run.styles else run.styles - {Style.UNDERLINE}


def _counts(text: str, start: int, end: int) -> bool:
    """Tell whether a mark around a part of a line is taken for one: where a word begins or ends."""
    return is_edge(text[start - 1 : start] if start else "") and is_edge(text[end : end + 1])


@lru_cache(maxsize=4096)
def is_edge(char: str) -> bool:
    return char in ("", "\t") or unicodedata.category(char)[0] in "PSZ"


def _marked(text: str, spans: Sequence[Span], wanted: Sequence[tuple[Style, str]]) -> Iterator[Piece]:
    """Write marks that are properly nested: each kind of them around what the next one divides."""
    if not wanted:
        for start, end, styles in spans:
            yield (f"`{text[start:end]}`", False) if Style.CODE in styles else (text[start:end], True)
        return
    (style, sign), *inner = wanted
    for has, group in groupby(spans, lambda span: style in span[2]):
        some = list(group)
        start, end = some[0][0], some[-1][1]
        words = _WORDS.search(text, start, end) if has else None
        if words is None or _ONLY_SIGNS.fullmatch(words[0]) or not _counts(text, words.start(), words.end()):
            yield from _marked(text, some, inner)
            continue
        yield text[start : words.start()], True
        yield sign, False
        yield from _marked(text, _within(some, *words.span()), inner)
        yield sign, False
        yield text[words.end() : end], True


def _within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    clipped = [(max(at, start), min(until, end), styles) for at, until, styles in spans]
    return [span for span in clipped if span[0] < span[1]]
