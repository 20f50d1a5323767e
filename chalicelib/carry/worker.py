"""Behind the bell: which files of this conversation are still to be carried? Those, oldest first.

Nothing is claimed: to fetch a file twice is harmless, and one that is uploaded twice is shared once.
"""

from __future__ import annotations

from chalicelib.model import Item, is_carried
from chalicelib.queues import Bell
from chalicelib.services import World

LOOKED_AT = 2_000


def carry(world: World, bell: Bell) -> None:
    """Carry the files that wait in one conversation, as far as this worker's time goes."""
    for item in _waiting(world, bell.about):
        del item


def _waiting(world: World, conversation: str) -> list[Item]:
    return [item for item in world.store.undone(conversation, None, LOOKED_AT) if is_carried(item)]
