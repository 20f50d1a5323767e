"""What our doors took in: whatever was answered 2xx counts from that moment on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from infra.local.server import Call

RANK = ("delivered", "read")
"""The good states that a receipt brings, the better one last."""

CHANGES = ("revoke", "reaction")

Json = dict[str, Any]


@dataclass
class Ears:
    """Hears what nobody says in words: receipts, and that a message was deleted."""

    receipts: dict[tuple[str, int], str] = field(default_factory=dict)
    """The best that was reported of an item's part."""
    typed: set[str] = field(default_factory=set)
    """What we were told that somebody posted, by its place in Slack."""
    wrote: dict[tuple[str, str], float] = field(default_factory=dict)
    """When we were first told of what a customer wrote, by who wrote it and the provider's id."""
    changed: set[str] = field(default_factory=set)
    """What customers took back or how they reacted, by WhatsApp's id of that."""
    removed: dict[str, float] = field(default_factory=dict)
    """When we were told that a message in Slack is gone."""

    def hear(self, call: Call, now: float) -> None:
        if call.path.startswith("/webhooks/twilio/"):
            said = dict(parse_qsl(call.body.decode()))
            self._receipt(call.path.rpartition("/")[2], said.get("MessageStatus", ""))
            who = said.get("From", "").removeprefix("whatsapp:")
            self.wrote.setdefault((who, said.get("MessageSid", "")), now)
        elif call.path.startswith("/webhooks/telegram/"):
            written = json.loads(call.body).get("message") or {}
            who = str(written.get("chat", {}).get("id", ""))
            self.wrote.setdefault((who, str(written.get("message_id", ""))), now)
        elif call.path.startswith("/webhooks/whatsapp/"):
            body = json.loads(call.body)
            self.changed |= {each["id"] for each in _told(body, "messages") if each["type"] in CHANGES}
            for status in _told(body, "statuses"):
                self._receipt(str(status.get("biz_opaque_callback_data", "")), str(status.get("status", "")))
        elif call.path == "/slack/events":
            event = json.loads(call.body).get("event") or {}
            if event.get("subtype") == "message_deleted":
                self.removed.setdefault(event["deleted_ts"], now)
            elif event.get("type") == "message" and not event.get("subtype"):
                self.typed.add(event["ts"])

    def _receipt(self, ours: str, state: str) -> None:
        """Note a receipt by our own name for what it is about: conversation, item, part, try."""
        names = ours.split(".")
        if state in RANK and len(names) == 4:
            key = names[1], int(names[2])
            self.receipts[key] = max(self.receipts.get(key, state), state, key=RANK.index)


def _told(body: Json, what: str) -> list[Json]:
    values = [change["value"] for entry in body.get("entry", ()) for change in entry.get("changes", ())]
    return [each for value in values for each in value.get(what, ())]
