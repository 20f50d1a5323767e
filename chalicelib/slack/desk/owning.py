"""Whose a conversation is: claim, assign, hand back."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Conversation
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done, act, changed, told
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, answered, do
from chalicelib.slack.views import View, asked_for, person, words
from chalicelib.slack.words import told as spelled

MINE = "It is yours already."
NOBODYS = "It is nobody's already."
NOT_A_COLLEAGUE = "Only people of your team can have a conversation."
NOT_SAID = "Slack does not say who that is. Please try once more."

WHO = "person"


def claim(world: World, asked: Press) -> Answer:
    """Make a conversation the doer's own; where it is somebody's they may take it over on purpose."""
    conversation, _ = about(asked)
    done = act(world, conversation, lambda home, _: claimed(world, home, asked.by.user)) if conversation else None
    if done is not None and not done.writes and done.told != MINE:
        return Show(_form(conversation, asked.by.user, done.told), over=True)
    return answered(asked, done)


def claimed(world: World, home: Conversation, user: str) -> Done:
    """Claim what is nobody's."""
    if home.owner:
        return Done(told=MINE if home.owner == user else f"<@{home.owner}> has it already.")
    after = replace(home, owner=user)
    return Done((changed(world, after), told(world, home, user, "claimed this.")), "Claimed. It is yours now.")


def hand_back(world: World, asked: Press) -> Answer:
    """Make a conversation nobody's."""
    user = asked.by.user

    def step(home: Conversation, _: object) -> Done:
        if not home.owner:
            return Done(told=NOBODYS)
        line = told(world, home, user, "handed this back: it is nobody's now.")
        return Done((changed(world, replace(home, owner="")), line), "Handed back. Anybody may claim it now.")

    return do(world, asked, step)


def assign(_: World, asked: Press) -> Answer:
    """Ask who is to have a conversation."""
    conversation, _item = about(asked)
    return Show(_form(conversation), over=True) if conversation else Say(GONE)


def assigned(world: World, asked: HandedIn) -> Answer:
    """Make a conversation somebody's, who is told."""
    user, by = next(iter(asked.view.values.get(WHO, ())), ""), asked.by.user
    ours = world.slack.is_ours(user) if user else False
    if not ours:
        return Wrong({WHO: NOT_SAID if ours is None else NOT_A_COLLEAGUE})

    def step(home: Conversation, _: object) -> Done:
        if home.owner == user:
            return Done(told=MINE if user == by else f"<@{user}> has it already.")
        line = told(world, home, by, "claimed this.")
        if user != by:
            line = told(world, home, by, "assigned this to {calls}.", user)
        return Done((changed(world, replace(home, owner=user)), line))

    return do(world, asked, step)


def _form(conversation: str, whom: str = "", lead: str = "") -> View:
    above = [words(spelled(f"{lead} You can take it over, or give it to somebody else."))] if lead else []
    field = asked_for(WHO, "Who is to see to it?", person(whom))
    return View("assign", "Assign", [*above, field], "Assign", "Cancel", {"conversation": conversation})
