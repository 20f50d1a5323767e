"""Lines of ours in the thread about what the team did, each said once."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.errors import Lost
from chalicelib.inbound.places import place
from chalicelib.model import Conversation, Side
from chalicelib.outbound.record import said
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.store import Insert


def say_once(world: World, home: Conversation, what: str, sentence: str, about: str = "", **words: str) -> None:
    """Put a line of ours into the thread, once for each thing there is to say.

    What is `about` a message, by its ts, is said in the thread where that stands.
    """
    ref, line = said(world, home, what, sentence, **words)
    there = place(home, about) if about else None
    if there is not None and there.left:
        line = Insert(replace(line.thing, thread=f"{there.slack_channel}:{there.ts}"))
    try:
        world.store.write(ref, line)
    except Lost:
        return
    world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
