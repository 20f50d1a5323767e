"""Saved replies: written, found, edited and deleted in Slack, by everybody of the team."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.errors import Lost
from chalicelib.model import Snippet, new_id
from chalicelib.services import World
from chalicelib.slack.asked import Command, HandedIn, Looked, Press
from chalicelib.slack.desk.answers import Answer, Choices, Say, Show, Wrong
from chalicelib.slack.desk.filling import KNOWN
from chalicelib.slack.views import Block, View, actions, asked_for, button, searched, typed, words
from chalicelib.slack.words import clean, told
from chalicelib.store import Insert, Replace

TITLE, TEXT = "title", "text"
MOST, TITLE_AT_MOST = 3_000, 75
HINT = "These are filled in: {names}. Whatever else stands in braces is for whoever sends it to write over."
NOT_THERE = "That saved reply is not there any more."
CHANGED = "Somebody has changed it meanwhile. Copy what you wrote, close this and open it anew."
EMPTY = "There is nothing in it to be seen."


def listed(world: World, typed_so_far: str) -> list[Snippet]:
    """Find saved replies by words in their titles or texts, those with all of them in the title first."""
    asked = typed_so_far.casefold().split()
    every = [each for each in world.store.listed(Snippet, "") if not each.deleted_at]
    fitting = [each for each in every if _has(f"{each.title} {each.text}", asked)]
    return sorted(fitting, key=lambda each: (not _has(each.title, asked), each.title.casefold(), each.id))


def _has(text: str, asked: list[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in asked)


def look(world: World, asked: Looked) -> Choices:
    """Offer saved replies while somebody types."""
    found = listed(world, asked.typed)
    return Choices([(each.title, each.id, " ".join(each.text.split())) for each in found])


def show_all(_: World, asked: Command | Press) -> Answer:
    """Show where saved replies are written and found."""
    return Show(_list(), over=isinstance(asked, Press))


def _list(note: str = "", *offers: Block) -> View:
    chooser = {**searched("Find one by its title or words"), "action_id": "saved_one"}
    blocks = [
        words("Replies that are sent often. Everybody of the team can use and change them."),
        actions([chooser, button("New…", "new_saved", "new", "primary")]),
    ]
    if note:
        blocks.append(words(told(note)))
    return View("", "Saved replies", [*blocks, *([actions(offers)] if offers else [])])


def new(world: World, _: Press) -> Answer:
    """Ask for the words of another saved reply."""
    return Show(_form(Snippet(new_id(world.now()), "", "")), over=True)


def edit(world: World, asked: Press) -> Answer:
    """Show a saved reply to be changed."""
    snippet = world.store.find(Snippet, asked.value) if asked.value else None
    if snippet is None or snippet.deleted_at:
        return Show(_list(NOT_THERE))
    return Show(_form(snippet), over=True)


def _form(snippet: Snippet) -> View:
    title = typed(snippet.title, most=TITLE_AT_MOST, placeholder="Parcel on its way")
    text = typed(snippet.text, lines=True, most=MOST, placeholder="Hello {first_name}, …")
    hint = HINT.format(names=", ".join(f"{{{name}}}" for name in KNOWN))
    blocks = [asked_for(TITLE, "Title", title), asked_for(TEXT, "Words", text, hint)]
    if snippet.version:
        sure = f"“{snippet.title}” will be offered to nobody any more."
        blocks.append(actions([button("Delete", "forget_saved", snippet.id, "danger", sure)]))
    name = "Edit a saved reply" if snippet.version else "New saved reply"
    meta = {"snippet": snippet.id, "version": str(snippet.version)}
    return View("saved", name, blocks, submit="Save", close="Back", meta=meta)


def save(world: World, asked: HandedIn) -> Answer:
    """Write down a saved reply as it was handed in, unless somebody else has changed it since it was shown."""
    given = {name: "".join(asked.view.values.get(name, ())).strip() for name in (TITLE, TEXT)}
    wrong = {name: EMPTY for name, words in given.items() if not clean(words)}
    if wrong:
        return Wrong(wrong)
    meta, now = asked.view.meta, world.now()
    version = int(meta.get("version", "0"))
    snippet = Snippet(meta.get("snippet", ""), clean(given[TITLE], TITLE_AT_MOST), given[TEXT], asked.by.user, now)
    snippet = replace(snippet, version=version)
    try:
        world.store.write(Replace(snippet) if version else Insert(snippet))
    except Lost:
        there = world.store.find(Snippet, snippet.id)
        if there is None or (there.title, there.text) != (snippet.title, snippet.text):
            return Wrong({TEXT: CHANGED})
    return Show(_list(f"“{snippet.title}” is saved."))


def forget(world: World, asked: Press) -> Answer:
    """Delete a saved reply; it can be put back."""
    at = world.now()
    return _changed(
        world, asked.value, at, "“{title}” is deleted.", button("Put it back", "keep_saved", asked.value)
    )


def keep(world: World, asked: Press) -> Answer:
    """Put back what was deleted."""
    return _changed(world, asked.value, 0, "“{title}” is back.")


def _changed(world: World, name: str, deleted_at: int, words: str, *offers: Block) -> Answer:
    snippet = world.store.find(Snippet, name) if name else None
    if snippet is None:
        return Say(NOT_THERE)
    after = world.store.change(snippet, lambda now: replace(now, deleted_at=deleted_at)) or snippet
    return Show(_list(words.format(title=after.title), *offers))
