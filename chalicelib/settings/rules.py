"""The hours and the rules of a settings file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.settings.choices import Desk, Hours, Rule
from chalicelib.settings.mistakes import NAME, Field, checked, is_list, is_text, matches

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT = {name[:3]: number for number, name in enumerate(DAYS)}
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
NOT = "not "


@dataclass(frozen=True, slots=True)
class Given:
    """What rules may name: those that there are."""

    desks: Mapping[str, Desk]
    lines: Collection[str]
    channels: Collection[str]
    """Channels, and the media of those that have several."""
    hours: Mapping[str, Hours]


def hours_from(table: Mapping[str, Any], wrong: list[str]) -> dict[str, Hours]:
    """Read when somebody is there."""
    hours: dict[str, Hours] = {}
    for name, given in table.items():
        if not NAME.fullmatch(name):
            wrong.append(f"hours.{name}: a name of hours is small letters, digits and _, at most 32 of them.")
        elif not isinstance(given, Mapping):
            wrong.append(f'hours.{name} has to be a table with days, from, to and zone = "Europe/Zurich".')
        else:
            hours[name] = _hours(given, f"hours.{name}.", wrong)
    return hours


def _hours(given: Mapping[str, Any], where: str, wrong: list[str]) -> Hours:
    wrong += [f"{where}{name} is missing." for name in ("from", "to", "zone") if name not in given]
    chosen = checked(_HOURS, given, where, wrong)
    begins, ends = _minutes(chosen["from"]), _minutes(chosen["to"])
    if begins == ends:
        wrong.append(f'{where}from and to are the same; a whole day is from = "00:00" to = "24:00".')
    return Hours(_days(chosen["days"]), begins, ends, chosen["zone"])


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)


def _days(words: Collection[str]) -> frozenset[int]:
    """Read `mon`, and `mon-fri`, which may go over the end of a week."""
    days: set[int] = set()
    for word in words:
        first, _, last = word.partition("-")
        begins, ends = SHORT[first], SHORT[last or first]
        days.update((begins + step) % 7 for step in range((ends - begins) % 7 + 1))
    return frozenset(days)


def rules_from(raw: Mapping[str, Any], there: Given, wrong: list[str]) -> tuple[Rule, ...]:
    """Read which new conversations go to which desk."""
    tables = raw.get("rules", [])
    if not isinstance(tables, list) or not all(isinstance(each, Mapping) for each in tables):
        wrong.append("rules have to be tables: write [[rules]] and the lines of one rule below it.")
        return ()
    return tuple(_rule(given, f"rule {number}: ", there, wrong) for number, given in enumerate(tables, 1))


def _rule(given: Mapping[str, Any], where: str, there: Given, wrong: list[str]) -> Rule:
    chosen = checked(_fields(there), given, where, wrong)
    if not set(given) - {"desk"}:
        wrong.append(f"{where}it asks for nothing and would take every conversation; say what it is for.")
    return Rule(**chosen)


def _fields(there: Given) -> Mapping[str, Field]:
    def known(names: Collection[str]) -> tuple[Any, str]:
        return lambda value: isinstance(value, str) and value in names, f"there are {', '.join(names) or 'none'}"

    def is_hours(value: object) -> bool:
        return isinstance(value, str) and value.removeprefix(NOT) in there.hours

    return {
        "desk": Field("", *known(there.desks)),
        "channel": _maybe(*known(there.channels)),
        "account": _maybe(*known(there.lines)),
        "words": Field(
            (), lambda value: is_list(value, is_text), 'it has to be a list, such as ["price", "offer"]'
        ),
        "language": _maybe(matches(LANGUAGE), "a language looks like de or pt-BR"),
        "hours": _maybe(is_hours, f"{known(there.hours)[1]}, each with or without {NOT.strip()!r} before it"),
        "tag": _maybe(is_text, "it has to be a word"),
    }


def _maybe(good: Any, says: str) -> Field:
    return Field("", lambda value: value == "" or good(value), says)


def _is_zone(name: object) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most settings have no hours

    if not isinstance(name, str) or not name:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name of a zone at all; a directory of zones
        return False
    return True


_DAY = "|".join(SHORT)

_HOURS = {
    "days": Field(
        ("mon-sun",),
        lambda value: bool(value) and is_list(value, matches(re.compile(f"({_DAY})(-({_DAY}))?"))),
        'it has to be a list, such as ["mon-fri", "sun"]',
    ),
    "from": Field("00:00", matches(CLOCK), "it has to be a time such as 09:00"),
    "to": Field("24:00", matches(CLOCK), "it has to be a time such as 18:30"),
    "zone": Field("UTC", _is_zone, "it has to be a time zone such as Europe/Zurich"),
}
