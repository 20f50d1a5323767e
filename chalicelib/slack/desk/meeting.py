"""A room to meet a customer in, face to face: a link of the desk's own video service."""

from __future__ import annotations

import secrets

from chalicelib.outbound.saying import words_for
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import about, do
from chalicelib.slack.desk.reach import ground
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
    typed_so_far = typed(settings.texts.video.format(link=link), lines=True)
    blocks = [words(here.told(now)), asked_for(WORDS, "This goes to the customer", typed_so_far)]
    return Show(View("video", "Video link", blocks, "Send", "Cancel", {"conversation": conversation}), over=True)


def sent(world: World, asked: HandedIn) -> Answer:
    """Say it to the customer, in the thread."""
    said = "\n".join(asked.view.values.get(WORDS, ()))
    if not said.strip():
        return Wrong({WORDS: EMPTY})
    return do(world, asked, lambda home, _: Done((words_for(world, home, asked.by.user, said),)))
