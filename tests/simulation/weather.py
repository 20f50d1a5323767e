"""What becomes of a call outwards: how long it takes, and how it ends. Fair weather; storm.py brings the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from infra.local.server import Answer
from tests.simulation.clock import START


class End(StrEnum):
    """How a call ends."""

    DONE = "done"
    UNREACHED = "unreached"
    """Nobody could be reached: nothing happened, and the caller knows."""
    LOST = "lost"
    """It never arrived, and the caller waits in vain."""
    REFUSED = "refused"
    """It was answered at once and not carried out."""
    LATE = "late"
    """It takes effect after the caller has given up."""
    SILENT = "silent"
    """It took effect, and the answer was lost."""
    RESET = "reset"
    """It took effect, and the line broke before the answer."""
    BROKEN = "broken"
    """It took effect, and the answer says that something went wrong."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How one call goes: seconds there, seconds back, and its end; `answer` is what is said instead."""

    before: float
    after: float
    end: End = End.DONE
    answer: Answer = field(default_factory=Answer)
    late: float = 0.0


PACE = {"dynamodb": (0.001, 0.006), "sqs": (0.002, 0.012), "s3": (0.01, 0.06), "slack": (0.03, 0.25)}
PROVIDER = (0.03, 0.4)


@dataclass
class Weather:
    """Decides by the seed alone; calm as it stands."""

    chance: Random
    now: float = START
    lag: float = 0.0
    """Seconds by which the `due` index is behind the table."""
    stale: float = 0.0
    """Seconds for which a new post cannot be read back."""

    def tick(self, now: float) -> None:
        """Hear what time it is."""
        self.now = now

    def fate(self, system: str, call: str) -> Fate:  # noqa: ARG002 - a storm looks at it
        """Tell how a call of a system goes."""
        least, most = PACE.get(system, PROVIDER)
        return Fate(self.chance.uniform(least, most), self.chance.uniform(least, most))

    def showing(self) -> float:
        """Tell how many seconds Slack takes to show files that it has."""
        return self.chance.uniform(0.1, 1.5)

    def copies(self, who: str) -> list[float]:  # noqa: ARG002
        """Tell how much later a webhook comes again, for each time it does."""
        return []

    def death(self, kind: str) -> int:  # noqa: ARG002
        """Tell in which wait of its life a worker dies, or 0."""
        return 0

    def happens(self, what: str) -> bool:  # noqa: ARG002
        """Throw for a trouble that is not of one call."""
        return False

    def event(self, kind: str, subtype: str) -> tuple[bool, float, int]:  # noqa: ARG002 - a storm looks at them
        """Tell of one of Slack's events whether it is lost, how late it is, and how many more of it come."""
        return False, 0.0, 0
