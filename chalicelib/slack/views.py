"""Modals and the App Home, and the fields that they are made of.

https://docs.slack.dev/reference/views and https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]

TITLE_AT_MOST = 24
LABEL_AT_MOST = 75
"""Characters of a button's or a choice's label; a field's own label may have many more."""

CUT = "#"
"""Slack keeps what was typed by a field's name: one to be filled anew is called `text#2`, and read as `text`."""


@dataclass(frozen=True, slots=True)
class View:
    """A modal. `form` says what is done with what is handed in; `meta` is what has to be known then."""

    form: str
    title: str
    blocks: Sequence[Block]
    submit: str = ""
    close: str = "Close"
    meta: Mapping[str, str] = field(default_factory=dict)


def modal(view: View) -> Block:
    """Spell a modal as Slack wants it."""
    spelled: Block = {
        "type": "modal",
        "callback_id": view.form,
        "title": _plain(view.title, TITLE_AT_MOST),
        "close": _plain(view.close, TITLE_AT_MOST),
        "private_metadata": _kept(view.meta),
        "blocks": list(view.blocks),
    }
    return {**spelled, "submit": _plain(view.submit, TITLE_AT_MOST)} if view.submit else spelled


def home(blocks: Sequence[Block], meta: Mapping[str, str] | None = None) -> Block:
    """Spell an App Home as Slack wants it."""
    return {"type": "home", "private_metadata": _kept(meta or {}), "blocks": list(blocks)}


def asked_for(name: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    """Ask for something: `name` is its block_id and its action_id."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, 2000),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": _plain(hint, 2000)} if hint else block


def typed(initial: str = "", *, lines: bool = False, most: int = 3000, placeholder: str = "") -> Block:
    """Make a field to type in."""
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = initial
    return _with_placeholder(element, placeholder)


def chosen(choices: Sequence[tuple[str, str]], initial: str = "", placeholder: str = "") -> Block:
    """Make a menu of labels and their values, up to 100."""
    options = [option(label, value) for label, value in choices]
    element: Block = {"type": "static_select", "options": options}
    first = next((each for each in options if each["value"] == initial), None)
    return _with_placeholder({**element, "initial_option": first} if first else element, placeholder)


def ticked(choices: Sequence[tuple[str, str]], initial: Sequence[str] = ()) -> Block:
    """Make boxes to tick, up to 10."""
    options = [option(label, value) for label, value in choices]
    on = [each for each in options if each["value"] in initial]
    element: Block = {"type": "checkboxes", "options": options}
    return {**element, "initial_options": on} if on else element


def searched(placeholder: str = "", least: int = 0) -> Block:
    """Make a menu whose choices come from us while somebody types."""
    return _with_placeholder({"type": "external_select", "min_query_length": least}, placeholder)


def person(initial: str = "") -> Block:
    """Make a menu of the people in Slack."""
    element: Block = {"type": "users_select"}
    return {**element, "initial_user": initial} if initial else element


def moment(at: int = 0) -> Block:
    """Make a field for a day and a time; `at` is ms."""
    element: Block = {"type": "datetimepicker"}
    return {**element, "initial_date_time": at // 1000} if at else element


def button(label: str, verb: str, value: str, style: str = "", sure: str = "") -> Block:
    """Make a button; `verb` is its action_id. With `sure`, Slack asks that first."""
    made: Block = {
        "type": "button",
        "text": _plain(label, LABEL_AT_MOST),
        "action_id": verb,
        "value": value,
    }
    if sure:
        question = {"title": _plain(label, TITLE_AT_MOST), "text": _plain(sure, 300)}
        made["confirm"] = {**question, "confirm": _plain(label, 30), "deny": _plain("Cancel", 30)}
    return {**made, "style": style} if style else made


def leads(label: str, address: str) -> Block:
    """Make a button that opens an address; a press of it asks for nothing."""
    return {"type": "button", "text": _plain(label, LABEL_AT_MOST), "action_id": "link", "url": address}


def actions(elements: Sequence[Block]) -> Block:
    """Make a row of buttons and menus, up to 25."""
    return {"type": "actions", "elements": list(elements)}


def words(mrkdwn: str, accessory: Block | None = None) -> Block:
    """Say something in our own words, perhaps with a button beside them; others' words have to be escaped."""
    # Verbatim: what looks like an address or a channel in somebody's name is no link.
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}
    return {**block, "accessory": accessory} if accessory else block


def head(text: str) -> Block:
    """Make a heading."""
    return {"type": "header", "text": _plain(text, 150)}


def option(label: str, value: str) -> Block:
    """Make one choice."""
    return {"text": _plain(label, LABEL_AT_MOST), "value": value}


def _kept(meta: Mapping[str, str]) -> str:
    """Spell what has to be known later; in letters of their own, since Slack counts 3,000 of them."""
    return json.dumps(dict(meta), ensure_ascii=False)


def _with_placeholder(element: Block, placeholder: str) -> Block:
    return {**element, "placeholder": _plain(placeholder, 150)} if placeholder else element


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": text if len(text) <= most else f"{text[: most - 1]}…"}
