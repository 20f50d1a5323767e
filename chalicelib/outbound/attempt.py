"""One attempt at one part of a reply: claimed, sent, settled; what an earlier attempt left is cleared up first.

A claim that is not ours stops the conversation; a stale one is looked up at the provider, and only a certain
*absent* allows another try.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.channels import Channel
from chalicelib.contacts import opt_out
from chalicelib.errors import Lost
from chalicelib.gates import close, close_ours, waited_out
from chalicelib.model import (
    DAY,
    Absent,
    Account,
    Ambiguous,
    Busy,
    CannotTell,
    Capabilities,
    Carriage,
    Closed,
    Found,
    Item,
    Known,
    Message,
    Ok,
    Ours,
    Outcome,
    Reason,
    Ref,
    Refused,
    Route,
    Side,
    State,
    Window,
    ours_token,
    stepped,
    unsigned,
)
from chalicelib.outbound.attached import filed
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, claimed_part, fresh, lost_track, released, with_outcome, with_receipt
from chalicelib.store import Insert, Replace

TRIES = 3
RECEIPT_WAIT = 5 * 60_000
"""Ms that a receipt has to settle what nobody can look up, where the medium has receipts."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach the customer of one reply, and what is known of their wishes."""

    world: World
    route: Route
    channel: Channel
    account: Account
    medium: Capabilities
    known: Known | None
    window: Window | None

    def forbids(self, item: Item, number: int) -> Refused | None:
        """Say why this part must not or cannot go out, where that can be known beforehand."""
        now, file = self.world.now(), item.parts[number].file
        refusal = self.closed(template=item.template is not None)
        if refusal is not None:
            return refusal
        if now - item.asked_at > DAY:
            return Refused(Reason.EXPIRED)
        lost = item.attachments[file] if file is not None else None
        if lost is not None and lost.carriage is Carriage.LOST:
            return Refused(lost.why or Reason.FILE_GONE, lost.detail)
        return None

    def closed(self, *, template: bool = False) -> Refused | None:
        """Say why nothing at all may go to this customer now; a template may when free text must not."""
        if self.known is not None and self.route.medium in self.known.opted_out:
            return Refused(Reason.OPTED_OUT)
        if self.medium.window and not template and (self.window is None or self.window.until < self.world.now()):
            return Refused(Reason.WINDOW)
        return None

    def message(self, item: Item, number: int) -> Message:
        at = item.claim.at if item.claim else 0
        part = item.parts[number]
        file = filed(self.world, item, part)
        answers = item.answers if number == 0 else ""
        ours = ours_token(item, number)
        return Message(ours, self.route, part.text, at, part.markup, file, answers, item.template)

    def send(self, item: Item, number: int) -> Outcome:
        """Send one part, once; what is said of it afterwards quotes no address that is good for anything."""
        outcome = self.channel.send(self.message(item, number), self.account, self.world.http)
        match outcome:
            case Ok():
                return outcome
            case Refused() | Closed():
                return replace(outcome, detail=unsigned(outcome.detail))
            case Busy() | Ambiguous() | Ours():
                return replace(outcome, why=unsigned(outcome.why))


def attempt(way: Way, item: Item, number: int) -> Item:
    """Claim one part, send it, settle it; return the item as it then is."""
    if item.parts[number].state is State.SENDING:
        cleared = _clear_up(way, item, number)
        if cleared is not None:
            return cleared
        item = stepped(item, "looked up", way.world.now(), "the provider has no trace of it")
    refusal = way.forbids(item, number)
    if refusal is not None:
        ids = {"conversation": item.conversation, "item": item.id, "part": number}
        logs.note("reply.refused", **ids, reason=refusal.reason)
        refused = with_outcome(item, number, refusal, way.world.now())
        return write(way.world, item, refused or item)
    if not way.world.shift.has_time():  # to find out about the earlier attempt has taken too long
        way.world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
        return item
    mine = write(way.world, item, claimed_part(item, number, way.world.now()))
    if mine is item:
        return item
    outcome = way.send(mine, number)
    if waited_out(way.world, outcome):
        outcome = way.send(mine, number)
    return _told(_conclude(way, mine, number, outcome), number, outcome)


def _told(after: Item, number: int, outcome: Outcome) -> Item:
    logs.note(
        "reply.sent",
        outcome=type(outcome).__name__,
        conversation=after.conversation,
        item=after.id,
        part=number,
        their_id=outcome.id if isinstance(outcome, Ok) else "",
        reason=outcome.reason if isinstance(outcome, Refused) else "",
        state=after.state,
    )
    return after


