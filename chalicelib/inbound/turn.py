"""One turn at one conversation, and how a post is made in it: claim, look, post, settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.gates import close, close_ours
from chalicelib.inbound.entries import bell_of, new_item
from chalicelib.inbound.witness import keep_copy
from chalicelib.model import (
    DAY,
    Absent,
    Ambiguous,
    Busy,
    CannotTell,
    Claim,
    Closed,
    Conversation,
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
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, claim_after, fresh, given_back, with_claim
from chalicelib.slack.answers import GONE
from chalicelib.slack.blocks import Post, plain_version
from chalicelib.slack.events import Posted
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Replace

WAIT_IN_PLACE = 5_000
"""A `Retry-After` up to this many ms is waited out; a longer one shuts the gate."""
WATCHED = 15_000
"""Ms for which bells wait at a shut gate, a few at a time: what rings for longer ones counts in minutes."""

TRIES = 3

Draw = Callable[[Sequence[Item]], Post]
"""How one or several items look as one post."""
Settle = Callable[[Sequence[Item], str], None]
"""What to write down once a post stands in the thread: gets the items it carries and its ts."""


@dataclass(slots=True)
class Turn:
    """A conversation as it stands after each step of this turn."""

    world: World
    home: Conversation
    team: str

    def keep(self, step: Callable[[Conversation], Conversation | None]) -> None:
        """Change the conversation and go on with what it is now."""
        self.home = self.world.store.change(self.home, step) or self.home

    def also_at(self, claim: Claim | None, ts: str, item: str = "") -> None:
        """Put the other copy on record where a post is settled at one ts and was seen at another."""
        if claim is not None and claim.ts not in ("", ts):
            stamp = Stamp(claim.post, self.home.id, item)
            keep_copy(self.world, Posted(self.team, self.home.slack_channel, claim.ts, stamp))

    def ring(self) -> bool:
        """Ask for another turn, at the tail of the queue; False if nobody heard it."""
        return self.world.queues.ring(Side.SLACK, [bell_of(self.home)])


def post(turn: Turn, items: Sequence[Item], draw: Draw, settle: Settle) -> bool:
    """Post what goes out as one, unless an earlier claim turns out to have done it; False to stop here."""
    before = items[0].claim
    if before is not None:
        found = earlier(turn, before, turn.home.thread_ts)
        if found is None:
            _look_again(turn, items)
            return False
        if isinstance(found, Ok):
            _told(turn, items, found, looked_up=True)
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
    outcome = say(turn, words, Stamp(claim.post, turn.home.id, mine[0].id))
    _told(turn, mine, outcome)
    if isinstance(outcome, Ok):
        settle(mine, outcome.id)
        return True
    if isinstance(outcome, Refused | Closed) and outcome.detail not in GONE:
        return _give_up(turn, mine, draw, settle, f"Slack refused it ({outcome.detail})")
    _did_not(turn, before, mine, outcome)
    return False


def _may_be_missing(item: Item, now: int) -> bool:
    """Tell whether something may be given up; what we ourselves have to say outlasts an outage."""
    return now - born(item.id) > DAY or not (item.outbound or item.kind is Kind.LINE)


def _look_again(turn: Turn, items: Sequence[Item]) -> None:
    """Have a stale claim looked up again in a minute, however long it has waited: Slack may be back by then."""
    claim, now = items[0].claim, turn.world.now()
    if claim is not None and not fresh(claim, now):
        _while_claimed(turn, items[:1], lambda item: replace(item, due=now + CLAIM_LIFE))


def noted(turn: Turn, event: str, outcome: Outcome, ts: str = "", **ids: object) -> None:
    """Note what became of something we did in Slack; `ts` is the post it was done to, if it is not new."""
    ts = ts or (outcome.id if isinstance(outcome, Ok) else "")
    name = type(outcome).__name__
    logs.note(event, outcome=name, conversation=turn.home.id, channel=turn.home.slack_channel, ts=ts, **ids)


def _told(turn: Turn, items: Sequence[Item], outcome: Outcome, *, looked_up: bool = False) -> None:
    """Note it of every item, so that each can be followed by its own id."""
    for item in items:
        event = "verdict.posted" if item.outbound else "post.made"
        together = len(items) if len(items) > 1 else None
        noted(turn, event, outcome, item=item.id, together=together, looked_up=looked_up or None)


def say(turn: Turn, words: Post, stamp: Stamp) -> Outcome:
    """Post; short waits are waited out, and what Slack refuses is tried once as plain text."""
    outcome = _say_once(turn, words, stamp)
    if isinstance(outcome, Busy) and outcome.wait is not None and outcome.wait <= WAIT_IN_PLACE:
        turn.world.pause(outcome.wait / 1000)
        outcome = _say_once(turn, words, stamp)
    if isinstance(outcome, Refused) and outcome.detail not in GONE:
        logs.alarm("slack.refused", why=outcome.detail, conversation=turn.home.id)
        outcome = _say_once(turn, plain_version(words), stamp)
    return outcome


def earlier(turn: Turn, claim: Claim, thread_ts: str) -> Ok | Absent | None:
    """Find out what became of a claim that somebody else made; None if it is too early to say."""
    if claim.ts:
        return Ok(claim.ts)
    if fresh(claim, turn.world.now()):
        return None
    found = turn.world.slack.find(turn.home.slack_channel, thread_ts, claim)
    if isinstance(found, CannotTell):
        logs.alarm("post.not_looked_up", conversation=turn.home.id, post=claim.post)
        return Absent()
    return found


def shut_out(turn: Turn, outcome: Busy | Ours) -> int:
    """Shut the channel's gate and return until when."""
    channel = turn.home.slack_channel
    if isinstance(outcome, Ours):
        return close_ours(turn.world, "slack", channel, outcome.why)
    if outcome.wait is not None and outcome.wait <= WATCHED:
        turn.ring()
    return close(turn.world, "slack", channel, outcome.why, outcome.wait)


