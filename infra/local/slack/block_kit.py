"""What Slack takes as the blocks of a message, a modal or an App Home, and every limit it puts on them.

https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/views
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.slack.checks import each, flag, kinds, one_of, problem, shape, string
from infra.local.slack.elements import FIELDS, ID, IMAGE, IMAGE_ELEMENT, PICTURE, PRESSED, any_text, plain
from infra.local.slack.rich_text import RICH_TEXT

Json = dict[str, Any]

MOST_BLOCKS, MOST_IN_A_VIEW = 50, 100
MARKDOWN = 12_000

_BLOCK = {"block_id": ID}
_CONTEXT = kinds({"plain_text": any_text(3000), "mrkdwn": any_text(3000), "image": IMAGE_ELEMENT})
_ANYWHERE = {
    "section": shape(
        {},
        {
            **_BLOCK,
            "text": any_text(3000),
            "fields": each(any_text(2000), 10),
            "accessory": kinds({**PRESSED, "image": IMAGE_ELEMENT}),
            "expand": flag,
        },
        either=("text", "fields"),
    ),
    "header": shape({"text": plain(150)}, {**_BLOCK, "level": one_of(1, 2, 3, 4)}),
    "context": shape({"elements": each(_CONTEXT, 10)}, _BLOCK),
    "actions": shape({"elements": each(kinds(PRESSED), 25)}, _BLOCK),
    "divider": shape({}, _BLOCK),
    "image": shape(IMAGE, {**_BLOCK, **PICTURE, "title": plain(2000)}, either=tuple(PICTURE)),
    "rich_text": RICH_TEXT,
}
_MARKDOWN = shape({"text": string(MARKDOWN)}, _BLOCK)
_INPUT = shape(
    {"label": plain(2000), "element": kinds(FIELDS)},
    {**_BLOCK, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
)
_MESSAGE = each(kinds({**_ANYWHERE, "markdown": _MARKDOWN}), MOST_BLOCKS, 0)
_IN_A_VIEW = each(kinds({**_ANYWHERE, "input": _INPUT}), MOST_IN_A_VIEW)

_ANY_VIEW = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEWS = {
    "modal": shape(
        {"title": plain(24), "blocks": _IN_A_VIEW},
        {
            **_ANY_VIEW,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": shape({"blocks": _IN_A_VIEW}, _ANY_VIEW),
}


def find_problems(blocks: Any) -> list[str]:
    """List what Slack would refuse in a message's blocks; nothing means they are fine."""
    return list(_MESSAGE(blocks, "/blocks")) or list(_across(blocks, "/blocks"))


def view_problems(view: Any, kind: str) -> list[str]:
    """List what Slack would refuse in a modal, or in an App Home."""
    found = list(kinds({kind: _VIEWS[kind]})(view, "/view"))
    if found:
        return found
    asks = any(block["type"] == "input" for block in view["blocks"])
    if kind == "modal" and asks and "submit" not in view:
        return [problem("missing required field: submit", "/view")]
    return list(_across(view["blocks"], "/view/blocks"))


def actions_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk the interactive elements, each with its block."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
            continue
        candidates = [*block.get("elements", []), block.get("accessory") or {}]
        for element in candidates:
            if element.get("type") in PRESSED:
                yield block, element


def _across(blocks: list[Json], at: str) -> Iterator[str]:
    for name, ids in (("block_id", [block.get("block_id") for block in blocks]), *_action_ids(blocks)):
        for repeated in sorted({one for one in ids if one is not None and ids.count(one) > 1}):
            yield problem(f"`{name}` {repeated} already exists", at)
    if sum(element.get("focus_on_load", False) for _, element in actions_of(blocks)) > 1:
        yield problem("only one element may have focus_on_load", at)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN:
        yield problem(f"all markdown must be less than {MARKDOWN + 1} characters", at)


def _action_ids(blocks: list[Json]) -> Iterator[tuple[str, list[str | None]]]:
    """Give the action_ids of each block: the same may stand in two."""
    for block in blocks:
        yield "action_id", [element.get("action_id") for _, element in actions_of([block])]
