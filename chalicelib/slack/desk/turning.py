"""Reply another way: what is typed below a line that says so goes out by the way that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.contacts import person
from chalicelib.inbound.entries import new_item
from chalicelib.model import Contact, Conversation, Kind, Known, Route, Window
from chalicelib.outbound.address import address
from chalicelib.services import MAIN, World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, do
from chalicelib.slack.desk.reach import NO_WAY, Reach
from chalicelib.slack.desk.replying import way_of
from chalicelib.slack.views import View, asked_for, chosen, words
from chalicelib.slack.words import clean, told
from chalicelib.store import Insert

WAY = "way"
ONLY = "They have written in one way only: {way}. There is no other to answer by."
THERE = "Replies go there already."
NOT_THERE = "They cannot be reached that way any more. Please choose another."
HINT = "It is so until they write in another way, or somebody chooses again."


def ask_way(world: World, asked: Press) -> Answer:
    """Ask by which of the ways that a customer has replies are to go."""
    conversation, _ = about(asked)
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    ways, now = _ways(world, home), world.now()
    if not ways:
        return Say(NO_WAY)
    present = _present(world, home)
    if not ways[1:] and way_of(ways[0].route) == (present and way_of(present)):
        return Say(ONLY.format(way=_label(ways[0])))
    choices = [(_choice(each, now), way_of(each.route)) for each in ways if not each.refused]
    refused = ", ".join(_label(each) for each in ways if each.refused)
    blocks = [asked_for(WAY, "Replies go by", chosen(choices, way_of(present) if present else ""), HINT)]
    if not choices:
        return Say(f"They asked not to be written to: {refused}.")
    if refused:
        blocks.append(words(told(f"They asked not to be written to by {refused}.")))
    return Show(
        View("turn", "Reply another way", blocks, "Choose", "Cancel", {"conversation": home.id}), over=True
    )


def turn(world: World, asked: HandedIn) -> Answer:
    """Put the choice into the thread: it holds for what stands below."""
    conversation = asked.view.meta.get("conversation", "")
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    wanted, by = next(iter(asked.view.values.get(WAY, ())), ""), asked.by.user
    way = next((each for each in _ways(world, home) if way_of(each.route) == wanted and not each.refused), None)
    if way is None:
        return Wrong({WAY: NOT_THERE})

    def step(home: Conversation, _: Contact | None) -> Done:
        if _present(world, home) == way.route:
            return Done(told=THERE)
        now, said = world.now(), f"turned to {_label(way)}: what is written below this goes there."
        item = new_item(Kind.TURN, now, now, text=said, author=by, route=way.route)
        return Done((Insert(replace(item, conversation=home.id)),))

    return do(world, asked, step)


def _present(world: World, home: Conversation) -> Route | None:
    return address(world, home, f"{world.now() / 1000:.6f}")


def _ways(world: World, home: Conversation) -> list[Reach]:
    """Find the ways a customer has, the latest first, as they are now; what is somebody else's by now is none."""
    contact = person(world.store, home.contact)
    last = (home.route,) if home.route else ()
    known = (*(contact.routes if contact else ()), *home.routes, *last)
    # Which of a line's numbers they wrote to makes no other way: the last one is answered from.
    routes = {(each.line, each.medium, each.to): each for each in known if each.line in world.settings().accounts}
    ways = _reaches(world, list(routes.values())[::-1])
    own = (contact.id, *contact.merged) if contact else ()
    return [each for each in ways if contact is None or each.known is None or each.known.contact in own]


def _reaches(world: World, routes: Sequence[Route]) -> list[Reach]:
    wanted: list[tuple[type[Any], tuple[str, ...]]] = [
        *((Known, (each.address,)) for each in routes),
        *((Window, (each.address, each.line)) for each in routes),
    ]
    found = world.store.find_all(*wanted) if wanted else []
    pairs = zip(routes, found, found[len(routes) :], strict=False)
    return [Reach(route, world.capabilities(route), known, window) for route, known, window in pairs]


def _label(way: Reach) -> str:
    place = clean(way.route.to.rpartition(":")[2], 40).replace("{", "(").replace("}", ")")
    ours = "" if way.route.account == MAIN else f" ({way.route.account})"
    return f"{way.medium.label} · {place}{ours}"


def _choice(way: Reach, now: int) -> str:
    return f"{_label(way)} (only templates now)" if way.over(now) else _label(way)
