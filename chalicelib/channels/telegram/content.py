"""What a Telegram message says, in text and attachments.

https://core.telegram.org/bots/api#message
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.channels.telegram import richmessage
from chalicelib.channels.telegram.kinds import CONTEXT, LINES, SILENT, SILENT_PREFIXES, called, told_by
from chalicelib.model import Attachment, Sort
from chalicelib.reading import Payload, ident, number, part, rows, text
from chalicelib.richtext import entities, literal
from chalicelib.telling import Said, aside, of, told


def said(message: Payload) -> Said | None:
    """Read a message; None if there is nothing in it that we know."""
    files = tuple(_files(message))
    where = "text" if message.get("text") else "caption"
    typed, marks = text(message.get(where)), message.get(ENTITIES[where])
    # A venue comes with its location again; tables keep their order.
    lines = [read(message[key]) for key, read in LINES.items() if message.get(key)][:1]
    lines += [richmessage.words(part(message.get("rich_message")))]
    if not files and not any((typed, *lines)):
        return None
    looks = entities.read(typed, marks) if marks else literal(typed)
    content = told(typed, looks, _about(message), lines)
    return content._replace(files=files, typed="" if message.get("forward_origin") else typed)


def unfamiliar(message: Payload) -> str:
    """Name what is in a message that we do not know."""
    return ", ".join(sorted(text(key) for key in message if key not in CONTEXT))


def answered(message: Payload) -> Payload:
    """Find the message that this one answers; in a topic every other one is said to answer its beginning."""
    to = part(message.get("reply_to_message"))
    return {} if "forum_topic_created" in to else to


def quoted(message: Payload) -> str:
    """Read what a reply quotes, or how the message begins that it answers."""
    words = text(part(message.get("quote")).get("text"))
    content = said(answered(message) or part(message.get("external_reply")))
    shown = words or (content.text or str(content.files[0]) if content else "")
    return shown if len(shown) <= QUOTED else shown[:QUOTED] + "…"


def silent(message: Payload) -> bool:
    """Tell whether a message is about the chat's furniture only."""
    return any(key in SILENT or key.startswith(SILENT_PREFIXES) for key in message)


def _about(message: Payload) -> Iterator[str]:
    """Say where a message comes from, if not from the customer, and what it is about."""
    origin, outside = part(message.get("forward_origin")), part(message.get("external_reply"))
    if origin:
        yield of("forwarded", told_by(origin), "from")
    if message.get("via_bot"):
        yield of("sent", f"@{text(part(message['via_bot']).get('username'))}", "with")
    if message.get("reply_to_story"):
        yield of("about a story", called(part(part(message["reply_to_story"]).get("chat"))))
    if outside:
        where = told_by(part(outside.get("origin")))
        yield aside(f"about a message of {where}" if where else "about another message", f"“{quoted(message)}”")


def _files(message: Payload) -> Iterator[Attachment]:
    sizes = rows(message.get("photo")) or rows(part(message.get("live_photo")).get("photo"))
    if sizes:
        yield _file(Sort.PICTURE, max(sizes, key=lambda size: number(size.get("width"))))
    # An animation comes with the same file as a document.
    yield from [_file(sort, part(message[key])) for key, sort in FILES.items() if message.get(key)][:1]
    for each in rows(part(message.get("paid_media")).get("paid_media")):
        yield from _files(each)  # what has not been paid for is a preview, and has no file
    for block in richmessage.blocks(part(message.get("rich_message"))):
        yield from _files(block)


def _file(sort: Sort, file: Payload) -> Attachment:
    """Read a file; of an animated sticker, which only Telegram can show, its picture."""
    shown = part(file.get("thumbnail")) if file.get("is_animated") is True else {}
    return Attachment(
        sort,
        name=text(file.get("file_name")) or text(file.get("emoji")),
        mime=text((shown or file).get("mime_type")),
        size=number((shown or file).get("file_size")),
        reference=ident((shown or file)["file_id"]),
        lasting=text((shown or file).get("file_unique_id")),
    )


QUOTED = 300
"""Telegram quotes up to 1,024 characters."""
ENTITIES = {"text": "entities", "caption": "caption_entities"}

FILES: Mapping[str, Sort] = {
    "live_photo": Sort.VIDEO,
    "animation": Sort.ANIMATION,
    "video": Sort.VIDEO,
    "audio": Sort.AUDIO,
    "voice": Sort.VOICE,
    "voice_note": Sort.VOICE,
    "video_note": Sort.VIDEO_MESSAGE,
    "document": Sort.FILE,
    "sticker": Sort.STICKER,
}
