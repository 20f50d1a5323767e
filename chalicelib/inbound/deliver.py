"""Behind the bell: what does this conversation owe to Slack? Post it, strictly oldest first.

One teller works at a time per Slack channel, so pacing and order need no lock. A claim that is not ours stops
this conversation; a stale one is looked up before anything is posted again.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.contacts import pointed, with_status
from chalicelib.errors import Lost
from chalicelib.gates import close, close_ours, shut
from chalicelib.inbound.draw import mark, verdict, words
from chalicelib.inbound.thread import draw_card, open_thread
from chalicelib.inbound.turn import Turn, post
from chalicelib.model import (
    Contact,
    Conversation,
    Gate,
    Item,
    Kind,
    Ours,
    Ref,
    Side,
    State,
    Status,
    Window,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.store import Insert, Put, Replace

POSTS_A_TURN = 5
"""After this many posts the bell rings again at the tail, so that a loud customer starves no quiet one."""

LOOKED_AT = 50


def deliver(world: World, bell: Bell) -> None:
    """Bring one conversation's thread up to date, as far as one turn goes."""
    home, gate = world.store.find_all((Conversation, (bell.about,)), (Gate, ("slack", bell.group)))
    if home is None or shut(gate, world.now()):
        return
    if home.slack_channel != bell.group:
        world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
        return
    team = world.slack.team()
    if not isinstance(team, str):
        if isinstance(team, Ours):
            close_ours(world, "slack", bell.group, team.why)
        else:
            close(world, "slack", bell.group, "Slack does not answer", None)
        return
    _take_turn(Turn(world, home, team), bell)


def _take_turn(turn: Turn, bell: Bell) -> None:
    undone = turn.world.store.undone(turn.home.id, Side.SLACK, LOOKED_AT)
    posts = [item for item in undone if not _is_mark(item)]
    for item in posts[:POSTS_A_TURN]:
        if not _tell(turn, item):
            return
    if len(posts) > POSTS_A_TURN:
        turn.world.queues.ring(Side.SLACK, [bell])
        return
    # Marks and cards have small budgets of their own at Slack; they never hold up a post.
    for item in undone:
        if _is_mark(item) and not mark(turn, item):
            break
    draw_card(turn)


def _is_mark(item: Item) -> bool:
    return item.outbound and item.state not in (State.FAILED, State.UNKNOWN)


def _tell(turn: Turn, item: Item) -> bool:
    """Bring one item into the thread; False if this conversation has to stop here."""
    if item.outbound:
        return verdict(turn, item)
    if not turn.home.thread_ts and not open_thread(turn, item):
        return False
    return post(turn, item, words(turn, item), lambda mine, ts: _posted(turn, mine, ts))


def _posted(turn: Turn, item: Item, ts: str) -> None:
    """Settle an inbound item: where it stands, and what it says about the conversation."""
    store = turn.world.store
    thread = f"{turn.home.slack_channel}:{ts}"
    ref = Ref("slack", turn.team, thread, conversation=item.conversation, item=item.id)
    window = _window(turn, item)
    reopens = item.kind is Kind.MESSAGE and turn.home.status is Status.RESOLVED
    try:
        turn.home = store.write(
            Replace(_settled(item, ts)), Insert(ref), Replace(_with_facts(turn.home, item, ts)), *window
        )[2]
    except Lost:
        store.change(item, lambda now: None if now.state is State.POSTED else _settled(now, ts))
        turn.keep(lambda home: _with_facts(home, item, ts))
        for write in (Put(ref), *window):
            store.write(write)
    if reopens:
        _reopen(turn)


def _settled(item: Item, ts: str) -> Item:
    return replace(item, state=State.POSTED, slack_ts=ts, claim=None, due=None)


def _with_facts(home: Conversation, item: Item, ts: str) -> Conversation:
    """Note what a posted item says about its conversation; what came late changes none of it."""
    if item.order < home.posted_order:
        return home
    after = replace(home, posted_order=item.order)
    if item.kind is not Kind.MESSAGE:
        return after
    waiting = item.at if home.waiting_since is None else home.waiting_since
    return replace(after, route=item.route, route_ts=ts, waiting_since=waiting, name=item.author or home.name)


def _window(turn: Turn, item: Item) -> list[Put]:
    """Note until when this address may be answered freely, where its medium has such a limit."""
    route = item.route
    if item.kind is not Kind.MESSAGE or route is None or item.order < turn.home.posted_order:
        return []
    length = turn.world.capabilities(route).window
    return [Put(Window(route.address, route.line, item.at + length))] if length else []


def _reopen(turn: Turn) -> None:
    """Open a resolved conversation again, for the thread and for the next message's way here."""
    now = turn.world.now()
    turn.keep(lambda home: with_status(home, Status.OPEN, now + CLAIM_LIFE))
    contact = turn.world.store.find(Contact, turn.home.contact)
    if contact is not None:
        turn.world.store.change(contact, lambda each: pointed(each, turn.home, Status.OPEN, now))
