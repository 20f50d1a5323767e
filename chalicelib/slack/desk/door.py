"""The door for what people of the team ask of us in Slack: read, let in, see to, answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.raw import keep, malformed
from chalicelib.services import World
from chalicelib.slack import events
from chalicelib.slack.asked import Asked, Command, HandedIn, Looked, Press, Shortcut
from chalicelib.slack.asking import read_asked
from chalicelib.slack.desk import tables
from chalicelib.slack.desk.answers import Answer, Choices, Nothing, Say
from chalicelib.slack.desk.replies import answer
from chalicelib.web import Request, Response, say

DOOR = "slack", "interactions"
"""The name under which raw bodies of this door are kept."""

OUTSIDER = "This is for the team that Threadline works for."
OLD = "This is from an earlier version of Threadline, and nobody sees to it any more."
WHAT = "Threadline does not know “{word}”. Try /threadline help."

LINK = "link"
"""How the names of buttons begin that only lead to an address: Slack tells of these as well."""

LONGEST = 200
"""Characters of what our buttons and choices stand for; whatever is longer is not of our making."""


def press(world: World, request: Request) -> Response:
    """Take in what a person asks; raises Stranger if it is not Slack's. What cannot be read is kept."""
    events.verify(request, world.slack_secrets(), world.now() / 1000)
    try:
        asked = read_asked(request)
    except Malformed as error:
        keep(world, DOOR, request, "malformed", unread=malformed(error))
        # Slack shows whoever pressed that it did not work: they press again, or tell somebody.
        return say(400, "an interaction that cannot be read")
    response = Response()
    for each in asked:
        team = world.slack.team()
        if not isinstance(team, str):
            return say(503, "Slack does not say whose team this is")
        response = answer(world, each, _seen_to(world, each, team))
    return response


def _seen_to(world: World, asked: Asked, team: str) -> Answer:
    if asked.by.team != team:
        logs.note("press.outsider")
        return Choices(()) if isinstance(asked, Looked) else Say(OUTSIDER)
    name, table, otherwise = _ABOUT[type(asked)](asked)
    handler = table.get(name)
    if handler is None:
        return otherwise
    if not isinstance(asked, Looked):
        logs.note("press.taken", verb=name, user=asked.by.user, **_about(asked))
    return handler(world, asked)


def _about(asked: Asked) -> dict[str, str | None]:
    """Name the conversation, and perhaps the item, that something is asked about; a modal knows it itself."""
    view = asked.view if isinstance(asked, HandedIn | Press) else None
    value = asked.value if isinstance(asked, Press) and view is None else ""
    value = view.meta.get("conversation", "") if view else value
    conversation, _, item = value.partition(".")
    return {"conversation": conversation or None, "item": item or None}


Chosen = tuple[str, Mapping[str, Callable[[World, Any], Answer]], Answer]
"""What was asked for, where to look for who sees to it, and the answer if nobody does."""


def _pressed(asked: Press) -> Chosen:
    if len(asked.value) > LONGEST:
        return asked.verb, {}, Say(OLD)
    # A field in a form tells of itself as well, and is read when that is handed in.
    ignored = asked.verb.startswith(LINK) or (asked.view is not None and not asked.view.home)
    return asked.verb, tables.PRESSES, Nothing() if ignored else Say(OLD)


def _typed(asked: Command) -> Chosen:
    word = asked.words.partition(" ")[0].lower()
    return word, tables.COMMANDS, Say(WHAT.format(word=word))


_ABOUT: Mapping[type[Asked], Callable[[Any], Chosen]] = {
    Press: _pressed,
    Command: _typed,
    Shortcut: lambda asked: (asked.name, tables.SHORTCUTS, Say(OLD)),
    HandedIn: lambda asked: (asked.view.form, tables.FORMS, Say(OLD)),
    Looked: lambda asked: (asked.field, tables.SEARCHES, Choices(())),
}
