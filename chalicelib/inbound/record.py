"""Put one event on record: the item and its reference in one transaction, and nothing else if it can be helped.

Each recorder returns what it recorded, or None where there is nothing to tell. A lost race raises Lost, and the
caller begins again from what is there now; only a reference that is already there means a repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.channels import PICTURES
from chalicelib.contacts import Whereabouts, current, opening, person, whereabouts
from chalicelib.inbound.consent import record_change, record_consent, wished
from chalicelib.inbound.entries import Recorded, bell_of, carried, case_of, muted, new_item, write_once
from chalicelib.inbound.meeting import met
from chalicelib.inbound.receipts import record_receipt
from chalicelib.model import (
    DAY,
    Account,
    Carriage,
    Contact,
    ContactChanged,
    Conversation,
    Event,
    Item,
    Kind,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    OptedIn,
    OptedOut,
    Reacted,
    Receipt,
    Ref,
    is_carried,
)
from chalicelib.patience import FILE
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settings import Desk, leads_to, routed
from chalicelib.settling import CLAIM_LIFE
from chalicelib.store import Insert

TOMBSTONE = 100 * DAY
"""How long a deletion waits for the message it came before: longer than what is kept raw can be replayed."""

Make = Callable[[int], Item]
"""An item from the moment it is recorded at."""


def record(world: World, line: Account, event: Event) -> Recorded | None:
    """Record one event; raises Lost if a race was lost and it should be tried again."""
    return _RECORDERS[type(event)](world, line, event)


def _message(world: World, line: Account, event: MessageReceived, *also: Insert) -> Recorded | None:
    attachments = carried(event)
    answered = world.store.find(Ref, line.channel, line.name, event.reply_to) if event.reply_to else None

    def item(now: int) -> Item:
        made = new_item(
            Kind.MESSAGE,
            event.at,
            now,
            event.sequence,
            text=event.text,
            rich=event.rich,
            author=event.name,
            route=event.route,
            attachments=attachments,
            album=event.album,
            reply_to=f"{answered.conversation}.{answered.item}" if answered and answered.item else "",
            quoted=event.quoted,
            their_id=event.id,
        )
        return replace(made, due=now + FILE) if is_carried(made) else made

    recorded = _into_conversation(world, line, event, item, *also)
    if recorded is not None and recorded.bell and any(each.carriage is Carriage.WAITING for each in attachments):
        recorded = replace(recorded, files=Bell(recorded.conversation, recorded.conversation))
    if recorded is None and event.wish is not None:
        return record_consent(world, line, event.wish)  # what was told of its message came before it
    return recorded


def _edit(world: World, line: Account, event: MessageEdited) -> Recorded | None:
    """Record an edit where its message is; an edit of a message we lack is that message."""
    message = replace(event.message, wish=None)  # what people write over something else is no word by itself
    ref = world.store.find(Ref, line.channel, line.name, message.id)
    if ref is None:
        seen = Ref(line.channel, line.name, event.id, kept="taken for the message itself")
        # Where the message was recorded a moment ago, this is an edit of it after all.
        return _message(world, line, message, Insert(seen)) or _edit(world, line, event)

    def item(now: int) -> Item:
        return new_item(
            Kind.EDIT,
            event.at or now,
            now,
            text=message.text,
            rich=message.rich,
            attachments=message.attachments,
            author=message.name,
            route=message.route,
            quiet=event.quiet,
            of=ref.item,
        )

    return _beside(world, line, ref, event.id, item)


def _deletion(world: World, line: Account, event: MessageDeleted) -> Recorded | None:
    """Record a deletion where its message is; one that comes first leaves a tombstone."""
    ref = world.store.find(Ref, line.channel, line.name, event.of)
    if ref is None:
        expires = world.now() + TOMBSTONE
        world.store.write(Insert(Ref(line.channel, line.name, event.of, kept="deleted", expires=expires)))
        return None

    def item(now: int) -> Item:
        return new_item(Kind.DELETION, event.at, now, route=event.route, of=ref.item)

    return _beside(world, line, ref, event.id, item)


def _reaction(world: World, line: Account, event: Reacted) -> Recorded | None:
    """Record a reaction where its message is; one to something older than us goes to the open conversation."""
    ref = world.store.find(Ref, line.channel, line.name, event.to)

    def item(now: int) -> Item:
        of = ref.item if ref else ""
        return new_item(
            Kind.REACTION, event.at, now, text=event.emoji, author=event.name, route=event.route, of=of
        )

    if ref is not None and ref.conversation:
        return _beside(world, line, ref, event.id, item)
    return _into_conversation(world, line, event, item)


def _into_conversation(
    world: World, line: Account, event: MessageReceived | Reacted, make: Make, *also: Insert
) -> Recorded | None:
    """Record an item in the conversation its sender has with the desk, opening one if there is none."""
    now = world.now()
    here, settings = whereabouts(world.store, event.addresses), world.settings()
    if here.contact is not None and here.contact.blocked_at and here.contact.current:
        return _muted(world, line, event, here, make(now), *also)
    case = case_of(event, here.contact)
    pointer = current(here.contact, leads_to(settings, case), now)
    if pointer is not None and here.contact is not None:
        contact, bell = here.contact.id, Bell(pointer.conversation, pointer.slack_channel)
        writes = here.links(here.contact)
    else:
        desk = routed(settings, case, now)
        spoken = event.locale if isinstance(event, MessageReceived) else ""
        opened, writes = opening(here, desk, event.name, now, now + CLAIM_LIFE, event.route, spoken)
        contact, bell = opened.contact, bell_of(opened)
        also = (*also, *_called(opened, desk, event.at, now))
    item = replace(make(now), conversation=bell.about)
    ref = Ref(line.channel, line.name, event.id, item.conversation, item.id)
    beside, merge = met(world, here, contact, bell)
    if isinstance(event, MessageReceived) and event.wish is not None:
        name = here.contact.name if here.contact else event.name
        own, writes = wished(world, line, event.wish, here, writes, item.conversation, name)
        writes = [Insert(own), *writes]
    recorded = write_once(world, ref, Insert(item), *writes, *beside, *also, bell=bell)
    face = _unseen(event, here, contact, item) if recorded is not None else None
    return replace(recorded, merge=merge, picture=face) if recorded is not None else None


def _unseen(event: MessageReceived | Reacted, here: Whereabouts, contact: str, item: Item) -> Bell | None:
    """Name the bell for a sender's picture, until there is one: with each new conversation, and each new way."""
    who, route = here.contact, event.route
    goes_on = who is not None and item.conversation in {each.conversation for each in who.current.values()}
    if route.channel not in PICTURES or (who and (who.picture or (goes_on and route in who.routes))):
        return None
    return Bell(f"picture:{item.conversation}.{item.id}", f"picture-{contact}")


