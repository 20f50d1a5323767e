"""What stands in the fields of a form or a message: first what the app put there, then what people choose or type.

https://docs.slack.dev/reference/views/view-objects#state_values
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.slack.block_kit import actions_of
from infra.local.slack.elements import options_of

Json = dict[str, Any]
State = dict[str, dict[str, Json]]
"""By block_id and action_id, as Slack tells it."""

_WORDS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_PICKED = {
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_ONE = frozenset({"static_select", "external_select", "radio_buttons"})
_STATELESS = frozenset({"button", "overflow"})


def state_of(blocks: list[Json], before: State | None = None) -> State:
    """Give what stands in the fields of a view that has just been drawn.

    What was there before stays where a field of the same name is: Slack does not look at `initial_value` then.
    """
    state: State = {}
    for block, element in actions_of(blocks):
        if element["type"] in _STATELESS:
            continue
        old = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        fresh = _initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = (
            old if old is not None and old["type"] == element["type"] else fresh
        )
    return state


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in _WORDS:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in _PICKED:
        told, initial = _PICKED[kind]
        return {"type": kind, told: element.get(initial)}
    if kind in _ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    return {"type": kind, "selected_options": element.get("initial_options", [])}


def chosen(element: Json, choice: Any, found: Iterable[Json] = ()) -> Json:
    """Say what a press or a choice makes of an element, as the app is told; `found` is what the app offered.

    Raises LookupError where nobody could have chosen that.
    """
    kind = element["type"]
    if kind == "button":
        return {}
    if kind in _WORDS:
        return {"value": _words(choice)}
    if kind in _PICKED:
        told = _PICKED[kind][0]
        return {told: int(choice) if told == "selected_date_time" and choice else choice or None}
    offered = [*options_of(element), *found]
    if kind == "checkboxes":
        return {"selected_options": [_option(offered, one) for one in _several(choice)]}
    initial = element.get("initial_option")
    return {"selected_option": _option([*offered, *([initial] if initial else [])], choice) if choice else None}


def _several(choice: Any) -> list[str]:
    return [choice] if isinstance(choice, str) and choice else list(choice or ())


def _words(typed: Any) -> str | None:
    """Slack tells an empty field as none."""
    return str(typed) if typed not in (None, "") else None


def _option(offered: list[Json], value: str) -> Json:
    for option in offered:
        if option.get("value") == value:
            return option
    raise LookupError(f"there is no such choice: {value}")


def complaints(blocks: list[Json], state: State) -> dict[str, str]:
    """Say by block_id what Slack's own form would not let a person hand in."""
    found = {}
    for block, element in actions_of(blocks):
        if block["type"] != "input":
            continue
        told = state[block["block_id"]][element["action_id"]]
        value = next((value for name, value in told.items() if name != "type"), None)
        words = _complaint(block, element, value)
        if words:
            found[block["block_id"]] = words
    return found


def _complaint(block: Mapping[str, Any], element: Mapping[str, Any], value: Any) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] not in _WORDS:
        return ""
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""
