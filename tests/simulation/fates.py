"""What befalls everybody: a token revoked, a channel archived, months that pass."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from chalicelib.model import Conversation
from infra.local.slack.team import SUPPORT
from tests.simulation.actors import Cast
from tests.simulation.network import knock
from tests.simulation.storm import Storm
from tests.simulation.town import Town

MONTHS = 200 * 86_400.0
HISTORY = ("channels:history", "groups:history")


class Fates:
    """Lets them happen while a storm lasts, and mends everything when it is over."""

    def __init__(self, town: Town, storm: Storm) -> None:
        self.town, self.storm = town, storm
        self.chance = Random(f"fates {town.seed}")  # noqa: S311 - that it can be told beforehand is its purpose
        self._taken: set[str] = set()

    def plan(self) -> None:
        if self.storm.happens("administration"):
            self._for_a_while("token revoked", self._revoke, self._restore)
            self._for_a_while("channel archived", self._archive, self._unarchive)
            self._for_a_while("look-up forbidden", self._forbid, self._allow)
        if self.storm.happens("blindness"):
            since = self.chance.uniform(0.0, 0.3)
            self._at(since, "look-up forbidden", self._forbid)
            self._at(since + self.chance.uniform(0.2, 0.7), "look-up forbidden no more", self._allow)

    def months_later(self, cast: Cast) -> None:
        """Let months pass, and then let everything that is old come up again."""
        clock, network = self.town.clock, self.town.network
        clock.skip(MONTHS)
        self.town.table.expire()
        again = self.chance.sample(network.knocks, min(12, len(network.knocks)))
        for who, call in again:
            later = self.chance.uniform(0, 60)
            clock.spawn(f"{who} again", lambda who=who, call=call: knock(network, who, call, 15.0), later)  # type: ignore[misc]
        cast.come_back()
        self.storm.tried["old webhook again"] += len(again)

    def mend(self) -> None:
        """Put everything right again."""
        self._restore()
        self._unarchive()
        self._allow()
        self.storm.lag = self.storm.stale = 0.0

    def _for_a_while(self, name: str, begin: Callable[[], Any], end: Callable[[], Any]) -> None:
        if self.chance.random() < 0.5:
            since = self.chance.uniform(0.1, 0.7)
            self._at(since, name, begin)
            self._at(since + self.chance.uniform(0.05, 0.3), f"{name} no more", end)

    def _at(self, share: float, name: str, act: Callable[[], Any]) -> None:
        def happen() -> None:
            self.storm.tried[name] += 1
            self.town.diary.note(name)
            act()

        left = self.storm.over - self.town.clock.now
        self.town.clock.spawn("fate", happen, min(share, 1.0) * left)

    def _revoke(self) -> None:
        self.town.slack.revoke()

    def _restore(self) -> None:
        self.town.slack._workspace.revoked = False

    def _archive(self) -> None:
        self.town.slack.archive(SUPPORT)

    def _unarchive(self) -> None:
        if self.town.slack._crowd.channel(SUPPORT).is_archived:
            self.town.slack.unarchive(SUPPORT)

    def _forbid(self) -> None:
        self._taken = {each for each in HISTORY if each in self.town.slack.scopes}
        self.town.slack.scopes.difference_update(HISTORY)

    def _allow(self) -> None:
        self.town.slack.scopes.update(self._taken)


def conversations(town: Town) -> list[Conversation]:
    """Read every conversation there is."""
    ids = sorted(pk.partition("#")[2] for pk, sk in town.table.rows if sk == "CONVERSATION")
    return [home for home in (town.store.find(Conversation, each) for each in ids) if home is not None]
