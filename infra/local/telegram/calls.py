"""Calls of the Bot API from outside: whom each was about."""

from __future__ import annotations

from infra.local.faults import read_json
from infra.local.server import Answer, Call
from infra.local.telegram import wire


def about(call: Call, answer: Answer) -> dict[str, str]:
    """Name the customer and the message of a call, if it has them."""
    try:
        given = wire.parameters(call)
    except (ValueError, wire.Refused):
        given = {}
    result = read_json(answer.body).get("result")
    message = result if isinstance(result, dict) else {}
    named = {"id": message.get("message_id") or given.get("message_id"), "who": given.get("chat_id")}
    return {name: str(value) for name, value in named.items() if str(value).lstrip("-").isdecimal()}
