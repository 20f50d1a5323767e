"""The App Home of one person, behind its bell."""

from __future__ import annotations

from chalicelib.services import World


def publish(_world: World, _user: str) -> None:
    """Draw somebody's App Home."""
