"""What customers know somebody by: `/threadline name`."""

from __future__ import annotations

from chalicelib.model import Person
from chalicelib.services import World
from chalicelib.slack.asked import Command, HandedIn
from chalicelib.slack.desk.answers import Answer, Say, Show
from chalicelib.slack.views import View, asked_for, typed
from chalicelib.slack.words import clean
from chalicelib.team import NAME_AT_MOST, renamed, slack_name

FIELD = "name"


def ask_name(world: World, asked: Command) -> Answer:
    """Show what customers know somebody by, to be changed; `/threadline name Anna` changes it at once."""
    _, _, name = asked.words.partition(" ")
    if name.strip():
        return _named(world, asked.by.user, name)
    person = world.store.find(Person, asked.by.user)
    known = clean(person.public_name, NAME_AT_MOST) if person else ""
    own = slack_name(world, asked.by.user, ask=False)
    hint = f"Leave it empty to be known by your name in Slack{f', {own}' if own else ''}."
    field = asked_for(
        FIELD, "Customers know you as", typed(known, most=NAME_AT_MOST, placeholder=own), hint, optional=True
    )
    return Show(View("name", "Your name", [field], submit="Save", close="Cancel"))


def take_name(world: World, asked: HandedIn) -> Answer:
    """Write down the name that was handed in."""
    return _named(world, asked.by.user, " ".join(asked.view.values.get(FIELD, ())))


def _named(world: World, user: str, name: str) -> Say:
    public = renamed(world, user, name).public_name
    return Say(
        f"Customers know you as {public} now." if public else "Customers know you by your name in Slack now."
    )
