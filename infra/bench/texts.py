"""100 KB of the worst texts there are: how long each form takes to be read, and each to be written."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from chalicelib.model import Capabilities, Item, Kind, Markup, Unit
from chalicelib.richtext import entities, html, kept, linked, literal, mrkdwn, parts, plain, slack, whatsapp
from chalicelib.slack.said import drawn, told

SIZE = 100_000
TARGET = 100
"""Ms of processor, of any text."""
IN_PARTS = 300
"""The same where it is too long for one message: each part is written until it fits, two or three times."""
PIECES: tuple[str, ...] = (
    "word ",
    "word. ",
    "a",
    "\n",
    "*",
    "_a_ ",
    "*a _b ~c* d_ e~ ",
    "`",
    "```a```\n",
    "> ",
    "&gt; a\n",
    "- a\n",
)
PIECES += ("<", "<a|", "<@U1>", "&", "https://", "https://x.y/)", ":a", ":wave:", "\U0001f44b")
BOLD = [{"type": "bold", "offset": at, "length": 9} for at in range(0, 2_000, 20)]

READERS: dict[str, Callable[[str], Any]] = {
    "Slack's markup": mrkdwn.read,
    "WhatsApp's marks": whatsapp.read,
    "Telegram's entities": lambda text: entities.read(text, BOLD),
    "plain text": lambda text: linked(literal(text)),
}
WRITERS: dict[str, Callable[[Any], Any]] = {
    "plain text": plain.write,
    "WhatsApp's marks": whatsapp.write,
    "Telegram's HTML": html.telegram,
    "e-mail": html.email,
    "Slack's blocks": slack.write,
    "a post in Slack": lambda rich: drawn(told(Item("", "", Kind.MESSAGE, 0, "", rich=kept(rich, "\0")))),
}
CUTTERS: dict[str, Callable[[Any], Any]] = {
    "Telegram": partial(parts, can=Capabilities("", "", 4096, Unit.UTF16, markup=Markup.HTML)),
    "WhatsApp": partial(parts, can=Capabilities("", "", 4096, markup=Markup.WHATSAPP)),
    "SMS": partial(parts, can=Capabilities("", "", 10, Unit.SEGMENTS, numbered=True)),
}


def report_texts() -> None:
    """Print the slowest of all these texts for each form."""
    ways = {"read": READERS, "written": WRITERS, "in parts": CUTTERS}
    slowest = {(way, form): (0.0, "") for way, forms in ways.items() for form in forms}
    for piece in PIECES:
        text = piece * (SIZE // len(piece.encode()))
        for name, reader in READERS.items():
            rich, took = _timed(reader, text)
            slowest["read", name] = max(slowest["read", name], (took, piece))
            for way in ("written", "in parts"):
                for form, work in ways[way].items():
                    _, took = _timed(work, rich)
                    slowest[way, form] = max(slowest[way, form], (took, piece))
    print(f"\n{SIZE // 1000} KB of any text: the slowest of {len(PIECES)} kinds, in ms of processor")
    for (way, form), (took, piece) in slowest.items():
        most = IN_PARTS if way == "in parts" else TARGET
        too_much = "" if took <= most else "   TOO MUCH"
        print(f"  {f'{way}: {form}':32}{took:>6.0f} of {most}   {piece!r}{too_much}")


def _timed(work: Callable[[Any], Any], given: Any) -> tuple[Any, float]:
    began = time.process_time()
    found = work(given)
    return found, (time.process_time() - began) * 1000
