"""100 KB of the worst texts there are: how long each form takes to be read, and each to be written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from chalicelib.model import Item, Kind
from chalicelib.richtext import entities, html, kept, linked, literal, mrkdwn, plain, slack, whatsapp
from chalicelib.slack.said import drawn, told

SIZE = 100_000
TARGET = 100
"""Ms of processor, of any text."""
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


def report_texts() -> None:
    """Print the slowest of all these texts for each form."""
    read, written = dict.fromkeys(READERS, (0.0, "")), dict.fromkeys(WRITERS, (0.0, ""))
    for piece in PIECES:
        text = piece * (SIZE // len(piece.encode()))
        for name, reader in READERS.items():
            rich, took = _timed(reader, text)
            read[name] = max(read[name], (took, piece))
            for form, write in WRITERS.items():
                _, took = _timed(write, rich)
                written[form] = max(written[form], (took, piece))
    print(f"\n{SIZE // 1000} KB of any text: the slowest of {len(PIECES)} kinds, at most {TARGET} ms of processor")
    for way, slowest in (("read", read), ("written", written)):
        for name, (took, piece) in slowest.items():
            print(f"  {f'{way}: {name}':32}{took:>10.0f}   {piece!r}{'' if took <= TARGET else '   TOO MUCH'}")


def _timed(work: Callable[[Any], Any], given: Any) -> tuple[Any, float]:
    began = time.process_time()
    found = work(given)
    return found, (time.process_time() - began) * 1000
