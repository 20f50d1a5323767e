"""What Slack takes as a message's blocks, and every limit it puts on them.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.slack.checks import Check, each, flag, kinds, number, one_of, problem, shape, string
from infra.local.slack.rich_text import RICH_TEXT

MOST_BLOCKS = 50
MARKDOWN = 12_000

_ID = string(255)
_BLOCK = {"block_id": _ID}
_URL = string(3000)


def _plain(most: int) -> Check:
    return kinds({"plain_text": shape({"text": string(most)}, {"emoji": flag})})


def _any_text(most: int) -> Check:
    plain = shape({"text": string(most)}, {"emoji": flag})
    return kinds({"plain_text": plain, "mrkdwn": shape({"text": string(most)}, {"verbatim": flag})})


_CONFIRM = shape(
    {"title": _plain(100), "text": _any_text(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": one_of("primary", "danger")},
)
_OPTION = shape({"text": _any_text(75), "value": string(150)}, {"description": _any_text(75), "url": _URL})
_OPTIONS = each(_OPTION, 100)
_GROUPS = each(shape({"label": _plain(75), "options": _OPTIONS}), 100)
_IMAGE = {"alt_text": string(2000)}
_PICTURE = {"image_url": _URL, "slack_file": shape({}, {"id": _ID, "url": _URL}, either=("id", "url"))}
_ACTION = {"action_id": _ID, "confirm": _CONFIRM}
_SELECT = {**_ACTION, "placeholder": _plain(150), "focus_on_load": flag}

_BUTTON = shape(
    {"text": _plain(75)},
    {
        **_ACTION,
        "value": string(2000, 0),
        "url": _URL,
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
_INTERACTIVE: dict[str, Check] = {
    "button": _BUTTON,
    "overflow": shape({"options": each(_OPTION, 5)}, _ACTION),
    "static_select": shape(
        {},
        {**_SELECT, "options": _OPTIONS, "option_groups": _GROUPS, "initial_option": _OPTION},
        either=("options", "option_groups"),
    ),
    "external_select": shape({}, {**_SELECT, "initial_option": _OPTION, "min_query_length": number}),
    "users_select": shape({}, {**_SELECT, "initial_user": _ID}),
    "channels_select": shape({}, {**_SELECT, "initial_channel": _ID}),
    "datepicker": shape({}, {**_SELECT, "initial_date": string(10, 10)}),
}
_IMAGE_ELEMENT = shape(_IMAGE, _PICTURE, either=tuple(_PICTURE))
_CONTEXT = kinds(
    {
        "plain_text": _any_text(3000),
        "mrkdwn": _any_text(3000),
        "image": _IMAGE_ELEMENT,
    }
)

_BLOCKS = kinds(
    {
        "section": shape(
            {},
            {
                **_BLOCK,
                "text": _any_text(3000),
                "fields": each(_any_text(2000), 10),
                "accessory": kinds({**_INTERACTIVE, "image": _IMAGE_ELEMENT}),
                "expand": flag,
            },
            either=("text", "fields"),
        ),
        "header": shape({"text": _plain(150)}, {**_BLOCK, "level": one_of(1, 2, 3, 4)}),
        "context": shape({"elements": each(_CONTEXT, 10)}, _BLOCK),
        "actions": shape({"elements": each(kinds(_INTERACTIVE), 25)}, _BLOCK),
        "divider": shape({}, _BLOCK),
        "image": shape(_IMAGE, {**_BLOCK, **_PICTURE, "title": _plain(2000)}, either=tuple(_PICTURE)),
        "markdown": shape({"text": string(MARKDOWN)}, _BLOCK),
        "rich_text": RICH_TEXT,
    }
)
_MESSAGE = each(_BLOCKS, MOST_BLOCKS, 0)


def find_problems(blocks: Any) -> list[str]:
    """List what Slack would refuse in a message's blocks; nothing means they are fine."""
    found = list(_MESSAGE(blocks, "/blocks"))
    return found or list(_across(blocks))


def actions_of(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Walk the interactive elements, each with its block."""
    for block in blocks:
        candidates = [*block.get("elements", []), block.get("accessory") or {}]
        for element in candidates:
            if element.get("type") in _INTERACTIVE:
                yield block, element


def _across(blocks: list[dict[str, Any]]) -> Iterator[str]:
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    action_ids = [element["action_id"] for _, element in actions_of(blocks) if "action_id" in element]
    for name, ids in (("block_id", block_ids), ("action_id", action_ids)):
        for repeated in sorted({one for one in ids if ids.count(one) > 1}):
            yield problem(f"`{name}` {repeated} already exists", "/blocks")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN:
        yield problem(f"all markdown must be less than {MARKDOWN + 1} characters", "/blocks")
