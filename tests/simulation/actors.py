"""Everybody at once: who acts when. What is done then is chosen when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.simulation.customers import Customers
from tests.simulation.desk import Desk
from tests.simulation.people import PEOPLE, Ledger, Person
from tests.simulation.team import Team
from tests.simulation.town import Town


class Cast:
    """Lets people act at moments the seed decides."""

    def __init__(self, town: Town, until: float, eager: Mapping[str, int]) -> None:
        self.town, self.until, self.eager = town, until, eager
        self.chance = Random(f"cast {town.seed}")  # noqa: S311 - that it can be told beforehand is its purpose
        self.ledger = Ledger()
        self.people = self.chance.sample(PEOPLE, self.chance.randint(2, len(PEOPLE)))
        self.customers = Customers(town, self.chance, self.ledger, self.people, eager)
        self.team = Team(town, self.chance, self.ledger, eager)
        by_the_desk = Random(f"desk {town.seed}")  # noqa: S311
        self.desk = Desk(town, by_the_desk, self.ledger, self.people, eager)

    def plan(self) -> None:
        """Choose the moments."""
        now, length = self.town.clock.now, self.until - self.town.clock.now
        for person in self.people:
            moments = [now + self.chance.uniform(0, 0.85) * length for _ in range(self.chance.randint(1, 4))]
            for began in moments:
                if self.chance.random() < 0.5 * self.eager.get(
                    "answer", 1
                ):  # somebody answers as soon as there is something to answer
                    self._at(began + self.chance.uniform(0.5, 9.0), "team", lambda: self.team.answer(newest=True))
                self._come(person, began, self.eager.get("at_once", 1) if began == min(moments) else 1)
        team = self.team
        acts = (team.answer, team.answer, team.answer, team.note, team.retype, team.take_back, team.press)
        mind = (team.retype, team.retype, team.take_back, team.nod) * (self.eager.get("mind", 1) - 1)
        every: tuple[Callable[[], Any], ...] = (*acts, team.nod, *mind)
        for _ in range(self.chance.randint(4, 14)):
            act = self.chance.choice(every)
            self._at(now + self.chance.uniform(0.05, 0.97) * length, "team", act)
        for _ in range(self.desk.chance.randint(2, 8) * self.eager.get("desk", 1)):
            self._at(now + self.desk.chance.uniform(0.05, 0.9) * length, "team", self.desk.act)

    def _come(self, person: Person, began: float, at_once: int) -> None:
        """Let a customer do several things in a row, or write by all their lines in one moment, and again."""
        many = len(person.lines) * at_once > 1
        if many and self.chance.random() < 0.3 * self.eager.get("by_all_lines", 1):
            for line in person.lines * at_once:
                self._at(began, person.name, lambda line=line: self.customers.say(person, line))  # type: ignore[misc]
        for _ in range(self.chance.choice((1, 1, 2, 3, 6))):
            self._at(began, person.name, lambda: self.customers.act(person))
            began += self.chance.choice((0.0, 0.3, 2.0, 20.0))

    def come_back(self) -> None:
        """Let everybody edit something they wrote long ago, and the team answer."""
        for person in self.people:
            later = self.town.clock.now + self.chance.uniform(0, 60)
            for line in person.lines:
                self._at(later, person.name, lambda p=person, line=line: self.customers.change(p, line, "edit"))  # type: ignore[misc]
        self._at(self.town.clock.now + 90.0, "team", self.team.answer)

    def _at(self, moment: float, name: str, act: Callable[[], Any]) -> None:
        self.town.clock.spawn(name, act, moment - self.town.clock.now)
