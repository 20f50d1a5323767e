"""Who is who: two customers are one person, or are not, or were taken for one by mistake."""

from __future__ import annotations

import re
from dataclasses import replace

from chalicelib.contacts import person
from chalicelib.inbound.joining import join, part
from chalicelib.merging import NOT_SAME, SAME
from chalicelib.model import Contact, Conversation, Merge, Pair, new_id
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done, act, told
from chalicelib.slack.desk.answers import Answer, Nothing, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, answered
from chalicelib.slack.views import View, asked_for, searched, words
from chalicelib.store import Replace

CUSTOMER = "customer"
ONE = "They are one person already."
TWO = "They are two people already."
TAKEN_FOR_ONE = "They are taken for one person by now. Undo that first, under the line that says so."
THIS_ONE = "This is that customer's conversation already."
ASKED = (
    "From now on the addresses of both lead into one thread. Their threads stay as they are, replies go where they"
    " went before, and it can be undone."
)
NOT = "says that these are two people."

TWO_OF = re.compile(r"[0-9A-Z]{26}\.([0-9A-Z]{26})\.([0-9A-Z]{26})")
"""What stands in a button that asks about two: a conversation, and both contacts."""


def same_as(_: World, asked: Press) -> Answer:
    """Ask which other customer this one is."""
    conversation, _item = about(asked)
    if not conversation:
        return Say(GONE)
    field = asked_for(CUSTOMER, "Who is it?", searched("A name, a number, an e-mail address …", 2))
    blocks = [words(ASKED), field]
    meta = {"conversation": conversation}
    return Show(View("same_as", "Same person as …", blocks, "Same person", "Cancel", meta), over=True)


def is_same(world: World, asked: HandedIn) -> Answer:
    """Make one person of the customer of a conversation and another that was chosen."""
    conversation, _ = about(asked)
    home = world.store.find(Conversation, conversation) if conversation else None
    mine = person(world.store, home.contact) if home is not None else None
    other = person(world.store, next(iter(asked.view.values.get(CUSTOMER, ())), ""))
    if mine is None:
        return Say(GONE)
    if other is None or mine.id == other.id:
        return Wrong({CUSTOMER: THIS_ONE if other is not None else "Please choose a customer."})
    return _joined(world, mine, other, asked.by.user)


def same_person(world: World, asked: Press) -> Answer:
    """Make one person of two who may be one."""
    two = TWO_OF.fullmatch(asked.value)
    mine, other = (person(world.store, each) for each in two.groups()) if two else (None, None)
    return _joined(world, mine, other, asked.by.user) if mine and other else Say(GONE)


def _joined(world: World, mine: Contact, other: Contact, by: str) -> Answer:
    """Join two: who was known first is kept, since the other found them."""
    kept, gone = sorted((mine, other), key=lambda each: each.id)
    if kept.id == gone.id:
        return Say(ONE)
    done = join(world, Merge(new_id(world.now()), kept.id, gone.id, by=by))
    return Nothing() if done is not None else Say(ONE)


def not_same(world: World, asked: Press) -> Answer:
    """Note for ever that two are not one."""
    two = TWO_OF.fullmatch(asked.value)
    name, by = ".".join(two.groups()) if two else "", asked.by.user
    if not name or world.store.find(Pair, name) is None:
        return Say(GONE)

    def step(home: Conversation, _: object) -> Done:
        # Read anew each time: somebody else may press the other button at this moment.
        pair = world.store.find(Pair, name)
        if pair is None or pair.settled:
            return Done(told=TAKEN_FOR_ONE if pair and pair.settled == SAME else TWO)
        return Done((Replace(replace(pair, settled=NOT_SAME, by=by)), told(world, home, by, NOT)))

    return answered(asked, act(world, asked.value.partition(".")[0], step))


def undo_merge(world: World, asked: Press) -> Answer:
    """Make two people again of those who were taken for one."""
    _, merge = about(asked)
    done = part(world, merge, asked.by.user) if merge else None
    return Nothing() if done is not None else Say(TWO if merge else GONE)
