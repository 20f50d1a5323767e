"""A room to meet a customer in, face to face: a link of the desk's own video service."""

from __future__ import annotations

import secrets

from chalicelib.outbound.saying import words_for
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import about, do
from chalicelib.slack.desk.reach import Ground, ground
from chalicelib.slack.desk.replying import ANOTHER_WAY, way_of
from chalicelib.slack.views import View, asked_for, typed, words

WORDS = "words"
NOT_SET = (
    "This desk has no video rooms yet. Whoever keeps Threadline's settings can add"
    ' video = "https://meet.example.com/{room}" to the desk.'
)
OVER = "They have not written for a while, so only a template may go there: “Template…” has them."
EMPTY = "There is nothing in it."


def video(world: World, asked: Press) -> Answer:
    """Show what a customer would be sent, with a room that nobody can guess."""
    conversation, _ = about(asked)
    here, now = ground(world, conversation), world.now()
    if isinstance(here, str):
        return Say(here)
    settings = world.settings()
    desk = settings.desks.get(here.home.desk)
    if desk is None or not desk.video:
        return Say(NOT_SET)
    if here.reach.over(now):
        return Say(OVER)
    link = desk.video.replace("{room}", secrets.token_hex(12))
    return Show(_form(here, now, settings.texts.video.format(link=link)), over=True)


def _form(here: Ground, now: int, said: str, note: str = "") -> View:
    blocks = [words(here.told(now)), *([words(note)] if note else [])]
    blocks.append(asked_for(WORDS, "This goes to the customer", typed(said, lines=True)))
    meta = {**here.meta, "way": way_of(here.reach.route)}
    return View("video", "Video link", blocks, "Send", "Cancel", meta)


def sent(world: World, asked: HandedIn) -> Answer:
    """Say it to the customer, in the thread, the way that the form showed."""
    said = "\n".join(asked.view.values.get(WORDS, ()))
    if not said.strip():
        return Wrong({WORDS: EMPTY})
    here = ground(world, about(asked)[0])
    if isinstance(here, str):
        return Say(here)
    if way_of(here.reach.route) != asked.view.meta.get("way"):
        return Show(_form(here, world.now(), said, ANOTHER_WAY))
    route = here.reach.route
    return do(world, asked, lambda home, _: Done((words_for(world, home, asked.by.user, said, route),)))
