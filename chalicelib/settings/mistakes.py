"""How a settings file is checked: each mistake is a sentence, and all of them are found at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: what it is where nobody says, what it may be, and what to say of anything else."""

    default: Any
    good: Callable[[Any], bool]
    says: str


def checked(fields: Mapping[str, Field], given: Mapping[str, Any], where: str, wrong: list[str]) -> dict[str, Any]:
    """Take from a table what can be used; lists become tuples."""
    unknown(given, fields, where, wrong)
    chosen = {}
    for name, each in fields.items():
        value = given.get(name, each.default)
        if not each.good(value):
            wrong.append(f"{where}{name} is {value!r}; {each.says}.")
            value = each.default
        chosen[name] = tuple(value) if isinstance(value, list) else value
    return chosen


def unknown(table: Mapping[str, Any], known: Iterable[str], where: str, wrong: list[str]) -> None:
    """Name the settings that nobody knows, with those that may be meant."""
    known = list(known)
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
            wrong.append(f"{where}{key} is not a setting; {hint}")


def table_in(raw: Mapping[str, Any], name: str, wrong: list[str]) -> Mapping[str, Any]:
    """Find a table of the file; where it is something else, it counts as empty."""
    table = raw.get(name, {})
    if isinstance(table, Mapping):
        return table
    wrong.append(f"{name} has to be a table: write [{name}] and its lines below it.")
    return {}


def is_text(value: object) -> bool:
    return isinstance(value, str) and value != "" and value == value.strip()


def is_list(value: object, of: Callable[[Any], object]) -> bool:
    return isinstance(value, list | tuple) and all(map(of, value))


def matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words
