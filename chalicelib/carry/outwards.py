"""A file on its way out: fetched from Slack, looked at, and kept for whoever sends its reply."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import BinaryIO

from chalicelib import logs
from chalicelib.carry.download import MOST, PAGE, Got, download, looked_at
from chalicelib.carry.hindrances import concerns_all, over, shut_for_all
from chalicelib.filetypes import clean_name
from chalicelib.gates import shut
from chalicelib.model import (
    Attachment,
    Carriage,
    Gate,
    Item,
    Outcome,
    Reason,
    Refused,
    Side,
    is_carried,
    owed,
    stepped,
)
from chalicelib.queues import Bell
from chalicelib.services import World

A_FILE = 45_000
"""Ms that one file takes at most."""
TRIES = 3
SLACK = ("slack", "files of replies")
"""The gate for bytes from Slack: nothing else waits for it."""


def bring_all(world: World, item: Item) -> bool:
    """Bring the files of a reply that still wait; False if this turn is over."""
    if owed(item) is not Side.CUSTOMER:  # it was taken back, or is held back
        return True
    if shut(world.store.find(Gate, *SLACK), world.now()):
        return True
    for file in item.attachments:
        if file.carriage is not Carriage.WAITING:
            continue
        if not world.shift.has_time(A_FILE):
            world.queues.ring(Side.MEDIA, [Bell(item.conversation, item.conversation)])
            return False
        brought = _tried(world, item, file)
        if isinstance(brought, Attachment):
            _settle(world, item, brought)
        elif concerns_all(brought):
            shut_for_all(world, SLACK, brought)
            return True
    return True


def _tried(world: World, item: Item, file: Attachment) -> Attachment | Outcome:
    """Bring a file, or say what stands in the way for now; a hiccup is waited out."""
    brought = _brought(world, item, file)
    for _ in range(TRIES - 1):
        if not world.shift.has_time(A_FILE) or not over(world, brought):
            break
        brought = _brought(world, item, file)
    if isinstance(brought, Refused):
        return replace(file, carriage=Carriage.LOST, why=brought.reason, detail=brought.detail)
    if not isinstance(brought, Attachment):
        logs.note("file.waits", outcome=type(brought).__name__, why=getattr(brought, "why", ""))
    return brought


def _brought(world: World, item: Item, file: Attachment) -> Attachment | Outcome:
    """Ask Slack for a file as it is now, and fetch it: a reply may have lost it since it was typed."""
    found = world.slack.files.about(file.reference)
    if not isinstance(found, tuple):
        return found
    told, source = found
    if told.carriage is Carriage.LOST:
        return told
    with tempfile.TemporaryFile() as here:
        got = download(world, source, MOST, here)
        return _kept(world, item, told, got, here) if isinstance(got, Got) else got


def _kept(world: World, item: Item, told: Attachment, got: Got, here: BinaryIO) -> Attachment | Outcome:
    mime = looked_at(here, told.name, told.mime)
    # Whoever may not have a file gets a page to sign in on, as if that were the file. It is as long by no chance.
    if mime == PAGE and told.size != got.size and (told.mime != PAGE or told.size):
        return Refused(Reason.FILE_REFUSED, "Slack shows a page to sign in on")
    key = f"files/{item.conversation}/{item.id}/{told.reference}"
    here.seek(0)
    world.bucket.put(key, here)
    name = clean_name(told.name, mime, trusted=True)
    return replace(told, carriage=Carriage.KEPT, key=key, name=name, mime=mime, size=got.size)


def _settle(world: World, item: Item, brought: Attachment) -> None:
    """Write down what became of a file, if the reply still has it, and ring once all of them are known."""
    if brought.carriage is Carriage.LOST:
        logs.note("file.lost", reason=brought.why, why=brought.detail)
    else:
        logs.note("file.carried", mime=brought.mime, bytes=brought.size)
    said = str(brought.why) if brought.why else f"{brought.size} bytes"

    def step(now: Item) -> Item | None:
        files = tuple(brought if _is(each, brought) else each for each in now.attachments)
        what = "file lost" if brought.why else "file kept"
        after = stepped(replace(now, attachments=files), what, world.now(), said)
        return after if files != now.attachments else None

    after = world.store.change(item, step)
    if after is not None and not is_carried(after) and owed(after) is Side.CUSTOMER:
        world.queues.ring(Side.CUSTOMER, [Bell(after.conversation, after.conversation)])


def _is(waiting: Attachment, brought: Attachment) -> bool:
    return waiting.carriage is Carriage.WAITING and waiting.reference == brought.reference
