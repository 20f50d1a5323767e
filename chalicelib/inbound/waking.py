"""What was snoozed comes back at its moment, and calls whoever is to see to it."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.turn import Turn
from chalicelib.model import Conversation, Kind, Status
from chalicelib.settling import CLAIM_LIFE
from chalicelib.store import Insert

WOKEN = "The snooze is over."


def wake(turn: Turn) -> None:
    """Open a conversation whose snooze is over, and say so in its thread; without an owner, to everybody there."""
    home, now = turn.home, turn.world.now()
    if not _is_over(home, now):
        return
    calls = (home.owner,) if home.owner else ()
    line = new_item(Kind.LINE, now, now, text=WOKEN, calls=calls, aloud=not calls)

    def step(each: Conversation) -> Conversation | None:
        if not _is_over(each, now):
            return None
        return replace(each, status=Status.OPEN, snoozed_until=0, drawn="", due=now + CLAIM_LIFE)

    turn.home = turn.world.store.change(home, step, Insert(replace(line, conversation=home.id))) or home
    logs.note("snooze.over", conversation=home.id)


def wakes_at(home: Conversation) -> int | None:
    """Tell when somebody has to come because a snooze is over."""
    return home.snoozed_until if home.status is Status.SNOOZED else None


def _is_over(home: Conversation, now: int) -> bool:
    return home.status is Status.SNOOZED and home.snoozed_until <= now
