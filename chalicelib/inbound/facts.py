"""What a posted item says about its conversation: who waits since when, the way back, that it is open again."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.contacts import pointed
from chalicelib.errors import Lost
from chalicelib.inbound.turn import Turn
from chalicelib.model import Contact, Conversation, Item, Kind, Ref, State, Status, Window
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.words import clean
from chalicelib.store import Put, Replace

TRIES = 5
WHOLE_SECOND = 1_000
"""Ms: many providers' clocks tell no less, so within one nobody is late."""


def posted(turn: Turn, item: Item, ts: str) -> None:
    """Settle an inbound item together with all it says; somebody else's change is read and built upon."""
    store = turn.world.store
    ref = Ref("slack", turn.team, f"{turn.home.slack_channel}:{ts}", conversation=item.conversation, item=item.id)
    for attempt in range(TRIES):
        writes = [Replace(_settled(item, ts)), Put(ref), *_facts(turn, item, ts)]
        try:
            stored = store.write(*writes)
        except Lost:
            now, home = store.find_all((Item, (item.conversation, item.id)), (Conversation, (turn.home.id,)))
            if now is None or home is None or now.state is State.POSTED:
                return
            if attempt == TRIES - 1:
                raise
            item, turn.home = now, home
        else:
            turn.home = next((each for each in stored if isinstance(each, Conversation)), turn.home)
            return


def is_late(home: Conversation, item: Item) -> bool:
    """Tell whether something that was written later stands in the thread already."""
    return home.posted_order != "" and _written(item.order) + WHOLE_SECOND <= _written(home.posted_order)


def _written(order: str) -> int:
    return int(order.partition("#")[0])


def _settled(item: Item, ts: str) -> Item:
    return replace(item, state=State.POSTED, slack_ts=ts, claim=None, due=None)


def _facts(turn: Turn, item: Item, ts: str) -> list[Replace | Put]:
    """Gather what a customer's message changes; edits, reactions and our own lines change nothing."""
    if item.kind is not Kind.MESSAGE:
        return []
    after = _with_message(turn.home, item, ts)
    facts: list[Replace | Put] = [*_window(turn, item)]
    if after.status is Status.RESOLVED:
        now = turn.world.now()
        after = replace(after, status=Status.OPEN, due=now + CLAIM_LIFE)
        contact = turn.world.store.find(Contact, after.contact)
        person = contact and pointed(contact, after, Status.OPEN, now)
        facts += [Replace(person)] if person else []
    if (after.waiting_since, after.name, after.route) != (
        turn.home.waiting_since,
        turn.home.name,
        turn.home.route,
    ):
        after = replace(after, due=turn.world.now() + CLAIM_LIFE)  # the card shows these
    return [Replace(after), *facts]


def _with_message(home: Conversation, item: Item, ts: str) -> Conversation:
    """Note that a customer waits; what came late changes neither the way back nor the name."""
    waiting = item.at if home.waiting_since is None else home.waiting_since
    after = replace(home, waiting_since=waiting, last_ts=ts)
    if is_late(home, item):
        return after
    name = clean(item.author) or home.name
    order = max(home.posted_order, item.order)
    return replace(after, posted_order=order, route=item.route, route_ts=ts, name=name)


def _window(turn: Turn, item: Item) -> list[Put]:
    """Note until when this address may be answered freely, where its medium has such a limit."""
    route = item.route
    length = turn.world.capabilities(route).window if route else None
    if route is None or not length:
        return []
    until = item.at + length
    if is_late(turn.home, item):
        before = turn.world.store.find(Window, route.address, route.line)
        until = max(until, before.until if before else 0)
    return [Put(Window(route.address, route.line, until))]
