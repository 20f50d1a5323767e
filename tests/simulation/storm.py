"""What a seed is like: which troubles there are, how often, and when it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from infra.local.server import Answer
from tests.simulation.clock import START
from tests.simulation.troubles import PROVIDERS, TROUBLES, Trouble, aws
from tests.simulation.weather import End, Fate, Weather

STORMS: Mapping[str, tuple[str, ...]] = {
    "calm": (),
    "crashes": ("crash",),
    "slack": ("slack", "stale", "outage slack"),
    "providers": ("provider", "outage provider", "bucket"),
    "table": ("table", "lag", "outage table"),
    "bells": ("bells", "lag", "sweep"),
    "events": ("knock", "event", "file late"),
    "all": (
        "crash",
        "file",
        "slack",
        "stale",
        "provider",
        "table",
        "bucket",
        "bells",
        "lag",
        "sweep",
        "knock",
        "event",
        "outage",
    ),
    "months": ("knock", "crash", "slack"),
    "moves": ("crash", "slack", "bells"),
    "desk": ("crash", "slack", "table", "bells", "knock", "event late", "event twice"),
    "people": ("table", "knock", "crash", "lag"),
    "administration": ("administration", "crash", "slack"),
    "outages": ("outage", "crash", "knock late"),
    "blindness": ("blindness", "slack", "crash", "event late"),
    "pictures": ("file", "slack", "crash", "provider", "event", "knock twice"),
    "rush": ("slack busy", "provider busy", "bells twice", "knock twice", "knock late"),
}
"""The storms by name, and the first words of what is wrong in them; a seed that is not told chooses in turn."""

EAGER: Mapping[str, Mapping[str, int]] = {
    "events": {"change": 5, "wish": 3, "mind": 2},
    "providers": {"twice": 3, "mind": 3},
    "slack": {"by_all_lines": 3, "answer": 2, "change": 3},
    "blindness": {"answer": 2},
    "pictures": {"show": 8, "answer": 2},
    "moves": {"desk": 2, "move": 8, "turn": 2},
    "desk": {"desk": 3},
    "people": {"desk": 3, "same_as": 6, "undo": 6, "do": 2},
    "rush": {"come_in_a_crowd": 6, "by_all_lines": 3, "at_once": 3},
}
"""What people do so many times as often in a storm, so that what is rare elsewhere is tried in every run."""
LONG = {"outages": 3.0}
"""Storms that go on for so many times as long."""

BEYOND_CALLS = {
    "crash": 0.12,
    "crash again": 0.35,
    "stale": 0.5,
    "lag": 0.7,
    "sweep": 0.3,
    "file late": 0.3,
    "file never": 0.2,
    "file event lost": 0.3,
    "event lost": 0.0,
    "event late": 0.15,
    "event twice": 0.15,
    "knock twice": 0.12,
    "outage slack": 0.4,
    "outage provider": 0.4,
    "outage table": 0.6,
    "outage door": 0.3,
    "administration": 1.0,
    "blindness": 1.0,
}
"""Troubles that are not of one call, and how likely each is where it is strongest."""
STRONGEST, MOST_OF_ALL = 0.12, 0.3
"""How likely one trouble of a call is at most, and all that its system has together."""
FRAIL = 130.0
"""Seconds after a death in which others may follow: whoever comes to clear up dies as well."""
HIT: Mapping[str, tuple[str, ...]] = {
    "outage slack": ("slack",),
    "outage provider": PROVIDERS,
    "outage table": ("dynamodb",),
    "outage door": ("knock", "knock slack", "knock twilio"),
}
"""Whom an outage may hit; the first words of a system's name are enough."""
WRITES = {"slack": "chat.post"}
"""What a call that tells somebody something is called; elsewhere it is a POST."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A system that is down for a while, in one way or another."""

    system: str
    since: float
    until: float
    ends: Sequence[End]
    only: str = ""
    """A part of the names of the calls that are concerned, where it is not all of them."""
    answer: Answer = field(default_factory=lambda: Answer(503, b"{}"))


def chosen(seed: int, name: str = "") -> str:
    """Tell which storm a seed is, unless it is told."""
    return name or list(STORMS)[seed % len(STORMS)]


