"""What a customer's phone shows of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.telegram import wire
from infra.local.telegram.files import MEDIA, Files
from infra.local.watched import MEDIA as HOME

Json = dict[str, Any]


def look(message: Mapping[str, Any], files: Files) -> Json:
    """Give what an entry shows beside its words."""
    reply = message.get("reply_to_message") or {}
    found = {
        "media": files.media(message, HOME),
        "entities": marks(message),
        "reply_to": str(reply.get("message_id", "")),
        "album": message.get("media_group_id", ""),
    }
    return {"type": _kind(message), **{name: value for name, value in found.items() if value}}


def words(message: Mapping[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or f"[{_kind(message)}]")


def marks(message: Mapping[str, Any]) -> list[Json]:
    return message.get("entities") or message.get("caption_entities") or []


def _kind(message: Mapping[str, Any]) -> str:
    kinds = ("animation", *MEDIA, "location", "contact", "poll", "venue", "dice")
    return next((name for name in kinds if name in message), "text")


def reactions(of: Mapping[str, str]) -> list[Json]:
    """List who reacted how: `us`, or the `customer`."""
    return [{"by": by, "emoji": emoji} for by, emoji in of.items() if emoji]


def typed(text: str) -> Json:
    """Give the words of a customer's message, with the marks that Telegram finds by itself."""
    found = wire.commands(text)
    return ({"text": text} if text else {}) | ({"entities": found} if found else {})


def answered(messages: Mapping[int, Json], message_id: int | str | None) -> Json:
    """Give the message that another one answers, as that one has it."""
    parent = messages[int(message_id)] if message_id else {}
    inner = {name: value for name, value in parent.items() if name != "reply_to_message"}
    return {"reply_to_message": inner} if inner else {}
