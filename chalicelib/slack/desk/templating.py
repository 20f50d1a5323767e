"""Send a template: chosen from those that its provider has approved, with a field for each of its variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.model import Ask, Contact, Conversation, Item, Template
from chalicelib.outbound.saying import words_for
from chalicelib.outbound.templates import KEPT_FOR, called, kept, key_of, templates_of
from chalicelib.richtext import escape
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Looked, Press
from chalicelib.slack.desk.acts import Done
from chalicelib.slack.desk.answers import Answer, Choices, Say, Show, Wrong
from chalicelib.slack.desk.doing import about, do
from chalicelib.slack.desk.filling import known
from chalicelib.slack.desk.firsts import begin, grounded
from chalicelib.slack.desk.reach import Ground, ground
from chalicelib.slack.views import CUT, Block, View, actions, asked_for, searched, typed, words
from chalicelib.slack.words import told

TITLE = "Send a template"
NONE_HERE = "{medium} has no templates: whoever wrote there can be answered freely."
NO_TEMPLATES = "No template has been approved yet. They are written where this line was set up."
NOT_LISTED = "The templates cannot be had at the moment: {why}. Please try once more in a minute."
OVER = "They have not written within the last day. Until they do, only a template may go there."
NOT_THERE = "This template is not there any more. Please choose another one."
CANNOT = "“{name}” cannot be sent from here, because {why}."
MISSING = "Something has to stand here."
TOO_LONG = "With this it is too long: a template takes 1,024 characters."
LONGEST = 1_024
VALUE_AT_MOST = 500
SEEN_AROUND = 40


def open_templates(world: World, asked: Press) -> Answer:
    """Show the templates for a conversation, or for the reply that could not go out."""
    conversation, name = about(asked)
    item = world.store.find(Item, conversation, name) if name else None
    here = ground(world, conversation, item.route if item else None)
    if isinstance(here, str):
        return Say(here)
    return pick(world, here, name)


def pick(world: World, here: Ground, item: str = "") -> Answer:
    """Show the templates of a way; what is not known now is asked for by a worker."""
    if not here.reach.medium.templates:
        return Say(NONE_HERE.format(medium=here.reach.medium.label))
    there = kept(world, here.reach.route.line, world.now() - KEPT_FOR)
    if there is not None:
        return Show(_form(world, here, there, item), over=True)
    waiting = View("", TITLE, [words(here.told(world.now())), words("One moment …")])
    about_it = {**here.meta, "item": item}
    return Show(waiting, over=True, fill="templates", about=about_it)


def fill(world: World, ask: Ask) -> View:
    """List the templates of a line once its provider has told."""
    here = _ground(world, ask.about)
    if isinstance(here, str):
        return View("", TITLE, [words(told(here))])
    found = templates_of(world, here.reach.route.line)
    if not isinstance(found, tuple):
        why = getattr(found, "why", "") or getattr(found, "detail", "") or "there was no answer"
        return View("", TITLE, [words(here.told(world.now())), words(told(NOT_LISTED.format(why=why)))])
    return _form(world, here, found, ask.about.get("item", ""))


def look(world: World, asked: Looked) -> Choices:
    """Offer templates while somebody types."""
    line = asked.view.meta.get("line", "") if asked.view else ""
    wanted = asked.typed.casefold().split()
    found = (kept(world, line) or ()) if line else ()
    offered = [(_label(each), key_of(each), " ".join(each.body.split())) for each in found]
    return Choices([each for each in offered if all(word in f"{each[0]} {each[2]}".casefold() for word in wanted)])


def _label(template: Template) -> str:
    return f"{called(template)} · {template.language}"


def choose(world: World, asked: Press) -> Answer:
    """Show a template with its fields."""
    meta = asked.view.meta if asked.view else {}
    here = _ground(world, meta)
    if isinstance(here, str):
        return Say(here)
    found = kept(world, here.reach.route.line) or ()
    chosen = _find(found, asked.value)
    facts = known(world, here, asked.by.user, ask=False)
    note = "" if chosen else NOT_THERE
    return Show(_form(world, here, found, meta.get("item", ""), chosen, note, facts))


def _form(
    world: World,
    here: Ground,
    found: Sequence[Template],
    item: str,
    chosen: Template | None = None,
    note: str = "",
    facts: Mapping[str, str] | None = None,
) -> View:
    now, route = world.now(), here.reach.route
    blocks: list[Block] = [words(here.told(now))]
    if here.reach.over(now):
        blocks.append(words(OVER))
    if found:
        chooser = {**searched("Choose a template"), "action_id": "template_choice"}
        blocks.append(actions([chooser]))
    sendable = chosen is not None and not chosen.unsendable
    if chosen is not None and chosen.unsendable:
        note = CANNOT.format(name=called(chosen), why=chosen.unsendable)
    note = note or ("" if found else NO_TEMPLATES)
    if note:
        blocks.append(words(told(note)))
    if chosen is not None and sendable:
        blocks.append(words("\n".join(f">{escape(line)}" for line in chosen.body.split("\n"))))
        blocks += [_field(chosen, number, facts or {}) for number in range(len(chosen.variables))]
    meta = {**here.meta, "item": item, "line": route.line}
    meta["template"] = key_of(chosen) if chosen is not None and sendable else ""
    return View("template", TITLE, blocks, submit="Send" if sendable else "", meta=meta)


def _field(template: Template, number: int, facts: Mapping[str, str]) -> Block:
    """Ask for one variable; another template's first field is another field."""
    name = template.variables[number]
    shown = f"{{{{{name}}}}}"
    field = asked_for(f"variable{number}{CUT}{key_of(template)}", shown, _typed(facts.get(name, "")))
    before, found, after = " ".join(template.body.split()).partition(shown)
    if not found:  # it is filled in elsewhere: in the address of a button, for instance
        return field
    return {**field, "hint": _hint(f"{_end(before)}{shown}{_beginning(after)}")}


