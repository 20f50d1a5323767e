"""Make one person of two contacts, or two again: each in one write, so that nobody ever finds half of it.

Whoever finds a contact that was merged goes on to the one it went into. So what decides is that one write; where
somebody has more addresses than it holds, the others are led on until they are moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.contacts import persons
from chalicelib.errors import Lost
from chalicelib.inbound.entries import bell_of, new_item
from chalicelib.merging import NOT_SAME, SAME, heard, joined, led, pair_of, restored, without
from chalicelib.model import Contact, Conversation, History, Item, Kind, Known, Merge, Offer, Pair, Side
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.blocks import NOBODY
from chalicelib.slack.lines import link, within
from chalicelib.store import Insert, Put, Replace

TRIES = 6
AT_ONCE = 40
"""Addresses that are moved in one write, which holds a hundred things."""
OWN = 20
"""Conversations of somebody that are looked at for the one that goes on, the newest."""
HEARD_OF = 3
"""Addresses by which a line names somebody."""

Writes = list[Insert | Replace | Put]

SAID = "{{who}} says that this is the same person as {other}."
SEEN = "This is the same person as {other}: their provider named both addresses in one message."
HERE = " From now on what they write comes into this thread; what was said before stands in {there}."
THERE = " From now on what they write comes into {there}. What is typed here still reaches them as it did."
BLOCKED = " They are blocked: what they write stays on record, and comes no more into Slack."
UNDONE = "{who} took that back: these are two people again, each with a thread of their own."
STILL = (
    " The last word above is {other}'s: what is typed here goes to them until the customer of this thread writes."
)


def merge(world: World, name: str) -> None:
    """Behind the bell: carry out what an event has ordered, or move what is left to be moved."""
    order = world.store.find(Merge, name)
    if order is None or order.due is None:
        return
    world.slack.team()  # without which nothing has an address
    if order.at:
        move(world, order)
    else:
        join(world, order)


def join(world: World, order: Merge) -> Merge | None:
    """Make one person of two contacts; None if they are one already, or a person has said that they are not."""
    for _ in range(TRIES):
        people = persons(world.store, [order.kept, order.gone])
        name = pair_of(*(each.id for each in people)) if people[1:] else ""
        pair = world.store.find(Pair, name) if name else None
        if not name or (pair is not None and pair.settled == NOT_SAME and not order.by):
            if order.version:
                world.store.change(order, lambda now: replace(now, due=None))
            return None
        try:
            done = _join(world, order, people[0], people[1], pair)
        except Lost:
            order = (world.store.find(Merge, order.id) if order.version else None) or order
            if order.at:
                return order
            continue
        logs.note("people.joined", merge=done.id, kept=done.kept, gone=done.gone, user=done.by or None)
        return move(world, done)
    raise Lost(order)


def _join(world: World, order: Merge, kept: Contact, gone: Contact, pair: Pair | None) -> Merge:
    now, (after, left) = world.now(), joined(kept, gone)
    known = _known(world, gone.addresses[:AT_ONCE], (gone.id, *gone.merged))
    homes = _homes(world, [*heard(kept), *heard(gone)])
    done = replace(
        order,
        kept=kept.id,
        gone=gone.id,
        addresses=gone.addresses,
        told=tuple(each.id for each in homes),
        at=now,
        due=now + CLAIM_LIFE if len(gone.addresses) > AT_ONCE else None,
    )
    theirs = {each.conversation for each in gone.current.values()}
    lines = [_told(world, done, home, kept if home.id in theirs else gone, after, homes) for home in homes]
    writes: Writes = [Replace(after), Replace(left), Replace(done) if order.version else Insert(done)]
    writes += [Put(replace(pair, settled=SAME, by=order.by))] if pair is not None else []
    writes += [Replace(replace(each, contact=kept.id)) for each in known]
    stored: list[Merge] = world.store.write(*writes, *_seen(world, homes), *lines)[2:3]
    _ring(world, homes)
    return stored[0]


def move(world: World, order: Merge) -> Merge:
    """Move the addresses that are left; each write also holds the merge, so that none comes after its undoing."""
    while order.due is not None and not order.undone_at:
        known = _known(world, order.addresses, (order.gone,))
        due = order.due if known[AT_ONCE:] else None
        moved = [Replace(replace(each, contact=order.kept)) for each in known[:AT_ONCE]]
        try:
            order = world.store.write(Replace(replace(order, due=due)), *moved)[0]
        except Lost:
            order = world.store.find(Merge, order.id) or replace(order, due=None)
    return order


def part(world: World, name: str, by: str) -> Merge | None:
    """Make two people again of one; None if they are two already. What was said in their threads stays there."""
    for _ in range(TRIES):
        order = world.store.find(Merge, name)
        chain = _chain(world, order.gone) if order is not None and order.at and not order.undone_at else []
        if order is None or len(chain) == 1 or not chain:
            return None
        try:
            done = _part(world, order, chain, by)
        except Lost:
            continue
        logs.note("people.parted", merge=done.id, kept=done.kept, gone=done.gone, user=by)
        return done
    raise Lost(name)


def _part(world: World, order: Merge, chain: Sequence[Contact], by: str) -> Merge:
    """Give back the addresses, which are led on until the last write makes them somebody else's."""
    gone, *holders = chain
    known = _known(world, gone.addresses, [each.id for each in holders])
    while known[AT_ONCE:]:
        back = [Replace(replace(each, contact=gone.id)) for each in known[:AT_ONCE]]
        order, known = world.store.write(Replace(replace(order, due=None)), *back)[0], known[AT_ONCE:]
    now, root = world.now(), holders[-1]
    homes = _homes(world, [*order.told, *heard(root)])
    (theirs, began), before = _own(world, gone), (*root.current.values(), *gone.current.values())
    alone = led(restored(gone, root, theirs, order.at), theirs, began, before, now)
    left = [without(each, gone, theirs) for each in holders]
    left[-1] = led(left[-1], *_own(world, left[-1]), before, now)
    pair = Pair(pair_of(order.kept, order.gone), "they were taken for one", now, NOT_SAME, by)
    done = replace(order, undone_at=now, undone_by=by, due=None)
    writes: Writes = [Replace(done), Put(pair), Replace(alone), *map(Replace, left)]
    writes += [Replace(replace(each, contact=gone.id)) for each in known]
    lines = [_parted(world, done, (alone, left[-1]), home) for home in homes]
    stored: list[Merge] = world.store.write(*writes, *_seen(world, homes), *lines)[:1]
    _ring(world, homes)
    return stored[0]


