"""Somebody else's words made fit for Slack: what pings, tricks or is too long does not get through.

Notifications and screen readers take the text beside the blocks, so both have to be harmless.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from chalicelib.richtext import escape

TEXT_AT_MOST = 3_900
"""Slack truncates far above it, but an update takes no more than 4,000."""
ELEMENT_AT_MOST = 2_900
NAME_AT_MOST = 60


def is_visible(text: str) -> bool:
    """Tell whether there is anything in a text that a reader could see."""
    return any(unicodedata.category(char)[0] not in "ZC" for char in text)


def notification(text: str) -> str:
    """Make the text beside the blocks: nothing in it pings, and no entity is cut in two."""
    return re.sub(r"&[a-z]{0,3}$", "", escape(text[:TEXT_AT_MOST])[:TEXT_AT_MOST])


def clean(text: str, at_most: int = NAME_AT_MOST) -> str:
    """Make somebody else's words fit for one line: no control characters, no text-direction tricks."""
    kept = "".join(" " if char.isspace() else char for char in text if _harmless(char))
    kept = " ".join(kept.split())
    return kept if len(kept) <= at_most else kept[: at_most - 1] + "…"


def others(text: str, at_most: int = NAME_AT_MOST) -> str:
    """Make somebody else's words fit to stand in a sentence of ours: no markup, and nobody is named by it."""
    return clean(text.translate(_UNMARKED), at_most)


_UNMARKED = str.maketrans({"<": "(", ">": ")", "`": "'", "*": "", "_": "", "~": ""})


def _harmless(char: str) -> bool:
    # The joiners of emoji and of Persian are format characters too, but they only join.
    return (
        char.isspace()
        or char in "\u200c\u200d"
        or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


OURS = re.compile(r"&lt;(@[UW][A-Z0-9]+|!date\^[0-9]+\^[^&<>|]*\|[^&<>|]*)&gt;")
"""People and moments that we name, after everything has been escaped."""


def told(words: str) -> str:
    """Make markup of a sentence of ours, for one reader: in it nothing is markup but who and when it names."""
    return OURS.sub(r"<\1>", escape(words))


DAY_AND_TIME, TIME = "{date_short_pretty} at {time}", "{time}"


def when(ms: int) -> str:
    """Write a moment so that each reader sees it in their own time zone."""
    seconds = ms // 1000
    return f"<!date^{seconds}^{DAY_AND_TIME}|{_utc(seconds)}>"


def clock(ms: int) -> str:
    """Write a time of the day so that each reader sees it in their own time zone."""
    seconds = ms // 1000
    return f"<!date^{seconds}^{TIME}|{dt.datetime.fromtimestamp(seconds, dt.UTC):%H:%M} UTC>"


def moment(ms: int, *, short: bool) -> dict[str, Any]:
    """Make the same out of rich text, where nothing is markup; `short` leaves out the day."""
    seconds = ms // 1000
    return {
        "type": "date",
        "timestamp": seconds,
        "format": TIME if short else DAY_AND_TIME,
        "fallback": _utc(seconds),
        "style": {"bold": True},
    }


def _utc(seconds: int) -> str:
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M} UTC"


def pieces(text: str) -> list[str]:
    """Cut a text into what one element holds, at a line or a word where there is one; nothing is left out."""
    cut = []
    while len(text) > ELEMENT_AT_MOST:
        end = _end(text)
        cut.append(text[:end])
        text = text[end:]
    return [*cut, text]


def _end(text: str) -> int:
    for mark in ("\n", " "):
        end = text.rfind(mark, ELEMENT_AT_MOST // 2, ELEMENT_AT_MOST)
        if end > 0:
            return end + 1
    end = ELEMENT_AT_MOST
    while end > ELEMENT_AT_MOST // 2 and _joined(text, end):
        end -= 1
    return end


def _joined(text: str, at: int) -> bool:
    """Tell whether a cut here would split an emoji or an accent from its letter."""
    before, after = text[at - 1], text[at]
    return before == "\u200d" or after in "\u200d\ufe0f\u20e3" or unicodedata.category(after) in ("Mn", "Me", "Sk")
