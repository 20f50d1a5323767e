"""Which of our buttons a person pressed in Slack.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qs

from chalicelib.reading import Payload, ident, part, rows, text, untrusted
from chalicelib.web import Request


@dataclass(frozen=True, slots=True)
class Press:
    """A person pressed one of our buttons; `value` says what it was under."""

    team: str
    user: str
    verb: str
    value: str


def read_presses(request: Request) -> list[Press]:
    """Read which buttons a person pressed; raises Malformed."""
    with untrusted():
        (payload,) = parse_qs(request.body.decode())["payload"]
        return _presses(part(json.loads(payload)))


def _presses(payload: Payload) -> list[Press]:
    if payload["type"] != "block_actions":
        return []
    user = part(payload["user"])
    team, name = text(user.get("team_id")), ident(user["id"])
    return [
        Press(team, name, text(action.get("action_id")), text(action.get("value")))
        for action in rows(payload["actions"])
    ]
