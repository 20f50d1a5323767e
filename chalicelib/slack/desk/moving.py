"""Move a conversation to another desk: asked for here, done by whoever posts the line that says so."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Contact, Conversation, Item, Ref, State
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done, changed, told
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, do
from chalicelib.slack.views import View, asked_for, chosen
from chalicelib.store import Insert, Put

DESK = "desk"
MOST = 100
ONLY = "There is one desk only. Others can be added in the settings."
THERE = "It is at the {desk} desk already."
MOVING = "Somebody has just moved it. Its thread shows where it goes on."
NO_MORE = "There is no such desk any more. Please choose another."
HINT = "It goes on in a new thread there, where nobody has it yet. Both threads say so."


def ask_desk(world: World, asked: Press) -> Answer:
    """Ask to which desk a conversation is to go."""
    conversation, _ = about(asked)
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    others = [desk for desk in world.settings().desks.values() if desk.slack_channel != home.slack_channel]
    if not others:
        return Say(ONLY)
    choices = [(f"The {desk.name} desk", desk.name) for desk in others[:MOST]]
    field = asked_for(DESK, "It goes to", chosen(choices), HINT)
    meta = {"conversation": home.id}
    return Show(View("move", "Move to another desk", [field], "Move", "Cancel", meta), over=True)


def move(world: World, asked: HandedIn) -> Answer:
    """Put the line into the thread with which a conversation moves; once for each of its threads."""
    name, by = next(iter(asked.view.values.get(DESK, ())), ""), asked.by.user
    desk = world.settings().desks.get(name)
    if desk is None:
        return Wrong({DESK: NO_MORE})

    def step(home: Conversation, _: Contact | None) -> Done:
        if home.slack_channel == desk.slack_channel:
            return Done(told=THERE.format(desk=desk.name))
        ref = world.store.find(Ref, "slack", "asked", _once(home))
        if ref is not None and _is_under_way(world, ref):
            return Done(told=MOVING)
        line = replace(told(world, home, by, f"moved this to the {desk.name} desk.").thing, moves_to=desk.name)
        mine = Ref("slack", "asked", _once(home), home.id, line.id)
        # Nobody has it from here on: whoever claims it before that line stands has it at the other desk, too.
        nobodys = [changed(world, replace(home, owner=""))] if home.owner else []
        return Done((Insert(line), Insert(mine) if ref is None else Put(mine), *nobodys))

    return do(world, asked, step)


def _once(home: Conversation) -> str:
    return f"move:{home.id}:{len(home.left)}"


def _is_under_way(world: World, ref: Ref) -> bool:
    """Tell whether a move is still to come: one that Slack would not say never does."""
    line = world.store.find(Item, ref.conversation, ref.item)
    return line is not None and line.state is State.RECORDED and not line.parked
