"""Who there is, and what they said and did as they know it themselves. Everything said has a word of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from infra.local.slack.team import SALES, SUPPORT

CHANNELS = (SUPPORT, SALES)
CALL = "<!here>"


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
    Person("Ben", (Line("twilio", "sms", "+15551230002"), Line("whatsapp", "whatsapp", "15551230002"))),
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
    pictures: int = 0
    """How many pictures it came with; its word stands in their bytes, too."""
    file: int = 0
    """How long the file is that it came with."""
    pieces: int = 0
    """How many numbered pieces a long text has."""
    bold: bool = False
    """Its word was made bold."""
    taken: bool = False
    """A form with it was handed in, and Slack said that it was taken."""
    way: tuple[str, str] = ("", "")
    """The medium and the number by which a form said that it goes."""

    @property
    def piece_mark(self) -> str:
        return f"#{self.word[1:5]}."

    def piece(self, number: int) -> str:
        """Name a piece of a long text, so that it is known again wherever it comes."""
        return f"{self.piece_mark}{number}."

    def pieces_in(self, text: str) -> list[int]:
        return [int(each) for each in re.findall(rf"{self.piece_mark}(\d+)\.", text)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants: to hear no more, or to hear again; to let us in again is said without words."""

    at: float
    line: Line
    stop: bool
    id: str = ""


@dataclass
class Ledger:
    """What was said and done, as those who did it know it."""

    said: dict[str, Said] = field(default_factory=dict)
    presses: list[tuple[float, str, str, int]] = field(default_factory=list)
    """When, which button, under which post, and how our door answered."""
    again: set[str] = field(default_factory=set)
    """Words of replies that a person asked to be sent again."""
    vouched: set[str] = field(default_factory=set)
    """Of which somebody said that it arrived, by pressing the button."""
    wishes: list[Wish] = field(default_factory=list)

    def new(self, kind: str, at: float, who: str, **more: Any) -> Said:
        word = f"{kind[0]}{len(self.said) + 1:04d}x"
        self.said[word] = Said(word, kind, at, who, **more)
        return self.said[word]

    def kind(self, *kinds: str) -> list[Said]:
        return [each for each in self.said.values() if each.kind in kinds]
