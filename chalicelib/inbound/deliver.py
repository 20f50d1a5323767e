"""Behind the bell: what does this conversation owe to Slack? Post it, strictly oldest first.

One teller works at a time per Slack channel, so pacing and order need no lock. A claim that is not ours stops
this conversation; a stale one is looked up before anything is posted again.
"""

from __future__ import annotations

from chalicelib.gates import close, close_ours, waits
from chalicelib.inbound.draw import mark, retell, verdict, words
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.facts import posted
from chalicelib.inbound.thread import draw_card, open_thread
from chalicelib.inbound.turn import Turn, post
from chalicelib.model import Conversation, Gate, Item, Ours, Side, State
from chalicelib.queues import Bell
from chalicelib.services import World

POSTS_A_TURN = 5
"""After this many posts the bell rings again at the tail, so that a loud customer starves no quiet one."""
TURN_LASTS = 8_000
"""Ms after which a turn begins no further post: a worker lives 30 s, and one post may take half of them."""

LOOKED_AT = 50
EVERYTHING = 2_000


def deliver(world: World, bell: Bell) -> None:
    """Bring one conversation's thread up to date, as far as one turn goes."""
    home, gate = world.store.find_all((Conversation, (bell.about,)), (Gate, ("slack", bell.group)))
    if home is None or waits(gate, world.now()):
        return
    if home.slack_channel != bell.group:
        world.queues.ring(Side.SLACK, [bell_of(home)])
        return
    team = world.slack.team()
    if not isinstance(team, str):
        if isinstance(team, Ours):
            close_ours(world, "slack", bell.group, team.why)
        else:
            close(world, "slack", bell.group, "Slack does not answer", None)
        return
    _take_turn(Turn(world, home, team))


def _take_turn(turn: Turn) -> None:
    posts, marks = _owed(turn)
    until = turn.world.now() + TURN_LASTS
    for number, item in enumerate(posts):
        if number == POSTS_A_TURN or turn.world.now() > until:
            turn.ring()
            return
        if not _tell(turn, item):
            return
    # Marks and cards have small budgets of their own at Slack; they never hold up a post.
    for item in marks:
        if turn.world.now() > until:
            turn.ring()
            break
        if not (retell(turn, item) if _is_bad(item) else mark(turn, item)):
            break
    draw_card(turn)


def _owed(turn: Turn) -> tuple[list[Item], list[Item]]:
    """Tell what is to be posted, oldest first, and what is only to be drawn."""
    undone = turn.world.store.undone(turn.home.id, Side.SLACK, LOOKED_AT)
    if len(undone) == LOOKED_AT and sum(map(_is_post, undone)) <= POSTS_A_TURN:
        # Marks that have been waiting for long must not hide what a customer wrote.
        undone = turn.world.store.undone(turn.home.id, Side.SLACK, EVERYTHING)
    posts = [item for item in undone if _is_post(item)]
    return posts, [item for item in undone if not _is_post(item)]


def _is_post(item: Item) -> bool:
    return not item.outbound or (_is_bad(item) and not item.notice_ts)


def _is_bad(item: Item) -> bool:
    return item.state in (State.FAILED, State.UNKNOWN)


def _tell(turn: Turn, item: Item) -> bool:
    """Bring one item into the thread; False if this conversation has to stop here."""
    if not turn.home.thread_ts and not open_thread(turn, item):
        return False
    if item.outbound:
        return verdict(turn, item)
    return post(turn, item, words(turn, item), lambda mine, ts: posted(turn, mine, ts))
