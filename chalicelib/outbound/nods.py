"""The team reacts to what a customer wrote: that goes out as a reaction, where their medium has such."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.model import Conversation, Item, Kind, Ref, Side, new_id
from chalicelib.outbound.address import moment
from chalicelib.outbound.lines import say_once
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.blocks import MARKS
from chalicelib.slack.desk.reacting import react
from chalicelib.slack.told import Nodded
from chalicelib.store import Insert


def nod(world: World, event: Nodded) -> None:
    """Put a reaction on record, or that it was taken off; one that means something among us stays inside."""
    bare = event.name.partition("::")[0]
    verb = world.settings().reactions.get(bare)
    if verb:
        react(world, event, verb)
        return
    if bare in MARKS.values() or bare in world.settings().inside:
        logs.note("slack.nothing", why="a reaction that stays inside")
        return
    ref = world.store.find(Ref, "slack", event.team, f"{event.channel}:{event.ts}")
    if ref is None or not ref.item:
        logs.note("slack.nothing", why="a reaction to nothing of ours")
        return
    about: Item | None
    home: Conversation | None
    about, home = world.store.find_all((Item, (ref.conversation, ref.item)), (Conversation, (ref.conversation,)))
    if about is None or home is None or about.kind is not Kind.MESSAGE or about.route is None:
        logs.note("slack.nothing", why="a reaction to no customer's message")
        return
    medium = world.capabilities(about.route)
    if not medium.reactions:
        if event.added:
            not_seen(world, home, medium.label)
        return
    own, item = _recorded(world, event, about)
    try:
        world.store.write(Insert(own), Insert(item))
    except Lost:
        logs.note("reply.repeated", conversation=home.id, channel=event.channel, ts=event.ts)
        return
    logs.note(
        "reply.recorded", what=item.kind, conversation=home.id, item=item.id, channel=event.channel, ts=event.ts
    )
    world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])


def not_seen(world: World, home: Conversation, medium: str) -> None:
    """Say in a thread that reactions stay here, or some do: once for as long as it lasts."""
    say_once(world, home, f"{home.id}:reactions", world.settings().texts.reactions_stay, medium=medium)


def _recorded(world: World, event: Nodded, about: Item) -> tuple[Ref, Item]:
    now = world.now()
    ulid = new_id(now)
    item = Item(
        about.conversation,
        ulid,
        Kind.NOD,
        moment(event.at),
        f"{event.at:0>20}#{ulid}",
        text=event.name if event.added else "",
        was=() if event.added else (event.name,),
        author=event.user,
        route=about.route,
        of=about.id,
        asked_at=now,
        due=now + CLAIM_LIFE,
    )
    what = f"{event.channel}:{event.ts}:{event.user}:{event.name}:{event.at}"
    return Ref("slack", event.team, what, about.conversation, item.id), replace(item, their_id=event.ts)