def release(turn: Turn, items: Sequence[Item], due: int, why: str, before: Claim | None = None) -> list[Item]:
    """Give a claim back: it is known that this attempt posted nothing. `before` is that of the attempt before."""
    now = turn.world.now()
    return _while_claimed(turn, items, lambda item: replace(given_back(item, now, why), claim=before, due=due))


def _while_claimed(turn: Turn, items: Sequence[Item], step: Callable[[Item], Item]) -> list[Item]:
    """Take a step with all that a post carries at once, unless somebody has learnt more about that post."""
    claim, store = items[0].claim, turn.world.store
    for _ in range(TRIES):
        if items[0].claim != claim:
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
    if item.kind is not Kind.LINE:  # about a line of ours another one would hardly fare better
        now, texts = turn.world.now(), turn.world.settings().texts
        name = turn.home.name if item.outbound else clean(item.author) or turn.home.name
        text = (texts.parked_reply if item.outbound else texts.parked).format(name=name, reason=why)
        also = [Insert(replace(new_item(Kind.LINE, now, now, text=text), conversation=item.conversation))]
    post, now = item.claim.post if item.claim else "", turn.world.now()

    def step(each: Item) -> Item:
        return stepped(replace(each, parked=why, post=post, claim=None, due=None), "parked", now, why)

    turn.world.store.change(item, step, *also)
    if also:
        turn.ring()


def _say_once(turn: Turn, words: Post, stamp: Stamp) -> Outcome:
    world, channel = turn.world, turn.home.slack_channel
    wait = world.pace.step(channel, world.now())
    if wait:
        world.pause(wait / 1000)
    outcome = world.slack.post(channel, turn.home.thread_ts, words, stamp)
    if isinstance(outcome, Busy) and outcome.wait is not None:
        world.pace.spent(channel, world.now() + outcome.wait)
    return outcome


def _did_not(turn: Turn, before: Claim | None, mine: Sequence[Item], outcome: Outcome) -> None:
    """Write down why something is not in the thread, or not known to be."""
    now = turn.world.now()
    match outcome:
        case Busy() | Ours():
            release(turn, mine, shut_out(turn, outcome), outcome.why, before)
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
    if alone:
        post(turn, alone[:1], draw, settle)
    turn.ring()
    return False


def _leave_thread(turn: Turn, why: str) -> None:
    """Go on in a fresh thread where the old one is gone."""
    logs.alarm("thread.gone", why=why, conversation=turn.home.id)
    turn.keep(lambda home: replace(home, thread_ts="", drawn="", claim=None))
    turn.ring()
