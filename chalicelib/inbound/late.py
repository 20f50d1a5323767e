"""Files that come after their message: they get a post of their own, which names the message they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.inbound.entries import new_item
from chalicelib.model import Attachment, Carriage, Item, Kind, Ref
from chalicelib.store import Insert, Put


def late_files(
    message: Item, attachments: Sequence[Attachment], team: str, now: int, *, instead: bool = False
) -> list[Insert | Put]:
    """Make the post of what came late of a message, or never will: an item of its own, right after it.

    It takes the attachments over; the message is to keep them as `left`.
    """
    item = new_item(
        Kind.LATE_FILE, now, now, author=message.author, route=message.route, instead=instead or message.instead
    )
    item = replace(
        item,
        conversation=message.conversation,
        of=message.of if message.kind is Kind.LATE_FILE else message.id,
        order=f"{message.order}#{item.id}",
        attachments=tuple(replace(each, apart=False) for each in attachments),
    )
    ids = [each.slack_id for each in item.attachments if each.carriage is Carriage.READY]
    return [Insert(item), *(Put(Ref("slack", team, f"file:{each}", item.conversation, item.id)) for each in ids)]


def left(attachment: Attachment) -> Attachment:
    """Leave with a message what it says of an attachment that has a post of its own now."""
    return replace(attachment, carriage=Carriage.NONE, slack_id="", why=None, detail="")