def write(world: World, item: Item, after: Item) -> Item:
    """Write an item; if it has changed meanwhile (edited, deleted, reported), leave it to the next bell."""
    try:
        stored: Item = world.store.write(Replace(after))[0]
    except Lost:
        world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
        return item
    return stored


def _clear_up(way: Way, item: Item, number: int) -> Item | None:
    """Find out what became of a claim somebody else made; None if it is certain that nothing did."""
    claim, now = item.claim, way.world.now()
    if claim is None or fresh(claim, now):
        return item
    match _look_up(way, item, number):
        case Ok() as found:
            return _settle(way, item, number, found, looked_up=True)
        case Absent() if claim.count < TRIES:
            return None
        case Absent():
            return _settle(way, item, number, Refused(Reason.GAVE_UP))
        case CannotTell(for_now=True) if now - item.asked_at <= DAY:
            return item  # they will answer again
        case CannotTell() if way.medium.delivered and now - claim.at < RECEIPT_WAIT:
            return item
        case CannotTell(for_now=False) if way.medium.confirms:
            return _settle(way, item, number, Refused(Reason.UNCONFIRMED))
        case CannotTell():
            return way.world.store.change(item, lambda each: lost_track(each, number, "", now)) or item


def _look_up(way: Way, item: Item, number: int) -> Found:
    """Ask the provider; what it finds must not be on record as something else we sent, such as the same words."""
    found = way.channel.look_up(way.message(item, number), way.account, way.world.http)
    given = (found.id,) if isinstance(found, Ok) else found.among if isinstance(found, CannotTell) else ()
    if given:
        refs = way.world.store.find_all(*((Ref, (way.route.channel, way.route.account, each)) for each in given))
        free = [each for each, ref in zip(given, refs, strict=True) if ref is None or not ref.item]
        found = Ok(free[0]) if len(free) == 1 else CannotTell(among=tuple(free)) if free else Absent()
    name = type(found).__name__
    logs.note("reply.looked_up", outcome=name, conversation=item.conversation, item=item.id, part=number)
    return found


def _conclude(way: Way, mine: Item, number: int, outcome: Outcome) -> Item:
    world, now = way.world, way.world.now()
    match outcome:
        case Ok() | Refused() | Closed():
            return _settle(way, mine, number, outcome)
        case Ambiguous():
            return mine  # the claim stays, and is looked up once it is stale
        case Busy(why, wait, whole_line) as busy:
            due = now + (wait or CLAIM_LIFE)
            if whole_line:
                due = close(world, way.route.channel, way.route.account, busy)
        case Ours(why):
            due = close_ours(world, way.route.channel, way.route.account, why)
    return world.store.change(mine, lambda each: released(each, number, due, now, why)) or mine


def _settle(way: Way, item: Item, number: int, outcome: Ok | Refused | Closed, *, looked_up: bool = False) -> Item:
    """Write down how it ended, with the reference by which receipts will find it."""
    store, now = way.world.store, way.world.now()
    if isinstance(outcome, Refused) and outcome.reason is Reason.OPTED_OUT:
        opt_out(store, way.route, now)

    def step(each: Item) -> Item | None:
        seen = stepped(each, "looked up", now, "it is there") if looked_up else each
        return with_outcome(seen, number, outcome, now)

    if not isinstance(outcome, Ok) or not outcome.id:
        return store.change(item, step) or item
    ref = Ref(way.route.channel, way.route.account, outcome.id, item.conversation, item.id, number)
    try:
        # A receipt may have been faster and have said more: the reference is still missing.
        return store.change(item, lambda each: step(each) or each, Insert(ref)) or item
    except Lost:
        return _settle_with_orphan(way, item, outcome, ref)


def _settle_with_orphan(way: Way, item: Item, outcome: Ok, ref: Ref) -> Item:
    """Settle where something already stands under the provider's id: a receipt that could not wait for us."""
    store, now = way.world.store, way.world.now()
    standing = store.find(Ref, ref.system, ref.account, ref.id)
    orphan = standing.orphan if standing is not None else None

    def step(each: Item) -> Item:
        settled = with_outcome(each, ref.part, outcome, now) or each
        told = orphan and with_receipt(settled, orphan, ref.part, None, now)
        return told or settled

    if standing is None or orphan is None:
        logs.alarm("ref.taken", system=ref.system, item=ref.item)
        return store.change(item, step) or item
    try:
        return store.change(item, step, Replace(replace(ref, version=standing.version))) or item
    except Lost:  # another receipt came
        return _settle_with_orphan(way, item, outcome, ref)
