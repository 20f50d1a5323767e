"""What altering a reply needs of sending one: how its words are made ready for a medium."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.model import Capabilities, Item
from chalicelib.services import World

Prepare = Callable[[World, Item, Capabilities], Item]
"""Makes a reply ready to go out: with people's names, in the medium's own markup, in parts that it takes."""
