"""What the team keeps for its own work: names, saved replies, who was taken for whom, modals that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team, by their Slack id."""

    user: str
    public_name: str = ""
    """What customers know them by; empty for their name in Slack."""
    home: Mapping[str, str] = field(default_factory=dict)
    """What they chose to see on their App Home."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Snippet:
    """A saved reply. Its text may hold placeholders such as `{first_name}`."""

    id: str
    title: str
    text: str
    by: str = ""
    """Who wrote it as it is now, and when."""
    at: int = 0
    deleted_at: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A word by which a contact is found: of their name, or the beginning of an address."""

    word: str
    contact: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts that are to become one person, or did: what was moved, so that it can be undone."""

    id: str
    kept: str
    gone: str
    addresses: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """The conversations in whose threads it was said."""
    by: str = ""
    """Who did it; empty where verified addresses did."""
    at: int = 0
    """When it was done; 0 while it is only to be done."""
    undone_at: int = 0
    undone_by: str = ""
    due: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts who may be one person, or were said not to be; `contacts` in the order of their ids."""

    contacts: str
    """`A.B`"""
    why: str
    told_at: int = 0
    settled: str = ""
    """`same` or `not the same`, once a person has said so."""
    by: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A modal that was opened at once and is filled by a worker."""

    id: str
    what: str
    view: str
    """Slack's id of it."""
    user: str
    about: Mapping[str, str] = field(default_factory=dict)
    settles_at: int = 0
    """From when on it surely stands: a worker may overtake the door's answer to a form."""
    expires: int | None = None
    version: int = 0
