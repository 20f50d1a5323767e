"""What a contact card says, in words: RFC 6350, and what phones have made of it since 1996."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

LARGEST = 100_000
"""Bytes; what a card has beyond that is a picture."""
MOST_CARDS, MOST_LINES, LONGEST_LINE = 20, 12, 200
"""What of it a thread shows; the file has the rest."""
END = re.compile(r"^END:VCARD", re.IGNORECASE | re.MULTILINE)
FOLD = re.compile(r"\r?\n[ \t]")
SOFT = re.compile(r"=\r?\n")
ESCAPED = re.compile(r"\\([\\,;:nN])")
TOLD = ("FN", "TEL", "EMAIL", "ORG", "TITLE", "ADR", "URL")
NAMES = ("FN", "N")


def cards(data: bytes) -> list[list[str]]:
    """Read the cards in a file, each as what is to be known of somebody."""
    words = data[:LARGEST].decode("utf-8", "replace")
    return [found for card in END.split(words)[:MOST_CARDS] if (found := lines(card))]


def lines(card: str) -> list[str]:
    """Read of one card the name, and how to reach them, each only once."""
    fields = list(_fields(card))
    named = next((value for wanted in NAMES for name, value in fields if name == wanted and value), "")
    others = [value for wanted in TOLD[1:] for name, value in fields if name == wanted]
    return [line[:LONGEST_LINE] for line in dict.fromkeys(filter(None, (named, *others)))][:MOST_LINES]


def _fields(card: str) -> Iterator[tuple[str, str]]:
    unfolded = FOLD.sub("", card)
    if "QUOTED-PRINTABLE" in unfolded.upper():
        unfolded = SOFT.sub("", unfolded)
    for line in unfolded.splitlines():
        head, colon, value = line.partition(":")
        name, *about = head.strip().upper().split(";")
        name = name.rpartition(".")[2]  # "item1.TEL" groups lines
        if not colon or name not in (*TOLD, "N"):
            continue
        if any("QUOTED-PRINTABLE" in each for each in about):
            value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
        yield name, _plain(name, value)


def _plain(name: str, value: str) -> str:
    """Read a value without its escapes; the parts of a name or an address become words."""
    marked = ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1] if found[1] != ";" else "\0", value)
    if name in ("N", "ADR", "ORG"):
        parts = [each.strip() for each in marked.split(";")]
        # A name is written the family's first.
        marked = (" " if name == "N" else ", ").join(
            filter(None, [*parts[1:3], parts[0]] if name == "N" else parts)
        )
    if name == "TEL":
        marked = marked.removeprefix("tel:")
    return " ".join(marked.replace("\0", ";").split())
