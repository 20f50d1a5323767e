"""Files that a customer sent, as the record has them, without anybody who carries them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests

from chalicelib.inbound.receive import take
from chalicelib.model import (
    DAY,
    Address,
    Attachment,
    Carriage,
    Gate,
    Item,
    MessageReceived,
    Reason,
    Ref,
    Route,
    Side,
)
from chalicelib.queues import Bell
from chalicelib.store import Put
from infra.local.slack.team import SUPPORT, TEAM_ID
from tests.house import House

ANA = "+15551230001"
ROUTE = Route("twilio", "main", "sms", f"phone:{ANA}", ANA)
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def sent(house: House, text: str = "", *names: str, **about: Any) -> Item:
    """Let a message come in whose pictures are still on their way, and nobody else brings them."""
    house.bells.lost.add(Side.MEDIA)
    now = house.clock.ms()
    pictures = tuple(Attachment("picture", name, "image/png") for name in names)
    event = MessageReceived(
        f"{text}{names}{now}", ROUTE, (Address("phone", ANA),), now, name="Ana", text=text, attachments=pictures
    )
    # Nobody carries anything here.
    house.store.write(Put(Gate("slack", "files", now + DAY, "nobody is to carry files")))
    take(house.world, house.world.line("twilio", "main")[1], [replace(event, **about)])
    item = house.items()[-1]
    waiting = tuple(replace(each, carriage=Carriage.WAITING) for each in item.attachments)
    changed = house.store.change(item, lambda now: replace(now, attachments=waiting))
    assert changed is not None
    return changed


def uploaded(house: House, name: str = "a.png") -> str:
    """Put a file into Slack, where nobody sees it yet."""
    ask: Any = house.world.slack._ask
    found = ask("files.getUploadURLExternal", params={"filename": name or "file", "length": len(PNG)})
    assert requests.post(found["upload_url"], data=PNG, timeout=5).status_code == 200
    return str(found["file_id"])


def brought(house: House, item: Item, *places: int) -> Item:
    """Bring a message's files, or those at some places, as far as Slack."""
    ids = dict.fromkeys(places or range(len(item.attachments)), "")
    ids = {place: uploaded(house, item.attachments[place].name) for place in ids}

    def ready(now: Item) -> Item:
        each = [
            replace(each, carriage=Carriage.READY, slack_id=ids[place], key=f"files/{place}")
            if place in ids
            else each
            for place, each in enumerate(now.attachments)
        ]
        return replace(now, attachments=tuple(each))

    refs = [Put(Ref("slack", TEAM_ID, f"file:{file}", item.conversation, item.id)) for file in ids.values()]
    return _changed(house, item, ready, *refs)


def lost(house: House, item: Item, why: Reason = Reason.FILE_TOO_BIG) -> Item:
    """Give a message's files up."""

    def gone(now: Item) -> Item:
        lost = (replace(each, carriage=Carriage.LOST, why=why) for each in now.attachments)
        return replace(now, attachments=tuple(lost))

    return _changed(house, item, gone)


def _changed(house: House, item: Item, step: Any, *also: Any) -> Item:
    changed = house.store.change(item, step)
    assert changed is not None
    if also:
        house.store.write(*also)
    house.bells.ring(Side.SLACK, [Bell(item.conversation, SUPPORT)])
    return changed
