"""The head of a thread: the card that opens it, and keeping that card true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.contacts import person
from chalicelib.errors import Lost
from chalicelib.gates import HEADS, close_ours
from chalicelib.inbound.pen import draw_later, heed, may_draw
from chalicelib.inbound.portrait import portray
from chalicelib.inbound.posts import release
from chalicelib.inbound.turn import Turn, earlier, noted, say_one_of, shut_out
from chalicelib.inbound.waking import wakes_at
from chalicelib.inbound.witness import call_up
from chalicelib.model import (
    Ambiguous,
    Busy,
    Claim,
    Closed,
    Conversation,
    History,
    Item,
    Kind,
    Ok,
    Ours,
    Outcome,
    Ref,
    Refused,
    Stamp,
    Thread,
    born,
)
from chalicelib.patience import as_long_again
from chalicelib.settling import CLAIM_LIFE, DOUBT, claim_after
from chalicelib.slack.answers import GONE
from chalicelib.slack.blocks import Post, plain_version
from chalicelib.slack.card import bare, draw, plainer, sketch
from chalicelib.slack.words import clean
from chalicelib.store import Put, Replace


def open_thread(turn: Turn, first: Item) -> bool:
    """Post the card that heads the thread, claimed like every post; False if it has to wait."""
    if turn.home.claim is not None:
        found = earlier(turn, turn.home.claim, _nowhere(turn))
        if found is None:
            return False
        if isinstance(found, Ok):
            noted(turn, "thread.opened", found, looked_up=True)
            opened(turn, found.id, "")
            return True
    if turn.home.refused_until > turn.world.now():
        return False
    now = turn.world.now()
    before = turn.home.claim
    claim = claim_after(before, now)
    try:
        turn.home = turn.world.store.write(Replace(replace(_introduced(turn, first), claim=claim)))[0]
    except Lost:
        return False
    whole, *less = _looks(turn, first)
    outcome, card = say_one_of(
        turn, [whole, *less, plain_version(less[-1])], Stamp(claim.post, turn.home.id), _nowhere(turn)
    )
    noted(turn, "thread.opened", outcome)
    if isinstance(outcome, Ok):
        opened(turn, outcome.id, sketch(turn.home) if card is whole else "")
        return True
    _not_opened(turn, outcome, first, before)
    return False


def _nowhere(turn: Turn) -> Thread:
    """Name the place of a thread's head: in the channel itself."""
    return Thread(turn.home.slack_channel, "", "")


def draw_card(turn: Turn) -> None:
    """Draw the head of the thread anew if it shows something old; it waits if Slack is busy."""
    home, at = turn.home, turn.world.now()
    if not home.thread_ts:
        return _seen_to(turn, home, home.drawn, 0)
    look, doubt = sketch(home), home.doubt if home.doubt > at else 0
    if look != home.drawn or doubt != home.doubt:
        if not may_draw(turn):
            return draw_later(turn)
        outcome = _draw_one_of(turn, _looks(turn))
        noted(turn, "card.drawn", outcome, home.thread_ts)
        heed(turn, outcome)
        if not isinstance(outcome, Ok | Refused):
            doubt = at + DOUBT if isinstance(outcome, Ambiguous) else home.doubt
            return turn.keep(lambda now: replace(now, doubt=doubt, due=now.due or at + CLAIM_LIFE))
        # A card that Slack will not take is not worth trying again: the thread itself is what counts.
    return _seen_to(turn, home, look, doubt)


def _draw_one_of(turn: Turn, looks: Sequence[Post]) -> Outcome:
    """Draw the card as it should look, or as the first of its other looks that Slack does not refuse."""
    home, (first, *others) = turn.home, looks
    outcome = turn.world.slack.update(home.slack_channel, home.thread_ts, first)
    refused = isinstance(outcome, Refused) and outcome.detail not in GONE
    return _draw_one_of(turn, others) if refused and others else outcome


def _seen_to(turn: Turn, home: Conversation, look: str, doubt: int) -> None:
    """Write down what the card shows; it is looked at again only where there is doubt that it goes on to."""
    due = min(filter(None, (doubt, wakes_at(home))), default=None)
    if (look, doubt, due) != (home.drawn, home.doubt, home.due):
        turn.keep(
            lambda now: replace(now, drawn=look, doubt=doubt, due=due if now.version == home.version else now.due)
        )


def _introduced(turn: Turn, first: Item) -> Conversation:
    """Note what the card is to say; a thread that takes the place of one that is gone knows it already."""
    home = turn.home
    waiting = first.at if first.kind is Kind.MESSAGE else None
    before = _before(turn)
    previous = home.previous or (before[-1] if before else "")
    return replace(
        home,
        name=clean(home.name) or (first.route.to if first.route else ""),
        route=home.route or first.route,
        waiting_since=waiting if home.waiting_since is None else home.waiting_since,
        earlier=home.earlier or _link_to(turn, previous),
        earlier_count=len(before),
    )


def _before(turn: Turn) -> list[str]:
    """Name the conversations that any desk had with this person before, oldest first."""
    home, store = turn.home, turn.world.store
    who = person(store, home.contact)
    if who is None or not (home.previous or who.merged or len(who.current) > 1):
        return []
    names = {each.conversation for contact in (who.id, *who.merged) for each in store.listed(History, contact)}
    return sorted(name for name in names if name < home.id)


def _link_to(turn: Turn, previous: str) -> str:
    before = turn.world.store.find(Conversation, previous) if previous else None
    if before is None or not before.thread_ts:
        return ""
    return turn.world.slack.permalink(before.slack_channel, before.thread_ts)


def opened(turn: Turn, ts: str, drawn: str) -> None:
    """Write down where the thread is, and call up what was said in it before we knew."""
    thread = f"{turn.home.slack_channel}:{ts}"
    ref = Ref("slack", turn.team, thread, conversation=turn.home.id)

    seen: Claim | None = None

    def step(now: Conversation) -> Conversation:
        nonlocal seen
        seen = now.claim
        return replace(now, thread_ts=ts, claim=None, refused_until=0, drawn=drawn, due=wakes_at(now))

    turn.home = turn.world.store.change(turn.home, step, Put(ref)) or turn.home
    turn.also_at(seen, ts)
    call_up(turn.world, turn.home.id, thread)


def _not_opened(
    turn: Turn, outcome: Busy | Ours | Ambiguous | Refused | Closed, first: Item, before: Claim | None
) -> None:
    refused_until = 0
    match outcome:
        case Ambiguous():
            return  # the claim stays, and is looked up once it is stale
        case Busy() | Ours():
            until = shut_out(turn, outcome)
        case Refused(_, detail) | Closed(detail):
            until = refused_until = _refused(turn, detail, first)
    claim = turn.home.claim
    turn.keep(
        lambda home: replace(home, claim=before, refused_until=refused_until) if home.claim == claim else None
    )
    release(turn, [first], until, "the thread's head was not posted")


def _refused(turn: Turn, why: str, first: Item) -> int:
    """Leave a thread alone for a while whose head Slack will not take; that is no other conversation's matter."""
    home = turn.home
    logs.alarm("card.refused", why=why, conversation=home.id)
    wait = as_long_again(turn.world.now() - born(first.id))
    words = f"Slack refuses the head of a thread, such as that of {home.id} ({why})"
    return close_ours(turn.world, HEADS, home.slack_channel, words, wait)


def _looks(turn: Turn, first: Item | None = None) -> list[Post]:
    """Draw the card, and what takes its place where Slack refuses it: less each time."""
    card = portray(turn.world, turn.home, first)
    return [draw(each) for each in (card, plainer(card), bare(card))]