class Storm(Weather):
    """Bad weather for a while."""

    def __init__(self, seed: int, name: str = "", minutes: float = 30.0) -> None:
        super().__init__(Random(f"storm {seed} {name}"))  # noqa: S311 - that it can be told beforehand is its purpose
        self.name = chosen(seed, name)
        self.over = START + minutes * 60 * LONG.get(self.name, 1.0)
        self.eager = EAGER.get(self.name, {})
        self._frail: dict[str, float] = {}
        self.tried: Counter[str] = Counter()
        words = STORMS[self.name]
        strength = self.chance.choice((0.3, 0.6, 1.0))
        # Some troubles of a kind, not all of them: what is rare alone meets what is rare beside it.
        self.rates = {
            each.name: self.chance.uniform(0.2, 1.0) * STRONGEST * strength * each.often
            for each in TROUBLES
            if _meant(each.name, words) and self.chance.random() < 0.6
        }
        self._temper()
        self.extra = {
            each: most * self.chance.uniform(0.3, 1.0)
            for each, most in BEYOND_CALLS.items()
            if _meant(each, words)
        }
        self.outages = [self._outage(each) for each in self._down()]
        self.lag = self.chance.uniform(1.0, 90.0) if self.happens("lag") else 0.0
        self.stale = self.chance.uniform(1.0, 8.0) if self.happens("stale") else 0.0

    def _temper(self) -> None:
        """Let a call go wrong in one of three cases at most, however many kinds of trouble there are."""
        for system in dict.fromkeys(system for each in TROUBLES for system in each.systems):
            own = [each.name for each in TROUBLES if system in each.systems and each.name in self.rates]
            total = sum(self.rates[name] for name in own)
            for name in own if total > MOST_OF_ALL else ():
                self.rates[name] *= MOST_OF_ALL / total

    @property
    def raging(self) -> bool:
        return self.now < self.over

    def happens(self, what: str) -> bool:
        """Throw for a trouble that is not of one call, and count it."""
        thrown = self.chance.random() < self.extra.get(what, 0.0)
        if thrown:
            self.tried[what] += 1
        return thrown and self.now < self.over

    def fate(self, system: str, call: str) -> Fate:
        fair = super().fate(system, call)
        if not self.raging:
            return fair
        for outage in self.outages:
            here = _meant(system, (outage.system,)) and outage.only in call
            if here and outage.since <= self.now < outage.until:
                self.tried[f"call in an outage of {system}"] += 1
                return replace(fair, end=self.chance.choice(list(outage.ends)), answer=outage.answer)
        for each in TROUBLES:
            rate = self.rates.get(each.name, 0.0) if system in each.systems and each.only in call else 0.0
            if rate and self.chance.random() < rate:
                return self._spoilt(fair, each, system)
        return fair

    def _spoilt(self, fair: Fate, trouble: Trouble, system: str) -> Fate:
        self.tried[trouble.name] += 1
        late = self.chance.uniform(*trouble.late)
        if system.startswith("knock") and trouble.late[1]:
            fair = replace(fair, before=fair.before + late)
        return replace(fair, end=trouble.end, answer=trouble.answer(self.chance), late=late)

    def showing(self) -> float:
        return self.chance.uniform(2.0, 100.0) if self.happens("file late") else super().showing()

    def copies(self, who: str) -> list[float]:  # noqa: ARG002 - all of them do it
        """Tell how much later a webhook comes again, for each time it does."""
        return [self.chance.uniform(0.0, 200.0)] if self.raging and self.happens("knock twice") else []

    def event(self, kind: str, subtype: str) -> tuple[bool, float, int]:  # noqa: ARG002
        late = self.chance.uniform(0.5, 100.0) if self.happens("event late") else self.chance.uniform(0.0, 0.3)
        return self.happens("event lost"), late, int(self.happens("event twice"))

    def death(self, kind: str) -> int:
        """Tell in which wait of its life a worker dies, or 0."""
        if self.happens("crash"):
            self._frail[kind] = self.now + FRAIL
        elif self.now >= self._frail.get(kind, 0.0) or not self.happens("crash again"):
            return 0
        return self.chance.randint(1, 12 if kind == "door" else 45)

    def _down(self) -> list[str]:
        """Choose what is down for a while; where that is all there is, at least one thing is."""
        there = [each for each in self.extra if each in HIT]
        if self.name == "outages":
            return self.chance.sample(there, self.chance.randint(1, 3))
        return [each for each in there if self.happens(each)]

    def _outage(self, what: str) -> Outage:
        length = self.over - START
        since = START + self.chance.uniform(0.1, 0.6) * length
        until = min(self.over, since + self.chance.uniform(0.1, 0.7) * length)
        ends = self.chance.choice(((End.UNREACHED,), (End.REFUSED,), (End.LOST, End.SILENT, End.REFUSED)))
        system = self.chance.choice(HIT[what])
        if what == "outage table":
            ends = self.chance.choice(((End.UNREACHED,), (End.LOST,), (End.REFUSED,)))
            until = until if self.name == "outages" else min(until, since + self.chance.uniform(20.0, 200.0))
            return Outage(system, since, until, ends, answer=aws("InternalServerError", http=500)(self.chance))
        if what != "outage door" and self.chance.random() < 0.4:
            # They take nothing, and can be asked all the same.
            return Outage(system, since, until, (End.LOST,), WRITES.get(system, "POST"))
        return Outage(system, since, until, ends)


def _meant(name: str, words: Sequence[str]) -> bool:
    return any(name == word or name.startswith(f"{word} ") for word in words)
