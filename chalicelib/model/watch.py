"""How far we have asked afterwards for what may never have reached our doors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watch:
    """How far a line, or a desk's Slack channel, was asked for what its webhooks may have missed."""

    line: str
    upto: int
    """What happened until then is on record."""
    again: int
    """When to ask next."""
    goal: int = 0
    """Until when the asking that is under way goes; `place` is how far it has come."""
    place: str = ""
    lost: bool = False
    """This asking has found something, so that it is worth to go on to what is older."""
    ours: tuple[str, ...] = ()
    """Those of our addresses whose webhooks come here: an account may have others."""
    version: int = 0
