"""Who answers: the words with which a reply begins on the customer's phone, where a desk names its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from chalicelib.model import Conversation, Item, State
from chalicelib.outbound.cut import is_cut
from chalicelib.richtext import Block, Rich, Run, Shape, words
from chalicelib.services import World
from chalicelib.team import public_name

GONE_OUT = frozenset({State.SENDING, State.SENT, State.DELIVERED, State.READ, State.UNKNOWN})
LOOKED_AT = 200
"""Items that are looked at, newest first, for who answered last."""


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
    first = said[0]
    if first.shape is Shape.TEXT and not first.quoted:
        begun = (first._replace(runs=(Run(signature), *first.runs)), *said[1:])
    else:
        begun = (Block((Run(signature.rstrip()),)), *said)
    return (*rich[:above], *begun)


def _name(world: World, home: Conversation | None, item: Item) -> str:
    desk = world.settings().desks.get(home.desk) if home else None
    if desk is None or desk.names == "never" or not item.author:
        return ""
    if desk.names == "changes" and _answered_last(world, item) == item.author:
        return ""
    return public_name(world, item.author)


def _answered_last(world: World, item: Item) -> str:
    """Tell who wrote the reply before this one, as far as any has gone out; empty if it is the first."""
    before = islice(world.store.items(item.conversation), LOOKED_AT)
    return _newest([each for each in before if _is_before(each, item)])


def _is_before(other: Item, item: Item) -> bool:
    return other.outbound and other.id != item.id and other.state in GONE_OUT and other.their_id < item.their_id


def _newest(replies: Sequence[Item]) -> str:
    last = max(replies, key=lambda each: each.their_id, default=None)
    return last.author if last else ""
