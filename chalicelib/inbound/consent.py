"""What people want of us and what becomes of their addresses; told in the thread in a line of our own."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.contacts import Whereabouts, Writes, last, opted_in, opted_out, whereabouts
from chalicelib.inbound.entries import Recorded, case_of, new_item, write_once
from chalicelib.inbound.meeting import met
from chalicelib.model import (
    Account,
    Contact,
    ContactChanged,
    Current,
    Item,
    Kind,
    Known,
    OptedIn,
    OptedOut,
    Ref,
    new_id,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settings import leads_to
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Put, Replace

Wish = OptedOut | OptedIn


def record_change(world: World, line: Account, event: ContactChanged) -> Recorded | None:
    """Link a person's new address to them and say so in the thread."""
    here = whereabouts(world.store, event.addresses)
    if here.contact is None:
        return None
    ref, links = Ref(line.channel, line.name, event.id), here.links(here.contact)
    pointer = _last(world, event, here.contact)
    if pointer is None:
        return write_once(world, replace(ref, kept="no conversation"), *links)
    item = new_item(Kind.LINE, event.at, world.now(), text=event.text, route=event.route)
    item = replace(item, conversation=pointer.conversation)
    ref = replace(ref, conversation=item.conversation, item=item.id)
    bell = Bell(item.conversation, pointer.slack_channel)
    beside, merge = met(world, here, here.contact.id, bell)
    recorded = write_once(world, ref, Insert(item), *links, *beside, bell=bell)
    return replace(recorded, merge=merge) if recorded is not None else None


def record_consent(world: World, line: Account, event: Wish) -> Recorded | None:
    """Record a wish at once, with the line that tells the team: it has to hold from the moment it is answered."""
    here = whereabouts(world.store, event.addresses)
    person = here.contact or Contact(new_id(world.now()))
    # Of somebody who never wrote a STOP is kept, too: the first message to them would be one too many.
    writes = here.links(person) if here.contact is not None or isinstance(event, OptedOut) else []
    pointer = _last(world, event, person)
    home = pointer.conversation if pointer else ""
    ref, writes = wished(world, line, event, here, writes, home, person.name)
    return write_once(world, ref, *writes, bell=Bell(home, pointer.slack_channel) if pointer else None)


def _last(world: World, event: ContactChanged | Wish, person: Contact) -> Current | None:
    """Find where the team is told of it: in the conversation that this line had last, however long it is over."""
    return last(person, leads_to(world.settings(), case_of(event, person)))


def wished(
    world: World, line: Account, event: Wish, here: Whereabouts, writes: Writes, home: str, name: str
) -> tuple[Ref, Writes]:
    """Put a wish into what is about to be written, and a line that tells it if it changes anything.

    Every address of the event is marked: whoever stops us by phone must not be reached by their other id. The
    reference is for all wishes, also those that change nothing: one that comes again must not undo what was said
    after it.
    """
    known = {address: _marked(each, event) for address, each in here.known.items()}
    links = [_linked(each, event) for each in writes]
    news = [_turns(each, known[address], event) for address, each in here.known.items()]
    news += [_turns(old.thing, new.thing, event) for old, new in zip(writes, links, strict=True)]
    marks = [Replace(each) for address, each in known.items() if each != here.known[address]]
    ref = Ref(line.channel, line.name, event.id)
    if not any(news):
        return replace(ref, kept="nothing to change"), [*links, *marks]
    if not home:
        return replace(ref, kept="no conversation"), [*links, *marks]
    item = replace(_told(world, event, here, name), conversation=home)
    return replace(ref, conversation=home, item=item.id), [Insert(item), *links, *marks]


def _marked(known: Known, event: Wish) -> Known:
    mark = opted_out if isinstance(event, OptedOut) else opted_in
    return mark(known, event.route.medium, event.at)


def _linked(write: Insert | Replace | Put, event: Wish) -> Insert | Replace | Put:
    return Insert(_marked(write.thing, event)) if isinstance(write.thing, Known) else write


def _turns(before: object, after: object, event: Wish) -> bool:
    """Tell whether an address takes messages now and did not before, or the other way round."""
    if not isinstance(before, Known) or not isinstance(after, Known):
        return False
    return (event.route.medium in before.opted_out) != (event.route.medium in after.opted_out)


def _told(world: World, event: Wish, here: Whereabouts, name: str) -> Item:
    texts = world.settings().texts
    sentence = texts.opted_out if isinstance(event, OptedOut) else texts.opted_in
    text = sentence.format(
        name=clean(name) or clean(here.addresses[0].value),
        medium=world.capabilities(event.route).label,
        word=event.word,
    )
    return new_item(Kind.LINE, event.at, world.now(), text=text, route=event.route)
