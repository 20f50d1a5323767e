"""A provider's API as one function: the seam that `web.call` fills in real life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.web import Reply


class Api:
    """Answers in turn, and remembers what it was asked."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def __call__(self, method: str, url: str, **about: Any) -> Reply:
        self.asked.append((method, url, about))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def replied(status: int, body: Any = b"", **headers: str) -> Reply:
    return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)
