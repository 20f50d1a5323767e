"""How people of the team use what Slack shows them: the list of verbs, its forms, clicks that come twice."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.simulation.people import Said
from tests.simulation.team import Place
from tests.simulation.town import Town

TRIES = 4
"""How often somebody hands in a form that Slack says had trouble."""

Json = dict[str, Any]


@dataclass
class Hands:
    """Opens, fills in, hands in and closes."""

    town: Town
    chance: Random

    def open_list(self, user: str, place: Place) -> bool:
        """Open the list of verbs: from the menu of some message, or from the card."""
        channel, thread = place
        if self.chance.random() < 0.6:
            posts = [each for each in self.town.slack.thread(*place) if "to" not in each]
            self.town.slack.shortcut(user, channel, self.chance.choice(posts)["ts"], "threadline")
        else:
            self.town.slack.press(user, channel, thread, "more")
        return self.view(user) is not None

    def form(self, user: str, place: Place, verb: str) -> bool:
        """Open a verb's form over the list; whether it is there."""
        if not self.open_list(user, place):
            return False
        self.town.slack.press_in_view(user, verb)
        view = self.view(user)
        return view is not None and (view.get("submit") is not None or verb == "history")

    def choose(self, user: str, menu: str, typed: str) -> None:
        found = self.town.slack.look(user, menu, typed)
        if found:
            self.town.slack.press_in_view(user, menu, self.chance.choice(found)["value"])
            self.town.clock.sleep(3.0)

    def hand_in(self, user: str, values: Json, said: Said | None = None) -> bool:
        """Hand a form in, perhaps twice at once, and once more where Slack had trouble; whether it was taken."""
        before = self.view(user)
        if before is None:
            return False
        for _ in range(TRIES):
            self.twice(user)
            status = self.town.slack.submit(user, values)
            view = self.view(user)
            if status == 200 and (view is None or "On its way" in str(view["blocks"])):
                if said is not None:
                    said.taken = True
                return True
            if view is None or view["id"] != before["id"] or not view.get("trouble"):
                return False
            self.town.clock.sleep(self.chance.uniform(1.0, 20.0))
        return False

    def twice(self, user: str) -> None:
        """Let what is done next be done once more a moment later, now and then."""
        if self.chance.random() < 0.25:
            later = self.chance.choice((0.01, 0.1, 0.6))
            self.town.clock.spawn("team", lambda: self.town.slack.again(user), later)

    def offered(self, user: str, name: str) -> str:
        view = self.view(user) or {"blocks": ()}
        field = next(block["element"] for block in view["blocks"] if block.get("block_id") == name)
        return str(self.chance.choice(field["options"])["value"])

    def view(self, user: str) -> Json | None:
        view: Json | None = self.town.slack.modal(user)
        return view

    def close(self, user: str) -> None:
        if self.view(user) is not None:
            self.town.slack.close_modal(user, everything=True)
