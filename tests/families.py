"""Of a large family of rows a few stay in `make test`; `make slow` runs the rest.

`each_once` keeps as many as it takes to see every value of every parameter, `some(n)` that many from everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import pytest

Row = frozenset[tuple[str, int]]
"""Which value each parameter has, by its identity: rows share what they have in common."""


def thin_out(items: Sequence[pytest.Item]) -> None:
    """Mark as slow what of each family may wait."""
    families: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if any(item.iter_markers(name) for name in KEEP) and hasattr(item, "callspec"):
            families[item.nodeid.partition("[")[0]].append(item)
    for family in families.values():
        for name, keep in KEEP.items():
            for marker in family[0].iter_markers(name):
                kept = keep([row_of(item) for item in family], *marker.args)
                for place in set(range(len(family))) - kept:
                    family[place].add_marker(pytest.mark.slow)


def row_of(item: Any) -> Row:
    return frozenset((name, id(value)) for name, value in item.callspec.params.items())


def each_once(rows: Sequence[Row]) -> set[int]:
    """Take first what is new in every respect, and then what is new in any."""
    seen: set[tuple[str, int]] = set()
    kept = set()
    for new in (frozenset.isdisjoint, lambda row, before: not row <= before):
        for place, row in enumerate(rows):
            if new(row, seen):
                kept.add(place)
                seen |= row
    return kept


def some(rows: Sequence[Row], count: int) -> set[int]:
    count = min(count, len(rows))
    return {place * len(rows) // count for place in range(count)}


KEEP: dict[str, Callable[..., set[int]]] = {"each_once": each_once, "some": some}
