"""A file on its way in: fetched from the provider, looked at, kept, and brought to Slack, where nobody sees it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import BinaryIO

from chalicelib import vcard
from chalicelib.carry.download import MOST, PAGE, Got, download, looked_at
from chalicelib.errors import NotHere, OperatorError
from chalicelib.filetypes import clean_name
from chalicelib.model import (
    WORDS,
    Ambiguous,
    Attachment,
    Carriage,
    Item,
    Ours,
    Outcome,
    Reason,
    Refused,
    Source,
    place_of,
)
from chalicelib.richtext import found, plain
from chalicelib.services import World
from chalicelib.telling import card

CARD = "text/vcard"
MOST_TOLD = 1_500
"""Characters that a thread is told of one file: ten of them fit into a post and a row with their words."""

Brought = tuple[Attachment, Outcome | None]
"""An attachment with what is known of it now, and what stands in its way."""


def bring(world: World, item: Item, number: int) -> Brought:
    """Bring one file of an item as far as it goes; what has been kept already is not fetched again."""
    with tempfile.TemporaryFile() as file:
        here = _here(world, item, number, file)
        if not isinstance(here, Attachment):
            return item.attachments[number], here
        if not here.key:
            here = replace(here, key=place_of(item, number))
            file.seek(0)
            world.bucket.put(here.key, file)
        file.seek(0)
        uploaded = world.slack.files.upload(here.name, here.size, file)
    if isinstance(uploaded, str):
        return replace(here, carriage=Carriage.READY, slack_id=uploaded), None
    return here, uploaded


def _here(world: World, item: Item, number: int, file: BinaryIO) -> Attachment | Outcome:
    """Have a file's bytes here, and see what they are."""
    attachment = item.attachments[number]
    if attachment.key:
        world.bucket.bring(attachment.key, file)
        return attachment
    if attachment.reference == WORDS:
        words = (plain.write(found(item.rich)) if item.rich else item.text).encode()
        file.write(words)
        return replace(attachment, size=len(words))
    got = _fetched(world, item, attachment, file)
    if not isinstance(got, Got):
        return got
    mime = looked_at(file, attachment.name, attachment.mime or got.mime)
    if mime == got.mime == PAGE != (attachment.mime or PAGE):
        return Ambiguous("a page came in its place")
    name = clean_name(attachment.name or attachment.kind, mime)
    return replace(attachment, name=name, mime=mime, size=got.size, said=_told(mime, file))


def _told(mime: str, file: BinaryIO) -> str:
    """Read a contact card: it is somebody's name and number, and few people open one to see that."""
    if mime != CARD:
        return ""
    file.seek(0)
    said = "\n".join(card(*lines) for lines in vcard.cards(file.read(vcard.LARGEST)))
    return said if len(said) <= MOST_TOLD else f"{said[:MOST_TOLD]}…"


def _fetched(world: World, item: Item, attachment: Attachment, file: BinaryIO) -> Got | Outcome:
    if item.route is None:
        return Refused(Reason.FILE_GONE, "nobody knows by which line it came")
    try:
        module, account = world.line(item.route.channel, item.route.account)
    except (NotHere, OperatorError) as error:
        return Ours(str(error))
    source = module.locate(attachment, account, world.http)
    return download(world, source, MOST, file) if isinstance(source, Source) else source
