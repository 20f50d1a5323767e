"""Time that is ours: everything that happens is a task, and only one of them runs, until it waits.

A wait is a yield point: the next thing in time goes on, and equal moments go in the order they were asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

START = 1_790_000_000.0
"""A fixed moment of 2026; nothing here looks at the real clock."""


class Dead(BaseException):
    """Whoever ran here is no more; not even their `finally` reaches the outside again."""


class Task(greenlet):  # type: ignore[misc]  # greenlet ships no types
    """One thing that happens: a person's act, a knock on its way, a worker."""

    def __init__(self, clock: Clock, name: str, act: Callable[[], Any], *, mortal: bool) -> None:
        super().__init__(act, clock.hub)
        self.name, self.mortal = name, mortal
        self.waits = 0
        self.doomed = False
        self.steps = 0
        self.dies_at = 0
        """The wait in which it dies; 0 if it lives to its end."""
        self.ids: Any = None


class Clock:
    """The scheduler: a heap of moments."""

    def __init__(self) -> None:
        self.now = START
        self.hub = getcurrent()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._alive: dict[Task, None] = {}
        self.closing = False
        self.trouble: list[BaseException] = []
        self.ticking: Callable[[float], None] = lambda _: None
        """Hears of every moment."""

    def ms(self) -> int:
        return int(self.now * 1000)

    def seconds(self) -> float:
        return self.now

    def at(self, moment: float, act: Callable[[], None]) -> None:
        """Let something happen at a moment; it must not wait itself."""
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, act))

    def spawn(
        self, name: str, act: Callable[[], Any], delay: float = 0.0, *, mortal: bool = False, dies_at: int = 0
    ) -> Task:
        """Begin a task; what a mortal one was in the middle of when it dies stays as it is."""
        task: Task

        def run() -> None:
            try:
                act()
            except Dead:
                pass
            except Exception as error:  # noqa: BLE001 - told by run(), with the task's name
                error.add_note(f"in {name}")
                self.trouble.append(error)
            finally:
                self._alive.pop(task, None)

        task = Task(self, name, run, mortal=mortal)
        task.dies_at = dies_at
        self._alive[task] = None
        self.at(self.now + delay, lambda: self._wake(task, 0))
        return task

    def me(self) -> Task | None:
        """Tell which task this is; None while nothing runs."""
        current = getcurrent()
        return current if isinstance(current, Task) else None

    def sleep(self, seconds: float) -> None:
        """Wait; here a mortal task may turn out to be dead."""
        task = self._must_live()
        task.steps += 1
        if task.dies_at and task.steps >= task.dies_at:
            task.doomed = True
            raise Dead
        turn = task.waits
        self.at(self.now + max(seconds, 0.0), lambda: self._wake(task, turn))
        self.hub.switch()
        self._must_live()

    def kill(self, task: Task) -> None:
        """End a task where it waits."""
        if task in self._alive and not task.doomed:
            task.doomed = True
            turn = task.waits
            self.at(self.now, lambda: self._wake(task, turn))

    def run(self, until: float) -> None:
        """Let everything happen that happens until a moment."""
        while self._heap and self._heap[0][0] <= until and not self.trouble:
            moment, _, act = heapq.heappop(self._heap)
            self.now = max(self.now, moment)
            self.ticking(self.now)
            act()
        if self.trouble:
            raise self.trouble[0]
        self.now = max(self.now, until)

    def skip(self, seconds: float) -> None:
        """Let a long time pass in which nothing happens."""
        self.now += seconds
        self.ticking(self.now)

    def close(self) -> None:
        """End whatever is still under way."""
        self.closing = True
        for task in list(self._alive):
            task.doomed = True
            task.throw(Dead)
        self._heap.clear()

    def _must_live(self) -> Task:
        task = self.me()
        assert task is not None, "only a task can wait"
        if task.doomed or self.closing:
            raise Dead
        return task

    def _wake(self, task: Task, turn: int) -> None:
        if task in self._alive and task.waits == turn:
            task.waits += 1
            task.switch()


class Signal:
    """Something that will be said once; who waits for it hears it, or gives up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[Task, int]] = []
        self.said = False
        self.value: Any = None

    def say(self, value: Any = None) -> None:
        if self.said:
            return
        self.said, self.value = True, value
        for task, turn in self._waiting:
            self._clock.at(self._clock.now, lambda task=task, turn=turn: self._clock._wake(task, turn))  # type: ignore[misc]

    def wait(self, seconds: float) -> Any:
        """Give what was said, or None when it was not said in time."""
        task = self._clock.me()
        if not self.said and task is not None:
            self._waiting.append((task, task.waits))
            self._clock.sleep(seconds)
        return self.value if self.said else None
