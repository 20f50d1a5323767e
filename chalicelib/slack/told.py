"""What Slack's events tell us, in our own terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.model import Attachment, Carriage, Reason, Stamp
from chalicelib.richtext import found, words


@dataclass(frozen=True, slots=True)
class Challenge:
    """Slack asks whether this address is ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A member of our team replied in a thread: in Slack's markup, with the emoji it gave as characters.

    `edited` is when it took this form, or empty for its first.
    """

    team: str
    channel: str
    thread_ts: str
    ts: str
    user: str
    text: str
    files: tuple[Attachment, ...] = ()
    edited: str = ""
    raw: str = ""
    """The text as Slack spells it, emoji by their names: a desk's note mark may be written either way."""
    follows: str = ""
    """The edit that made the form before this one: empty if that was its first, `?` if nobody says."""
    asking: str = ""
    """Which asking found it, where no event told of it."""
    rich: str = ""
    """The text with its looks, if `text` does not say it all."""

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.text, self.raw, words(found(self.rich))) if self.rich else (self.text, self.raw)


def typed_from(told: Mapping[str, Any]) -> Typed:
    """Put one together again that was written down as JSON."""
    return Typed(**{**told, "files": tuple(_file(each) for each in told.get("files", ()))})


def _file(told: Mapping[str, Any] | str) -> Attachment:
    if isinstance(
        told, str
    ):  # as they were written down for a day by a version that knew no more than their names
        return Attachment("file", told.removeprefix("[file: ").removesuffix("]"), carriage=Carriage.LOST)
    why = told.get("why")
    lost = {"carriage": Carriage(told["carriage"]), "why": why and Reason(why)}
    return Attachment(**{**told, **lost})


@dataclass(frozen=True, slots=True)
class Retyped:
    """A member of our team changed a reply: how it reads, and how it was spelled before, if that is told."""

    now: Typed
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A message in a thread was deleted."""

    team: str
    channel: str
    ts: str
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class Nodded:
    """Somebody put an emoji on a message, or took it off, at a moment in Slack's own time."""

    team: str
    channel: str
    ts: str
    user: str
    name: str
    at: str
    added: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """A post of our own stands in Slack."""

    team: str
    channel: str
    ts: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Shown:
    """An app shows a file in Slack; where the file is one of ours, so is the post."""

    team: str
    channel: str
    ts: str
    file: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at our App Home."""

    team: str
    user: str


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """Something has happened to a channel; what it is now has to be asked for."""

    team: str
    channel: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A channel has another id."""

    team: str
    channel: str
    now: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that a person may have said in a thread, in a form we do not know."""

    kind: str
    team: str
    channel: str
    thread_ts: str


SlackEvent = (
    Strange
    | Challenge
    | Typed
    | Retyped
    | Removed
    | Nodded
    | Posted
    | Shown
    | HomeOpened
    | RoomChanged
    | Moved
    | Nothing
)
