"""Copies of JSON: `deepcopy` takes five times as long, and a thread is copied for each look at it."""

from __future__ import annotations

from typing import TypeVar, cast

T = TypeVar("T")


def copied(value: T) -> T:
    """Copy what came as JSON."""
    if isinstance(value, dict):
        return cast("T", {name: copied(each) for name, each in value.items()})
    if isinstance(value, list):
        return cast("T", [copied(each) for each in value])
    return value
