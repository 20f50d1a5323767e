"""What customers do: they write, mostly; they change their minds, send pictures, read, block us, and say STOP."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.simulation.people import CALL, Ledger, Line, Person, Said, Wish
from tests.simulation.town import Town

WISHES: Mapping[str, tuple[str, str]] = {"twilio": ("STOP", "START"), "telegram": ("/stop", "/start")}
"""Words that end or begin consent, where a channel has such words."""
ASKS = ("", "", ", what is the price?")
CROWD = (21, 25, 45)
"""Sizes of a body that is too much for our door: Meta sends together what it could not tell before."""
SHARES = {
    "say": 68,
    "show": 8,
    "change": 9,
    "wish": 5,
    "read": 5,
    "block": 2,
    "ask_a_riddle": 5,
    "come_in_a_crowd": 1,
}
"""How often each is done; what a line has no way to do is said in words instead."""


def picture(word: str) -> str:
    """Make the bytes of a picture, as far as anybody looks at them; by the word in them it is known again."""
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + word.encode()).decode()


@dataclass
class Customers:
    """Lets customers act at their lines."""

    town: Town
    chance: Random
    ledger: Ledger
    people: list[Person]
    eager: Mapping[str, int]
    barred: set[Line] = field(default_factory=set)
    """Lines at which we are blocked."""

    def act(self, person: Person, line: Line | None = None) -> None:
        """Do something at a line; whoever has blocked us lets us in again first."""
        line = line or self.chance.choice(person.lines)
        if line in self.barred:
            self.barred.discard(line)
            self._provider(line).unblock(line.who)
            self.ledger.wishes.append(Wish(self.town.clock.now, line, stop=False))
        acts: Mapping[str, Callable[[Person, Line], bool]] = {name: getattr(self, name) for name in SHARES}
        shares = [share * self.eager.get(name, 1) for name, share in SHARES.items()]
        (name,) = self.chance.choices(list(SHARES), shares)
        if not acts[name](person, line):
            self.say(person, line)

    def say(self, person: Person, line: Line) -> bool:
        said = self._said("message", person, line)
        text, marks = self._made_bold(said, f"{said.word} says {person.name} {CALL}{self.chance.choice(ASKS)}")
        self._write(said, person, text, **marks)
        return True

    def show(self, person: Person, line: Line) -> bool:
        """Send a picture with words below it, or several at once."""
        said = self._said("message", person, line, pictures=1)
        text, data = f"{said.word} shows {person.name}", picture(said.word)
        match line.channel:
            case "twilio":
                said.pictures = self.chance.choice((1, 1, 3))
                self._write(
                    said, person, text, media=[{"content_type": "image/png", "data": data}] * said.pictures
                )
            case "whatsapp":
                shown = {"data": data, "mime_type": "image/png", "caption": text}
                self._write(said, person, "", type="image", content=shown)
            case _:
                said.pictures = self.chance.choice((1, 1, 3))
                photo = [{"data": data, "width": 9, "height": 9}]
                if said.pictures == 1:
                    self._write(said, person, "", photo=photo, caption=text)
                else:
                    album = [{"photo": photo}] * said.pictures
                    who = int(line.who)
                    said.id = self.town.telegram.album(who, album, text, first_name=person.name).id
        return True

    def change(self, person: Person, line: Line, kind: str = "") -> bool:
        """Edit, delete, or react to something said before."""
        mine = [each for each in self.ledger.kind("message") if each.line == line and each.id]
        if not mine or line.channel == "twilio":
            return False
        # What was just said is changed more often than anything else.
        of = self.chance.choice((mine[-1], self.chance.choice(mine)))
        kind = kind or self.chance.choice(("edit", "delete", "react"))
        if line.channel == "telegram":
            if kind == "edit":
                said = self._said(kind, person, line, of=of.word)
                self.town.telegram.edit(int(line.who), of.id, f"{said.word} instead")
            return True
        said = self._said(kind, person, line, of=of.word)
        content: dict[str, Any] = {"original_message_id": of.id}
        if kind == "react":
            content = {"message_id": of.id, "emoji": "👍"}
        if kind == "edit":
            text, _ = self._made_bold(said, f"{said.word} instead")
            content["message"] = {"type": "text", "text": {"body": text}}
        name = {"edit": "edit", "delete": "revoke", "react": "reaction"}[kind]
        self._write(said, person, "", type=name, content=content)
        return True

    def wish(self, person: Person, line: Line) -> bool:
        """Say that one wants to hear no more, or to hear again; some change their mind at once."""
        if line.channel not in WISHES:
            return False
        for _ in range(self.chance.choice((1, 2))):
            at, stop = self.town.clock.now, self.chance.random() < 0.5
            said = Said("", "wish", at, person.name, line=line)
            self._write(said, person, WISHES[line.channel][not stop])
            self.ledger.wishes.append(Wish(at, line, stop, said.id))
            self.town.clock.sleep(self.chance.choice((1.5, 10.0)))
        return True

    def read(self, _person: Person, line: Line) -> bool:
        """Open the chat; an older report may come after the newer one."""
        if not self._there(line):
            return False
        unread = self._provider(line).read(line.who)
        if unread and line.channel != "telegram" and self.chance.random() < 0.5:
            self._provider(line).receipt(unread[0], "delivered")
        return True

    def block(self, _person: Person, line: Line) -> bool:
        """Want nothing from us any more, without a word."""
        if not self._there(line):
            return False
        self.barred.add(line)
        more = {"medium": line.medium} if line.channel == "twilio" else {}
        self._provider(line).block(line.who, **more)
        return True

    def ask_a_riddle(self, person: Person, line: Line) -> bool:
        """Have something sent that nobody knows yet."""
        if line.channel != "whatsapp":
            return False
        said = self._said("riddle", person, line)
        self.town.whatsapp.change("riddle_update", {"riddle": said.word})
        return True

    def come_in_a_crowd(self, person: Person, line: Line) -> bool:
        """Have much arrive in one body, of several customers perhaps."""
        if line.channel != "whatsapp":
            return False
        others = [(each, its) for each in self.people for its in each.lines if its.channel == "whatsapp"]
        parts, crowd = [], []
        for _ in range(self.chance.choice(CROWD)):
            who, its = self.chance.choice([(person, line), *others])
            said = self._said("message", who, its)
            crowd.append(said)
            parts.append({"who": its.who, "text": f"{said.word} says {who.name}", "name": who.name})
        written = self.town.whatsapp.batch(parts)
        for said, name in zip(crowd, written.ids, strict=True):
            said.id = name
        return True

    def _there(self, line: Line) -> bool:
        """Tell whether this line was used before: only then does its provider know it."""
        return any(each.line == line and each.id for each in self.ledger.kind("message"))

    def _provider(self, line: Line) -> Any:
        return getattr(self.town, line.channel)

    def _said(self, kind: str, person: Person, line: Line, **more: Any) -> Said:
        return self.ledger.new(kind, self.town.clock.now, person.name, line=line, **more)

    def _made_bold(self, said: Said, text: str) -> tuple[str, dict[str, Any]]:
        """Make the word with which a text begins bold, where there is a way to."""
        line = said.line
        assert line is not None
        said.bold = line.medium != "sms"
        if line.medium == "whatsapp":
            return f"*{said.word}*{text.removeprefix(said.word)}", {}
        marks = {"entities": [{"type": "bold", "offset": 0, "length": len(said.word)}]}
        return text, marks if line.medium == "telegram" else {}

    def _write(self, said: Said, person: Person, text: str, **more: Any) -> None:
        line = said.line
        assert line is not None
        match line.channel:
            case "twilio":
                said.id = self.town.twilio.write(line.who, text, medium=line.medium, **more).id
            case "whatsapp":
                said.id = self.town.whatsapp.write(line.who, text, name=person.name, **more).id
            case _:
                said.id = self.town.telegram.write(int(line.who), text, first_name=person.name, **more).id
