"""Who answers: the words with which a reply begins on the customer's phone, where a desk names its people."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import islice, takewhile

from chalicelib.model import Conversation, Item, State
from chalicelib.outbound.cut import is_cut
from chalicelib.richtext import Block, Rich, Run, Shape, words
from chalicelib.services import World
from chalicelib.team import public_name

RUNS_TO = {"L": "\u200e", "R": "\u200f", "AL": "\u200f"}
"""What a letter is to Unicode -> the mark, not to be seen, by which a line runs that way."""
GONE_OUT = frozenset({State.SENDING, State.SENT, State.DELIVERED, State.READ, State.UNKNOWN})
LOOKED_AT = 50
"""Items that are looked at for who answered last, in one query; so who goes on longer than that says it again."""


def signed(world: World, home: Conversation | None, item: Item) -> Item:
    """Fix under whose name a reply goes out; an edit of what has gone keeps it."""
    if is_cut(item) or item.template is not None:
        return item
    name = _name(world, home, item)
    signature = world.settings().texts.signature.format(agent=name) if name else ""
    return replace(item, signature=signature) if signature != item.signature else item


def with_signature(rich: Rich, signature: str, above: int) -> Rich:
    """Begin words with who says them; `above` blocks before them quote what they answer."""
    said = rich[above:]
    if not signature or not words(said).strip():
        return rich
    signature, first = _running(signature, words(said)), said[0]
    if first.shape is Shape.TEXT and not first.quoted:
        begun = (first._replace(runs=(Run(signature), *first.runs)), *said[1:])
    else:
        begun = (Block((Run(signature.rstrip()),)), *said)
    return (*rich[:above], *begun)


def _running(signature: str, text: str) -> str:
    """Let a line run as the words do: by itself it would run as the name does, with which it begins."""
    named, said = _direction(signature), _direction(text)
    return f"{said}{signature}" if named and said and named != said else signature


def _direction(text: str) -> str:
    return next((mark for letter in text if (mark := RUNS_TO.get(unicodedata.bidirectional(letter)))), "")


def _name(world: World, home: Conversation | None, item: Item) -> str:
    desk = world.settings().desks.get(home.desk) if home else None
    if desk is None or desk.names == "never" or not item.author:
        return ""
    if desk.names == "changes" and _is_known(world, item):
        return ""
    return public_name(world, item.author)


def _is_known(world: World, item: Item) -> bool:
    """Tell whether the customer was told who answers, and nobody else has answered since."""
    looked_at = islice(world.store.items(item.conversation, page=LOOKED_AT), LOOKED_AT)
    before = sorted((each for each in looked_at if _is_before(each, item)), key=_place, reverse=True)
    mine = takewhile(lambda each: each.author == item.author, before)
    return any(each.signature and each.text.strip() for each in mine)  # a file alone names nobody


def _is_before(other: Item, item: Item) -> bool:
    return other.outbound and other.state in GONE_OUT and not other.deleted_at and _place(other) < _place(item)


def _place(item: Item) -> str:
    return item.their_id
