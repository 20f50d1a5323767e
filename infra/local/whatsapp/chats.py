"""What a phone shows of messages and of what changes them: edits, revocations and reactions, from either side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.phones import Phones
from infra.local.watched import MEDIA as HOME
from infra.local.whatsapp import wire
from infra.local.whatsapp.media import Media
from infra.local.whatsapp.people import Person

Json = dict[str, Any]


class Chats:
    """Shows messages on the phones of a number's customers."""

    def __init__(self, phones: Phones, media: Media) -> None:
        self._phones, self._media = phones, media
        self._reactions: dict[str, dict[str, str]] = {}

    def show(self, person: Person, message: Mapping[str, Any], wamid: str, *, ours: bool) -> None:
        kind = str(message.get("type", "text"))
        content = message.get(kind)
        if kind == "reaction" and isinstance(content, dict):
            self._react(str(content["message_id"]), "us" if ours else "customer", str(content.get("emoji", "")))
        elif kind == "edit" and isinstance(content, dict):
            new = content["message"]
            self._phones.update(content["original_message_id"], text=wire.text_of(new), edited=True)
        elif kind == "revoke" and isinstance(content, dict):
            self._phones.update(content["original_message_id"], state="deleted")
        else:
            self._add(person, message, wamid, ours=ours)

    def _add(self, person: Person, message: Mapping[str, Any], wamid: str, *, ours: bool) -> None:
        kind = message.get("type", "text")
        context = message.get("context") or {}
        found = {
            "media": self._media.shown(kind, message.get(kind), HOME),
            "reply_to": context.get("message_id") or context.get("id") or "",
            "content": wire.without_link(message.get(kind)) if ours else None,
        }
        more = {name: value for name, value in found.items() if value}
        direction = "to_customer" if ours else "from_customer"
        self._phones.show(person.key, direction, wire.text_of(message), wamid, type=kind, **more)

    def _react(self, wamid: str, by: str, emoji: str) -> None:
        of = self._reactions.setdefault(wamid, {})
        of[by] = emoji
        shown = [{"by": who, "emoji": one} for who, one in of.items() if one]
        self._phones.update(wamid, reactions=shown)
