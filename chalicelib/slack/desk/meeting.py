"""A room to meet a customer in, face to face: a link of the desk's own video service."""

from __future__ import annotations

import secrets

from chalicelib.model import Conversation
from chalicelib.outbound.saying import words_for
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, do
from chalicelib.slack.views import View, asked_for, typed

WORDS = "words"
NOT_SET = (
    "This desk has no video rooms yet. Whoever keeps Threadline's settings can add"
    ' video = "https://meet.example.com/{room}" to the desk.'
)
EMPTY = "There is nothing in it."


def video(world: World, asked: Press) -> Answer:
    """Show what a customer would be sent, with a room that nobody can guess."""
    conversation, _ = about(asked)
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    settings = world.settings()
    desk = settings.desks.get(home.desk)
    if desk is None or not desk.video:
        return Say(NOT_SET)
    link = desk.video.replace("{room}", secrets.token_hex(12))
    field = asked_for(
        WORDS, "This goes to the customer", typed(settings.texts.video.format(link=link), lines=True)
    )
    return Show(View("video", "Video link", [field], "Send", "Cancel", {"conversation": home.id}), over=True)


def sent(world: World, asked: HandedIn) -> Answer:
    """Say it to the customer, in the thread."""
    words = "\n".join(asked.view.values.get(WORDS, ()))
    if not words.strip():
        return Wrong({WORDS: EMPTY})
    return do(world, asked, lambda home, _: Done((words_for(world, home, asked.by.user, words),)))