def _muted(
    world: World, line: Account, event: MessageReceived | Reacted, here: Whereabouts, item: Item, *also: Insert
) -> Recorded | None:
    """Record what somebody says whom the team has blocked: it is on record, and rings nobody."""
    contact = here.contact or Contact("")
    home = max(each.conversation for each in contact.current.values())
    item = muted(replace(item, conversation=home))
    ref, writes = Ref(line.channel, line.name, event.id, home, item.id), here.links(contact)
    if isinstance(event, MessageReceived) and event.wish is not None:
        own, writes = wished(world, line, event.wish, here, writes, "", contact.name)
        writes = [Insert(own), *writes]
    return write_once(world, ref, Insert(item), *writes, *also)


def _called(home: Conversation, desk: Desk, at: int, now: int) -> list[Insert]:
    """Call those whom a desk wants to know of each new conversation."""
    if not desk.mention:
        return []
    line = new_item(Kind.LINE, at, now, text="{calls} a new conversation.", calls=desk.mention)
    return [Insert(replace(line, conversation=home.id))]


def _beside(world: World, line: Account, ref: Ref, event_id: str, make: Make) -> Recorded | None:
    """Record an item in the conversation that another one is in; of what was deleted nothing is said."""
    home = world.store.find(Conversation, ref.conversation) if ref.conversation else None
    if home is None:
        return None
    item = replace(make(world.now()), conversation=home.id)
    who = person(world.store, home.contact) if item.kind is not Kind.DELETION else None
    own = Ref(line.channel, line.name, event_id, conversation=home.id, item=item.id)
    if who is not None and who.blocked_at:
        return write_once(world, own, Insert(muted(item)))
    return write_once(world, own, Insert(item), bell=bell_of(home))


_RECORDERS: dict[type[Event], Callable[[World, Account, Any], Recorded | None]] = {
    MessageReceived: _message,
    MessageEdited: _edit,
    MessageDeleted: _deletion,
    Reacted: _reaction,
    ContactChanged: record_change,
    OptedOut: record_consent,
    OptedIn: record_consent,
    Receipt: record_receipt,
}
