"""The names under which a person may ask for something: ours as the log prints them, the providers', Slack's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from chalicelib.errors import OperatorError
from chalicelib.model import Conversation, Item, Raw, Ref, read_ours
from chalicelib.services import World

ULID = r"[0-3][0-9A-HJKMNP-TV-Z]{25}"
"""Ours, as far as they are of a year that a calendar has."""
_ULID = re.compile(ULID)
_PAIR = re.compile(rf"({ULID})\.({ULID})")
_POST = re.compile(r"([A-Z][A-Z0-9]{2,}):([0-9]{10}\.[0-9]{6})")
_LINK = re.compile(r"https://[^/]+/archives/([A-Z][A-Z0-9]{2,})/p([0-9]{10})([0-9]{6})(?:[?].*)?")

LONGEST = 1_000
AGES_AGO = 10**15
LOOKED_THROUGH = 2_000
"""Items of a conversation that are looked at for a post's name."""

Found = Item | Conversation | Raw | Ref


@dataclass(frozen=True, slots=True)
class Thing:
    """What a name led to, and the name it was found by."""

    found: Found
    by: str


def is_ulid(name: str) -> bool:
    return bool(_ULID.fullmatch(name))


def pair(name: str) -> tuple[str, str] | None:
    """Take `conversation.item` apart, as the log and Slack's buttons have it."""
    match = _PAIR.fullmatch(name)
    return (match[1], match[2]) if match else None


def look_for(world: World, name: str) -> list[Thing]:
    """Find everything that a name may mean; raises OperatorError where it can mean nothing."""
    if not 0 < len(name) <= LONGEST:
        raise OperatorError("trace needs an id: ours, the provider's or Slack's.")
    ours = read_ours(name)
    if ours is not None:
        return _items(world, (ours[0], ours[1]), "the name we gave the provider")
    both = pair(name)
    if both is not None:
        return _items(world, both, "our own name") or _by_post(world, *both)
    if is_ulid(name):
        return _by_ulid(world, name)
    link, post = _LINK.fullmatch(name), _POST.fullmatch(name)
    if link is not None:
        return _in_slack(world, f"{link[1]}:{link[2]}.{link[3]}")
    if post is not None:
        return _in_slack(world, name)
    return _at_providers(world, name)


def _items(world: World, ids: tuple[str, str], by: str) -> list[Thing]:
    item = world.store.find(Item, *ids)
    return [Thing(item, by)] if item is not None else []


def _by_ulid(world: World, name: str) -> list[Thing]:
    """Find a conversation, a raw body, or an item of a conversation that is still open, by its own id alone."""
    named = [each for each in world.store.find_all((Conversation, (name,)), (Raw, (name,))) if each is not None]
    if named:
        return [Thing(each, "our own name") for each in named]
    homes = chain.from_iterable(world.store.board(desk) for desk in world.settings().desks)
    asked = [(Item, (home, name)) for home in homes]
    items = [item for item in world.store.find_all(*asked) if item is not None]
    if items:
        return [Thing(item, "our own name") for item in items]
    owed = [(due.kind, due.ids) for due in world.store.due(AGES_AGO, LONGEST) if due.kind in (Item, Conversation)]
    claimed = [each for each in world.store.find_all(*owed) if each and each.claim and each.claim.post == name]
    if claimed:
        return [Thing(each, "its claim") for each in claimed]
    raise OperatorError(
        f"{name} is no conversation, no raw body, and no item of an open conversation. An item's id alone does "
        "not say where it is: ask for conversation.item, or for the provider's or Slack's id."
    )


def _by_post(world: World, conversation: str, post: str) -> list[Thing]:
    """Find what a post carried, by the name that stands in its metadata."""
    told = islice(world.store.items(conversation, 100), LOOKED_THROUGH)
    return [Thing(item, "its post") for item in told if _was_in(item, post)]


def _was_in(item: Item, post: str) -> bool:
    under_way = item.claim is not None and item.claim.post == post
    return under_way or item.post == post or any(post in step.detail for step in item.steps)


def _in_slack(world: World, place: str) -> list[Thing]:
    team = world.slack.team()
    if not isinstance(team, str):
        raise OperatorError("Slack does not say whose workspace this is, so its ids cannot be looked up now.")
    return list(_behind(world, [("slack", team, place)]))


def _at_providers(world: World, name: str) -> list[Thing]:
    """Look under every line of ours, or under the one that is named before the id."""
    lines = list(world.settings().accounts)
    named = [(line, name.removeprefix(line)[1:]) for line in lines if name.startswith((f"{line}/", f"{line}:"))]
    asked = named or [(line, name) for line in lines]
    return list(_behind(world, [(*_halves(line), their_id) for line, their_id in asked if their_id]))


def _halves(line: str) -> tuple[str, str]:
    channel, _, account = line.partition("/")
    return channel, account


def _behind(world: World, names: list[tuple[str, str, str]]) -> Iterator[Thing]:
    """Follow references to what they name; one that names nothing is itself what there is to tell."""
    for ref in world.store.find_all(*((Ref, name) for name in names)):
        if ref is None:
            continue
        by = f"the id {ref.id} at {ref.system}"
        found: Found | None = ref
        if ref.item:
            found = world.store.find(Item, ref.conversation, ref.item)
        elif ref.conversation:
            found = world.store.find(Conversation, ref.conversation)
        yield Thing(found or ref, by)
