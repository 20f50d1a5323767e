"""A webhook as it arrives, and what it leaves in the table."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.store import Store
from chalicelib.web import Request
from tests.store.conftest import Backend
from tests.store.things import NOW


def rows(backend: Backend, store: Store, sort_key: str) -> list[dict[str, Any]]:
    table = store._row.Meta.table_name
    pages = backend.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [row for page in pages for row in page["Items"] if row["SK"]["S"].startswith(sort_key)]


def webhook(number: int) -> Request:
    chat = {"id": 5, "type": "private", "first_name": "Ana"}
    written = {"message_id": number, "date": NOW // 1000, "chat": chat, "from": {**chat, "is_bot": False}}
    body = json.dumps({"update_id": number, "message": {**written, "text": f"message {number}"}}).encode()
    return Request("POST", {"x-telegram-bot-api-secret-token": "s"}, body=body)
