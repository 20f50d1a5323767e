"""Behind the bell: what does this conversation owe to the customer? Send it, strictly oldest first.

Each part of a reply is claimed, sent and settled by itself. A claim that is not ours stops the conversation;
a stale one is looked up at the provider, and only a certain *absent* allows another try.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.channels import Channel
from chalicelib.contacts import opt_out
from chalicelib.errors import Lost, NotHere, SecretMissing
from chalicelib.gates import close, close_ours, shut
from chalicelib.model import (
    DAY,
    Absent,
    Account,
    Ambiguous,
    Busy,
    CannotTell,
    Capabilities,
    Closed,
    Conversation,
    Gate,
    Item,
    Known,
    Message,
    Ok,
    Ours,
    Outcome,
    Part,
    Reason,
    Ref,
    Refused,
    Route,
    Side,
    State,
    Window,
    ours_token,
)
from chalicelib.queues import Bell
from chalicelib.richtext import measure, plain, split
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, claimed_part, fresh, lost_track, released, with_outcome, with_receipt
from chalicelib.store import Insert, Replace

SENDS_A_TURN = 5
WAIT_IN_PLACE = 5_000
"""A wait up to this many ms is waited out; a longer one goes on the record."""
TRIES = 3
RECEIPT_WAIT = 5 * 60_000
"""Ms that a receipt has to settle what nobody can look up, where the medium has receipts."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach the customer of one reply."""

    world: World
    route: Route
    channel: Channel
    account: Account
    medium: Capabilities


def send(world: World, bell: Bell) -> None:
    """Send what one conversation owes, as far as one turn goes."""
    items = world.store.undone(bell.about, Side.CUSTOMER, SENDS_A_TURN + 1)
    if not items:
        return
    home = world.store.find(Conversation, bell.about)
    if home is None:
        return
    settled = False
    for item in items[:SENDS_A_TURN]:
        after = _send(world, item)
        settled |= after.state not in (State.RECORDED, State.SENDING)
        if after.state in (State.RECORDED, State.SENDING):
            break
    else:
        if len(items) > SENDS_A_TURN:
            world.queues.ring(Side.CUSTOMER, [bell])
    if settled:
        world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


def _send(world: World, item: Item) -> Item:
    """Send one reply as far as it will go, and return it as it then is."""
    now = world.now()
    if item.route is None:
        return _fail(world, _prepared(world, item, None), Reason.NO_ROUTE)
    route = item.route
    known, window, gate = world.store.find_all(
        (Known, (route.address,)), (Window, (route.address, route.line)), (Gate, (route.channel, route.account))
    )
    if shut(gate, now):
        return item
    try:
        channel, account = world.line(route.channel, route.account)
    except (NotHere, SecretMissing) as error:
        close_ours(world, route.channel, route.account, str(error))
        return item
    way = Way(world, route, channel, account, channel.CAPABILITIES[route.medium])
    item = _prepared(world, item, way.medium)
    if not item.parts:
        return _change(world, item, replace(item, state=State.WITHDRAWN, due=None))
    refusal = None if item.claim else _forbidden(item, way, known, window)
    if refusal is not None:
        return _fail(world, item, refusal)
    for number in range(len(item.parts)):
        if item.parts[number].state in (State.RECORDED, State.SENDING):
            item = _send_part(way, item, number)
            if item.parts[number].state in (State.RECORDED, State.SENDING, State.FAILED, State.UNKNOWN):
                break
    return item


def _prepared(world: World, item: Item, medium: Capabilities | None) -> Item:
    """Fix what goes out: plain text with people's names, in parts the medium takes."""
    if item.parts:
        return item
    text = plain(item.text, world.slack.name)
    if medium is None:
        return replace(item, parts=(Part(text),))
    texts = split(text, medium.text_limit, measure(medium.text_unit), numbered=medium.numbered) if text else []
    return replace(item, text=text, parts=tuple(Part(each) for each in texts), awaits=medium.delivered)


def _forbidden(item: Item, way: Way, known: Known | None, window: Window | None) -> Reason | None:
    """Say why this reply must not go out, where that can be known beforehand."""
    now = way.world.now()
    if known is not None and way.route.medium in known.opted_out:
        return Reason.OPTED_OUT
    if way.medium.window and (window is None or window.until < now):
        return Reason.WINDOW
    if now - item.asked_at > DAY:
        return Reason.EXPIRED
    return None


