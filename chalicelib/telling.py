"""What a customer sends beside text, told in words: a thread is lines, and none of them should be empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.model import Attachment
from chalicelib.richtext import Rich, kept, literal

EMPTY = "[a message without text]"
DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
MAP = "https://www.google.com/maps/search/?api=1&query="
"""https://developers.google.com/maps/documentation/urls/get-started: opens an app or a page, without a key."""


class Said(NamedTuple):
    """What a message says: its words, as they are and with their looks, and its files.

    `typed` are the customer's own words for us: not what they passed on, and nothing that we say about it.
    """

    text: str
    rich: str = ""
    files: tuple[Attachment, ...] = ()
    typed: str = ""


def told(typed: str, looks: Rich, before: Iterable[str] = (), after: Iterable[str] = ()) -> Said:
    """Put a message together from what was typed and from lines about it."""
    above, below = "\n".join(filter(None, before)), "\n".join(filter(None, after))
    words = "\n".join(filter(None, (above, typed, below)))
    tree = (*literal(above), *looks, *literal(below))
    return Said(words, "" if looks == literal(typed) else kept(tree, words), typed=typed)


def aside(what: str, *words: str) -> str:
    """Say in a line of our own what a message is, or what is to be known about it."""
    said = ", ".join(filter(None, (" ".join(each.split()) for each in words)))
    return f"[{what}: {said}]" if said else f"[{what}]"


def of(what: str, whose: str, between: str = "of") -> str:
    """Say what something is and whose, if that is known."""
    return aside(" ".join([what, between, *whose.split()]) if whose.strip() else what)


def place(latitude: str, longitude: str, *words: str, what: str = "location") -> str:
    """Say where somebody is: a line, and a map to open."""
    if not (DEGREES.fullmatch(latitude) and DEGREES.fullmatch(longitude)):
        return aside(what, *words, latitude, longitude)
    return f"{aside(what, *words)} {MAP}{latitude},{longitude}"


def card(*lines: str, what: str = "contact") -> str:
    """Say whom somebody passed on, in a line."""
    return aside(what, *lines)


def strange(kind: str) -> str:
    """Say that something came which nobody here knows; as what came, it is kept and can be read later."""
    return f"[{kind.replace('_', ' ') or 'something'}: a kind of message that cannot be shown here yet]"
