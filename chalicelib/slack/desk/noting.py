"""Notes and tags: what the team writes down for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.contacts import person
from chalicelib.model import Contact, Conversation
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done, changed, told
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, do
from chalicelib.slack.views import View, asked_for, typed
from chalicelib.slack.words import clean
from chalicelib.store import Replace

NOTE, HERE, ALWAYS = "note", "here", "always"

TAGS_AT_MOST, TAG_AT_MOST = 10, 30
SEPARATED = "Separated by commas, for example: vip, refund"
SO_ALREADY = "These are its tags already."


def note(_: World, asked: Press) -> Answer:
    """Ask for a note, for those who want to be sure that it goes nowhere."""
    conversation, _item = about(asked)
    if not conversation:
        return Say(GONE)
    field = asked_for(NOTE, "Note", typed(lines=True), "Only your team sees this. It goes to nobody else.")
    return Show(View("note", "Note", [field], "Save", "Cancel", {"conversation": conversation}), over=True)


def noted(world: World, asked: HandedIn) -> Answer:
    """Put a note into the thread."""
    text = "\n".join(asked.view.values.get(NOTE, ()))
    if not text.strip():
        return Wrong({NOTE: "There is nothing in it."})
    return do(world, asked, lambda home, _: Done((told(world, home, asked.by.user, f"Note by {{who}}: {text}"),)))


def tag(world: World, asked: Press) -> Answer:
    """Ask for the tags of a conversation, and of its customer."""
    conversation, _ = about(asked)
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    contact = person(world.store, home.contact)
    fields = [
        asked_for(
            HERE, "Tags of this conversation", typed(", ".join(home.tags), most=400), SEPARATED, optional=True
        )
    ]
    if contact is not None:
        known = typed(", ".join(contact.tags), most=400)
        fields.append(
            asked_for(ALWAYS, "Tags of the customer", known, "They stay with every conversation.", optional=True)
        )
    return Show(View("tag", "Tags", fields, "Save", "Cancel", {"conversation": home.id}), over=True)


def tagged(world: World, asked: HandedIn) -> Answer:
    """Write the tags down."""
    given = {name: tags(" ".join(asked.view.values.get(name, ()))) for name in (HERE, ALWAYS)}
    wrong = {name: why for name, found in given.items() if (why := _wrong(found))}
    if wrong:
        return Wrong(wrong)

    def step(home: Conversation, contact: Contact | None) -> Done:
        here, always = given[HERE], given[ALWAYS]
        theirs = contact.tags if contact else ()
        if contact is None or ALWAYS not in asked.view.values:
            always = theirs
        if (here, always) == (home.tags, theirs):
            return Done(told=SO_ALREADY)
        words = [
            _said("this conversation", here) if here != home.tags else "",
            _said("the customer", always) if always != theirs else "",
        ]
        line = told(world, home, asked.by.user, f"tagged {', and '.join(filter(None, words))}.")
        person_too = [Replace(replace(contact, tags=always))] if contact and always != theirs else []
        return Done((changed(world, replace(home, tags=here)), line, *person_too))

    return do(world, asked, step)


def tags(text: str) -> tuple[str, ...]:
    """Read tags as people type them: small letters, each once."""
    found = (clean(each.strip().removeprefix("#").lower(), 2 * TAG_AT_MOST) for each in text.split(","))
    return tuple(dict.fromkeys(filter(None, found)))


def _wrong(found: Sequence[str]) -> str:
    if len(found) > TAGS_AT_MOST:
        return f"Ten tags are the most; these are {len(found)}."
    long = next((each for each in found if len(each) > TAG_AT_MOST), "")
    return f"A tag has {TAG_AT_MOST} letters at most: {long[:20]}… has more." if long else ""


def _said(what: str, found: Sequence[str]) -> str:
    return f"{what} {', '.join(found)}" if found else f"{what} with nothing"
