"""What we put on record before we do something outside, and into it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt to do something outside.

    `post` names the thing itself and stays the same while it is tried again, so that every copy of a post bears
    one name and `born(post)` is when it was first tried; `count` is how often that was.
    """

    post: str
    at: int
    count: int = 1
    ts: str = ""
    """Where the post stands, once Slack's own event of it has told."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a post of ours bears, so that it is known again: the claim's name and what it was made for.

    `item` is the first it carries; a thread's card carries none.
    """

    post: str
    conversation: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button under a line of ours."""

    label: str
    verb: str
    value: str
