"""How far we have asked afterwards for what may never have reached our doors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watch:
    """How far a line, or a desk's Slack channel, was asked for what its webhooks may have missed."""

    line: str
    began: int
    """Since when it is asked; what is older is not ours to take in."""
    upto: int
    """What happened until then is on record, as far as the near askings see."""
    again: int
    """When to ask next."""
    far: int = 0
    """The same of the far askings, one an hour: they also see what lies or began further back."""
    goal: int = 0
    """Until when the asking that is under way goes, `place` is how far it has come in the list."""
    place: str = ""
    goes_far: bool = False
    held: bool = False
    """Whether something that it met has to be tried again: the next asking begins where this one began."""
    ours: tuple[str, ...] = ()
    """Those of our addresses whose webhooks come here: an account may have others."""
    version: int = 0
