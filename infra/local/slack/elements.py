"""What people press, choose from and type into, and every limit Slack puts on it.

https://docs.slack.dev/reference/block-kit/block-elements and
https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.local.slack.checks import Check, each, flag, kinds, number, one_of, problem, shape, string, within

Json = dict[str, Any]

ID = string(255)
URL = string(3000)
SECONDS = within(1_000_000_000, 9_999_999_999)
"""A moment has ten digits."""


def plain(most: int) -> Check:
    return kinds({"plain_text": shape({"text": string(most)}, {"emoji": flag})})


def any_text(most: int) -> Check:
    simple = shape({"text": string(most)}, {"emoji": flag})
    return kinds({"plain_text": simple, "mrkdwn": shape({"text": string(most)}, {"verbatim": flag})})


def _option(text: Check, **more: Check) -> Check:
    return shape({"text": text, "value": string(150)}, {"description": plain(75), **more})


def _initial(inner: Check) -> Check:
    """Check a menu whose first choice has to be one of its options, word for word."""

    def check(value: Any, at: str) -> Iterator[str]:
        found = list(inner(value, at))
        yield from found
        if not found:
            yield from _strangers(value, at)

    return check


def _strangers(menu: Json, at: str) -> Iterator[str]:
    offered = options_of(menu)
    for name in ("initial_option", "initial_options"):
        chosen = menu.get(name, [])
        for each_chosen in chosen if isinstance(chosen, list) else [chosen]:
            if each_chosen not in offered:
                yield problem("must be one of the options", f"{at}/{name}")


def options_of(menu: Json) -> list[Json]:
    """List what a menu offers, with and without groups."""
    grouped = [option for group in menu.get("option_groups", []) for option in group["options"]]
    return [*menu.get("options", []), *grouped]


CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_ACTION = {"action_id": ID, "confirm": CONFIRM}
_FIELD = {"action_id": ID, "placeholder": plain(150), "focus_on_load": flag}
_SELECT = {**_FIELD, **_ACTION}
_TICK = _option(any_text(75))
OPTION = _option(plain(75))
OPTIONS = each(OPTION, 100)
GROUPS = each(shape({"label": plain(75), "options": OPTIONS}), 100)

_BUTTON = shape(
    {"text": plain(75)},
    {
        **_ACTION,
        "value": string(2000, 0),
        "url": URL,
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
_MENUS: dict[str, Check] = {
    "static_select": _initial(
        shape(
            {},
            {**_SELECT, "options": OPTIONS, "option_groups": GROUPS, "initial_option": OPTION},
            either=("options", "option_groups"),
        )
    ),
    "external_select": shape({}, {**_SELECT, "initial_option": OPTION, "min_query_length": number}),
    "users_select": shape({}, {**_SELECT, "initial_user": ID}),
    "channels_select": shape({}, {**_SELECT, "initial_channel": ID}),
    "datepicker": shape({}, {**_SELECT, "initial_date": string(10, 10)}),
    "timepicker": shape({}, {**_SELECT, "initial_time": string(5, 5), "timezone": ID}),
    "datetimepicker": shape({}, {**_ACTION, "focus_on_load": flag, "initial_date_time": SECONDS}),
    "checkboxes": _initial(
        shape(
            {"options": each(_TICK, 10)},
            {**_ACTION, "focus_on_load": flag, "initial_options": each(_TICK, 10)},
        )
    ),
    "radio_buttons": _initial(
        shape({"options": each(_TICK, 10)}, {**_ACTION, "focus_on_load": flag, "initial_option": _TICK})
    ),
}
PRESSED: dict[str, Check] = {
    "button": _BUTTON,
    "overflow": shape({"options": each(_option(plain(75), url=URL), 5)}, _ACTION),
    **_MENUS,
}
"""What the app hears of as soon as it is used."""

_WHEN = each(one_of("on_enter_pressed", "on_character_entered"), 2)
_TYPED = {
    **_FIELD,
    "initial_value": string(3000, 0),
    "dispatch_action_config": shape({}, {"trigger_actions_on": _WHEN}),
}
FIELDS: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {**_TYPED, "multiline": flag, "min_length": within(0, 3000), "max_length": within(1, 3000)},
    ),
    "email_text_input": shape({}, _TYPED),
    "url_text_input": shape({}, _TYPED),
    "number_input": shape(
        {"is_decimal_allowed": flag}, {**_TYPED, "min_value": string(255), "max_value": string(255)}
    ),
    **_MENUS,
}
"""What a form is made of."""

PICTURE = {"image_url": URL, "slack_file": shape({}, {"id": ID, "url": URL}, either=("id", "url"))}
IMAGE = {"alt_text": string(2000)}
IMAGE_ELEMENT = shape(IMAGE, PICTURE, either=tuple(PICTURE))
