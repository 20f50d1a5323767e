"""The three ways to write a thing, and what it means when DynamoDB will not have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError

from chalicelib.errors import Lost, ThreadlineError, TooBig
from chalicelib.store.codec import size
from chalicelib.store.rows import Laid
from chalicelib.store.tries import CONDITION_FAILED, code_of, reasons

LARGEST = 400 * 1024
"""Bytes that DynamoDB takes of a row together with its copy in the local index."""


@dataclass(frozen=True, slots=True)
class Insert:
    """Write a thing that must not be there yet."""

    thing: Any


@dataclass(frozen=True, slots=True)
class Replace:
    """Write a thing over the very version it was made from."""

    thing: Any


@dataclass(frozen=True, slots=True)
class Put:
    """Write a thing whatever is there: the newest word is the right one."""

    thing: Any


Write = Insert | Replace | Put


def refusal(error: PynamoDBException, writes: Sequence[Write], rows: Sequence[Laid]) -> ThreadlineError | None:
    """Put a refusal in our words, or None if it was none of these things' fault."""
    losers = _losers(error, writes)
    if losers:
        return Lost(*losers)
    if "ValidationError" in reasons(error) or code_of(error) == "ValidationException":
        big = [write.thing for write, laid in zip(writes, rows, strict=True) if _size(laid) > LARGEST]
        return TooBig(*big) if big else None
    return None


def _losers(error: PynamoDBException, writes: Sequence[Write]) -> list[Any]:
    if isinstance(error, PutError) and code_of(error) == f"{CONDITION_FAILED}Exception":
        return [write.thing for write in writes]
    given = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
    return [
        write.thing
        for write, reason in zip(writes, given, strict=False)
        if reason is not None and reason.code == CONDITION_FAILED
    ]


def _size(laid: Laid) -> int:
    keys = len(laid.pk.encode()) + len(laid.sk.encode())
    bare = keys + sum(len(name) + size(wire) for name, wire in laid.row.items())
    return 2 * bare if "undone" in laid.row else bare
