"""Behind the bell: what does this conversation owe to Slack? Post it, strictly oldest first.

One teller works at a time per Slack channel, so pacing and order need no lock. What is claimed is cleared up
before anything else, whatever was written before it: a claim that is not ours stops this conversation, and a
stale one is looked up before anything is posted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.gates import DRAWS, WAIT_IN_PLACE, close, close_ours, waited_out, waits
from chalicelib.inbound.bursts import MOST, gathers, is_shown, next_post
from chalicelib.inbound.changes import take_in
from chalicelib.inbound.copies import resolve
from chalicelib.inbound.draw import mark, retell, verdict, words
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.facts import posted
from chalicelib.inbound.pen import draw_later, is_post, may_draw, may_show
from chalicelib.inbound.places import channels_of
from chalicelib.inbound.posts import post
from chalicelib.inbound.redraw import redraw
from chalicelib.inbound.shares import share, sorted_out
from chalicelib.inbound.thread import draw_card, open_thread
from chalicelib.inbound.turn import WATCHED, Turn
from chalicelib.inbound.waking import wake
from chalicelib.model import Busy, Conversation, Gate, Item, Kind, Ours, Side
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.blocks import MARKS

POSTS_A_TURN = 3
"""After this many posts the bell rings again at the tail, so that a loud customer starves no quiet one."""
COPIES_A_TURN = 10
"""Posts that were made twice and are seen to in one turn; the others are due in a minute."""
TURN_LASTS = 8_000
"""Ms after which a turn begins no further call, so that others get theirs."""

LOOKED_AT = POSTS_A_TURN * MOST
EVERYTHING = 2_000


def deliver(world: World, bell: Bell) -> None:
    """Bring one conversation's thread up to date, as far as one turn goes."""
    began = world.now()
    if world.rounds.answered(bell):
        return
    gates = ((Gate, (name, bell.group)) for name in ("slack", DRAWS))
    home, gate, draws = world.store.find_all((Conversation, (bell.about,)), *gates)
    if home is None:
        return
    if gate is not None and waits(gate, began):
        if _waited(world, home, gate):
            deliver(world, bell)
        return
    if home.slack_channel != bell.group:
        world.queues.ring(Side.SLACK, [bell_of(home)])
        return
    team = world.slack.team()
    if not isinstance(team, str):
        if isinstance(team, Ours):
            close_ours(world, "slack", bell.group, team.why)
        else:
            close(world, "slack", bell.group, team if isinstance(team, Busy) else Busy("Slack does not answer"))
        return
    turn = Turn(world, home, team, _draws_at(world, home, draws))
    wake(turn)
    if _take_turn(turn):
        world.rounds.seen_to(bell.about, began)


def _draws_at(world: World, home: Conversation, here: Gate | None) -> int:
    """Tell when Slack takes drawings; those of a conversation that has moved are in the channels it left, too."""
    left = channels_of(home)[1:]
    gates = world.store.find_all(*((Gate, (DRAWS, channel)) for channel in left)) if left else []
    return max((gate.until for gate in (here, *gates) if gate is not None), default=0)


def _waited(world: World, home: Conversation, gate: Gate) -> bool:
    """Wait until a gate opens if that is a matter of seconds; if not, have somebody come when it does."""
    left = gate.until - world.now()
    if left > WATCHED:
        if home.due is None or home.due > gate.until:
            world.store.change(home, lambda now: replace(now, due=gate.until))
        return False
    wait = min(left, WAIT_IN_PLACE)
    if waited_out(world, Busy(gate.why, wait)) and wait == left:
        return True
    world.queues.ring(Side.SLACK, [bell_of(home)])
    return False


def _take_turn(turn: Turn) -> bool:
    """Do what is owed; True if nothing is left of it, or another bell has been rung for the rest."""
    until = turn.world.now() + TURN_LASTS
    owed = _owed(turn, until)
    if owed.copies:
        # `all` stops at the first for which Slack has no time; what is posted does not wait for it.
        all(turn.world.is_time(until) and resolve(turn, copy) for copy in owed.copies[:COPIES_A_TURN])
        owed = _owed(turn, until)
    left = _post(turn, owed, until)
    if left is None:
        return False
    if left.posts or left.more:
        return turn.ring()
    return _draw(turn, left, until)


def _draw(turn: Turn, left: _Owed, until: int) -> bool:
    """Draw marks, and then the card, as far as Slack takes it; True if somebody comes for the rest."""
    for item in left.marks:
        if not may_draw(turn):
            break
        if not turn.world.is_time(until):
            return turn.ring()
        if not _draw_one(turn, item):
            break
    if not may_draw(turn) and (left.marks or left.copies):
        draw_later(turn)
    else:
        draw_card(turn)
    return True


def _draw_one(turn: Turn, item: Item) -> bool:
    if not item.outbound:
        return redraw(turn, item)
    return mark(turn, item) if item.state in MARKS else retell(turn, item)


def _post(turn: Turn, owed: _Owed, until: int) -> _Owed | None:
    """Post some of what is owed and return what is left; None if this conversation has to stop here.

    A call to Slack takes a while. What has come in by then may have been written before what was to be next, so
    what is owed is read again before each claim that follows one.
    """
    for number in range(POSTS_A_TURN):
        if turn.has_moved or not turn.world.is_time(until):
            break
        if owed.posts and not turn.home.thread_ts:
            if not open_thread(turn, owed.posts[0]):
                return None
            owed = _owed(turn, until)
        elif owed.posts and number:
            owed = _owed(turn, until)
        if not owed.posts or not turn.world.is_time(until):
            break
        rest = gathers(owed.posts, turn.world.now())
        if rest and waited_out(turn.world, Busy("an album may go on", rest)):
            owed = _owed(turn, until)
        items = next_post(owed.posts, turn.world.now())
        if not items:  # its files are on their way, and who brings them rings
            return replace(owed, posts=[], more=False)
        if not _tell(turn, items):
            return None
        owed = replace(owed, posts=[item for item in owed.posts if item not in items])
    return None if turn.has_moved else owed


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is to be posted, in its order, what only to be drawn, which copies go, and whether that was not all."""

    posts: list[Item]
    marks: list[Item]
    copies: list[Item]
    more: bool


def _owed(turn: Turn, until: int) -> _Owed:
    undone, most = turn.world.store.undone(turn.home.id, Side.SLACK, LOOKED_AT), LOOKED_AT
    few = sum(map(is_post, undone)) <= POSTS_A_TURN
    if len(undone) == most and few:
        # Marks that have been waiting for long must not hide what a customer wrote.
        undone, most = turn.world.store.undone(turn.home.id, Side.SLACK, EVERYTHING), EVERYTHING
    posts = list(filter(is_post, undone))
    if take_in(turn, posts) and turn.world.is_time(until):
        return _owed(turn, until)
    marks = [item for item in undone if not is_post(item) and may_show(item, turn.world.now())]
    copies = [item for item in undone if item.kind is Kind.COPY]
    return _Owed(posts, marks, copies, more=bool(posts) and len(undone) == most)


def _tell(turn: Turn, items: Sequence[Item]) -> bool:
    """Bring into the thread what goes out as one; False if this conversation has to stop here."""
    if items[0].outbound:
        return verdict(turn, items[0])
    items = sorted_out(turn, items)
    make = share if any(map(is_shown, items)) else post
    picture = turn.world.picture_at(turn.home.picture)
    return make(
        turn, items, lambda each: words(turn, each).under(picture), lambda mine, ts: posted(turn, mine, ts)
    )
