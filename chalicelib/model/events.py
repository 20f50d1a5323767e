"""What reaches us from a channel, in our words: a closed union."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.files import Attachment
from chalicelib.model.lives import Reason, State
from chalicelib.model.who import Address, Route


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A customer wrote. `id` is the message's own, unique in the account; `at` is the provider's clock."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    name: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sequence: int = 0
    reply_to: str = ""
    quoted: str = ""
    """What they quote of the message it answers, or how that begins, where the provider sends it along."""
    album: str = ""
    """The provider's name for what it shows as one: such messages become one post."""
    wish: OptedOut | OptedIn | None = None
    """What it asks of us beside what it says: recorded together with it or not at all."""
    rich: str = ""
    """The text with its looks, as richtext writes it down; empty where `text` says it all."""
    locale: str = ""
    """The language of its sender's phone, as a tag such as `pt-BR`, where the provider tells."""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A customer changed a message; `message` is the whole of it as it reads now, under its first id."""

    id: str
    message: MessageReceived
    at: int = 0
    """When it was changed, where the provider says so."""
    quiet: bool = False
    """It goes on changing by itself, as a live location does: nobody wants to be told each time."""


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A customer took a message back."""

    id: str
    of: str
    route: Route
    addresses: tuple[Address, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Reacted:
    """A customer put an emoji on a message, or took it off (`emoji` is empty)."""

    id: str
    to: str
    emoji: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of something we sent. `ours` is the token we gave it, where the provider returns it."""

    of: str
    state: State
    at: int
    reason: Reason | None = None
    detail: str = ""
    ours: str = ""


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A provider says that one of a person's addresses is now another."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class OptedOut:
    """A customer wants nothing more from us on this medium."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    word: str


@dataclass(frozen=True, slots=True)
class OptedIn:
    """A customer takes their opting out back."""

    id: str
    route: Route
    addresses: tuple[Address, ...]
    at: int
    word: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Verified, but not a thing we know; kept raw."""

    kind: str


Event = (
    MessageReceived
    | MessageEdited
    | MessageDeleted
    | Reacted
    | Receipt
    | ContactChanged
    | OptedOut
    | OptedIn
    | Unknown
)
