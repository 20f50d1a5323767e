"""What the card of a conversation shows, gathered in one read: its customer, and the end of the reply window."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator

from chalicelib.contacts import person
from chalicelib.model import Contact, Conversation, Item, Kind, Route, Window
from chalicelib.services import World
from chalicelib.slack.card import Card
from chalicelib.slack.places import city, language, zone_of

READABLE = ("phone", "email")
"""Kinds of addresses that people know; the others are a provider's numbers for somebody."""
MORNING = 9


def portray(world: World, home: Conversation, first: Item | None = None) -> Card:
    """Gather what the head of a thread shows, for whoever draws it now; `first` is what opens the thread."""
    route = home.route
    length = world.capabilities(route).window if route else None
    windows = [(Window, (route.address, route.line))] if route and length else []
    contact, *found = world.store.find_all((Contact, (home.contact,)), *windows)
    if contact is not None and contact.into:
        contact = person(world.store, contact.into)
    window: Window | None = found[0] if found else None
    opens = first.at + length if first is not None and first.kind is Kind.MESSAGE and length else 0
    here = _way(world, route, home.name) if route else ""
    if contact is None:
        return Card(home, here)
    zone, nine = _morning(contact.zone or _guessed(home, contact), world.now())
    return Card(
        home,
        here,
        also=_others(world, home, contact),
        language=language(contact.locale),
        place=city(zone),
        nine=nine,
        tags=contact.tags,
        until=max(window.until if window else 0, opens),
        blocked=contact.blocked_at > 0,
        picture=world.picture_at(contact.picture),
    )


def _way(world: World, route: Route, name: str) -> str:
    """Name a way, with its address unless that is all they are called by."""
    return _called(world.capabilities(route).label, route.address, " · ").removesuffix(f" · {name}")


def _others(world: World, home: Conversation, contact: Contact) -> tuple[str, ...]:
    """Name the ways they have beside the present one, the latest first, and then what else they are known by."""
    here = (home.route.line, home.route.to) if home.route else None
    routes = [each for each in reversed(contact.routes) if (each.line, each.to) != here]
    ways = dict.fromkeys(_called(world.capabilities(each).label, each.address) for each in routes)
    seen = {each.address for each in (*routes, *([home.route] if home.route else ()))}
    rest = [_called("", address) for address in contact.addresses if address not in seen]
    return (*ways, *filter(None, rest))


def _called(label: str, address: str, between: str = " ") -> str:
    kind, _, value = address.partition(":")
    return between.join(filter(None, (label, value if kind in READABLE else "")))


def _guessed(home: Conversation, contact: Contact) -> str:
    """Guess a time zone from the number they write from, else from another one of theirs."""
    return next(filter(None, map(zone_of, _numbers(home, contact))), "")


def _numbers(home: Conversation, contact: Contact) -> Iterator[str]:
    for address in (home.route.address if home.route else "", *contact.addresses):
        kind, _, value = address.partition(":")
        if kind == "phone":
            yield value


def _morning(zone: str, now: int) -> tuple[str, int]:
    """Tell when it is nine o'clock there today, in ms; nothing of a zone that nobody knows."""
    try:
        there = zoneinfo.ZoneInfo(zone) if zone else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        there = None
    if there is None:
        return "", 0
    today = dt.datetime.fromtimestamp(now / 1000, there)
    nine = today.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return zone, int(nine.timestamp()) * 1000
