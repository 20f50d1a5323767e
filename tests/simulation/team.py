"""What the team does: it answers, shortly or at length, takes notes, changes its mind, and presses buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from infra.local.slack.team import BOB
from tests.simulation.people import CHANNELS, Ledger, Said
from tests.simulation.town import Town

Place = tuple[str, str]

PIECE = "and so on, as we said before, and as it is to be read in the terms that were sent along with it, "
PAPER = 1_000
"""Bytes of a file at least."""
PIECES = (20, 45, 90)
"""How long a long answer is: two, four and nine thousand characters."""


@dataclass
class Team:
    """Lets team members act in the threads."""

    town: Town
    chance: Random
    ledger: Ledger
    eager: Mapping[str, int]

    def answer(self, *, newest: bool = False) -> None:
        place = self._thread(newest=newest)
        if place is not None:
            for _ in range(self.chance.choice((1, 1, 1, 2, 4))):
                twice = 20 * self.eager.get("twice", 1)
                how = self.chance.choices(
                    (self._reply, self._twice, self._at_length, self._with_file), (70, twice, 5, 5)
                )
                how[0](place)
                self.town.clock.sleep(self.chance.choice((0.0, 1.0, 5.0)))

    def _reply(self, place: Place) -> None:
        said = self._say("reply", place, "*{word}* is our answer")
        if said is not None:
            said.bold = True

    def _twice(self, place: Place) -> None:
        """Type the very same twice."""
        said = self._say("twin", place, "{word} is our answer")
        if said is not None:
            self.town.clock.sleep(self.chance.choice((0.2, 3.0, 30.0)))
            if not self.archived(said.channel):
                said.twin = self.town.slack.say(said.who, said.channel, f"{said.word} is our answer", said.thread)

    def _at_length(self, place: Place) -> None:
        self._say("reply", place, "{word} is our answer: ", pieces=self.chance.choice(PIECES))

    def _with_file(self, place: Place) -> None:
        """Drop a file that is as long as no other, so that it is known again on the phone."""
        length = PAPER + len(self.ledger.said)
        file = {"name": "terms.pdf", "data": b"%PDF-1.7\n".ljust(length), "mimetype": "application/pdf"}
        said = self._say("reply", place, "{word} is our answer", files=[file])
        if said is not None:
            said.file = length

    def note(self) -> None:
        place = self._thread()
        if place is not None:
            self._say("note", place, self.chance.choice(("// {word} stays here", "//{word}", "*//* {word} too")))

    def retype(self) -> None:
        """Edit a reply: the new words go out instead, or the thread says that they came too late."""
        of = self._typed()
        if of is None or of.id == "gone" or of.pieces or self.archived(of.channel):
            return
        said = self.ledger.new("quick edit", self.town.clock.now, of.who, channel=of.channel, thread=of.thread)
        said.of, said.ts = of.word, of.ts
        said.bold = True
        self.town.slack.edit(of.channel, of.ts, f"*{said.word}* is our better answer")

    def take_back(self) -> None:
        of = self._typed()
        if of is not None and of.id != "gone" and not self.archived(of.channel):
            of.id = "gone"
            self.town.slack.delete(of.channel, of.ts)

    def nod(self) -> None:
        """React to a customer's post; the same again takes it back."""
        place = self._thread()
        if place is None or self.archived(place[0]):
            return
        posts = [each for each in self.town.slack.thread(*place) if each.get("username")]
        if posts:
            self.town.slack.react(BOB, place[0], self.chance.choice(posts)["ts"], "heart")

    def press(self) -> None:
        """Press some button of some thread."""
        place = self._thread()
        if place is None:
            return
        channel, thread = place
        buttons = [
            (each, element["action_id"])
            for each in self.town.slack.thread(channel, thread)
            for block in each.get("blocks", ())
            if block["type"] == "actions"
            for element in block["elements"]
        ]
        post, action = self.chance.choice(buttons) if buttons else ({}, "")
        if not action or self.archived(channel):
            return
        status = self.town.slack.press(BOB, channel, post["ts"], action)
        self.ledger.presses.append((self.town.clock.now, action, post["ts"], status))
        if action in ("send_again", "it_arrived"):
            meant = {word for word in self.ledger.said if word in str(post)}
            self.ledger.again |= meant
            self.ledger.vouched |= meant if action == "it_arrived" else set()

    def archived(self, channel: str) -> bool:
        return self.town.slack._crowd.channel(channel).is_archived

    def _thread(self, *, newest: bool = False) -> Place | None:
        """Choose a thread to look at, or the newest: that which began last, or in which we posted last."""
        found = [(channel, ts) for channel in CHANNELS for ts in self.town.threads(channel)]
        if newest and found:
            return max(found, key=self.chance.choice((_head, self._last_post)))
        return self.chance.choice(found) if found else None

    def _last_post(self, place: Place) -> float:
        return max(float(each["ts"]) for each in self.town.slack.thread(*place) if each.get("bot_id"))

    def _say(self, kind: str, place: Place, text: str, pieces: int = 0, **more: Any) -> Said | None:
        channel, thread = place
        if self.archived(channel):
            return None
        said = self.ledger.new(kind, self.town.clock.now, BOB, channel=channel, thread=thread, pieces=pieces)
        words = text.format(word=said.word) + "".join(f"{said.piece(each)} {PIECE}" for each in range(pieces))
        said.ts = self.town.slack.say(BOB, channel, words.strip(), thread, **more)
        return said

    def _typed(self) -> Said | None:
        mine = [each for each in self.ledger.kind("reply") if each.ts]
        return self.chance.choice(mine[-3:]) if mine else None


def _head(place: Place) -> float:
    return float(place[1])
