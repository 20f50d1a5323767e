"""Two contacts become one person, and two again: the steps, without I/O.

A contact that was merged keeps its record as it was and says `into` which it went; whoever finds it goes on there.
So it does not matter when its addresses are moved, and nothing is ever half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.model import Contact, Conversation, Current, Status

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


def without(holder: Contact, gone: Contact, theirs: Sequence[Conversation]) -> Contact:
    """Take out of a contact what it had from one who is somebody else after all; what is new since stays."""
    left = {home.id for home in theirs}
    return replace(
        holder,
        current={desk: each for desk, each in holder.current.items() if each.conversation not in left},
        addresses=_less(holder.addresses, gone.addresses),
        routes=tuple(each for each in holder.routes if each.address not in gone.addresses),
        blocked_at=0 if holder.blocked_at == gone.blocked_at else holder.blocked_at,
        merged=_less(holder.merged, (gone.id, *gone.merged)),
    )


def restored(gone: Contact, holder: Contact, theirs: Sequence[Conversation], at: int) -> Contact:
    """Make a contact its own again; whom the team has blocked since `at`, it has blocked both."""
    own = {home.id for home in theirs}
    current = {desk: each for desk, each in holder.current.items() if each.conversation in own}
    since = holder.blocked_at if holder.blocked_at > at else gone.blocked_at
    return replace(gone, into="", current=current, blocked_at=since if holder.blocked_at else 0)


def led(
    contact: Contact, homes: Sequence[Conversation], began: Mapping[str, str], before: Iterable[Current], now: int
) -> Contact:
    """Lead somebody's desks to their own conversations again, as those are by now, where nothing leads yet.

    To one that has moved leads the desk where it `began`, too: its customer's line may know no other.
    """
    over = {each.conversation: each.resolved_at for each in before}
    begun: dict[str, Current] = {}
    found: dict[str, Current] = {}
    for home in sorted(homes, key=lambda each: (each.status is not Status.RESOLVED, each.id)):
        resolved_at = (over.get(home.id) or now) if home.status is Status.RESOLVED else None
        begun[began.get(home.id, home.desk)] = found[home.desk] = Current(home.id, home.slack_channel, resolved_at)
    return replace(contact, current={**begun, **found, **contact.current})


def _together(some: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def _less(some: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    gone = set(others)
    return tuple(each for each in some if each not in gone)
