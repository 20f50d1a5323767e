"""Small checks of JSON that name a problem the way Slack names it, and where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def problem(message: str, at: str) -> str:
    return f"{message} [json-pointer:{at}]"


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)

    return check


def one_of(*allowed: Any) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield problem("must be a valid enum value", at)

    return check


def flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must be a boolean", at)


def number(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        yield problem("must be an integer", at)


def within(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        yield from number(value, at)
        if type(value) is int and not least <= value <= most:
            yield problem(f"must be between {least} and {most}", at)

    return check


def each(inner: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must be an array", at)
            return
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        for place, item in enumerate(value):
            yield from inner(item, f"{at}/{place}")

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, either: tuple[str, ...] = ()
) -> Check:
    """Check an object's properties; `either` names some of which at least one must be there."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
            return
        for name in required.keys() - value.keys():
            yield problem(f"missing required field: {name}", at)
        if either and not any(name in value for name in either):
            yield problem(f"must have one of: {', '.join(either)}", at)
        for name, inner in value.items():
            if name == "type":
                continue
            if name not in known:
                yield problem(f"invalid additional property: {name}", at)
            else:
                yield from known[name](inner, f"{at}/{name}")

    return check


def kinds(table: Mapping[str, Check]) -> Check:
    """Check by the object's `type`."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            yield problem(f"unsupported type: {kind}", at)
        else:
            yield from table[kind](value, at)

    return check