def _parted(world: World, done: Merge, two: tuple[Contact, Contact], home: Conversation) -> Insert:
    """Say in a thread that they are two; and where its replies go, if that is not to the one whose it is."""
    now, (gone, kept) = world.now(), two
    whose, other = (gone, kept) if home.contact in (gone.id, *gone.merged) else (kept, gone)
    last = home.route.address if home.route else ""
    still = STILL.format(other=called(other)) if last in other.addresses and last not in whose.addresses else ""
    blocked = BLOCKED if whose.blocked_at else ""
    line = new_item(Kind.LINE, now, now, text=UNDONE + still + blocked, author=done.undone_by)
    return Insert(replace(line, conversation=home.id))


def _chain(world: World, contact: str) -> list[Contact]:
    """Find a contact, the one into which it went, and so on."""
    chain: list[Contact] = []
    while contact and (found := world.store.find(Contact, contact)) is not None:
        chain.append(found)
        contact = found.into
    return chain


def _known(world: World, addresses: Iterable[str], whose: Iterable[str]) -> list[Known]:
    found = world.store.find_all(*((Known, (each,)) for each in addresses))
    return [each for each in found if each is not None and each.contact in whose]


def _homes(world: World, names: Iterable[str]) -> list[Conversation]:
    found = world.store.find_all(*((Conversation, (each,)) for each in dict.fromkeys(names)))
    return [each for each in found if each is not None]


def _own(world: World, contact: Contact) -> tuple[list[Conversation], dict[str, str]]:
    """Find the conversations somebody had themselves, or those merged into them, and at which desks they began."""
    lists = [world.store.listed(History, each, "", limit=OWN, back=True) for each in (contact.id, *contact.merged)]
    began = {each.conversation: each.desk for some in lists for each in some}
    return _homes(world, began), began


def _seen(world: World, homes: Sequence[Conversation]) -> list[Replace]:
    """Have the cards drawn anew: they name addresses."""
    due = world.now() + CLAIM_LIFE
    return [Replace(replace(each, drawn="", due=due)) for each in homes]


def _told(
    world: World, done: Merge, home: Conversation, other: Contact, after: Contact, homes: Sequence[Conversation]
) -> Insert:
    """Say in a thread who is taken for whom, and where their words go from now on."""
    goes_on = {each.conversation for each in after.current.values()}
    here = home.id in goes_on
    pointer = after.current.get(home.desk)
    theirs = {each.conversation for each in other.current.values()}
    wanted = theirs if here else {pointer.conversation if pointer else "", *(theirs & goes_on)}
    there = next((each for each in homes if each.id in wanted and each.id != home.id), None)
    sentence = (SAID if done.by else SEEN).format(other=called(other))
    words = (HERE if here else THERE).format(there=_link(world, there)) + (BLOCKED if after.blocked_at else "")
    item: Item = new_item(Kind.LINE, done.at, done.at, text=sentence + words, author=done.by)
    undo = Offer("Undo", "undo_merge", f"{home.id}.{done.id}")
    return Insert(replace(item, conversation=home.id, offers=(undo,)))


def _link(world: World, home: Conversation | None) -> str:
    if home is None or not home.thread_ts:
        return "another thread"
    return link(world.slack.link(home.slack_channel, home.thread_ts, home.thread_ts), "another thread")


def called(contact: Contact) -> str:
    """Name somebody so that two of one name can be told apart."""
    name, at = (
        within(contact.name),
        ", ".join(within(each.partition(":")[2]) for each in contact.addresses[:HEARD_OF]),
    )
    return f"{name} ({at})" if name and at else name or at or NOBODY


def _ring(world: World, homes: Sequence[Conversation]) -> None:
    world.queues.ring(Side.SLACK, [bell_of(each) for each in homes])
