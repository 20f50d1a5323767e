"""Two contacts become one person, and two again: the steps, without I/O.

A contact that was merged keeps its record as it was and says `into` which it went; whoever finds it goes on there.
So it does not matter when its addresses are moved, and nothing is ever half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.model import Contact, Conversation, Current, Merge, Status

T = TypeVar("T")

SAME, NOT_SAME = "same", "not the same"
"""What a person may have said of a pair."""
HEARD = 3
"""Threads of one person in which a merge is told, the newest."""


def pair_of(one: str, other: str) -> str:
    """Name two contacts, whichever comes first."""
    return ".".join(sorted((one, other)))


def joined(kept: Contact, gone: Contact) -> tuple[Contact, Contact]:
    """Make one person of two: what both have is kept's, what only the other has comes to it."""
    return replace(
        kept,
        name=kept.name or gone.name,
        current={**gone.current, **kept.current, **_first(kept, gone)},
        addresses=_together(kept.addresses, gone.addresses),
        routes=_together(gone.routes, kept.routes),
        locale=kept.locale or gone.locale,
        zone=kept.zone or gone.zone,
        tags=_together(kept.tags, gone.tags),
        picture=kept.picture or gone.picture,
        blocked_at=kept.blocked_at or gone.blocked_at,
        merged=_together(kept.merged, (gone.id, *gone.merged)),
    ), replace(gone, into=kept.id)


def covered(kept: Contact, gone: Contact) -> Mapping[str, Current]:
    """Name the pointers of the one who is kept that give way."""
    return {desk: kept.current[desk] for desk in _first(kept, gone) if desk in kept.current}


def _first(kept: Contact, gone: Contact) -> Mapping[str, Current]:
    """Name the pointers of the other that count, because theirs is open, or younger, and what was kept is over."""
    return {
        desk: each
        for desk, each in gone.current.items()
        if desk in kept.current and _is_over(kept.current[desk], each.resolved_at)
    }


def _is_over(kept: Current, other: int | None) -> bool:
    return kept.resolved_at is not None and (other is None or other > kept.resolved_at)


def heard(contact: Contact) -> list[str]:
    """Name the conversations in which the team hears of it: those that are open, else the last one."""
    at = {each.conversation: each.resolved_at for each in contact.current.values()}
    open_ones = sorted(name for name, resolved in at.items() if resolved is None)
    return open_ones[-HEARD:] or sorted(at, key=lambda name: at[name] or 0)[-1:]


def without(holder: Contact, gone: Contact, order: Merge) -> Contact:
    """Take out of a contact what it had from one who is somebody else after all; what is new since stays."""
    theirs = {each.conversation for each in gone.current.values()}
    own = {desk: each for desk, each in holder.current.items() if each.conversation not in theirs}
    back = order.covered if holder.id == order.kept else {}
    return replace(
        holder,
        current={**back, **own},
        addresses=_less(holder.addresses, gone.addresses),
        routes=tuple(each for each in holder.routes if each.address not in gone.addresses),
        blocked_at=0 if holder.blocked_at == gone.blocked_at else holder.blocked_at,
        merged=_less(holder.merged, (gone.id, *gone.merged)),
    )


def restored(gone: Contact, holder: Contact, order: Merge, homes: Sequence[Conversation], now: int) -> Contact:
    """Make a contact its own again: its conversations are what they have become meanwhile."""
    found = {home.id: home for home in homes}
    led = {desk: each for desk, each in holder.current.items() if each.conversation in found}
    before = {desk: each for desk, each in gone.current.items() if each.conversation in found}
    current = {desk: _now(each, found[each.conversation], now) for desk, each in {**before, **led}.items()}
    since = holder.blocked_at if holder.blocked_at > order.at else gone.blocked_at
    return replace(gone, into="", current=current, blocked_at=since if holder.blocked_at else 0)


def _now(pointer: Current, home: Conversation, now: int) -> Current:
    resolved_at = (pointer.resolved_at or now) if home.status is Status.RESOLVED else None
    return Current(home.id, home.slack_channel, resolved_at)


def _together(some: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def _less(some: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    gone = set(others)
    return tuple(each for each in some if each not in gone)
