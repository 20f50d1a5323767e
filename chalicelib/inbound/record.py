"""Put one event on record: the item and its reference in one transaction, and nothing else if it can be helped.

Each function returns the bell to ring, or None where nothing new was learned. A lost race raises Lost, and the
caller begins again from what is there now; only a reference that is already there means a repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.contacts import Whereabouts, Writes, current, opening, opt_out, whereabouts
from chalicelib.errors import Lost
from chalicelib.model import (
    DAY,
    Account,
    Address,
    Contact,
    ContactChanged,
    Conversation,
    Event,
    Item,
    Kind,
    Known,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    OptedIn,
    OptedOut,
    Reacted,
    Reason,
    Receipt,
    Ref,
    Route,
    moved,
    new_id,
    order_key,
    read_ours,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, with_receipt
from chalicelib.store import Insert, Put, Replace


def record(world: World, line: Account, event: Event) -> Bell | None:
    """Record one event; raises Lost if a race was lost and it should be tried again."""
    return _RECORDERS[type(event)](world, line, event)


def _message(world: World, line: Account, event: MessageReceived, *also: Insert) -> Bell | None:
    def item(now: int) -> Item:
        return _item(
            Kind.MESSAGE,
            event.at,
            now,
            event.sequence,
            text=event.text,
            author=event.name,
            route=event.route,
            attachments=event.attachments,
            their_id=event.id,
        )

    ref = Ref(line.channel, line.name, event.id)
    return _into_conversation(world, event.route, event.addresses, ref, item, event.name, also)


def _edit(world: World, line: Account, event: MessageEdited) -> Bell | None:
    """Record an edit where its message is; an edit of a message we lack is that message."""
    message = event.message
    ref = world.store.find(Ref, line.channel, line.name, message.id)
    if ref is None:
        seen = Ref(line.channel, line.name, event.id, kept="taken for the message itself")
        return _message(world, line, message, Insert(seen))

    def item(now: int) -> Item:
        return _item(
            Kind.EDIT,
            message.at,
            now,
            text=message.text,
            author=message.name,
            route=message.route,
            of=ref.item,
        )

    return _beside(world, line, ref, event.id, item)


def _deletion(world: World, line: Account, event: MessageDeleted) -> Bell | None:
    """Record a deletion where its message is; one that comes first leaves a tombstone."""
    ref = world.store.find(Ref, line.channel, line.name, event.of)
    if ref is None:
        expires = world.now() + 30 * DAY
        world.store.write(Insert(Ref(line.channel, line.name, event.of, kept="deleted", expires=expires)))
        return None
    return _beside(
        world,
        line,
        ref,
        event.id,
        lambda now: _item(Kind.DELETION, event.at, now, route=event.route, of=ref.item),
    )


def _reaction(world: World, line: Account, event: Reacted) -> Bell | None:
    """Record a reaction where its message is; one to something older than us goes to the open conversation."""
    ref = world.store.find(Ref, line.channel, line.name, event.to)

    def item(now: int) -> Item:
        of = ref.item if ref else ""
        return _item(Kind.REACTION, event.at, now, text=event.emoji, author=event.name, route=event.route, of=of)

    if ref is not None:
        return _beside(world, line, ref, event.id, item)
    own = Ref(line.channel, line.name, event.id)
    return _into_conversation(world, event.route, event.addresses, own, item, event.name)


def _changed(world: World, line: Account, event: ContactChanged) -> Bell | None:
    """Link a person's new address to them and say so in the thread."""
    here = whereabouts(world.store, event.addresses)
    if here.contact is None:
        return None
    return _line(world, line, here, event.id, event.route, event.at, event.text)


def _opting(world: World, line: Account, event: OptedOut | OptedIn) -> Bell | None:
    """Record consent at once, with the line that tells the team: it has to hold from the moment it is answered."""
    here = whereabouts(world.store, event.addresses)
    medium = event.route.medium
    if here.contact is None:
        _stranger(world, line, event, here)
        return None
    known = here.known.get(event.route.address)
    if known is None:
        raise Lost
    out = dict(known.opted_out)
    if isinstance(event, OptedOut):
        out[medium] = event.at
    elif out.pop(medium, None) is None:
        return None  # YES and START are ordinary words to anybody who never opted out
    sentence = world.settings().texts.opted_out if isinstance(event, OptedOut) else world.settings().texts.opted_in
    text = sentence.format(
        name=here.contact.name or here.addresses[0].value,
        medium=world.capabilities(event.route).label,
        word=event.word,
    )
    return _line(world, line, here, event.id, event.route, event.at, text, Replace(replace(known, opted_out=out)))


def _stranger(world: World, line: Account, event: OptedOut | OptedIn, here: Whereabouts) -> None:
    """Remember the wish of somebody who never wrote: the first message to them would be one too many."""
    if isinstance(event, OptedIn):
        return
    now = world.now()
    person = Contact(new_id(now))
    known = Known(here.addresses[0].key, person.id, opted_out={event.route.medium: event.at})
    _write(world, Ref(line.channel, line.name, event.id, kept="opted out"), Insert(person), Insert(known))


