"""Lines of ours in the thread about what the team did, each said once."""

from __future__ import annotations

from chalicelib.errors import Lost
from chalicelib.model import Conversation, Side
from chalicelib.outbound.record import said
from chalicelib.queues import Bell
from chalicelib.services import World


def say_once(world: World, home: Conversation, what: str, sentence: str, **words: str) -> None:
    """Put a line of ours into the thread, once for each thing there is to say."""
    try:
        world.store.write(*said(world, home, what, sentence, **words))
    except Lost:
        return
    world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
