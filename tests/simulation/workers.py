"""Lambda: every invocation is a worker of its own, which may die, and does at the end of its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import app
from chalicelib import services
from chalicelib.services import World
from infra.local.gateway import Gateway
from infra.local.invocation import scheduled_event
from infra.local.server import Answer, Call
from tests.simulation.clock import Clock, Dead, Signal
from tests.simulation.diary import Diary
from tests.simulation.ears import Ears
from tests.simulation.network import Network, Wire
from tests.simulation.noted import words_in

LIFE = {"deliver": 30.0, "send": 30.0, "carry": 120.0, "sweep": 30.0, "door": 30.0}
HANDLERS = {"deliver": app.deliver, "send": app.send, "carry": app.carry}

Json = dict[str, Any]


@dataclass
class Workers:
    """Begins invocations, and lets the weather say in which wait of its life a worker dies."""

    clock: Clock
    diary: Diary
    network: Network
    cold: Callable[[], World]
    """Makes what a worker finds when nobody was here before it."""
    warm: dict[str, list[World]] = field(default_factory=dict)
    """Of each function, what those who are done left behind; whoever dies takes it along."""
    serial: int = 0
    ears: Ears = field(default_factory=Ears)
    heard: dict[str, float] = field(default_factory=dict)
    """When our door first took something in which a word stands: from then on it must not be lost."""

    def __post_init__(self) -> None:
        self._gateway = Gateway(app.app, outside=Wire("threadline", self.network))
        self.network.door = self.door

    def door(self, call: Call) -> Signal:
        """Let a knock be answered."""
        return self.invoke("door", lambda: self._listen(call), Answer(502, b"{}"))

    def _listen(self, call: Call) -> Answer:
        answer = self._gateway.answer(call)
        taken = 200 <= answer.status < 300 and "interactions" not in call.path
        if taken:
            self.ears.hear(call, self.clock.now)
        words = words_in(call.body) if taken else ""
        for word in filter(None, words.split(",")):
            self.heard.setdefault(word, self.clock.now)
        return answer

    def bells(self, name: str, records: list[Json]) -> Signal:
        handler = HANDLERS[name]
        return self.invoke(name, lambda: handler({"Records": records}, None), None)

    def sweep(self) -> Signal:
        return self.invoke("sweep", lambda: app.sweep(scheduled_event("sweep"), None), None)

    def invoke(self, kind: str, act: Callable[[], Any], dead: Any) -> Signal:
        """Begin a worker; the signal brings what it answers, or `dead`."""
        self.serial += 1
        name, signal = f"{kind} {self.serial}", Signal(self.clock)
        dies_at = self.network.weather.death(kind)

        def work() -> None:
            given, idle = dead, self.warm.setdefault(kind, [])
            services._made["world"] = here = idle.pop() if idle else self.cold()
            try:
                given = act()
            except Dead:
                self.diary.note("worker.died", kind=kind)
                raise
            except Exception as error:  # noqa: BLE001 - Lambda reports it, and that is all it does
                self.diary.note("worker.broke", kind=kind, error=f"{type(error).__name__}: {error}")
            finally:
                signal.say(given)
            idle.append(here)

        task = self.clock.spawn(name, work, mortal=True, dies_at=dies_at)
        self.clock.at(self.clock.now + LIFE[kind], lambda: self.clock.kill(task))
        return signal
