"""The people of the team: what customers know them by, and what they chose for themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.errors import Lost
from chalicelib.model import Person
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.words import clean, is_visible
from chalicelib.store import Insert

NAME_AT_MOST = 40
"""Characters of a public name: it stands before each reply, also in an SMS."""


def public_name(world: World, user: str, *, ask: bool = True) -> str:
    """Say what customers know somebody by, which is never a Slack id.

    Empty if Slack does not answer now, or is not to be asked and has not told yet.
    """
    chosen = world.store.find(Person, user)
    return (chosen and chosen.public_name) or slack_name(world, user, ask=ask)


def slack_name(world: World, user: str, *, ask: bool = True) -> str:
    """Say what somebody is called in Slack; empty if Slack does not answer now, or is not to be asked."""
    return clean((world.slack.called(f"user:{user}", ask=ask) or "").removeprefix("@"))


def renamed(world: World, user: str, name: str) -> Person:
    """Write down what customers are to know somebody by; with nothing to be seen, it is their name in Slack."""
    public = clean(name, NAME_AT_MOST) if is_visible(name) else ""
    return person_after(world, user, lambda now: replace(now, public_name=public))


def person_after(world: World, user: str, step: Callable[[Person], Person]) -> Person:
    """Change what is on record of somebody, who need not be on record yet."""
    while True:
        there = world.store.find(Person, user)
        if there is not None:
            return world.store.change(there, step) or there
        try:
            stored: Person = world.store.write(Insert(step(Person(user))))[0]
        except Lost:
            continue  # somebody was faster, so it is there now
        return stored


def home_bell(user: str) -> Bell:
    """Make the bell that has somebody's App Home drawn."""
    return Bell(f"home:{user}", f"home-{user}")
