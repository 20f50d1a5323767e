"""How far the team's last reply has come, and that nobody waits any more: what the card says of replies."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.inbound.turn import Turn
from chalicelib.model import Conversation, Item, State
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.blocks import MARKS


def progress(turn: Turn, item: Item, state: State) -> None:
    """Write down on the conversation what the thread shows of a reply now; only where that says something new."""
    due = turn.world.now() + CLAIM_LIFE  # until the card shows it

    def step(now: Conversation) -> Conversation | None:
        after = _answered(_heard(now, item, state), item, state)
        if after == now:
            return None
        if (after.said, after.waiting_since) == (now.said, now.waiting_since):
            return after
        return replace(after, drawn="", due=due)

    if step(turn.home) is not None:
        turn.keep(step)


def _heard(home: Conversation, item: Item, state: State) -> Conversation:
    """Note how far a reply has come, unless a later one is what counts."""
    if item.their_id < home.said_ts:
        return home
    said = None if state is State.WITHDRAWN else state
    return replace(home, said=said, said_ts=item.their_id)


def _answered(home: Conversation, item: Item, state: State) -> Conversation:
    """Note that somebody who waited has been answered, by what stands below all that they wrote."""
    if home.waiting_since is None or state not in MARKS or item.their_id <= home.last_ts:
        return home
    return replace(home, waiting_since=None)
