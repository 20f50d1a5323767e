"""What the team does with the buttons: each verb changes the record once, and `deliver` draws what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.contacts import pointed, with_status
from chalicelib.errors import Lost
from chalicelib.model import Contact, Conversation, Item, Side, Status
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, arrived, asked_again
from chalicelib.slack import blocks, events
from chalicelib.store import Replace
from chalicelib.web import Request, Response

TRIES = 5


def press(world: World, request: Request) -> Response:
    """Take in one interaction; raises Stranger if it is not Slack's."""
    events.verify(request, world.slack_secrets(), world.now() / 1000)
    payload = events.read_interaction(request)
    user = payload.get("user")
    if payload.get("type") != "block_actions" or not isinstance(user, Mapping):
        return Response()
    if user.get("team_id", world.slack.team()) != world.slack.team():
        logs.note("press.outsider")
        return Response()
    for action in payload.get("actions") or ():
        verb = _VERBS.get(action.get("action_id", "")) if isinstance(action, Mapping) else None
        if verb is not None:
            verb(world, str(action.get("value", "")), str(user.get("id", "")))
    return Response()


def _claim(world: World, value: str, user: str) -> None:
    home = world.store.find(Conversation, value)
    if home is not None:
        due = world.now() + CLAIM_LIFE
        world.store.change(home, lambda now: None if now.owner else replace(now, owner=user, due=due))
        _ring(world, home)


def _resolve(world: World, value: str, _user: str) -> None:
    _set_status(world, value, Status.RESOLVED)


def _reopen(world: World, value: str, _user: str) -> None:
    _set_status(world, value, Status.OPEN)


def _set_status(world: World, value: str, status: Status) -> None:
    """Change the conversation and its contact's pointer together: that one routes the next message."""
    for _ in range(TRIES):
        home = world.store.find(Conversation, value)
        if home is None or home.status is status:
            return
        contact = world.store.find(Contact, home.contact)
        now = world.now()
        after = contact and pointed(contact, home, status, now)
        writes = [Replace(with_status(home, status, now + CLAIM_LIFE)), *([Replace(after)] if after else [])]
        try:
            world.store.write(*writes)
        except Lost:
            continue
        _ring(world, home)
        return


def _send_again(world: World, value: str, _user: str) -> None:
    _take_up(world, value, asked_again, Side.CUSTOMER, "Sending it again …")


def _it_arrived(world: World, value: str, _user: str) -> None:
    _take_up(world, value, arrived, Side.SLACK, "")


def _take_up(world: World, value: str, step: Callable[[Item, int], Item | None], side: Side, words: str) -> None:
    conversation, _, item_id = value.partition(".")
    item = world.store.find(Item, conversation, item_id)
    home = world.store.find(Conversation, conversation)
    if item is None or home is None:
        return
    after = world.store.change(item, lambda now: step(now, world.now()))
    if after is None or after.version == item.version:
        return
    if words and item.notice_ts:
        world.slack.update(home.slack_channel, item.notice_ts, blocks.line(words))
    group = home.id if side is Side.CUSTOMER else home.slack_channel
    world.queues.ring(side, [Bell(home.id, group)])


def _ring(world: World, home: Conversation) -> None:
    world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


_VERBS: Mapping[str, Callable[[World, str, str], Any]] = {
    "claim": _claim,
    "resolve": _resolve,
    "reopen": _reopen,
    "send_again": _send_again,
    "it_arrived": _it_arrived,
}
