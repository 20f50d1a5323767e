"""How a conversation's customer can be reached now, as a form says before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.contacts import person
from chalicelib.model import Capabilities, Contact, Conversation, Known, Route, Window
from chalicelib.outbound.address import address
from chalicelib.richtext import escape
from chalicelib.services import World
from chalicelib.slack.desk.doing import GONE
from chalicelib.slack.words import clean, others, when

NO_WAY = "Nobody has written here yet, so there is no address to answer to."
NOT_WANTED = "{name} asked not to be written to by {medium}."


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to a customer, and what is known of their wishes."""

    route: Route
    medium: Capabilities
    known: Known | None
    window: Window | None

    @property
    def refused(self) -> bool:
        """Whether they asked not to be written to by this medium."""
        return self.known is not None and self.route.medium in self.known.opted_out

    def over(self, now: int) -> bool:
        """Tell whether free text may not go there any more, or not yet."""
        return bool(self.medium.window) and (self.window is None or self.window.until < now)

    def told(self, name: str, now: int) -> str:
        """Say to whom and how words go, in Slack's markup."""
        place = escape(clean(self.route.address.partition(":")[2]))
        who = escape(others(name))
        to = f"*{who}*" if who and name != self.route.address.partition(":")[2] else "them"
        said = f"To {to} by {self.medium.label} · {place}"
        if self.window is None or self.over(now):
            return said
        return f"{said} · free text until {when(self.window.until)}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A conversation, its customer, and how they can be reached now."""

    home: Conversation
    contact: Contact | None
    reach: Reach
    meta: Mapping[str, str] = field(default_factory=dict)
    """By what a form finds all this again."""

    @property
    def name(self) -> str:
        return (self.contact.name if self.contact else "") or self.home.name

    def told(self, now: int) -> str:
        """Say to whom and how words go, in Slack's markup."""
        return self.reach.told(self.name, now)


def ground(world: World, conversation: str, route: Route | None = None) -> Ground | str:
    """Find out what there is to know before something is said, or in a sentence why nothing can be."""
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return GONE
    there = reach(world, home, route)
    if there is None:
        return NO_WAY
    found = Ground(home, person(world.store, home.contact), there, {"conversation": home.id})
    if there.refused:
        return NOT_WANTED.format(name=others(found.name), medium=there.medium.label)
    return found


def reach(world: World, home: Conversation, route: Route | None = None) -> Reach | None:
    """Find out how a reply that is typed now would go, or what is known of a way; None if there is no way."""
    route = route or address(world, home, f"{world.now() / 1000:.6f}")
    if route is None:
        return None
    wanted: list[tuple[type[Any], tuple[str, ...]]] = [
        (Known, (route.address,)),
        (Window, (route.address, route.line)),
    ]
    known, window = world.store.find_all(*wanted)
    return Reach(route, world.capabilities(route), known, window)
