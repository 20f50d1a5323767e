"""Reactions that do something: eyes claim, a check mark resolves, or whatever the settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.places import place
from chalicelib.model import DAY, Contact, Conversation, Ref
from chalicelib.services import World
from chalicelib.slack.desk.acts import Done, act
from chalicelib.slack.desk.owning import MINE, claimed
from chalicelib.slack.desk.standing import turned
from chalicelib.slack.told import Nodded
from chalicelib.store import Insert

NOTHING_THERE = "This message is in none of Threadline's threads, so the reaction does nothing here."

Does = Callable[[World, Conversation, Contact | None, str], Done]

DOES: Mapping[str, Does] = {
    "claim": lambda world, home, _, user: claimed(world, home, user),
    "resolve": lambda world, home, contact, user: turned(world, home, contact, "resolve", user),
}
"""What a reaction can be set to do."""


def react(world: World, event: Nodded, verb: str) -> None:
    """Do what a reaction stands for, for the team alone. To take it off again changes nothing."""
    if not event.added:
        return
    if not world.slack.is_ours(event.user):
        logs.note("slack.nothing", why="a reaction from outside the team")
        return
    ref = world.store.find(Ref, "slack", event.team, f"{event.channel}:{event.ts}")
    if ref is None or not ref.conversation:
        _say_where(world, event)
        return
    does = DOES[verb]
    logs.note("press.taken", verb=verb, user=event.user, conversation=ref.conversation)
    # Slack tells of it again where our answer was lost, and much may have happened since.
    once = f"nod:{event.channel}:{event.ts}:{event.user}:{event.name}:{event.at}"
    done = act(world, ref.conversation, lambda home, contact: does(world, home, contact, event.user), once)
    if done is not None and not done.writes and verb == "claim" and done.told not in ("", MINE):
        home = world.store.find(Conversation, ref.conversation)
        thread = place(home, event.ts).ts if home else ""
        world.slack.modals.whisper(event.channel, thread, event.user, done.told)


def _say_where(world: World, event: Nodded) -> None:
    """Tell somebody, once a day, that a reaction does nothing where Threadline has no thread."""
    logs.note("slack.nothing", why="a reaction to nothing of ours")
    if world.settings().desk_in(event.channel) is None:
        return
    name, expires = f"elsewhere:{event.channel}:{event.user}", world.now() + DAY
    try:
        world.store.write(Insert(Ref("slack", "asked", name, expires=expires)))
    except Lost:
        return  # it was said a moment ago, or a day ago and is not swept out yet
    world.slack.modals.whisper(event.channel, "", event.user, NOTHING_THERE)
