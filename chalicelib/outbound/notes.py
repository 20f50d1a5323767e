"""What stays inside: a reply that begins with the note mark. In doubt it is one; a leak cannot be undone."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.richtext import unescape
from chalicelib.slack.links import without_link

_DRESSING = re.compile(r"(?:[\s\u200b-\u200f\u2060\ufeff*_~`>•◦▪]|\d+\. )*")
"""What Slack or a keyboard puts before the first word: blanks, bold, a quote, code, a list's bullet or number."""


def is_note(text: str, mark: str) -> bool:
    """Tell whether a text in Slack's markup begins with the mark, however it is dressed or capitalised."""
    text, mark = _folded(unescape(without_link(text))), _folded(mark)
    bare = text[_DRESSING.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty text too
    return _tight(text).startswith(_tight(mark)) or bare.startswith(mark)


def _tight(text: str) -> str:
    """Leave the blanks out: typed as a quote, `>>` comes as `> >`."""
    return "".join(text.split())


def _folded(text: str) -> str:
    """Make capitals small and wide characters narrow: a phone writes *Note:*, a Chinese keyboard *／／*."""  # noqa: RUF002
    return unicodedata.normalize("NFKC", text).casefold()
