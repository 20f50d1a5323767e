"""From what somebody asks to the conversation it is about, and from what came of it to the answer."""

from __future__ import annotations

import re

from chalicelib.model import Ref
from chalicelib.services import World
from chalicelib.slack.asked import Asked, Command, HandedIn, Looked, Press, Shortcut, Spot
from chalicelib.slack.desk.acts import Done, Step, act
from chalicelib.slack.desk.answers import Answer, Nothing, Say

GONE = "This conversation is not on record any more."
NOT_OURS = "This message is in none of Threadline's threads."

THING = re.compile(r"[0-9A-Z]{26}(\.[0-9A-Z]{26})?")
"""What stands in a button's value: a conversation, and perhaps an item of it."""


def about(asked: Press | HandedIn) -> tuple[str, str]:
    """Name the conversation, and perhaps the item, that a press or a form is about; empty if it is of no form."""
    value = asked.value if isinstance(asked, Press) else asked.view.meta.get("conversation", "")
    conversation, _, item = value.partition(".") if THING.fullmatch(value) else ("", "", "")
    return conversation, item


def conversation_at(world: World, team: str, spot: Spot) -> str:
    """Name the conversation that a message in Slack belongs to, if it is one of ours."""
    ts = spot.thread_ts or spot.ts
    ref = world.store.find(Ref, "slack", team, f"{spot.channel}:{ts}")
    first = spot.channel if ref else world.slack.moves.first(spot.channel)
    if first != spot.channel:  # the channel has another id by now
        ref = world.store.find(Ref, "slack", team, f"{first}:{ts}")
    return ref.conversation if ref else ""


def once(asked: HandedIn) -> str:
    """Name a form that was handed in, so that it counts once however often that arrives."""
    return f"{asked.view.form}:{asked.view.id}"


def do(world: World, asked: Press | HandedIn, step: Step) -> Answer:
    """Do what was asked, and answer: where the thread shows it there is nothing more to say."""
    conversation, _ = about(asked)
    name = once(asked) if isinstance(asked, HandedIn) else ""
    return answered(asked, act(world, conversation, step, name) if conversation else None)


def answered(asked: Press | HandedIn, done: Done | None) -> Answer:
    """Tell whoever asked what came of it."""
    if done is None:
        return Say(GONE)
    if not done.told or (done.writes and _sees(asked)):
        return Nothing()
    return Say(done.told)


def _sees(asked: Asked) -> bool:
    """Tell whether whoever asked has the thread before their eyes, or closes a modal upon it."""
    match asked:
        case Press():
            return asked.view is None
        case HandedIn():
            return True
        case Shortcut() | Command() | Looked():
            return False
