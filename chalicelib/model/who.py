"""Who writes and where: addresses, ways back, what a medium can do, our own lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.files import Takes
from chalicelib.model.texts import Markup, Unit


@dataclass(frozen=True, slots=True)
class Address:
    """A typed identifier of a person, such as `phone:+905321112233`.

    `verified` says that the provider vouches for it; anything weaker never links two people.
    """

    kind: str
    value: str
    verified: bool = True

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Route:
    """The way back to a customer: through which of our accounts, to whom in the provider's spelling."""

    channel: str
    account: str
    medium: str
    address: str
    to: str
    sender: str = ""

    @property
    def line(self) -> str:
        """Our side of it; windows are kept per line."""
        return f"{self.channel}/{self.account}"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one medium of a channel can do; generic code asks here instead of knowing channels."""

    label: str
    badge: str
    text_limit: int
    text_unit: Unit = Unit.CHARACTERS
    delivered: bool = False
    confirms: bool = False
    """Its provider reports on whatever it takes, so that long silence means that it took nothing."""
    read: bool = False
    window: int | None = None
    stop_words: frozenset[str] = frozenset()
    start_words: frozenset[str] = frozenset()
    numbered: bool = False
    """Parts of a long text may overtake each other on the way, so they are numbered."""
    markup: Markup = Markup.PLAIN
    marks_limit: int = 0
    """How many marks there may be in a text, where that is limited: the others would be left out."""
    files: tuple[Takes, ...] = ()
    """What it takes beside words, the best kind first; what fits none goes as a link."""
    files_to: tuple[str, ...] = ("",)
    """How the addresses begin to which files can be sent."""
    caption_limit: int = 0
    """How long the words that go with a file may be, in `text_unit`; 0 if they have to go by themselves."""
    edits: bool = False
    deletes: bool = False
    reactions: bool = False
    replies: bool = False
    """It shows which message one of ours answers."""
    templates: bool = False
    """Its provider keeps templates, which may be sent where free text may not."""
    redacts: bool = False
    """Its terms demand that what a customer takes back is not shown any more; elsewhere it is struck out."""


@dataclass(frozen=True, slots=True)
class Account:
    """One of our own lines at a provider, with its secrets and the addresses it is known by."""

    channel: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    api_url: str
    webhook_url: str

    def secret(self, name: str) -> str:
        return self.secrets.get(name, "")

    def accepted(self, name: str) -> tuple[str, ...]:
        """Every value that is good at the moment: two, comma separated, while one is being rotated."""
        return tuple(value.strip() for value in self.secret(name).split(",") if value.strip())
