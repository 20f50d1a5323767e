"""Reply with a form: a saved reply is chosen, stands there filled in to be changed, and goes as it reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from chalicelib.model import Ask, Contact, Conversation, Route, Snippet
from chalicelib.outbound.saying import words_for
from chalicelib.richtext import glyphs
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import about, do
from chalicelib.slack.desk.filling import KNOWN, Filled, filled, known, left_in
from chalicelib.slack.desk.firsts import begin, grounded
from chalicelib.slack.desk.reach import Ground, ground
from chalicelib.slack.desk.saved import MOST, NOT_THERE
from chalicelib.slack.desk.templating import pick
from chalicelib.slack.views import CUT, Block, View, actions, asked_for, button, searched, typed, words
from chalicelib.slack.words import is_visible, told

WORDS = "words"
BLANK = "{names}: nobody but you knows what belongs there. Write it over before you send this."
ANOTHER_WAY = "They have written in another way meanwhile, so this goes there now. Please look once more."
CLOSED = "Meanwhile only templates may go there."
NO_ROOM = "“{title}” does not fit below what you have written."
EMPTY = "There is nothing to send yet."
NAMED = {
    "always": "Your name goes before it.",
    "changes": "Your name goes before it, unless they know that it is you.",
}


def open_form(world: World, asked: Press) -> Answer:
    """Show the form in which a reply is chosen and written; where free text may not go, templates instead."""
    conversation, _ = about(asked)
    here = ground(world, conversation)
    if isinstance(here, str):
        return Say(here)
    if here.reach.over(world.now()):
        return pick(world, here)
    return Show(_form(world, here), over=True)


def first_form(world: World, here: Ground) -> Answer:
    """Show the form for the first word to somebody."""
    return Show(_form(world, here))


def choose(world: World, asked: Press) -> Answer:
    """Put a saved reply into the form, filled in; what was typed there stays above it."""
    if asked.view is None:
        return Say(NOT_THERE)
    meta, values = asked.view.meta, asked.view.values
    so_far = {
        **meta,
        "snippet": asked.value,
        "number": meta.get("number", "0"),
        "filled": meta.get("filled", ""),
        "typed": "".join(values.get(WORDS, ())),
    }
    view = _chosen(world, so_far, asked.by.user, ask=False)
    if view is None:  # Slack has not told yet what the agent is called
        return Show(View("", "Reply", [words("One moment …")]), fill="snippet", about=so_far)
    return Show(view)


def fill(world: World, ask: Ask) -> View:
    """Put a saved reply into the form, once Slack was asked for its author's name."""
    view = _chosen(world, ask.about, ask.user, ask=True)
    return view or View("", "Reply", [words(told(NOT_THERE))])


def _chosen(world: World, so_far: Mapping[str, str], user: str, *, ask: bool) -> View | None:
    """Draw the form with what was chosen; None if Slack has to be asked for something, and is not to be."""
    here = grounded(world, so_far)
    if isinstance(here, str):
        return View("", "Reply", [words(told(here))])
    snippet = world.store.find(Snippet, so_far["snippet"]) if so_far["snippet"] else None
    number, typed_so_far = int(so_far["number"]) + 1, so_far["typed"]
    if snippet is None or snippet.deleted_at:
        return _form(world, here, Filled(typed_so_far), number, NOT_THERE)
    facts = known(world, here, user, ask=ask)
    if not (ask or facts["agent"]) and "{agent}" in snippet.text:
        return None
    said = filled(snippet.text, facts)
    if typed_so_far.strip() and _digest(typed_so_far) != so_far["filled"]:
        said = Filled(f"{typed_so_far.rstrip()}\n{said.words}", said.blank)
        if len(said.words) > MOST:
            return _form(world, here, Filled(typed_so_far), number, NO_ROOM.format(title=snippet.title))
        return _form(world, here, said, number)
    return _form(world, here, said, number, replaces=True)


def _form(
    world: World,
    here: Ground,
    said: Filled | None = None,
    number: int = 0,
    note: str = "",
    *,
    replaces: bool = False,
) -> View:
    said = said or Filled("")
    chooser = {**searched("Choose a saved reply"), "action_id": "snippet"}
    others = [button("Edit saved replies…", "saved", here.home.id or "first")]
    if here.reach.medium.templates and here.home.id:
        others.append(button("Template…", "template", here.home.id))
    blocks: list[Block] = [words(here.told(world.now())), actions([chooser, *others])]
    if said.blank:
        note = f"{note} {BLANK.format(names=_braced(said.blank))}".strip()
    if note:
        blocks.append(words(told(f"✏️ {note}")))
    # Slack keeps what was typed by the name of its field, so one that is filled anew has another.
    field = typed(said.words, lines=True, most=MOST)
    blocks.append(asked_for(f"{WORDS}{CUT}{number}", "What you say", field, _hint(world, here)))
    meta = {
        **here.meta,
        "number": str(number),
        "way": way_of(here.reach.route),
        "blank": ",".join(said.blank)[:1_000],
        "filled": _digest(said.words) if replaces else "",
    }
    return View("reply", "Reply", blocks, submit="Send", meta=meta)


def _hint(world: World, here: Ground) -> str:
    """Say what is put before the words where a desk names its people."""
    desk = world.settings().desks.get(here.home.desk)
    return NAMED.get(desk.names, "") if desk else ""


def send(world: World, asked: HandedIn) -> Answer:
    """Say what was handed in to the customer, the way that the form showed."""
    meta, said = asked.view.meta, glyphs("".join(asked.view.values.get(WORDS, ())).strip())
    here = grounded(world, meta)
    if isinstance(here, str):
        return Say(here)
    blank = tuple(filter(None, meta.get("blank", "").split(",")))
    left = left_in(said, tuple(dict.fromkeys((*blank, *KNOWN))))
    if left or not is_visible(said):
        return Wrong({WORDS: BLANK.format(names=_braced(left)) if left else EMPTY})
    if here.reach.over(world.now()):
        return Wrong({WORDS: CLOSED})
    if way_of(here.reach.route) != meta.get("way"):
        number = int(meta.get("number", "0")) + 1
        return Show(_form(world, here, Filled(said, blank), number, ANOTHER_WAY))
    if "medium" in meta:
        return begin(world, here, asked, said)
    by, route = asked.by.user, here.reach.route

    def step(home: Conversation, _: Contact | None) -> Done:
        return Done((words_for(world, home, by, said, route),))

    return do(world, asked, step)


def way_of(route: Route) -> str:
    """Name a way in few letters, to see whether it is still the one that a form showed."""
    return _digest(f"{route.line} {route.medium} {route.to} {route.sender}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _braced(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
