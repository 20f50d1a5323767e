"""What people ask of the app in Slack, kept to be measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from infra.local.slack.wire import Reply

ASKED = "/slack/interactions", "/slack/commands"
ANSWERS = b'{"response_action": "clear", "options": []}'


class Caught:
    """Stands where Slack knocks at our door, and keeps what somebody asked: it is measured a moment later."""

    def __init__(self) -> None:
        self.path, self.body, self.headers = "", b"", dict[str, str]()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], _: float) -> Reply:
        if urlsplit(url).path in ASKED:
            self.path, self.body = urlsplit(url).path, body
            self.headers = {name.lower(): value for name, value in headers.items()}
        return Reply(200, ANSWERS, {"content-type": "application/json"})

    @property
    def trigger(self) -> str:
        """What lets a modal be opened for what was caught last."""
        payload = json.loads(dict(parse_qsl(self.body.decode()))["payload"])
        return str(payload["trigger_id"])
