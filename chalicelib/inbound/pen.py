"""What is drawn and not posted: marks, cards, verdicts drawn anew, copies taken out.

Slack has budgets of their own for these, and so they have a gate of their own: no post ever waits for it.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.gates import DRAWS, close
from chalicelib.inbound.places import channels_of
from chalicelib.inbound.turn import Turn
from chalicelib.model import NO_TIME, Busy, Item, Kind, Ok, Ours, Outcome, Refused, State, is_carried, unshown
from chalicelib.slack.blocks import MARKS


def is_post(item: Item) -> bool:
    """Tell whether what an item owes to Slack is a post, and not a drawing or a file that is still on its way."""
    if item.kind is Kind.LATE_FILE and not is_redrawn(item):
        return not is_carried(item)
    if item.kind is Kind.COPY or is_redrawn(item):
        return False
    return not (item.outbound and (item.state in MARKS or item.notice_ts != ""))


def is_redrawn(item: Item) -> bool:
    """Tell whether what stands in Slack by now, a post or a reaction, is not as it should be."""
    if item.kind is Kind.REACTION and item.notice_ts != "":
        return True
    return not item.outbound and item.state is State.POSTED and (item.stale or item.doubt > 0)


def may_show(item: Item, now: int) -> bool:
    """Tell whether there is something to draw now; what is only in doubt waits until that is over."""
    if item.outbound:
        return unshown(item) or item.doubt <= now
    return is_redrawn(item) and (item.kind is Kind.REACTION or item.stale or item.doubt <= now)


def may_draw(turn: Turn) -> bool:
    """Tell whether Slack takes drawings in this channel now."""
    return turn.draws_at <= turn.world.now()


def heed(turn: Turn, outcome: Outcome) -> None:
    """Draw nothing more in these channels until Slack wants to hear of it again, if that is what it said."""
    if outcome is NO_TIME:
        turn.ring()
        return
    if isinstance(outcome, Busy):
        # What was drawn may stand in a channel that the conversation has left.
        turn.draws_at = max(close(turn.world, DRAWS, each, outcome) for each in channels_of(turn.home))
        _due_then(turn)


def drawn(turn: Turn, outcome: Outcome) -> bool:
    """Tell whether drawing is over: done, or never to be done. It only waits where Slack is busy or broken."""
    heed(turn, outcome)
    return isinstance(outcome, Ok | Refused) or outcome == Ours("missing_scope")


def draw_later(turn: Turn) -> None:
    """Have somebody come for all that is still to be drawn when Slack takes it again."""
    if turn.home.due != turn.draws_at:
        channel = turn.home.slack_channel
        logs.note("gate.shut", conversation=turn.home.id, system=DRAWS, name=channel, until=turn.draws_at)
        _due_then(turn)


def _due_then(turn: Turn) -> None:
    # Nothing is lost by that: its items are due by themselves, and all the rest is drawn.
    turn.keep(lambda now: replace(now, due=turn.draws_at))
