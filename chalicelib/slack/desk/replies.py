"""How an answer reaches whoever asked: in the door's own answer where Slack takes it there, else by one call."""

from __future__ import annotations

import json
from typing import Any

from chalicelib import logs
from chalicelib.gates import waited_out
from chalicelib.model import DAY, Ask, Ok, Outcome, Reason, Refused, Side, new_id
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.slack.asked import Asked, Command, HandedIn, Press, Shortcut
from chalicelib.slack.desk import tables
from chalicelib.slack.desk.answers import Answer, Choices, Nothing, Say, Show, Wrong
from chalicelib.slack.views import View, modal, option, words
from chalicelib.slack.words import told
from chalicelib.store import Insert
from chalicelib.web import Response

TITLE = "Threadline"
TOO_SLOW = "That took longer than the three seconds that Slack allows. Please do it once more."
NOT_LOADED = "This could not be loaded. Please close it and try once more."

WAITS = DAY // 24
"""How long a modal may wait to be filled."""
SETTLES = 1_000
"""Ms after which Slack surely shows what a form was answered with."""
CHOICES = 100
MORE_AT_MOST = 75


def sentence(said: str) -> View:
    """Make a modal of one sentence."""
    return View("", TITLE, [words(told(said))])


def answer(world: World, asked: Asked, given: Answer) -> Response:
    """Carry an answer out."""
    match given:
        case Choices(found):
            return _body({"options": [_option(*each) for each in found[:CHOICES]]})
        case Wrong(fields) if isinstance(asked, HandedIn):
            names = asked.view.names
            errors = {names.get(name, name): wrong for name, wrong in fields.items()}
            return _body({"response_action": "errors", "errors": errors})
        case Wrong(fields):
            return answer(world, asked, Say(" ".join(fields.values())))
        case Nothing():
            return _body({"response_action": "clear"}) if isinstance(asked, HandedIn) else Response()
        case Say(said):
            return _say(world, asked, said)
        case Show():
            return _show(world, asked, given)


def _say(world: World, asked: Asked, said: str) -> Response:
    if isinstance(asked, Command):
        return _body({"response_type": "ephemeral", "text": told(said)})
    if isinstance(asked, Press) and asked.view is None:
        _beside(world, asked, said)
        return Response()
    return _show(world, asked, Show(sentence(said)))


def _show(world: World, asked: Asked, given: Show) -> Response:
    view = modal(given.view)
    if isinstance(asked, HandedIn):
        # Nobody tells the id of one that is pushed in this way, so what is to be filled takes this one's place.
        over = given.over and not given.fill
        if not _to_be_filled(world, asked, given, asked.view.id, world.now() + SETTLES):
            view = modal(sentence(NOT_LOADED))
        return _body({"response_action": "push" if over else "update", "view": view})
    outcome = _opened(world, asked, given, view)
    _noted("shown", outcome)
    if isinstance(outcome, Ok):
        _to_be_filled(world, asked, given, outcome.id)
        return Response()
    if isinstance(asked, Command):
        return _say(world, asked, TOO_SLOW)
    if isinstance(asked, Shortcut) or (isinstance(asked, Press) and asked.view is None):
        _beside(world, asked, TOO_SLOW)
    return Response()


def _beside(world: World, asked: Press | Shortcut, said: str) -> None:
    """Say something where the button is, or the message: in a thread, unless that is its head."""
    outcome: Outcome = Refused(Reason.REFUSED, "nowhere to say it")
    thread = asked.spot.thread_ts if asked.spot and asked.spot.thread_ts != asked.spot.ts else ""
    if isinstance(asked, Shortcut):  # whose response_url cannot answer into a thread
        if asked.spot:
            outcome = world.slack.modals.whisper(asked.spot.channel, thread, asked.by.user, said)
    elif asked.by.response_url:
        outcome = world.slack.modals.answer(asked.by.response_url, told(said), thread)
    _noted("said", outcome)


def _opened(world: World, asked: Asked, given: Show, view: dict[str, Any]) -> Outcome:
    modals, inside = world.slack.modals, asked.view if isinstance(asked, Press) else None
    if inside is None or inside.home:
        return modals.open(asked.by.trigger, view)
    if given.over:
        outcome = modals.push(asked.by.trigger, view)
        # There are three upon each other already, or it took too long: this one makes room.
        return outcome if isinstance(outcome, Ok) else modals.update(inside.id, view)
    return modals.update(inside.id, view)


def _to_be_filled(world: World, asked: Asked, given: Show, view: str, settles_at: int = 0) -> bool:
    """Have a worker fill it; false if there is none to be had, and it is not there yet to be filled here."""
    if not given.fill:
        return True
    now = world.now()
    ask = Ask(new_id(now), given.fill, view, asked.by.user, given.about, settles_at, expires=now + WAITS)
    world.store.write(Insert(ask))
    if world.queues.ring(Side.SLACK, [Bell(f"view:{ask.id}", f"view-{ask.id}")]):
        return True
    if settles_at:
        return False
    fill(world, ask.id)  # no clock rings for it: whoever looks at it now would look in vain
    return True


def fill(world: World, name: str) -> None:
    """Behind the bell: draw what a modal was opened for."""
    ask = world.store.find(Ask, name)
    if ask is None:
        return
    if ask.settles_at > world.now():
        world.pause((ask.settles_at - world.now()) / 1000)
    try:
        view = tables.FILLS[ask.what](world, ask)
    except Exception:
        _update(world, ask, sentence(NOT_LOADED))
        raise
    _update(world, ask, view)


def _update(world: World, ask: Ask, view: View) -> None:
    outcome = world.slack.modals.update(ask.view, modal(view))
    if waited_out(world, outcome):
        outcome = world.slack.modals.update(ask.view, modal(view))
    _noted("filled", outcome, ask.what)


def _noted(how: str, outcome: Outcome, what: str | None = None) -> None:
    why = outcome.detail if isinstance(outcome, Refused) else None
    logs.note("desk.answered", how=how, what=what, outcome=type(outcome).__name__, why=why)


def _option(label: str, value: str, more: str = "") -> dict[str, Any]:
    choice = option(label, value)
    return {**choice, "description": option(more[:MORE_AT_MOST], "")["text"]} if more else choice


def _body(content: dict[str, Any]) -> Response:
    return Response(200, json.dumps(content), "application/json")
