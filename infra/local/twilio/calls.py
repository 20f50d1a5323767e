"""Calls of Twilio's API from outside: how one is spoiled, and whom it was about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from infra.local.faults import read_json
from infra.local.server import Answer, Call
from infra.local.twilio import wire

CODES = {429: 20429, 503: 20503, 401: 20003, 404: 20404}


def spoil(how: Mapping[str, Any]) -> Answer:
    """Refuse a call as planned."""
    status = int(how.get("status", 0))
    return wire.refuse(int(how.get("error", CODES.get(status, 20500))), status, how.get("retry_after"))


def about(call: Call, answer: Answer) -> dict[str, str]:
    """Name the customer and the message of a call that sends."""
    if call.method != "POST":
        return {}
    to = parse_qs(call.body.decode(errors="replace")).get("To", [""])[-1]
    return {"id": read_json(answer.body).get("sid", ""), "who": wire.bare(to.replace(" ", ""))}
