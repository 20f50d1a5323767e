"""Who does what: customers who write, a team that answers, and fate. Everything said has a word of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from infra.local.slack.team import BOB, SALES, SUPPORT
from tests.simulation.town import Town

CHANNELS = (SUPPORT, SALES)


@dataclass(frozen=True, slots=True)
class Line:
    """One way in which a customer writes to us."""

    channel: str
    medium: str
    who: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    lines: tuple[Line, ...]


PEOPLE = (
    Person("Ana", (Line("twilio", "sms", "+15551230001"), Line("whatsapp", "whatsapp", "15551230001"))),
    Person("Ben", (Line("twilio", "sms", "+15551230002"),)),
    Person("Cem", (Line("telegram", "telegram", "555003"),)),
    Person("Dee", (Line("whatsapp", "whatsapp", "15551230004"),)),
    Person("Eva", (Line("twilio", "whatsapp", "+15551230005"), Line("twilio", "sms", "+15551230005"))),
    Person("Flo", (Line("telegram", "telegram", "555006"),)),
)


@dataclass
class Said:
    """Something a customer or a team member said, by the word that stands in it."""

    word: str
    kind: str
    at: float
    who: str
    line: Line | None = None
    channel: str = ""
    thread: str = ""
    ts: str = ""
    id: str = ""
    of: str = ""
    twin: str = ""
    """Where the very same was typed once more."""


@dataclass
class Ledger:
    """What was said and done, as those who did it know it."""

    said: dict[str, Said] = field(default_factory=dict)
    presses: list[tuple[float, str, str, int]] = field(default_factory=list)
    """When, which button, under which post, and how our door answered."""
    again: set[str] = field(default_factory=set)
    """Words of replies that a person asked to be sent again."""
    stops: list[tuple[float, Line, str]] = field(default_factory=list)

    def new(self, kind: str, at: float, who: str, **more: Any) -> Said:
        word = f"{kind[0]}{len(self.said) + 1:04d}x"
        self.said[word] = Said(word, kind, at, who, **more)
        return self.said[word]

    def kind(self, *kinds: str) -> list[Said]:
        return [each for each in self.said.values() if each.kind in kinds]


class Cast:
    """Lets people act at moments the seed decides."""

    def __init__(self, town: Town, until: float) -> None:
        self.town, self.until = town, until
        self.chance = Random(f"cast {town.seed}")  # noqa: S311 - that it can be told beforehand is its purpose
        self.ledger = Ledger()
        self.people = self.chance.sample(PEOPLE, self.chance.randint(2, len(PEOPLE)))

    def plan(self) -> None:
        """Choose the moments; what is done then is chosen when it is done."""
        now, length = self.town.clock.now, self.until - self.town.clock.now
        for person in self.people:
            for _ in range(self.chance.randint(1, 4)):
                began = now + self.chance.uniform(0, 0.85) * length
                if self.chance.random() < 0.5:  # somebody answers as soon as there is something to answer
                    self._at(began + self.chance.uniform(0.5, 9.0), "team", lambda: self.answer(newest=True))
                for _ in range(self.chance.choice((1, 1, 2, 3, 6))):
                    self._at(began, person.name, lambda person=person: self.write(person))  # type: ignore[misc]
                    began += self.chance.choice((0.0, 0.3, 2.0, 20.0))
        acts = (self.answer, self.answer, self.answer, self.note, self.retype, self.take_back, self.press)
        for _ in range(self.chance.randint(4, 14)):
            act = self.chance.choice(acts)
            self._at(now + self.chance.uniform(0.05, 0.97) * length, "team", act)

    def _at(self, moment: float, name: str, act: Callable[[], Any]) -> None:
        self.town.clock.spawn(name, act, moment - self.town.clock.now)

    # ------------------------------------------------------------------ customers

    def write(self, person: Person) -> None:
        line = self.chance.choice(person.lines)
        roll = self.chance.random()
        mine = [each for each in self.ledger.kind("message") if each.line == line and each.id]
        if roll < 0.06 and line.channel == "twilio":
            self._consent(line)
        elif roll > 0.93 and line.channel == "whatsapp":
            said = self.ledger.new("riddle", self.town.clock.now, person.name, line=line)
            self.town.whatsapp.change("riddle_update", {"riddle": said.word})
        elif roll < 0.16 and mine and line.channel != "twilio":
            self._change(line, person, self.chance.choice(mine))
        else:
            said = self.ledger.new("message", self.town.clock.now, person.name, line=line)
            self._write(said, person, f"{said.word} says {person.name}")

    def change_old(self, person: Person) -> None:
        """Edit something that was written long ago."""
        mine = [each for each in self.ledger.kind("message") if each.who == person.name and each.id]
        mine = [each for each in mine if each.line is not None and each.line.channel != "twilio"]
        if mine:
            of = self.chance.choice(mine)
            assert of.line is not None
            self._change(of.line, person, of, "edit")

    def _write(self, said: Said, person: Person, text: str) -> None:
        line, town = said.line, self.town
        assert line is not None
        match line.channel:
            case "twilio":
                said.id = town.twilio.write(line.who, text, medium=line.medium).id
            case "whatsapp":
                said.id = town.whatsapp.write(line.who, text, name=person.name).id
            case _:
                said.id = town.telegram.write(int(line.who), text, first_name=person.name).id

    def _consent(self, line: Line) -> None:
        word = self.chance.choice(("STOP", "START"))
        self.ledger.stops.append((self.town.clock.now, line, word))
        self.town.twilio.write(line.who, word, medium=line.medium)

    def _change(self, line: Line, person: Person, of: Said, kind: str = "") -> None:
        kind = kind or self.chance.choice(("edit", "delete", "react"))
        said = self.ledger.new(kind, self.town.clock.now, person.name, line=line, of=of.word)
        if line.channel == "telegram":
            if kind == "edit":
                self.town.telegram.edit(int(line.who), of.id, f"{said.word} instead")
            return
        content: dict[str, Any] = {"original_message_id": of.id}
        if kind == "react":
            content = {"message_id": of.id, "emoji": "👍"}
        if kind == "edit":
            content["message"] = {"type": "text", "text": {"body": f"{said.word} instead"}}
        name = {"edit": "edit", "delete": "revoke", "react": "reaction"}[kind]
        said.id = self.town.whatsapp.write(line.who, type=name, content=content, name=person.name).id

    # ------------------------------------------------------------------ the team

    def _thread(self, *, newest: bool = False) -> tuple[str, str] | None:
        """Choose a thread to look at."""
        found = [(channel, ts) for channel in CHANNELS for ts in self.town.threads(channel)]
        if newest and found:
            return max(found, key=lambda each: float(each[1]))
        return self.chance.choice(found) if found else None

    def answer(self, *, newest: bool = False) -> None:
        place = self._thread(newest=newest)
        if place is not None:
            for _ in range(self.chance.choice((1, 1, 1, 2, 4))):
                again = self.chance.random() < 0.25
                said = self._say("twin" if again else "reply", place, "{word} is our answer")
                if again and said is not None:
                    self.town.clock.sleep(self.chance.choice((0.2, 3.0, 30.0)))
                    words = f"{said.word} is our answer"
                    if not self.archived(said.channel):
                        said.twin = self.town.slack.say(said.who, said.channel, words, said.thread)
                self.town.clock.sleep(self.chance.choice((0.0, 1.0, 5.0)))

    def note(self) -> None:
        place = self._thread()
        if place is not None:
            self._say("note", place, self.chance.choice(("// {word} stays here", "//{word}", "*//* {word} too")))

    def _say(self, kind: str, place: tuple[str, str], text: str) -> Said | None:
        channel, thread = place
        user = BOB
        if self.archived(channel):
            return None
        said = self.ledger.new(kind, self.town.clock.now, user, channel=channel, thread=thread)
        said.ts = self.town.slack.say(user, channel, text.format(word=said.word), thread)
        return said

    def archived(self, channel: str) -> bool:
        return self.town.slack._crowd.channel(channel).is_archived

    def _typed(self) -> Said | None:
        mine = [each for each in self.ledger.kind("reply") if each.ts]
        return self.chance.choice(mine[-3:]) if mine else None

    def retype(self) -> None:
        """Edit a reply: the new words go out instead, or the thread says that they came too late."""
        of = self._typed()
        if of is None or of.id == "gone" or self.archived(of.channel):
            return
        said = self.ledger.new("quick edit", self.town.clock.now, of.who, channel=of.channel, thread=of.thread)
        said.of, said.ts = of.word, of.ts
        self.town.slack.edit(of.channel, of.ts, f"{said.word} is our better answer")

    def take_back(self) -> None:
        of = self._typed()
        if of is not None and of.id != "gone" and not self.archived(of.channel):
            of.id = "gone"
            self.town.slack.delete(of.channel, of.ts)

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
            self.ledger.again |= {word for word in self.ledger.said if word in str(post)}
