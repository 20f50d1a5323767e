"""What a person of the team does to a conversation: the change, and what the thread says of it, in one write."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib import logs
from chalicelib.contacts import person
from chalicelib.errors import Lost
from chalicelib.inbound.entries import bell_of, new_item
from chalicelib.model import DAY, Contact, Conversation, Kind, Offer, Ref, Side
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.store import Insert, Put, Replace

TRIES = 5

Writes = Sequence[Insert | Replace | Put]


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be written; empty if it is so already, or cannot be. `told` is for whoever asked."""

    writes: Writes = ()
    told: str = ""


Step = Callable[[Conversation, Contact | None], Done]
"""What follows from the conversation and its contact as they are now."""


def act(world: World, conversation: str, step: Step, once: str = "") -> Done | None:
    """Do something to a conversation, all of it or nothing; None if there is no such conversation.

    What bears the name `once` is done once, however often it is asked for. Raises Lost if others are always
    faster.
    """
    for attempt in range(TRIES):
        home = world.store.find(Conversation, conversation)
        if home is None:
            return None
        done = step(home, person(world.store, home.contact))
        if not done.writes:
            return done
        own = [Insert(Ref("slack", "asked", once, home.id, expires=world.now() + DAY))] if once else []
        try:
            stored = world.store.write(*done.writes, *own)
        except Lost as lost:
            if own and own[0].thing in lost.losers:
                logs.note("press.repeated", conversation=home.id)
                return Done()
            world.pause(random.uniform(0, 0.02 * attempt))  # noqa: S311 - jitter; the first time nobody waits
            continue
        after = next((each for each in stored if isinstance(each, Conversation)), home)
        world.queues.ring(Side.SLACK, [bell_of(after)])
        return done
    raise Lost


def told(
    world: World,
    home: Conversation,
    by: str,
    words: str,
    *calls: str,
    aloud: bool = False,
    offers: tuple[Offer, ...] = (),
) -> Insert:
    """Make the line that says what a person did; `words` follow their name, `calls` are mentioned.

    In the words `{who}` is that person, `{calls}` are those who are mentioned, `{at:1700000000000}` is a moment.
    """
    now = world.now()
    line = new_item(Kind.LINE, now, now, text=words, author=by, calls=calls, aloud=aloud, offers=offers)
    return Insert(replace(line, conversation=home.id))


def changed(world: World, after: Conversation) -> Replace:
    """Write a conversation whose card has to be drawn anew."""
    return Replace(replace(after, drawn="", due=world.now() + CLAIM_LIFE))
