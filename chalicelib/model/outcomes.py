"""How a call outwards can end, and what a channel is asked to send."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.model.files import File
from chalicelib.model.items import Item
from chalicelib.model.lives import Reason
from chalicelib.model.templates import Template
from chalicelib.model.texts import Markup
from chalicelib.model.who import Route


@dataclass(frozen=True, slots=True)
class Ok:
    """It happened; `id` is their name for it."""

    id: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """It did not happen and may be tried again, not before `wait` ms where they said so."""

    why: str
    wait: int | None = None
    whole_line: bool = False
    """Everything through this line has to wait, not this conversation only."""


NO_TIME = Busy("our worker's time is over", wait=0)
"""No call was begun, since this worker might not live to see the end of it; nobody else has to wait for that."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may have happened."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not and will not happen; the reason is for the team, the detail is theirs."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The time in which it was allowed is over."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """Our credentials or set-up are at fault: everything waits and an administrator is told."""

    why: str


Outcome = Ok | Busy | Ambiguous | Refused | Closed | Ours


@dataclass(frozen=True, slots=True)
class Absent:
    """They have never heard of it, as far as they can know."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """There is nobody to ask; `for_now` means that they did not answer. Or it is one of several they have."""

    for_now: bool = False
    among: tuple[str, ...] = ()


Found = Ok | Absent | CannotTell


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is asked to send: one part of a reply.

    `ours` is our name for this attempt, `<conversation>.<item>.<part>.<try>`: give it to the provider where
    it takes one, so that receipts and look-ups find the way back.
    """

    ours: str
    route: Route
    text: str
    claimed_at: int
    markup: Markup = Markup.PLAIN
    file: File | None = None
    reply_to: str = ""
    """The provider's id of the message that this one answers."""
    template: Template | None = None
    """The template that it is: `text` is how it reads."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on a customer's phone, of theirs or of ours, by the provider's id."""

    route: Route
    id: str
    caption: bool = False
    """Its words go with a file."""


OURS = re.compile(r"([0-9A-Z]{26})\.([0-9A-Z]{26})\.([0-9]{1,3})\.([0-9]{1,3})")


def ours_token(item: Item, part: int) -> str:
    return f"{item.conversation}.{item.id}.{part}.{item.parts[part].tries}"


def read_ours(token: str) -> tuple[str, str, int, int] | None:
    """Take a token apart, or None if it is not one of ours."""
    match = OURS.fullmatch(token)
    return (match[1], match[2], int(match[3]), int(match[4])) if match else None
