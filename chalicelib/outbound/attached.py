"""The files of a reply: waited for, and each sent as its customer's medium takes it, or as a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from chalicelib import logs
from chalicelib.model import (
    Attachment,
    Capabilities,
    Carriage,
    File,
    Item,
    Part,
    Reason,
    Route,
    Side,
    Takes,
    born,
    is_carried,
)
from chalicelib.outbound.links import laid
from chalicelib.queues import Bell
from chalicelib.richtext import Rich, literal, parts, plain
from chalicelib.services import World
from chalicelib.slack.told import Typed

FILE_PATIENCE = 2 * 60_000
"""Ms that a reply waits for its files; what has not come by then stays behind, and the rest goes."""
FETCHED_WITHIN = 60 * 60
"""Seconds for which a provider may come for a file: some queue a message for long before they do."""


def as_typed(item: Item, typed: Typed) -> Item:
    """Give a reply the form in which it stands in Slack; a file that was kept need not be brought again.

    One that somebody deleted since is none of it any more.
    """
    had = {file.reference: file for file in item.attachments}
    kept = {name: file for name, file in had.items() if file.carriage is Carriage.KEPT}
    left = [file for file in typed.files if file.why is not Reason.FILE_GONE or file.reference not in had]
    files = (kept.get(file.reference, file) if _waits(file) else file for file in left)
    return replace(item, text=typed.text, rich=typed.rich, attachments=tuple(files), edited=typed.edited)


def awaited(world: World, item: Item) -> Item | None:
    """Wait for a reply's files; None while some may yet come, then the reply with what is known of each."""
    if not is_carried(item):
        return item
    if world.now() - _since(item) < FILE_PATIENCE:
        logs.note("reply.waits", conversation=item.conversation, item=item.id)
        world.queues.ring(Side.MEDIA, [Bell(item.conversation, item.conversation)])
        return None
    late = (
        replace(file, carriage=Carriage.LOST, why=Reason.FILE_SLOW) if _waits(file) else file
        for file in item.attachments
    )
    return replace(item, attachments=tuple(late))


def _since(item: Item) -> int:
    """Tell since when the files of a reply have been wanted in this form."""
    return max([born(item.id), *(step.at for step in item.steps if step.what in ("edited", "asked again"))])


def _waits(file: Attachment) -> bool:
    return file.carriage is Carriage.WAITING


def divided(world: World, item: Item, rich: Rich, can: Capabilities) -> list[Part]:
    """Divide a reply into messages of its medium: the words and the links first, then each file.

    Words stand with the first file where they can. What is lost has a place of its own, to be told of.
    """
    chosen = [(number, _kind(file, item.route, can)) for number, file in enumerate(item.attachments)]
    linked = [item.attachments[number] for number, takes in chosen if takes is None and _is_kept(item, number)]
    rich = _with_links(world, rich, linked)
    sent = [(number, takes) for number, takes in chosen if takes is not None]
    files = [Part("", file=number, kind=takes.kind) for number, takes in sent]
    if sent and sent[0][1].captioned:
        texts, markup = (
            parts(rich, replace(can, text_limit=can.caption_limit)) if can.caption_limit else ([], None)
        )
        if len(texts) == 1 and markup is not None:
            files[0], rich = replace(files[0], text=texts[0], markup=markup), ()
    texts, markup = parts(rich, can)
    lost = [Part("", file=number) for number, _ in chosen if not _is_kept(item, number)]
    return [*(Part(text, markup=markup) for text in texts), *files, *lost]


def brought(world: World, item: Item, can: Capabilities) -> Item:
    """Choose how to send what came only after a reply was divided: it was lost, and wanted again."""
    return replace(item, parts=tuple(_brought(world, item, part, can) for part in item.parts))


def _brought(world: World, item: Item, part: Part, can: Capabilities) -> Part:
    if part.file is None or part.kind or part.text or not _is_kept(item, part.file):
        return part
    takes = _kind(item.attachments[part.file], item.route, can)
    if takes is not None:
        return replace(part, kind=takes.kind)
    (text, *_), markup = parts(_with_links(world, (), [item.attachments[part.file]]), can)
    return replace(part, text=text, markup=markup)


def _is_kept(item: Item, number: int) -> bool:
    return item.attachments[number].carriage is Carriage.KEPT


def _kind(file: Attachment, route: Route | None, can: Capabilities) -> Takes | None:
    """Choose the first kind of file that fits, if the medium takes files there at all."""
    if route is None or file.carriage is not Carriage.KEPT or not _reaches(route, can.files_to):
        return None
    return next((takes for takes in can.files if takes.fits(file.mime, file.size)), None)


def _reaches(route: Route, places: Iterable[str]) -> bool:
    """Tell whether files go from our line to the customer's: a number of ours elsewhere sends none there."""
    numbers = [number for number in (route.to, route.sender) if number.startswith("+")]
    return any(route.to.startswith(place) and all(n.startswith(place) for n in numbers) for place in places)


def _with_links(world: World, rich: Rich, files: Iterable[Attachment]) -> Rich:
    """Say below the words where the files are that the medium does not take."""
    sentence = world.settings().texts.link
    links = [sentence.format(file=file.name or file.kind, link=laid(world, file)) for file in files]
    if not links:
        return rich
    lines = "\n".join(links)
    return (*rich, *literal(lines)) if plain.write(rich) else literal(lines)


def filed(world: World, item: Item, part: Part) -> File | None:
    """Give a channel what it needs to send a file: where it is for an hour, and its bytes."""
    if part.file is None or not part.kind:
        return None
    file = item.attachments[part.file]
    name = file.name or file.kind
    return File(
        part.kind,
        name,
        file.mime,
        file.size,
        world.bucket.address(file.key, name, file.mime, FETCHED_WITHIN),
        lambda: world.bucket.open(file.key),
    )
