"""What the due index names: keys only, so each thing is looked at again before anything is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import logs
from chalicelib.store.codec import Wire
from chalicelib.store.rows import Keys, keys_of, thing_at


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
