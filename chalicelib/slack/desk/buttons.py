"""What the team does with the buttons: each verb changes the record once, and `deliver` draws what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.contacts import pointed, with_status
from chalicelib.errors import Lost, Malformed
from chalicelib.gates import DRAWS, close, waits
from chalicelib.model import Busy, Contact, Conversation, Gate, Item, Side, Status, owed
from chalicelib.queues import Bell
from chalicelib.raw import keep, malformed
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, DOUBT, arrived, asked_again, doubted
from chalicelib.slack import blocks, events
from chalicelib.slack.presses import read_presses
from chalicelib.store import Replace
from chalicelib.web import Request, Response, say

TRIES = 5

DOOR = "slack", "interactions"
"""The name under which raw bodies of this door are kept."""

THING = re.compile(r"[0-9A-Z]{26}(\.[0-9A-Z]{26})?")
"""What stands in a button's value: a conversation, and perhaps an item of it."""


def press(world: World, request: Request) -> Response:
    """Take in what a person pressed; raises Stranger if it is not Slack's. What cannot be read is kept."""
    events.verify(request, world.slack_secrets(), world.now() / 1000)
    try:
        presses = read_presses(request)
    except Malformed as error:
        keep(world, DOOR, request, "malformed", unread=malformed(error))
        # Slack shows whoever pressed that it did not work: they press again, or tell somebody.
        return say(400, "an interaction that cannot be read")
    for press in presses:
        verb = _VERBS.get(press.verb)
        if verb is None:
            continue
        team = world.slack.team()
        if not isinstance(team, str):
            return say(503, "Slack does not say whose team this is")
        if press.team != team:
            logs.note("press.outsider")
        elif THING.fullmatch(press.value):
            conversation, _, item = press.value.partition(".")
            logs.note("press.taken", verb=press.verb, conversation=conversation, item=item, user=press.user)
            verb(world, press.value, press.user)
    return Response()


def _claim(world: World, value: str, user: str) -> None:
    home = world.store.find(Conversation, value)
    if home is None:
        return
    due = world.now() + CLAIM_LIFE
    after = world.store.change(home, lambda now: None if now.owner else replace(now, owner=user, due=due))
    if after is not None and after.version > home.version:
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
    raise Lost


def _send_again(world: World, value: str, _user: str) -> None:
    _take_up(world, value, _anew, "Sending it again …")


def _anew(item: Item, now: int) -> Item | None:
    """Take a reply up again; this door may not live to hear whether the thread says so in place of the verdict."""
    after = asked_again(item, now)
    return after and doubted(after, now + DOUBT if after.notice_ts else 0)


def _it_arrived(world: World, value: str, _user: str) -> None:
    _take_up(world, value, arrived, "")


def _take_up(world: World, value: str, step: Callable[[Item, int], Item | None], words: str) -> None:
    conversation, _, name = value.partition(".")
    found: list[Any] = world.store.find_all((Item, (conversation, name)), (Conversation, (conversation,)))
    item, home = found
    if item is None or home is None:
        return
    after = world.store.change(item, lambda now: step(now, world.now()))
    if after is None or after.version == item.version:
        return
    if words and item.notice_ts:
        _draw(world, home.slack_channel, item.notice_ts, words)
    if owed(after) is Side.CUSTOMER:
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])
    else:
        _ring(world, home)


def _draw(world: World, channel: str, ts: str, words: str) -> None:
    """Say what comes next in place of a verdict, if Slack has time for it: `deliver` says how it ends."""
    if waits(world.store.find(Gate, DRAWS, channel), world.now()):
        return
    outcome = world.slack.update(channel, ts, blocks.line(words))
    if isinstance(outcome, Busy):
        close(world, DRAWS, channel, outcome)


def _ring(world: World, home: Conversation) -> None:
    world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])


_VERBS: Mapping[str, Callable[[World, str, str], Any]] = {
    "claim": _claim,
    "resolve": _resolve,
    "reopen": _reopen,
    "send_again": _send_again,
    "it_arrived": _it_arrived,
}
