"""What the due index names: keys only, so each thing is looked at again before anything is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import logs
from chalicelib.store.codec import Wire
from chalicelib.store.rows import Keys, Row, keys_of, thing_at

Place = tuple[int, str]
"""How far a shard was told: since when the last of it waits, and its id."""
FIRST: Place = (0, "")


@dataclass(frozen=True, slots=True)
class Due:
    """Something the due index names: which kind of thing, its ids, and since or from when it waits."""

    kind: type[Any]
    ids: tuple[str, ...]
    at: int
    keys: Keys


def dues(rows: Iterable[Mapping[str, Wire]]) -> list[Due]:
    """Read the rows of the index, oldest first."""
    found = []
    for row in rows:
        keys = keys_of(row)
        thing = thing_at(*keys)
        if thing is None:  # a newer writer's
            logs.note("due.unknown", sort_key=keys[1].partition("#")[0])
            continue
        found.append(Due(*thing, int(row["due_at"]["N"]), keys))
    return sorted(found, key=lambda due: (due.at, due.keys[1]))


def some(rows: Iterable[Row], after: Place, limit: int) -> Iterator[Row]:
    """Choose so many of what comes after a place, or a few more: those of one moment are in no order."""
    told, last = 0, after[0]
    for row in rows:
        if told >= limit and row.due_at != last:
            return
        if (row.due_at, row.sk.rpartition("#")[2]) > after:
            told, last = told + 1, int(row.due_at)
            yield row
