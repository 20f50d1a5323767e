"""How the desk answers whoever asked for something; the door carries it out, with one call to Slack at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.slack.views import View


@dataclass(frozen=True, slots=True)
class Nothing:
    """The thread, or the card, shows what came of it; a modal closes."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence for whoever asked, and nobody else: in the modal if there is one, else beside the message.

    Nothing in it is markup but people (`<@U0BOB>`, whom it does not ping) and moments (`words.when`).
    """

    words: str


@dataclass(frozen=True, slots=True)
class Show:
    """A modal: a new one, or upon (`over`) or in place of the one that is open."""

    view: View
    over: bool = False
    fill: str = ""
    """What a worker is to draw in its place, by its name in `tables.FILLS`; empty if it is all there."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What that worker has to know."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form cannot be taken as it is: the block_id of each field, and what is wrong with it."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen, the best first: label, value, and perhaps more about it. Slack shows 100."""

    found: Sequence[tuple[str, ...]]


Answer = Nothing | Say | Show | Wrong | Choices
