"""What becomes of a file: with its message if that is still to be posted, else in a post of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.carry.hindrances import concerns_all
from chalicelib.errors import Lost
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.late import late_files, left
from chalicelib.model import (
    NO_TIME,
    Attachment,
    Carriage,
    Conversation,
    Item,
    Ours,
    Outcome,
    Reason,
    Ref,
    Refused,
    Side,
    State,
    born,
    owed,
    stepped,
)
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.store import Insert, Put, Replace

HOUR = 60 * 60_000
TRIED_FOR, OURS_TRIED_FOR = HOUR, 24 * HOUR
"""Ms for which a file is asked for again; for longer while it is our own set-up that stands in its way."""
TRIES = 5
STEPS = {
    Carriage.WAITING: "file waits",
    Carriage.KEPT: "file kept",
    Carriage.READY: "file carried",
    Carriage.LOST: "file lost",
    Carriage.NONE: "file late",
}


def settle(
    world: World, item: Item, number: int, attachment: Attachment, hindrance: Outcome | None, team: str
) -> Item:
    """Write down how carrying one file went, and ring for whoever waits for it; returns the item as it is now."""
    after = _after(world, item, attachment, hindrance) if hindrance else attachment
    if after.carriage is Carriage.WAITING and hindrance is not None:
        logs.note("file.waits", outcome=type(hindrance).__name__, why=getattr(hindrance, "why", ""), part=number)
        # What Slack says of all files says nothing about this one; a provider may say it of this one alone.
        of_all = concerns_all(hindrance) and after.key != ""
        after = after if of_all or hindrance is NO_TIME else replace(after, tried=world.now())
    elif after.carriage is Carriage.LOST:
        logs.note("file.lost", reason=after.why, why=after.detail, part=number)
    else:
        logs.note("file.carried", mime=after.mime, bytes=after.size, part=number)
    return _written(world, item, number, after, team)


def _after(world: World, item: Item, attachment: Attachment, hindrance: Outcome) -> Attachment:
    """Say that a file will not come, and why, if it will not; else it waits on."""
    if isinstance(hindrance, Refused):
        return replace(attachment, carriage=Carriage.LOST, why=hindrance.reason, detail=hindrance.detail)
    ours = isinstance(hindrance, Ours)
    if world.now() - born(item.id) < (OURS_TRIED_FOR if ours else TRIED_FOR):
        return attachment
    reason = Reason.FILE_REFUSED if ours else Reason.FILE_SLOW
    return replace(attachment, carriage=Carriage.LOST, why=reason, detail=getattr(hindrance, "why", ""))


def _written(world: World, item: Item, number: int, after: Attachment, team: str) -> Item:
    """Write a file's attachment over the one that waited; if that has changed meanwhile, somebody was first.

    It rings in any case: a message may have waited long enough, and whoever was about to post it has lost a write.
    """
    if after == item.attachments[number]:
        _ring(world, item)
        return item
    for attempt in range(TRIES):
        before = dict(enumerate(item.attachments)).get(number)
        if before is None or before.carriage is not Carriage.WAITING:
            if item.redacted and after.key:
                world.bucket.delete(after.key)
            return item  # somebody else has brought it, or it was taken back with its message
        mine = replace(after, apart=before.apart, unshared=before.unshared)
        writes = _writes(item, number, mine, team, world.now())
        try:
            stored: Item = world.store.write(*writes)[0]
        except Lost:
            again = world.store.find(Item, item.conversation, item.id)
            if again is None or attempt == TRIES - 1:
                raise
            item = again
        else:
            _ring(world, stored)
            return stored
    raise AssertionError("unreachable")


def _writes(item: Item, number: int, after: Attachment, team: str, now: int) -> Sequence[Replace | Insert | Put]:
    if item.state is State.POSTED and after.carriage is not Carriage.WAITING:
        # Its post was made without it.
        return [Replace(_stepped(item, number, left(after), now)), *late_files(item, [after], team, now)]
    refs = [Ref("slack", team, f"file:{after.slack_id}", item.conversation, item.id)] if after.slack_id else []
    return [Replace(_stepped(item, number, after, now)), *map(Put, refs)]


def with_file(item: Item, number: int, attachment: Attachment) -> Item:
    """Put what is known of a file now in its place."""
    return replace(item, attachments=(*item.attachments[:number], attachment, *item.attachments[number + 1 :]))


def _stepped(item: Item, number: int, after: Attachment, now: int) -> Item:
    said = f"{number + 1} of {len(item.attachments)}, {after.why or f'{after.size} bytes'}"
    changed = stepped(with_file(item, number, after), STEPS[after.carriage], now, said)
    return changed if owed(changed) else replace(changed, due=None)


def _ring(world: World, item: Item) -> None:
    """Ring for whoever takes it on: the thread, or the sender of a reply."""
    if item.outbound:
        world.queues.ring(Side.CUSTOMER, [Bell(item.conversation, item.conversation)])
        return
    home = world.store.find(Conversation, item.conversation)
    if home is not None:
        world.queues.ring(Side.SLACK, [bell_of(home)])
