"""Behind the bell, after the replies: what customers have is altered. Each call may be made twice.

So nothing is claimed. A call whose answer was lost may yet take effect after a newer one; therefore what the
customer should have is said once more when it no longer can. Nothing here holds up a reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.errors import Lost, NotHere, SecretMissing
from chalicelib.gates import close, close_ours, waits
from chalicelib.model import (
    DAY,
    NO_TIME,
    Ambiguous,
    Busy,
    Closed,
    Conversation,
    Gate,
    Item,
    Kind,
    Known,
    Ok,
    Ours,
    Outcome,
    Reason,
    Ref,
    Refused,
    Side,
    State,
    Window,
    stepped,
)
from chalicelib.outbound.attempt import Way
from chalicelib.outbound.lines import say_once
from chalicelib.outbound.mending import correct, recall, superseded
from chalicelib.outbound.nodding import nodded
from chalicelib.outbound.nods import not_seen
from chalicelib.outbound.ways import Prepare
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, DOUBT
from chalicelib.slack.reasons import why
from chalicelib.store import Insert

SOON = 10_000
"""Ms after which a call that brought no answer is made again."""


def alter(world: World, bell: Bell, items: Sequence[Item], prepare: Prepare, until: int) -> None:
    """Do what is owed to the customer beside replies, as far as the turn goes."""
    for item in items:
        if not world.is_time(until):
            world.queues.ring(Side.CUSTOMER, [bell])
            return
        if item.state is not State.RECORDED and item.doubt > world.now():
            continue
        _alter(world, item, prepare)


def _alter(world: World, item: Item, prepare: Prepare) -> None:
    route = item.route
    if route is None:
        return
    reach: list[tuple[type[Any], tuple[str, ...]]] = [
        (Known, (route.address,)),
        (Window, (route.address, route.line)),
        (Gate, (route.channel, route.account)),
    ]
    about: Item | None
    home: Conversation | None
    about, home, known, window, gate = world.store.find_all(
        (Item, (item.conversation, item.of)), (Conversation, (item.conversation,)), *reach
    )
    if about is None or home is None:
        return
    if world.now() - item.asked_at > DAY:
        _settle(world, home, item, Refused(Reason.EXPIRED))
        return
    if waits(gate, world.now()):
        return
    try:
        channel, account = world.line(route.channel, route.account)
    except (NotHere, SecretMissing) as error:
        close_ours(world, route.channel, route.account, str(error))
        return
    way = Way(world, route, channel, account, channel.CAPABILITIES[route.medium], known, window)
    if item.state is State.RECORDED and superseded(item, about):
        _write(world, item, State.WITHDRAWN, "superseded", item.doubt)
        return
    outcome = _DO[item.kind](way, item, about, prepare)
    if outcome is not None:
        _conclude(way, home, item, outcome)


_DO: dict[Kind, Callable[[Way, Item, Item, Prepare], Outcome | None]] = {
    Kind.CORRECTION: correct,
    Kind.RECALL: recall,
    Kind.NOD: nodded,
}


def _conclude(way: Way, home: Conversation, item: Item, outcome: Outcome) -> None:
    world, route, now = way.world, way.route, way.world.now()
    ids = {"conversation": item.conversation, "item": item.id}
    logs.note("reply.altered", outcome=type(outcome).__name__, what=item.kind, **ids)
    match outcome:
        case Ok() | Refused() | Closed():
            _settle(world, home, item, outcome)
            return
        case Ambiguous(why_not):
            soon = now + SOON if item.state is State.RECORDED else None
            _write(world, item, item.state, f"no answer: {why_not}", now + DOUBT, soon)
            return
        case Ours(why_not):
            due = close_ours(world, route.channel, route.account, why_not)
        case Busy(why_not, wait, whole_line):
            due = close(world, route.channel, route.account, outcome) if whole_line else now + (wait or CLAIM_LIFE)
    if outcome is NO_TIME:
        world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
    else:
        _write(world, item, item.state, why_not, item.doubt, due)


def _settle(world: World, home: Conversation, item: Item, outcome: Ok | Refused | Closed) -> None:
    """Write down how it ended; what the customer sees otherwise than the team is said in the thread."""
    if isinstance(outcome, Ok):
        doubt = item.doubt if item.state is State.RECORDED and item.doubt > world.now() else 0
        state = State.SENT if item.state is State.RECORDED else item.state
        if item.kind is Kind.NOD and outcome.id:
            _remember(world, item, outcome.id)
        _write(world, item, state, "done", doubt)
        return
    reason = outcome.reason if isinstance(outcome, Refused) else Reason.WINDOW
    if item.state is not State.RECORDED:  # it was done, and is not said once more
        _write(world, item, item.state, f"not repeated: {reason}", 0)
        return
    _write(world, item, State.FAILED, f"failed: {reason}", 0)
    texts = world.settings().texts
    if item.kind is Kind.NOD:
        medium = world.capabilities(item.route).label if item.route else ""
        not_seen(world, home, medium)
        return
    sentence = texts.not_changed if item.kind is Kind.CORRECTION else texts.not_deleted
    say_once(world, home, f"{item.id}:failed", sentence, item.their_id, reason=why(reason, outcome.detail))


def _remember(world: World, item: Item, their_id: str) -> None:
    """Let receipts find home: where a reaction is a message of its own they come for it, too."""
    if item.route is None:
        return
    ref = Ref(item.route.channel, item.route.account, their_id, item.conversation, item.id)
    with suppress(Lost):  # a receipt was faster: of a reaction none says anything that is shown
        world.store.write(Insert(ref))


def _write(world: World, item: Item, state: State, what: str, doubt: int, due: int | None = None) -> None:
    at = world.now()

    def step(now: Item) -> Item:
        after = replace(now, state=state, doubt=doubt, due=due or doubt or None)
        return stepped(after, "altered", at, what)

    world.store.change(item, step)