def _fail(world: World, item: Item, reason: Reason) -> Item:
    number = next(n for n, part in enumerate(item.parts) if part.state in (State.RECORDED, State.SENDING))
    after = with_outcome(item, number, Refused(reason), world.now())
    return item if after is None else _change(world, item, after)


def _change(world: World, item: Item, after: Item) -> Item:
    """Write an item; if it has changed meanwhile (edited, deleted), leave it to the next bell."""
    try:
        stored: Item = world.store.write(Replace(after))[0]
    except Lost:
        world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
        return item
    return stored


def _send_part(way: Way, item: Item, number: int) -> Item:
    """Claim one part, send it, settle it."""
    if item.claim is not None:
        done = _earlier(way, item, number)
        if done is not None:
            return done
    mine = _change(way.world, item, claimed_part(item, number, way.world.now()))
    if mine is item:
        return item
    outcome = way.channel.send(_message(way, mine, number), way.account, way.world.http)
    if isinstance(outcome, Busy) and outcome.wait is not None and outcome.wait <= WAIT_IN_PLACE:
        way.world.pause(outcome.wait / 1000)
        outcome = way.channel.send(_message(way, mine, number), way.account, way.world.http)
    logs.note("reply.sent", outcome=type(outcome).__name__, item=item.id, conversation=item.conversation)
    return _conclude(way, mine, number, outcome)


def _message(way: Way, item: Item, number: int) -> Message:
    at = item.claim.at if item.claim else 0
    return Message(ours_token(item, number), way.route, item.parts[number].text, at)


def _earlier(way: Way, item: Item, number: int) -> Item | None:
    """Find out what became of a claim somebody else made; None if it is certain that nothing did."""
    claim, now = item.claim, way.world.now()
    if claim is None or fresh(claim, now):
        return item
    found = way.channel.look_up(_message(way, item, number), way.account, way.world.http)
    match found:
        case Ok():
            return _settle(way, item, number, found)
        case Absent() if claim.count < TRIES:
            return None
        case Absent():
            return _settle(way, item, number, Refused(Reason.GAVE_UP))
        case CannotTell():
            if way.medium.delivered and now - claim.at < RECEIPT_WAIT:
                return item
            return way.world.store.change(item, lambda each: lost_track(each, number, "", now)) or item


def _conclude(way: Way, mine: Item, number: int, outcome: Outcome) -> Item:
    world, now = way.world, way.world.now()
    match outcome:
        case Ok() | Refused() | Closed():
            return _settle(way, mine, number, outcome)
        case Ambiguous():
            return mine  # the claim stays, and is looked up once it is stale
        case Busy(why, wait, whole_line):
            due = now + (wait or CLAIM_LIFE)
            if whole_line:
                due = close(world, way.route.channel, way.route.account, why, wait)
        case Ours(why):
            due = close_ours(world, way.route.channel, way.route.account, why)
    return world.store.change(mine, lambda each: released(each, number, due)) or mine


def _settle(way: Way, item: Item, number: int, outcome: Ok | Refused | Closed) -> Item:
    """Write down how it ended, with the reference by which receipts will find it."""
    store, now = way.world.store, way.world.now()
    if isinstance(outcome, Refused) and outcome.reason is Reason.OPTED_OUT:
        opt_out(store, way.route, now)

    def step(each: Item) -> Item | None:
        return with_outcome(each, number, outcome, now)

    if not isinstance(outcome, Ok) or not outcome.id:
        return store.change(item, step) or item
    ref = Ref(way.route.channel, way.route.account, outcome.id, item.conversation, item.id, number)
    try:
        after = store.change(item, step, Insert(ref)) or item
    except Lost:
        return _settle_with_orphan(way, item, number, outcome, ref)
    if after.version == item.version:  # a receipt was faster and has said more; the reference is still missing
        _insert(way, ref)
    return after


def _settle_with_orphan(way: Way, item: Item, number: int, outcome: Ok, ref: Ref) -> Item:
    """Settle where something already stands under the provider's id: a receipt that could not wait for us."""
    store, now = way.world.store, way.world.now()
    after = store.change(item, lambda each: with_outcome(each, number, outcome, now)) or item
    standing = store.find(Ref, ref.system, ref.account, ref.id)
    if standing is None or standing.orphan is None:
        return after
    receipt = standing.orphan
    store.change(standing, lambda each: replace(ref, version=each.version))
    return store.change(after, lambda each: with_receipt(each, receipt, number, None, now)) or after


def _insert(way: Way, ref: Ref) -> None:
    try:
        way.world.store.write(Insert(ref))
    except Lost:
        logs.note("ref.known", system=ref.system)
