"""Frozen dataclasses to plain values and back, and plain values to DynamoDB's wire form."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(thing: Any) -> Any:
    """Take a thing apart; fields that hold their default are left out."""
    if is_dataclass(thing):
        return {name: dump(value) for name, value, default in _held(thing) if value != default}
    if isinstance(thing, tuple | list):
        return [dump(value) for value in thing]
    if isinstance(thing, Mapping):
        return {key: dump(value) for key, value in thing.items()}
    return str(thing) if isinstance(thing, StrEnum) else thing


def _held(thing: Any) -> list[tuple[str, Any, Any]]:
    return [(name, getattr(thing, name), default) for name, default in _defaults(type(thing))]  # type: ignore[arg-type]  # a class can be hashed


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.name, field.default_factory() if field.default_factory is not MISSING else field.default)
        for field in fields(kind)
    )


def load(kind: type[T], values: Mapping[str, Any]) -> T:
    """Put a thing together again; fields it does not know (a newer writer's) are passed over."""
    return kind(**{name: read(values[name]) for name, read in _readers(kind) if name in values})  # type: ignore[arg-type]  # a class can be hashed


@cache
def _readers(kind: Any) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _reader(hints[field.name])) for field in fields(kind))


def _reader(hint: Any) -> Callable[[Any], Any]:
    """Choose how to read one field from its annotation."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (only,) = (argument for argument in inner if argument is not type(None))
        return _reader(only)
    if origin is tuple:
        item = _reader(inner[0])
        return lambda value: tuple(item(each) for each in value)
    if origin is not None and issubclass(origin, Mapping):
        item = _reader(inner[1])
        return lambda value: {key: item(each) for key, each in value.items()}
    if is_dataclass(hint):
        made: Any = hint
        return lambda value: load(made, value)
    reader: Callable[[Any], Any] = (lambda value: value) if hint is Any else hint
    return reader


def to_wire(value: Any) -> dict[str, Any]:
    """Write a plain value in DynamoDB's form."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case Mapping():
            return {"M": {key: to_wire(each) for key, each in value.items()}}
        case list():
            return {"L": [to_wire(each) for each in value]}
        case None:
            return {"NULL": True}
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def from_wire(wire: Mapping[str, Any]) -> Any:
    """Read DynamoDB's form."""
    ((kind, value),) = wire.items()
    match kind:
        case "N":
            return _number(value)
        case "M":
            return {key: from_wire(each) for key, each in value.items()}
        case "L":
            return [from_wire(each) for each in value]
        case "NULL":
            return None
    return value


def size(wire: Mapping[str, Any]) -> int:
    """Count a value's bytes as DynamoDB does, or a few more.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    ((kind, value),) = wire.items()
    match kind:
        case "M":
            return 3 + sum(len(key.encode()) + 1 + size(each) for key, each in value.items())
        case "L":
            return 3 + sum(1 + size(each) for each in value)
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
    return 1


def _number(spelled: str) -> int | float:
    """Read a number; we write whole ones only, a newer writer may not."""
    try:
        return int(spelled)
    except ValueError:
        return float(spelled)
