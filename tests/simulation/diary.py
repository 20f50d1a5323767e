"""Everything that happened, in order: what the checks look at, and what a failing seed tells."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, to whom, what, and about what."""

    at: float
    who: str
    what: str
    about: dict[str, Any]

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.about.items() if value not in ("", None))
        return f"{self.at:14.3f}  {self.who:<18} {self.what:<20} {told}"


class Diary:
    """Lines in order; `who` tells which task is at it."""

    def __init__(self, now: Callable[[], float], who: Callable[[], str]) -> None:
        self._now, self.who = now, who
        self.lines: list[Line] = []
        self.counts: Counter[str] = Counter()

    def note(self, what: str, **about: Any) -> None:
        self.lines.append(Line(self._now(), self.who(), what, about))
        self.counts[what] += 1

    def digest(self) -> str:
        """Name all of it: equal for equal seeds, in whichever process."""
        text = "\n".join(json.dumps([x.at, x.who, x.what, x.about], default=str) for x in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()

    def of(self, what: str) -> Iterator[Line]:
        return (line for line in self.lines if line.what == what)

    def about(self, *words: str, most: int = 16) -> list[Line]:
        """Find the lines in which one of these words stands: how it began, and how it ended."""
        words = tuple(word for word in words if word)
        told = (line for line in self.lines if line.what != "bells")
        found = [line for line in told if any(word in str(line.about) for word in words)]
        return found if len(found) <= most else [*found[: most // 2], *found[-most // 2 :]]


class Lines(logging.Handler):
    """Writes the application's own lines into the diary."""

    def __init__(self, diary: Diary) -> None:
        super().__init__(logging.INFO)
        self._diary = diary

    def emit(self, record: logging.LogRecord) -> None:
        ids = {name: str(value) for name, value in getattr(record, "ids", {}).items()}
        self._diary.note(
            f"app {record.getMessage()}", **{f"_{k}" if k == "what" else k: v for k, v in ids.items()}
        )
