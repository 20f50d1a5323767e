"""Where a first word goes: to whom, over which line, from which desk; and the conversation that it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.contacts import Whereabouts, current, last, opening, person, pointed, whereabouts, with_status
from chalicelib.errors import Lost, NotHere, SecretMissing
from chalicelib.inbound.entries import LAST, bell_of, new_item
from chalicelib.model import (
    DAY,
    Address,
    Contact,
    Conversation,
    Kind,
    Ref,
    Route,
    Side,
    Status,
    Template,
)
from chalicelib.outbound.address import address
from chalicelib.outbound.saying import words_for
from chalicelib.services import World
from chalicelib.settings import Case, Desk, leads_to
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.asked import HandedIn
from chalicelib.slack.desk.acts import Done, Step, act
from chalicelib.slack.desk.answers import Answer, Say
from chalicelib.slack.desk.doing import GONE, once
from chalicelib.slack.desk.reach import NOT_WANTED, Ground, ground, reach
from chalicelib.slack.words import clean, others
from chalicelib.store import Insert, Put, Replace

TRIES = 5
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
NOT_FIRST = "By {medium} nobody can be written to first: it takes a message of theirs."
NO_NUMBER = "No number is known by which {name} could be reached by {medium}."
NO_SENDER = "Nobody has written to this line yet, so its own number is not known: an administrator has to set it."
BLOCKED = "{name} is blocked. Unblock them first."
NO_LINE = "This line is not there any more."
SAID = "On its way to {name} by {medium}. The thread stands in the channel of the desk {desk}."


@dataclass(frozen=True, slots=True)
class Target:
    """Whom somebody wants to write to first, and how."""

    desk: Desk
    line: str
    medium: str
    contact: Contact | None
    phone: str
    name: str

    @property
    def called(self) -> str:
        return (self.contact.name if self.contact else "") or self.name or self.phone


def number(typed: str) -> str:
    """Read a phone number as people write it; empty if it is none, or lacks its country."""
    bare = re.sub(r"[\s()./\u00a0-]", "", typed)
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    return bare if PHONE.fullmatch(bare) else ""


def grounded(world: World, meta: Mapping[str, str], route: Route | None = None) -> Ground | str:
    """Find out what there is to know before something is said, be it the first word or a later one."""
    if "medium" not in meta:
        return ground(world, meta.get("conversation", ""), route)
    target = _target(world, meta)
    if isinstance(target, str):
        return target
    way = _way(world, target)
    if isinstance(way, str):
        return way
    home = _open(world, target) or _begun(target, way)
    there = reach(world, home, way)
    if there is None or there.refused:
        return NOT_WANTED.format(name=others(target.called), medium=world.capabilities(way).label)
    return Ground(home, target.contact, there, meta)


def _target(world: World, meta: Mapping[str, str]) -> Target | str:
    """Read a target again as it is now."""
    line, medium, settings = meta.get("line", ""), meta["medium"], world.settings()
    desk = settings.desks.get(meta.get("desk", ""))
    if desk is None or line not in settings.accounts:
        return NO_LINE
    phone = number(meta.get("phone", ""))
    contact = person(world.store, meta["contact"]) if meta.get("contact") else None
    if contact is None and phone:
        contact = whereabouts(world.store, [Address("phone", phone)]).contact
    if contact is None and not phone:
        return GONE
    target = Target(desk, line, medium, contact, phone, clean(meta.get("name", "")))
    if contact is not None and contact.blocked_at:
        return BLOCKED.format(name=others(target.called))
    return target


def _way(world: World, target: Target) -> Route | str:
    """Find the way that they have written, or make one to their number."""
    channel, _, account = target.line.partition("/")
    try:
        module, ours = world.line(channel, account)
    except (NotHere, SecretMissing) as error:
        return str(error)
    medium = module.CAPABILITIES.get(target.medium)
    if medium is None:
        return NO_LINE
    routes = target.contact.routes if target.contact else ()
    for route in reversed(routes):
        fits = (route.line, route.medium) == (target.line, target.medium)
        if fits and target.phone in ("", route.address.partition(":")[2]):
            return route
    addresses = target.contact.addresses if target.contact else ()
    phones = [target.phone, *(each.partition(":")[2] for each in addresses if each.startswith("phone:"))]
    phone = next(filter(None, phones), "")
    if not phone:
        if module.way_to(ours, target.medium, "+10000000", "?") is None:
            return NOT_FIRST.format(medium=medium.label)
        return NO_NUMBER.format(name=others(target.called), medium=medium.label)
    way = module.way_to(ours, target.medium, phone, _heard(world, target))
    if way is None:
        return NOT_FIRST.format(medium=medium.label)
    return way if way.sender else NO_SENDER


def _heard(world: World, target: Target) -> str:
    """Find the address of ours that customers of this line have written to by this medium."""
    names = world.store.board(target.desk.name, 100)
    homes: list[Conversation | None] = world.store.find_all(*((Conversation, (name,)) for name in names))
    routes = [route for home in homes if home for route in (*home.routes, *([home.route] if home.route else ()))]
    fitting = (each for each in routes if (each.line, each.medium) == (target.line, target.medium))
    return next((each.sender for each in fitting if each.sender), "")


def desks_for(world: World, line: str, medium: str) -> list[Desk]:
    """Name the desks to which what somebody answers there can come."""
    return leads_to(world.settings(), Case(line, medium))


def _open(world: World, target: Target) -> Conversation | None:
    """Find the conversation that goes on with them: open at any desk, or one that this desk would reopen."""
    every = list(world.settings().desks.values())
    pointer = last(target.contact, every)
    if pointer is None or pointer.resolved_at is not None:
        pointer = current(target.contact, [target.desk], world.now())
    return world.store.find(Conversation, pointer.conversation) if pointer else None


def _begun(target: Target, way: Route) -> Conversation:
    """Make what a form needs of a conversation that is not there yet."""
    contact = target.contact.id if target.contact else ""
    return Conversation("", contact, target.desk.name, target.desk.slack_channel, target.called, 0, route=way)


def begin(world: World, here: Ground, asked: HandedIn, words: str, template: Template | None = None) -> Answer:
    """Say the first word: in the conversation that goes on with them, or in one that begins with it."""
    by, name = asked.by.user, once(asked)
    for _ in range(TRIES):
        if here.home.id:
            done = act(world, here.home.id, _going_on(world, here, by, words, template), name)
            return Say(_told(here)) if done is not None else Say(GONE)
        try:
            _open_with(world, here, by, words, template, name)
        except Lost as lost:
            if any(isinstance(loser, Ref) for loser in lost.losers):
                return Say(_told(here))
            again = grounded(world, here.meta)  # somebody was faster, or they have just written themselves
            if isinstance(again, str):
                return Say(again)
            here = again
        else:
            return Say(_told(here))
    raise Lost


def _told(here: Ground) -> str:
    return SAID.format(name=others(here.name), medium=here.reach.medium.label, desk=here.home.desk)


def _open_with(world: World, here: Ground, by: str, words: str, template: Template | None, once: str) -> None:
    now, route = world.now(), here.reach.route
    kind, _, value = route.address.partition(":")
    found = whereabouts(world.store, [Address(kind, value)])
    known = Whereabouts(found.addresses, found.known, found.contact or here.contact)
    desk = world.settings().desks[here.home.desk]
    name = "" if known.contact and known.contact.name else clean(here.meta.get("name", ""))
    opened, writes = opening(known, desk, name, now, now + CLAIM_LIFE, route)
    begun = replace(opened, owner=by, route=route)
    said = words_for(world, begun, by, words, route, template)
    own = Ref("slack", "asked", once, begun.id, expires=now + DAY)
    rest = [each for each in writes if each.thing is not opened]
    world.store.write(Insert(own), Insert(begun), *rest, said)
    logs.note("conversation.begun", conversation=begun.id, item=said.thing.id, user=by)
    world.queues.ring(Side.SLACK, [bell_of(begun)])


def _going_on(world: World, here: Ground, by: str, words: str, template: Template | None) -> Step:
    route = here.reach.route

    def step(home: Conversation, contact: Contact | None) -> Done:
        now = world.now()
        writes: list[Insert | Replace | Put] = []
        ways: list[Insert] = []
        if home.status is not Status.OPEN:
            after = with_status(home, Status.OPEN, now + CLAIM_LIFE)
            person_after = contact and pointed(contact, after, Status.OPEN, now)
            writes += [Replace(after), *([Replace(person_after)] if person_after else [])]
        present = address(world, home, f"{now / 1000:.6f}")
        if present not in (None, route):
            told = f"turned to {here.reach.medium.label}: what is written below this goes there."
            # Before the words, also within one millisecond.
            item = new_item(Kind.TURN, now, now, LAST - 1, text=told, author=by, route=route)
            ways = [Insert(replace(item, conversation=home.id))]
        return Done((*writes, *ways, words_for(world, home, by, words, route, template)))

    return step
