"""Behind the bell: what does this conversation owe to the customer? Send it, strictly oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import NotHere, SecretMissing
from chalicelib.gates import close_ours, waits
from chalicelib.model import (
    DAY,
    LEADS,
    Capabilities,
    Conversation,
    Item,
    Known,
    Part,
    Reason,
    Refused,
    Side,
    State,
    owed,
)
from chalicelib.outbound.address import addressed
from chalicelib.outbound.alter import alter
from chalicelib.outbound.answering import with_answered
from chalicelib.outbound.attached import awaited, brought, divided
from chalicelib.outbound.attempt import Way, attempt, write
from chalicelib.outbound.cut import cut, is_cut
from chalicelib.outbound.signature import signed, with_signature
from chalicelib.queues import Bell
from chalicelib.richtext import Rich, Run, changed, found, mrkdwn, plain, stripped
from chalicelib.services import World
from chalicelib.settling import lost_track, with_outcome, withdrawn

SENDS_A_TURN = 5
"""After this many replies the bell rings again at the tail, so that a busy thread holds up no other."""
LONGEST = 128_000
"""Bytes of a text and of what it goes out as: a row holds both, and the index of what is undone holds it again."""
LOOKED_AT, EVERYTHING = 100, 2_000
TURN_LASTS = 5_000
"""Ms after which a turn begins no further call, so that others get theirs."""


def send(world: World, bell: Bell) -> None:
    """Send what one conversation owes, as far as one turn goes."""
    until = world.now() + TURN_LASTS
    items, alters, pending = _undone(world, bell.about)
    told = False
    for place, item in enumerate(items):
        if place == SENDS_A_TURN or not world.is_time(until):
            world.queues.ring(Side.CUSTOMER, [bell])
            break
        after = _send(world, item, pending, until)
        told |= owed(after) is Side.SLACK
        if owed(after) is Side.CUSTOMER:
            break
    alter(world, bell, alters, _prepared, until)
    home = world.store.find(Conversation, bell.about) if told else None
    if home is not None:
        world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


def _undone(world: World, conversation: str) -> tuple[list[Item], list[Item], list[Item]]:
    """Tell what is to be sent, what to be altered, and which customers' posts are under way.

    Those come before all that is undone.
    """
    undone = world.store.undone(conversation, None, LOOKED_AT)
    pending = [item for item in undone if item.kind in LEADS and item.claim is not None]
    if len(undone) == LOOKED_AT:  # what is owed to Slack comes first, and would hide the replies
        undone = world.store.undone(conversation, Side.CUSTOMER, LOOKED_AT)
    if len(undone) == LOOKED_AT and not any(item.outbound for item in undone):  # so would what is to be altered
        undone = world.store.undone(conversation, Side.CUSTOMER, EVERYTHING)
    mine = [item for item in undone if owed(item) is Side.CUSTOMER]
    replies = [item for item in mine if item.outbound]
    return replies[: SENDS_A_TURN + 1], [item for item in mine if not item.outbound], pending


def _send(world: World, item: Item, pending: Sequence[Item], until: int) -> Item:
    """Send one reply as far as it will go, and return it as it then is."""
    ready = addressed(world, item, pending)
    if ready is None:
        logs.note("reply.held", conversation=item.conversation, item=item.id)
        return _wait(world, item)
    item, around = ready
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
    typed, whole = item, awaited(world, item)
    if whole is None:
        return item
    item = _prepared(world, signed(world, around.home, whole), way.medium)
    if _bytes(item) > LONGEST:
        return _fail(world, typed, Reason.TOO_LONG)
    return _send_parts(way, item, until) if item.parts else write(world, item, withdrawn(item, world.now()))


def _bytes(item: Item) -> int:
    return len(item.text.encode()) + sum(len(part.text.encode()) for part in item.parts)


def _send_parts(way: Way, item: Item, until: int) -> Item:
    world = way.world
    while (number := _next(item)) is not None:
        item = attempt(way, item, number)
        part = item.parts[number]
        if part.state not in (State.SENT, State.DELIVERED, State.READ) and not part.stayed_behind:
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
    """Fix what goes out: with people's names, in the medium's own markup, in parts that it takes."""
    if is_cut(item):
        return brought(world, item, medium)
    if item.template is not None:  # its provider puts it together, and nothing is said beside it
        return replace(cut(item, [Part(item.template.words)]), awaits=medium.delivered)
    typed = _named(world, found(item.rich) or mrkdwn.read(item.text))
    rich, answers = with_answered(world, item, typed, medium)
    said = with_signature(rich, item.signature, len(rich) - len(typed))
    anew = cut(item, divided(world, item, said, medium))
    return replace(anew, text=plain.write(rich), rich="", awaits=medium.delivered, answers=answers)


def _named(world: World, rich: Rich) -> Rich:
    """Put names in the place of ids while Slack tells them: a reply waits for no more than one silence."""
    silent = False

    def name(run: Run) -> list[Run]:
        nonlocal silent
        if not run.mention:
            return [run]
        # Without time Slack is not asked, and nothing goes out either: the next worker asks for the others.
        called = world.slack.called(run.mention, ask=not silent)
        silent |= called is None
        return [run._replace(text=called or run.text, mention="")]

    return stripped(changed(rich, name))


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
    item = cut(item, [Part("")])  # in whichever parts it will go out if it is sent again
    after = with_outcome(item, _next(item) or 0, Refused(reason), world.now())
    return item if after is None else write(world, item, after)
