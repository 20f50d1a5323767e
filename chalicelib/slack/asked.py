"""What people of the team ask of us in Slack: a press, a shortcut, a form handed in, a search, a command.

https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str, tuple[str, ...]]
"""Of a form, by block_id: what was typed or chosen; nothing where it was left empty."""


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, and the ways in which they can be answered at once."""

    team: str
    user: str
    trigger: str = field(default="", repr=False)
    """Opens one modal, within three seconds."""
    response_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in Slack it happened."""

    channel: str
    ts: str
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The modal, or the App Home, in which it happened, as it was then."""

    id: str
    hash: str
    form: str
    meta: Mapping[str, str] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What Slack calls each field, which may have been filled anew."""
    home: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed, or something chosen; `value` is the button's or the choice's."""

    by: By
    verb: str
    value: str = ""
    spot: Spot | None = None
    view: Seen | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut was chosen; one on a message has its spot."""

    by: By
    name: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A modal was submitted."""

    by: By
    view: Seen


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody types into a field whose choices come from us."""

    by: By
    field: str
    typed: str
    view: Seen | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command was typed; `words` are those behind `/threadline`."""

    by: By
    words: str
    channel: str = ""


Asked = Press | Shortcut | HandedIn | Looked | Command
