"""Calls of the Graph API from outside: how one is spoiled, and whom it was about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from infra.local.faults import read_json
from infra.local.server import Answer, Call
from infra.local.whatsapp import wire

CODES = {429: 130429, 503: 2, 401: 190}


def spoil(how: Mapping[str, Any]) -> Answer:
    """Refuse a call as planned."""
    status = int(how.get("status", 0))
    code = int(how.get("error", CODES.get(status, 131000)))
    return wire.refuse(code, how.get("description", ""), status, how.get("retry_after"))


def about(key: Callable[[str], str], call: Call, answer: Answer) -> dict[str, str]:
    """Name the customer and the message of a call that sends, or marks as read."""
    body = read_json(call.body)
    to = str(body.get("to") or body.get("recipient") or "")
    taken = read_json(answer.body).get("messages") or [{}]
    return {"id": taken[0].get("id") or str(body.get("message_id") or ""), "who": key(to) if to else ""}
