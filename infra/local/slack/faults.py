"""Misfortunes ordered in advance for the app's calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KNOWN = frozenset({"status", "retry_after", "error", "drop", "delay"})
EVERY = "*"


@dataclass(slots=True)
class Faults:
    """Per method, what shall go wrong with the next calls, in order."""

    tell: Callable[[], None]
    _ordered: dict[str, list[Json]] = field(default_factory=dict)

    def order(self, method: str, how: Json, times: int) -> None:
        unknown = how.keys() - KNOWN
        if unknown or not how or how.get("drop", "after") not in {"before", "after"}:
            raise ValueError(f"no such fault: {how}")
        self._ordered.setdefault(method, []).extend([how] * times)
        self.tell()

    def take(self, method: str) -> Json:
        for name in (method, EVERY):
            if self._ordered.get(name):
                how = self._ordered[name].pop(0)
                self.tell()
                return how
        return {}

    def planned(self) -> list[Json]:
        """List what is still to go wrong, equal neighbours together."""
        return [
            {"how": how, "method": method, "left": len(list(same))}
            for method, ordered in self._ordered.items()
            for how, same in itertools.groupby(ordered)
        ]

    def reset(self) -> None:
        self._ordered.clear()
        self.tell()
