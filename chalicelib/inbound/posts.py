"""How a post is made: claimed, looked for, posted, settled; and what becomes of what cannot be posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.pen import is_post
from chalicelib.inbound.places import spot_for
from chalicelib.inbound.turn import Turn, earlier, noted, say, shut_out
from chalicelib.model import (
    DAY,
    LEADS,
    Ambiguous,
    Busy,
    Claim,
    Closed,
    Item,
    Kind,
    Ok,
    Ours,
    Outcome,
    Refused,
    Side,
    Stamp,
    born,
    stepped,
)
from chalicelib.queues import Bell
from chalicelib.settling import CLAIM_LIFE, claim_after, fresh, given_back, with_claim
from chalicelib.slack.answers import GONE
from chalicelib.slack.blocks import Post
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Replace

TRIES = 3
LOOKED_AT = 50
"""So many of what is owed are looked at for what comes first; marks may stand before it."""

Draw = Callable[[Sequence[Item]], Post]
"""How one or several items look as one post."""
Settle = Callable[[Sequence[Item], str], None]
"""What to write down once a post stands in the thread: gets the items it carries and its ts."""


def post(turn: Turn, items: Sequence[Item], draw: Draw, settle: Settle) -> bool:
    """Post what goes out as one, unless an earlier claim turns out to have done it; False to stop here."""
    before, there = items[0].claim, spot_for(turn.home, items[0])
    if before is not None:
        found = earlier(turn, before, there)
        if found is None:
            look_again(turn, items)
            return False
        if isinstance(found, Ok):
            told(turn, items, found, looked_up=True)
            settle(items, found.id)
            return True
        if before.count >= TRIES and _may_be_missing(items[0], turn.world.now()):
            return _give_up(turn, items, draw, settle, "it was posted three times and never seen in the thread")
    words = draw(items)
    claim = claim_after(before, turn.world.now())
    try:
        mine = turn.world.store.write(*(Replace(with_claim(item, claim, len(items))) for item in items))
    except Lost:
        return False  # somebody changed it a moment ago, and has rung
    outcome = say(turn, words, Stamp(claim.post, turn.home.id, mine[0].id), there)
    told(turn, mine, outcome)
    if isinstance(outcome, Ok):
        settle(mine, outcome.id)
        return True
    if isinstance(outcome, Ours) and mine[0].thread:  # a thread that was left holds up no other
        return _give_up(turn, mine, draw, settle, outcome.why)
    if isinstance(outcome, Refused | Closed) and (mine[0].thread or outcome.detail not in GONE):
        return _give_up(turn, mine, draw, settle, f"Slack refused it ({outcome.detail})")
    did_not(turn, before, mine, outcome)
    return False


def _may_be_missing(item: Item, now: int) -> bool:
    """Tell whether something may be given up; what we ourselves have to say outlasts an outage."""
    return now - born(item.id) > DAY or not (item.outbound or item.kind in (Kind.LINE, Kind.SAID, Kind.TURN))


def look_again(turn: Turn, items: Sequence[Item]) -> None:
    """Have a stale claim looked up again in a minute, however long it has waited: Slack may be back by then."""
    claim, now = items[0].claim, turn.world.now()
    if claim is not None and not fresh(claim, now):
        _while_claimed(turn, items[:1], lambda item: replace(item, due=now + CLAIM_LIFE))


def told(
    turn: Turn, items: Sequence[Item], outcome: Outcome, *, looked_up: bool | None = None, event: str = ""
) -> None:
    """Note it of every item, so that each can be followed by its own id."""
    for item in items:
        name = event or ("verdict.posted" if item.outbound else "post.made")
        together = len(items) if len(items) > 1 else None
        noted(turn, name, outcome, item=item.id, together=together, looked_up=looked_up)


def release(
    turn: Turn,
    items: Sequence[Item],
    due: int,
    why: str,
    before: Claim | None = None,
    step: Callable[[Item], Item] = lambda item: item,
) -> list[Item]:
    """Give a claim back: it is known that this attempt posted nothing. `before` is that of the attempt before."""
    now = turn.world.now()
    free = _while_claimed(
        turn, items, lambda item: replace(given_back(step(item), now, why), claim=before, due=due)
    )
    if before is None:
        decided(turn, free)
    return free


def decided(turn: Turn, items: Sequence[Item]) -> None:
    """Ring for replies that waited to know whether these stand above them; elsewhere they would change nothing."""
    if any(item.kind in LEADS and item.route != turn.home.route for item in items):
        turn.world.queues.ring(Side.CUSTOMER, [Bell(turn.home.id, turn.home.id)])


def _while_claimed(turn: Turn, items: Sequence[Item], step: Callable[[Item], Item]) -> list[Item]:
    """Take a step with all that a post carries at once, unless somebody has learnt more about that post."""
    claim, store = items[0].claim, turn.world.store
    for _ in range(TRIES):
        if any(item.claim != claim for item in items):
            return []
        try:
            return store.write(*(Replace(step(item)) for item in items))
        except Lost:
            items = store.find_all(*((Item, (item.conversation, item.id)) for item in items))
    raise Lost(*items)


def park(turn: Turn, item: Item, why: str) -> None:
    """Give up on an item: /health counts it, and the thread says that something is missing."""
    logs.alarm("item.parked", why=why, conversation=item.conversation, item=item.id)
    also: list[Insert] = []
    if item.kind not in (Kind.LINE, Kind.TURN):  # about a line of ours another one would hardly fare better
        now, texts = turn.world.now(), turn.world.settings().texts
        name = turn.home.name if item.outbound or item.kind is Kind.SAID else clean(item.author) or turn.home.name
        sentence = texts.parked_reply if item.outbound else texts.parked
        sentence = texts.not_said if item.kind is Kind.SAID else sentence
        text = sentence.format(name=name, reason=why)
        also = [Insert(replace(new_item(Kind.LINE, now, now, text=text), conversation=item.conversation))]
    post, now = item.claim.post if item.claim else "", turn.world.now()

    def step(each: Item) -> Item:
        return stepped(replace(each, parked=why, post=post, claim=None, due=None), "parked", now, why)

    turn.world.store.change(item, step, *also)
    decided(turn, [item])
    if also:
        turn.ring()


def did_not(turn: Turn, before: Claim | None, mine: Sequence[Item], outcome: Outcome) -> None:
    """Write down why something is not in the thread, or not known to be."""
    now = turn.world.now()
    match outcome:
        case Busy() | Ours():
            release(
                turn,
                mine,
                shut_out(turn, outcome, spot_for(turn.home, mine[0]).slack_channel),
                outcome.why,
                before,
            )
        case Ambiguous(why):
            _while_claimed(
                turn, mine[:1], lambda item: replace(stepped(item, "no answer", now, why), due=now + CLAIM_LIFE)
            )
        case Refused(_, detail):
            release(turn, mine, now + CLAIM_LIFE, detail)
            _leave_thread(turn, detail)


def _give_up(turn: Turn, items: Sequence[Item], draw: Draw, settle: Settle, why: str) -> bool:
    """Park what will never be in the thread; of several it is not known which, so the first goes on alone."""
    if len(items) == 1:
        park(turn, items[0], why)
        return True
    alone = release(turn, items, turn.world.now() + CLAIM_LIFE, why)
    if alone and _comes_first(turn, alone[0]):
        post(turn, alone[:1], draw, settle)
    turn.ring()
    return False


def _comes_first(turn: Turn, item: Item) -> bool:
    """Tell whether it is an item's turn; while it was claimed, something older may have come in."""
    undone = turn.world.store.undone(turn.home.id, Side.SLACK, LOOKED_AT)
    return next((each.id for each in undone if is_post(each)), item.id) == item.id


def _leave_thread(turn: Turn, why: str) -> None:
    """Go on in a fresh thread where the old one is gone."""
    logs.alarm("thread.gone", why=why, conversation=turn.home.id)
    turn.keep(lambda home: replace(home, thread_ts="", drawn="", claim=None))
    turn.ring()