def _line(
    world: World,
    line: Account,
    here: Whereabouts,
    event_id: str,
    route: Route,
    at: int,
    text: str,
    *also: Replace,
) -> Bell | None:
    """Put our own words into a contact's conversation, if there is one, with whatever belongs to them."""
    ref = Ref(line.channel, line.name, event_id)
    contact = here.contact
    pointer = contact and contact.current.get(world.settings().desk_of(route.line).name)
    links = here.new_links(contact.id) if contact else []
    if not pointer:
        _write(world, replace(ref, kept="no conversation"), *also, *links)
        return None
    now = world.now()
    item = replace(_item(Kind.LINE, at, now, text=text, route=route), conversation=pointer.conversation)
    ref = replace(ref, conversation=item.conversation, item=item.id)
    return _write(world, ref, Insert(item), *also, *links, bell=Bell(item.conversation, pointer.slack_channel))


def _receipt(world: World, line: Account, event: Receipt) -> Bell | None:
    """Settle a reply's record; a receipt for an id we do not know yet waits for the answer to our own call."""
    ours = read_ours(event.ours)
    if ours is not None:
        conversation, item, part, tries = ours
        return _settle(world, event, conversation, item, part, tries)
    ref = world.store.find(Ref, line.channel, line.name, event.of)
    if ref is not None and ref.item:
        return _settle(world, event, ref.conversation, ref.item, ref.part, None)
    waiting = Ref(line.channel, line.name, event.of, orphan=event, expires=world.now() + DAY)
    if ref is None:
        world.store.write(Insert(waiting))
    elif ref.orphan is not None:
        world.store.write(Replace(replace(waiting, orphan=better(ref.orphan, event), version=ref.version)))
    return None


def better(one: Receipt, other: Receipt) -> Receipt:
    """Keep the receipt that says more."""
    return other if moved(one.state, other.state) is other.state else one


def _settle(
    world: World, event: Receipt, conversation: str, item_id: str, part: int, tries: int | None
) -> Bell | None:
    item = world.store.find(Item, conversation, item_id)
    if item is None or part >= len(item.parts):
        return None
    after = world.store.change(item, lambda now: with_receipt(now, event, part, tries, world.now()))
    if after is None or after.version == item.version:
        return None
    if event.reason is Reason.OPTED_OUT and item.route is not None:
        opt_out(world.store, item.route, event.at)
    home = world.store.find(Conversation, conversation)
    return Bell(conversation, home.slack_channel) if home else None


def _into_conversation(
    world: World,
    route: Route,
    addresses: tuple[Address, ...],
    ref: Ref,
    make: Callable[[int], Item],
    name: str,
    also: Sequence[Insert] = (),
) -> Bell | None:
    """Record an item in the conversation its sender has with the desk, opening one if there is none."""
    now = world.now()
    desk = world.settings().desk_of(route.line)
    here = whereabouts(world.store, addresses)
    pointer = current(here.contact, desk, now)
    item = make(now)
    if pointer is not None and here.contact is not None:
        bell = Bell(pointer.conversation, pointer.slack_channel)
        writes: Writes = here.new_links(here.contact.id)
    else:
        opened, writes = opening(here, desk, name, now, now + CLAIM_LIFE)
        bell = Bell(opened.id, opened.slack_channel)
    item = replace(item, conversation=bell.about)
    ref = replace(ref, conversation=item.conversation, item=item.id)
    return _write(world, ref, Insert(item), *writes, *also, bell=bell)


def _beside(world: World, line: Account, ref: Ref, event_id: str, make: Callable[[int], Item]) -> Bell | None:
    """Record an item in the conversation that another one is in."""
    home = world.store.find(Conversation, ref.conversation) if ref.conversation else None
    if home is None:
        return None
    item = replace(make(world.now()), conversation=home.id)
    own = Ref(line.channel, line.name, event_id, conversation=home.id, item=item.id)
    return _write(world, own, Insert(item), bell=Bell(home.id, home.slack_channel))


def _write(world: World, ref: Ref, *writes: Insert | Replace | Put, bell: Bell | None = None) -> Bell | None:
    """Write with a reference that must be new; where it is not, this is a repeat and nothing happens."""
    try:
        world.store.write(Insert(ref), *writes)
    except Lost as lost:
        if any(isinstance(loser, Ref) for loser in lost.losers):
            return None
        raise
    return bell


def _item(kind: Kind, at: int, now: int, sequence: int = 0, **rest: Any) -> Item:
    ulid = new_id(now)
    order = order_key(at, now, sequence, ulid)
    return Item("", ulid, kind, at, order, due=now + CLAIM_LIFE, **rest)


_RECORDERS: dict[type[Event], Callable[[World, Account, Any], Bell | None]] = {
    MessageReceived: _message,
    MessageEdited: _edit,
    MessageDeleted: _deletion,
    Reacted: _reaction,
    ContactChanged: _changed,
    OptedOut: _opting,
    OptedIn: _opting,
    Receipt: _receipt,
}
