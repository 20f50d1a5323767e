"""Frozen dataclasses to DynamoDB's wire form and back: each field as its annotation says.

Fields that hold their default are not stored; fields we do not know (a newer writer's) are passed over.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Wire = Mapping[str, Any]
"""One value as DynamoDB spells it: `{"S": "a text"}`."""


class Form(NamedTuple):
    """How one type of value is written and read."""

    write: Callable[[Any], Wire]
    read: Callable[[Wire], Any]


class Field(NamedTuple):
    name: str
    default: Any
    form: Form


def write(thing: Any) -> dict[str, Wire]:
    """Spell out a thing's fields."""
    spelled = {}
    for name, default, form in _fields(type(thing)):  # type: ignore[arg-type]  # a class can be hashed
        value = getattr(thing, name)
        if value != default:
            spelled[name] = form.write(value)
    return spelled


def read(kind: type[T], wires: Mapping[str, Wire], **elsewhere: Any) -> T:
    """Put a thing together again; `elsewhere` are fields that are kept in a place of their own."""
    found = {}
    for name, _, form in _fields(kind):  # type: ignore[arg-type]
        if name in elsewhere:
            found[name] = elsewhere[name]
        elif name in wires:
            found[name] = form.read(wires[name])
    return kind(**found)


@cache
def _fields(kind: Any) -> tuple[Field, ...]:
    hints = get_type_hints(kind)
    return tuple(
        Field(
            field.name,
            field.default_factory() if field.default_factory is not MISSING else field.default,
            _form(hints[field.name]),
        )
        for field in fields(kind)
    )


def _form(hint: Any) -> Form:
    """Choose how to write and read values of a type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (only,) = (argument for argument in inner if argument is not type(None))
        return _or_none(_form(only))
    if origin is tuple:
        return _many(_form(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _named(_form(inner[1]))
    if is_dataclass(hint):
        kind: Any = hint
        return Form(lambda value: {"M": write(value)}, lambda wire: read(kind, wire["M"]))
    return _plain(hint)


def _plain(hint: Any) -> Form:
    if hint is bool:
        return Form(lambda value: {"BOOL": value}, lambda wire: wire["BOOL"])
    if hint is int:
        return Form(lambda value: {"N": str(value)}, lambda wire: int(wire["N"]))
    if hint is str:
        return Form(lambda value: {"S": value}, lambda wire: wire["S"])
    if issubclass(hint, StrEnum):
        return Form(lambda value: {"S": value.value}, lambda wire: hint(wire["S"]))
    raise TypeError(f"a {hint} cannot be stored")


def _or_none(form: Form) -> Form:
    return Form(
        lambda value: {"NULL": True} if value is None else form.write(value),
        lambda wire: None if "NULL" in wire else form.read(wire),
    )


def _many(form: Form) -> Form:
    return Form(
        lambda values: {"L": [form.write(each) for each in values]},
        lambda wire: tuple(form.read(each) for each in wire["L"]),
    )


def _named(form: Form) -> Form:
    return Form(
        lambda values: {"M": {name: form.write(each) for name, each in values.items()}},
        lambda wire: {name: form.read(each) for name, each in wire["M"].items()},
    )


def size(wire: Wire) -> int:
    """Count a value's bytes as DynamoDB does, or a few more.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    ((kind, value),) = wire.items()
    match kind:
        case "M":
            return 3 + sum(len(name.encode()) + 1 + size(each) for name, each in value.items())
        case "L":
            return 3 + sum(1 + size(each) for each in value)
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
    return 1
