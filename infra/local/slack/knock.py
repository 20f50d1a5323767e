"""Telling the app what a person does: signed, and within three seconds.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import urlencode

from infra.local.journal import Journal
from infra.local.slack.team import APP_ID, DOMAIN, TEAM_ID
from infra.local.slack.wire import Post, Reply, Signer
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

PATIENCE = 3.0
_FORM = "application/x-www-form-urlencoded"


class Knocker:
    """Knocks at the app's doors for the people of the workspace."""

    def __init__(
        self, workspace: Workspace, signer: Signer, urls: tuple[str, str], lock: threading.RLock, post: Post
    ) -> None:
        self.workspace, self.lock = workspace, lock
        self._journal: Journal = workspace.journal
        self._signer, self._post = signer, post
        self._interactions, self._commands = urls
        self._last: dict[str, tuple[str, bytes]] = {}

    def reset(self) -> None:
        self._last.clear()

    def tell(self, payload: Json) -> Reply:
        """Tell of an interaction."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self._knock(payload["user"]["id"], self._interactions, body)

    def command(self, form: Json) -> Reply:
        """Tell of a slash command, which is an ordinary form."""
        return self._knock(form["user_id"], self._commands, urlencode(form).encode())

    def again(self, user: str) -> Reply:
        """Tell once more what this person did last, as when a second window did it too."""
        with self.lock:
            if user not in self._last:
                raise LookupError(f"{user} has done nothing yet")
            url, body = self._last[user]
        return self._knock(user, url, body)

    def _knock(self, user: str, url: str, body: bytes) -> Reply:
        with self.lock:
            self._last[user] = url, body
        return self._post(url, body, {"Content-Type": _FORM, **self._signer.headers(body)}, PATIENCE)

    def note(self, did: str, user: str, reply: Reply, **about: Any) -> int:
        """Write down what somebody did and what the app answered; gives that."""
        self._journal.add("pressed", did=did, user=user, **about, status=reply.status)
        return reply.status

    def about(self, user: str) -> Json:
        """Say who does it, and for which app and team."""
        person = self.workspace.users[user]
        return {
            "user": {
                "id": user,
                "username": person["name"],
                "name": person["name"],
                "team_id": person["team_id"],
            },
            "api_app_id": APP_ID,
            "token": "",
            "team": {"id": TEAM_ID, "domain": DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
        }