def _end(text: str) -> str:
    """Give the last words of a text."""
    return text if len(text) <= SEEN_AROUND else f"… {text[-SEEN_AROUND:].partition(' ')[2]}"


def _beginning(text: str) -> str:
    """Give the first words of a text."""
    return text if len(text) <= SEEN_AROUND else f"{text[:SEEN_AROUND].rpartition(' ')[0]} …"


def _typed(value: str) -> Block:
    return typed(value, most=VALUE_AT_MOST)


def _hint(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def send(world: World, asked: HandedIn) -> Answer:
    """Say a template to the customer, with what was filled in."""
    meta, values = asked.view.meta, asked.view.values
    here = _ground(world, meta)
    if isinstance(here, str):
        return Say(here)
    found = kept(world, here.reach.route.line) or ()
    chosen = _find(found, meta.get("template", ""))
    if chosen is None or chosen.unsendable:
        return Show(_form(world, here, found, meta.get("item", ""), None, NOT_THERE))
    # A provider takes neither lines nor rows of blanks in a variable.
    given = [" ".join("".join(values.get(f"variable{each}", ())).split()) for each in range(len(chosen.variables))]
    wrong = {f"variable{number}": MISSING for number, value in enumerate(given) if not value}
    ready = replace(chosen, values=dict(zip(chosen.variables, given, strict=True)))
    if not wrong and given and len(ready.words) > LONGEST:
        wrong = {f"variable{max(range(len(given)), key=lambda each: len(given[each]))}": TOO_LONG}
    if wrong:
        return Wrong(wrong)
    if "medium" in meta:
        return begin(world, here, asked, ready.words, ready)
    by, route = asked.by.user, here.reach.route

    def step(home: Conversation, _: Contact | None) -> Done:
        return Done((words_for(world, home, by, ready.words, route, ready),))

    return do(world, asked, step)


def _ground(world: World, meta: Mapping[str, str]) -> Ground | str:
    conversation, name = meta.get("conversation", ""), meta.get("item", "")
    item = world.store.find(Item, conversation, name) if conversation and name else None
    return grounded(world, meta, item.route if item else None)


def _find(found: Sequence[Template], key: str) -> Template | None:
    return (
        next((each for each in found if key_of(each) == key), None) if re.fullmatch(r"[0-9a-f]{20}", key) else None
    )
