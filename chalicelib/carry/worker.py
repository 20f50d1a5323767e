"""Behind the bell: which files of this conversation are still to be carried? Those, oldest first.

Nothing is claimed: to fetch a file twice is harmless, and one that is uploaded twice is shared once.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib import logs
from chalicelib.carry import inwards, outwards
from chalicelib.carry.hindrances import concerns_all, over, shut_for_all
from chalicelib.carry.settle import OURS_TRIED_FOR, settle, with_file
from chalicelib.gates import FILES, gate_of_files, shut
from chalicelib.model import (
    ALTERS,
    Carriage,
    Gate,
    Item,
    Reason,
    Refused,
    Side,
    born,
    is_carried,
)
from chalicelib.patience import FILE, as_long_again
from chalicelib.queues import Bell
from chalicelib.services import World

LOOKED_AT = 2_000
A_FILE = 75_000
"""Ms that one file takes at most: 30 s to be fetched, 30 s to be brought to Slack, and to be kept in between."""
EARLY = 10_000
"""Ms by which the clock may ring too soon for what was tried in vain."""


def carry(world: World, bell: Bell) -> None:
    """Carry the files that wait in one conversation, as far as this worker's time goes."""
    broke: Exception | None = None
    items = _waiting(world, bell.about)
    team = world.slack.team() if items else ""
    if not isinstance(team, str):
        shut_for_all(world, FILES, team)
        return
    for item in items:
        with logs.about(conversation=item.conversation, item=item.id):
            try:
                if not (outwards.bring_all(world, item) if item.outbound else _carry_all(world, item, team)):
                    break
            except Exception as error:  # noqa: BLE001 - raised below: one that breaks us holds up no other
                logs.alarm("file.broke", error)
                broke = broke or error
                if not item.outbound and world.now() - born(item.id) >= OURS_TRIED_FOR:
                    _give_up(world, item, team)
    if broke is not None:
        raise broke


def _waiting(world: World, conversation: str) -> list[Item]:
    """Find what waits, in its order; what was tried in vain comes after all that was not."""
    undone = world.store.undone(conversation, None, LOOKED_AT)
    waiting = [item for item in undone if is_carried(item) and item.kind not in ALTERS]
    return sorted(waiting, key=lambda item: max(each.tried for each in item.attachments))


def _carry_all(world: World, item: Item, team: str) -> bool:
    """Carry what waits of one item; False if this turn is over."""
    gates = world.store.find_all((Gate, FILES), (Gate, _line(item)))
    if any(shut(gate, world.now()) for gate in gates):
        return True  # another item may have come by another line
    for number in _numbers(item, world.now()):
        if not world.shift.has_time(A_FILE):
            world.queues.ring(Side.MEDIA, [Bell(item.conversation, item.conversation)])
            return False
        attachment, hindrance = _brought(world, item, number)
        item = settle(world, item, number, attachment, hindrance, team)
        if hindrance is not None and concerns_all(hindrance):
            shut_for_all(world, FILES if attachment.key else _line(item), hindrance)
            return True
    return True


def _line(item: Item) -> tuple[str, str]:
    """Name the gate for files of the line that an item came by."""
    return gate_of_files(item.route.line) if item.route else FILES


def _numbers(item: Item, now: int) -> Iterable[int]:
    """Tell which files of an item to ask for: those that wait, and were not asked for a moment ago."""
    rest = as_long_again(now - born(item.id)) - EARLY
    waiting = [
        (each.tried, number)
        for number, each in enumerate(item.attachments)
        if each.carriage is Carriage.WAITING and each.tried + rest <= now
    ]
    return [number for _, number in sorted(waiting)]


def _brought(world: World, item: Item, number: int) -> inwards.Brought:
    """Bring one file; a hiccup is waited out, while its message would wait as well."""
    attachment, hindrance = inwards.bring(world, item, number)
    if _may_wait(world, item) and over(world, hindrance):
        return inwards.bring(world, with_file(item, number, attachment), number)
    return attachment, hindrance


def _may_wait(world: World, item: Item) -> bool:
    return world.now() < born(item.id) + FILE and world.shift.has_time(A_FILE)


def _give_up(world: World, item: Item, team: str) -> None:
    """Say in the thread that something of ours breaks whenever it meets these files."""
    for number in _numbers(item, world.now()):
        item = settle(world, item, number, item.attachments[number], Refused(Reason.FILE_REFUSED), team)
