"""Placeholders in saved replies: what stands in their place is known of the customer, the agent and the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.services import World
from chalicelib.slack.desk.reach import Ground
from chalicelib.slack.words import clean
from chalicelib.team import public_name

PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_ ]{1,40})\}")
KNOWN = ("first_name", "name", "agent", "desk", "channel")


@dataclass(frozen=True, slots=True)
class Filled:
    """Words with what is known filled in; `blank` are the placeholders that nobody can fill."""

    words: str
    blank: tuple[str, ...] = ()


def filled(words: str, known: Mapping[str, str]) -> Filled:
    """Put what is known in the place of placeholders."""
    blank = [name for name in PLACEHOLDER.findall(words) if not known.get(name)]
    said = PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], words)
    return Filled(said, tuple(dict.fromkeys(blank)))


def left_in(words: str, blank: tuple[str, ...]) -> list[str]:
    """Name the placeholders of a saved reply that still stand in the words."""
    return [name for name in blank if f"{{{name}}}" in words]


def known(world: World, ground: Ground, user: str, *, ask: bool) -> dict[str, str]:
    """Gather what placeholders stand for; Slack is asked for a name only with `ask`."""
    name = _name(ground.name)
    return {
        "first_name": name.partition(" ")[0],
        "name": name,
        "agent": public_name(world, user, ask=ask),
        "desk": ground.home.desk.replace("_", " ").capitalize(),
        "channel": ground.reach.medium.label,
    }


def _name(called: str) -> str:
    """Read a person's name; a number or an address is none."""
    called = clean(called)
    return called if any(map(str.isalpha, called)) and "@" not in called else ""
