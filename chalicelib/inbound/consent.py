"""What people want of us and what becomes of their addresses; told in the thread in a line of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.contacts import Whereabouts, Writes, whereabouts
from chalicelib.inbound.entries import Recorded, new_item, write_once
from chalicelib.model import (
    Account,
    Contact,
    ContactChanged,
    Kind,
    Known,
    OptedIn,
    OptedOut,
    Ref,
    new_id,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Replace


def record_change(world: World, line: Account, event: ContactChanged) -> Recorded | None:
    """Link a person's new address to them and say so in the thread."""
    here = whereabouts(world.store, event.addresses)
    if here.contact is None:
        return None
    return _line(world, line, here, event, event.text, here.new_links(here.contact.id))


def record_consent(world: World, line: Account, event: OptedOut | OptedIn) -> Recorded | None:
    """Record a wish at once, with the line that tells the team: it has to hold from the moment it is answered."""
    here = whereabouts(world.store, event.addresses)
    if here.contact is None:
        _stranger(world, line, event, here)
        return None
    changes = _opted_out(here, here.contact, event) if isinstance(event, OptedOut) else _opted_in(here, event)
    if not changes:
        return None
    texts = world.settings().texts
    sentence = texts.opted_out if isinstance(event, OptedOut) else texts.opted_in
    text = sentence.format(
        name=clean(here.contact.name) or clean(here.addresses[0].value),
        medium=world.capabilities(event.route).label,
        word=event.word,
    )
    return _line(world, line, here, event, text, changes)


def _opted_out(here: Whereabouts, person: Contact, event: OptedOut) -> Writes:
    """Mark every address of the event: whoever stops us by phone must not be reached by their other id."""
    medium = event.route.medium
    known = [each for each in here.known.values() if medium not in each.opted_out]
    links = [_marked(link.thing, event) for link in here.new_links(person.id)]
    return [*(Replace(_marked(each, event)) for each in known), *map(Insert, links)]


def _opted_in(here: Whereabouts, event: OptedIn) -> Writes:
    """Take marks off, but not those that are younger; YES and START are ordinary words to everybody else."""
    medium = event.route.medium
    return [
        Replace(replace(each, opted_out={name: at for name, at in each.opted_out.items() if name != medium}))
        for each in here.known.values()
        if medium in each.opted_out and each.opted_out[medium] <= event.at
    ]


def _marked(known: Known, event: OptedOut) -> Known:
    return replace(known, opted_out={**known.opted_out, event.route.medium: event.at})


def _stranger(world: World, line: Account, event: OptedOut | OptedIn, here: Whereabouts) -> None:
    """Remember the wish of somebody who never wrote: the first message to them would be one too many."""
    if isinstance(event, OptedIn):
        return
    person = Contact(new_id(world.now()))
    ref = Ref(line.channel, line.name, event.id, kept="opted out")
    write_once(world, ref, Insert(person), *_opted_out(here, person, event))


def _line(
    world: World,
    line: Account,
    here: Whereabouts,
    event: OptedOut | OptedIn | ContactChanged,
    text: str,
    also: Sequence[Insert | Replace],
) -> Recorded | None:
    """Put our own words into a contact's conversation, if there is one, with whatever belongs to them."""
    ref = Ref(line.channel, line.name, event.id)
    desk = world.settings().desk_of(event.route.line)
    pointer = here.contact.current.get(desk.name) if here.contact else None
    if pointer is None:
        return write_once(world, replace(ref, kept="no conversation"), *also)
    item = new_item(Kind.LINE, event.at, world.now(), text=text, route=event.route)
    item = replace(item, conversation=pointer.conversation)
    ref = replace(ref, conversation=item.conversation, item=item.id)
    bell = Bell(item.conversation, pointer.slack_channel)
    return write_once(world, ref, Insert(item), *also, bell=bell)
