"""One builder per noun: the least that makes one, and whatever a test says."""

from __future__ import annotations

from typing import Any

from chalicelib.model import Address, Contact, Conversation, Item, Kind, Ref, Route, new_id, order_key

NOW = 1_789_000_000_000
ROUTE = Route("telegram", "main", "telegram", "telegram:5", "5")
ANA = Address("telegram", "5")


def conversation(**more: Any) -> Conversation:
    about = {"id": new_id(NOW), "contact": "C", "desk": "support", "slack_channel": "C0SUPPORT", "name": "Ana"}
    return Conversation(**{**about, "opened_at": NOW, **more})


def message(home: str = "H", at: int = NOW, **more: Any) -> Item:
    ulid = new_id(at)
    return Item(**{"conversation": home, "id": ulid, "kind": Kind.MESSAGE, "at": at, **_order(at, ulid), **more})


def answer(home: str = "H", at: int = NOW, **more: Any) -> Item:
    return message(home, at, **{"kind": Kind.REPLY, "route": ROUTE, **more})


def contact(**more: Any) -> Contact:
    return Contact(**{"id": new_id(NOW), "name": "Ana", **more})


def ref(their_id: str = "m1", **more: Any) -> Ref:
    return Ref("telegram", "main", their_id, **more)


def _order(at: int, ulid: str) -> dict[str, str]:
    return {"order": order_key(at, at, 0, ulid)}
