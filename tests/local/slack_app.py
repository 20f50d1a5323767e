"""An app at the receiving end of the local Slack, for tests of what people do with it there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_sdk import WebClient

from infra.local.server import Answer, Call, Server
from infra.local.slack import SlackStandIn

Json = dict[str, Any]


class App:
    """Keeps what it is told, and does what the test tells it to, once, while Slack waits."""

    def __init__(self) -> None:
        self.server = Server(self._handle)
        url = self.server.url
        self.ahead = 0.0
        self.slack = SlackStandIn(
            f"{url}/slack/events",
            f"{url}/slack/interactions",
            "signing-secret",
            "xoxb-stand-in",
            now=lambda: 1_700_000_000.0 + self.ahead,
        )
        self.web = WebClient(token="xoxb-stand-in", base_url=f"{self.slack.url}/api/", retry_handlers=[])
        self.begin()

    def begin(self) -> None:
        self.slack.reset()
        self.slack.quiet()
        self.got: list[Json] = []
        self.events: list[Json] = []
        self.does: list[Callable[[Json], Any]] = []

    def _handle(self, call: Call) -> Answer:
        if call.path == "/slack/events":
            self.events.append(call.json()["event"])
            return Answer()
        form = call.form()
        self.got.append({"path": call.path, **(json.loads(form["payload"]) if "payload" in form else form)})
        answer = self.does.pop(0)(self.got[-1]) if self.does else None
        return answer if isinstance(answer, Answer) else Answer()


@contextmanager
def serving() -> Iterator[App]:
    """Run an app and its Slack."""
    app = App()
    yield app
    app.slack.close()
    app.server.close()


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


CLAIM = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "claim", "text": text("Claim"), "value": "1"}],
}
