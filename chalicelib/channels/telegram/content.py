"""What a Telegram message says, in text and attachments.

https://core.telegram.org/bots/api#message
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.model import Attachment, Sort
from chalicelib.reading import Payload, card, ident, number, part, place, rows, text, word
from chalicelib.richtext import entities, kept, literal


class Said(NamedTuple):
    """A message's words, as they are and with their looks, and its files."""

    text: str
    rich: str
    files: tuple[Attachment, ...]


def said(message: Payload) -> Said | None:
    """Read a message; None if there is nothing in it that we know."""
    files = _files(message)
    of = "text" if message.get("text") else "caption"
    typed, marks = text(message.get(of)), message.get(ENTITIES[of])
    # A venue comes with its location again; tables keep their order.
    lines = [read(message[key]) for key, read in LINES.items() if message.get(key)][:1]
    words = "\n".join(filter(None, [typed, *lines]))
    if not words and not files:
        return None
    rich = (*entities.read(typed, marks), *literal("\n".join(lines))) if marks else literal(words)
    return Said(words, kept(rich, words), files)


def answered(message: Payload) -> Payload:
    """Find the message that this one answers; in a topic every other one is said to answer its beginning."""
    to = part(message.get("reply_to_message"))
    return {} if "forum_topic_created" in to else to


def quoted(message: Payload) -> str:
    """Read what a reply quotes, or how the message begins that it answers; it may be of another chat."""
    words = text(part(message.get("quote")).get("text"))
    content = said(answered(message) or part(message.get("external_reply")))
    shown = words or (content.text or str(content.files[0]) if content else "")
    return shown if len(shown) <= QUOTED else shown[:QUOTED] + "…"


def silent(message: Payload) -> bool:
    """Tell whether a message is about the chat's furniture only."""
    return any(key in SILENT or key.startswith(SILENT_PREFIXES) for key in message)


def called(person: Payload) -> str:
    """Tell the name of a user or a chat."""
    parts = (text(person.get(key)) for key in ("first_name", "last_name"))
    return " ".join(filter(None, parts)) or text(person.get("title")) or text(person.get("username"))


def _files(message: Payload) -> tuple[Attachment, ...]:
    sizes = rows(message.get("photo"))
    found = [_file(Sort.PICTURE, max(sizes, key=lambda size: number(size.get("width"))))] if sizes else []
    # An animation comes with the same file as a document.
    found += [_file(sort, part(message[key])) for key, sort in FILES.items() if message.get(key)][:1]
    return tuple(found)


def _file(sort: Sort, file: Payload) -> Attachment:
    return Attachment(
        sort,
        name=text(file.get("file_name")) or text(file.get("emoji")),
        mime=text(file.get("mime_type")),
        size=number(file.get("file_size")),
        reference=ident(file["file_id"]),
    )


def _venue(value: Any) -> str:
    venue = part(value)
    spot = part(venue["location"])
    title, address = text(venue.get("title")), text(venue.get("address"))
    return place(title, address, word(spot["latitude"]), word(spot["longitude"]))


def _location(value: Any) -> str:
    spot = part(value)
    return place("", "", word(spot["latitude"]), word(spot["longitude"]))


def _contact(value: Any) -> str:
    contact = part(value)
    return card(called(contact), text(contact.get("phone_number")))


def _poll(value: Any) -> str:
    poll = part(value)
    options = ", ".join(text(option.get("text")) for option in rows(poll.get("options")))
    return f"[poll: {text(poll.get('question'))} ({options})]"


def _dice(value: Any) -> str:
    dice = part(value)
    return f"{text(dice.get('emoji'))} {word(dice.get('value'))}".strip()


def _web_app(value: Any) -> str:
    data = part(value)
    return f"{text(data.get('button_text'))}: {text(data.get('data'))}"


QUOTED = 300
"""Telegram quotes up to 1,024 characters."""
ENTITIES = {"text": "entities", "caption": "caption_entities"}

FILES: Mapping[str, Sort] = {
    "animation": Sort.ANIMATION,
    "video": Sort.VIDEO,
    "audio": Sort.AUDIO,
    "voice": Sort.VOICE,
    "video_note": Sort.VIDEO_MESSAGE,
    "document": Sort.FILE,
    "sticker": Sort.STICKER,
}

LINES: Mapping[str, Callable[[Any], str]] = {
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
    "web_app_data": _web_app,
    "story": lambda _: "[a story]",
    "paid_media": lambda _: "[paid media]",
    "game": lambda value: f"[game: {text(part(value).get('title'))}]",
    "new_chat_members": lambda value: f"[joined: {', '.join(map(called, rows(value)))}]",
    "left_chat_member": lambda value: f"[left: {called(part(value))}]",
    "new_chat_title": lambda value: f"[the chat is now called {text(value)}]",
}
"""What is neither text nor a file, as a line."""

SILENT = frozenset(
    {
        "pinned_message",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",  # the other half of migrate_to_chat_id
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "users_shared",
        "chat_shared",
    }
)
SILENT_PREFIXES = ("forum_topic_", "general_forum_topic_", "video_chat_", "giveaway")
"""What happens to the chat itself and nobody says."""
