"""Threadline's own words in a thread that name people: who did something, and who should know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.model import Item
from chalicelib.slack.blocks import Block, Post, rich, slanted
from chalicelib.slack.views import actions, button
from chalicelib.slack.words import clean, moment, notification, pieces

TOKEN = re.compile(r"(\{who\}|\{calls\}|\{at:\d{1,14}\}|\{go:https://[^\s{}]+ [^{}]+\})")
LINK = "{go:"


def link(address: str, words: str) -> str:
    """Lead somewhere from within a line; words without an address lead nowhere."""
    return f"{LINK}{address} {words}}}" if address.startswith("https://") else words


def within(words: str) -> str:
    """Make others' words fit to stand in a line: nothing in them names, leads or calls."""
    return clean(words).replace("{", "(").replace("}", ")")


def acted(item: Item, who: str) -> Post:
    """Draw a line with all that belongs to it: who did it, whom it calls, what can be done about it."""
    words = TOKEN.split(_whole(item))
    blocks = [rich([element for word in words for element in _elements(word, item, who)])]
    if item.offers:
        blocks.append(actions([button(each.label, each.verb, each.value) for each in item.offers]))
    return Post("".join(_text(word, item, who) for word in words), blocks, broadcast=item.aloud)


def _whole(item: Item) -> str:
    """Say where in the words people are named, if the words themselves do not."""
    named = item.text if "{who}" in item.text or not item.author else f"{{who}} {item.text}"
    return named if "{calls}" in named or not item.calls else f"{named} {{calls}}"


def _elements(word: str, item: Item, who: str) -> Iterator[Block]:
    if word == "{who}":
        yield {**slanted(who), "style": {"bold": True, "italic": True}}
    elif word == "{calls}":
        for number, call in enumerate(item.calls):
            yield from [slanted(" ")] if number else []
            group = call.startswith("S")
            yield {"type": "usergroup", "usergroup_id": call} if group else {"type": "user", "user_id": call}
    elif word.startswith(LINK) and TOKEN.fullmatch(word):
        address, _, text = word[len(LINK) : -1].partition(" ")
        yield {"type": "link", "url": address, "text": text, "style": {"italic": True}}
    elif TOKEN.fullmatch(word):
        yield moment(_at(word), short=False)
    else:
        yield from (slanted(piece) for piece in pieces(word) if piece)


def _text(word: str, item: Item, who: str) -> str:
    """Say the same for notifications."""
    if word == "{calls}":
        return " ".join(f"<!subteam^{call}>" if call.startswith("S") else f"<@{call}>" for call in item.calls)
    if word.startswith(LINK) and TOKEN.fullmatch(word):
        return notification(word[:-1].partition(" ")[2])
    if word != "{who}" and TOKEN.fullmatch(word):
        return str(moment(_at(word), short=False)["fallback"])
    return notification(who if word == "{who}" else word)


def _at(word: str) -> int:
    return int(word[4:-1])
