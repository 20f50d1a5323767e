"""Behind the bell: what does this conversation owe to the customer? Send it, strictly oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import NotHere, SecretMissing
from chalicelib.gates import close_ours, waits
from chalicelib.model import (
    DAY,
    Capabilities,
    Conversation,
    Item,
    Kind,
    Known,
    Reason,
    Refused,
    Side,
    State,
    owed,
)
from chalicelib.outbound.address import addressed
from chalicelib.outbound.attempt import Way, attempt, write
from chalicelib.queues import Bell
from chalicelib.richtext import measure, plain, split
from chalicelib.services import World
from chalicelib.settling import cut, lost_track, with_outcome, withdrawn
from chalicelib.slack.blocks import SOMEBODY

SENDS_A_TURN = 5
"""After this many replies the bell rings again at the tail, so that a busy thread holds up no other."""
LONGEST = 64_000
"""Bytes of a text that can go out: its row holds it twice, and the index of what is undone holds the row again."""
LOOKED_AT = 100
TURN_LASTS = 5_000
"""Ms after which a turn begins no further call, so that others get theirs."""


def send(world: World, bell: Bell) -> None:
    """Send what one conversation owes, as far as one turn goes."""
    until = world.now() + TURN_LASTS
    items, pending = _undone(world, bell.about)
    told = False
    for place, item in enumerate(items):
        if place == SENDS_A_TURN or not world.is_time(until):
            world.queues.ring(Side.CUSTOMER, [bell])
            break
        after = _send(world, item, pending, until)
        told |= owed(after) is Side.SLACK
        if owed(after) is Side.CUSTOMER:
            break
    home = world.store.find(Conversation, bell.about) if told else None
    if home is not None:
        world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


def _undone(world: World, conversation: str) -> tuple[list[Item], list[Item]]:
    """Tell what is to be sent, and which customers' posts are under way: those come before all that is undone."""
    undone = world.store.undone(conversation, None, LOOKED_AT)
    pending = [item for item in undone if item.kind is Kind.MESSAGE and item.claim is not None]
    if len(undone) == LOOKED_AT:  # what is owed to Slack comes first, and would hide the replies
        return world.store.undone(conversation, Side.CUSTOMER, SENDS_A_TURN + 1), pending
    return [item for item in undone if owed(item) is Side.CUSTOMER][: SENDS_A_TURN + 1], pending


def _send(world: World, item: Item, pending: Sequence[Item], until: int) -> Item:
    """Send one reply as far as it will go, and return it as it then is."""
    found = addressed(world, item, pending)
    if found is None:
        logs.note("reply.held", conversation=item.conversation, item=item.id)
        return _wait(world, item)
    item, around = found
    route, known, window, gate = item.route, around.known, around.window, around.gate
    if route is None:
        return _fail(world, item, Reason.NO_ROUTE)
    if waits(gate, world.now()):
        return _wait(world, item)
    try:
        channel, account = world.line(route.channel, route.account)
    except (NotHere, SecretMissing) as error:
        close_ours(world, route.channel, route.account, str(error))
        return _wait(world, item)
    way = Way(world, route, channel, account, channel.CAPABILITIES[route.medium], known, window)
    typed, item = item, _prepared(world, item, way.medium)
    if len(item.text.encode()) > LONGEST:
        return _fail(world, typed, Reason.TOO_LONG)
    return _send_parts(way, item, until) if item.parts else write(world, item, withdrawn(item, world.now()))


def _send_parts(way: Way, item: Item, until: int) -> Item:
    world = way.world
    while (number := _next(item)) is not None:
        item = attempt(way, item, number)
        if item.parts[number].state not in (State.SENT, State.DELIVERED, State.READ):
            break
        if not world.is_time(until) and _next(item) is not None:
            world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
            break
        if _next(item) is not None:
            way = replace(way, known=world.store.find(Known, way.route.address))
    return item


def _next(item: Item) -> int | None:
    """Choose the part to go on with: one that is claimed before any other."""
    for state in (State.SENDING, State.RECORDED):
        for number, part in enumerate(item.parts):
            if part.state is state:
                return number
    return None


def _prepared(world: World, item: Item, medium: Capabilities) -> Item:
    """Fix what goes out: plain text with people's names, in parts the medium takes."""
    if any(part.text for part in item.parts):
        return item
    text = plain(item.text, _names(world))
    texts = split(text, medium.text_limit, measure(medium.text_unit), numbered=medium.numbered) if text else []
    return replace(cut(item, texts), text=text, awaits=medium.delivered)


def _names(world: World) -> Callable[[str], str]:
    """Ask Slack for people's names as long as it answers: a reply does not wait for more than one silence."""
    silent = False

    def name(user: str) -> str:
        nonlocal silent
        # Without time Slack is not asked, and nothing goes out either: the next worker asks for the others.
        found = world.slack.name(user, ask=not silent)
        silent |= found is None
        return found or SOMEBODY

    return name


def _wait(world: World, item: Item) -> Item:
    """Leave a reply whose line is shut, but not for longer than a day."""
    now = world.now()
    if now - item.asked_at <= DAY:
        return item
    number = _next(item)
    lost = lost_track(item, number, "", now) if number is not None else None
    return write(world, item, lost) if lost is not None else _fail(world, item, Reason.EXPIRED)


def _fail(world: World, item: Item, reason: Reason) -> Item:
    logs.note("reply.refused", conversation=item.conversation, item=item.id, reason=reason)
    item = cut(item, [""])  # in whichever parts it will go out if it is sent again
    after = with_outcome(item, _next(item) or 0, Refused(reason), world.now())
    return item if after is None else write(world, item, after)
