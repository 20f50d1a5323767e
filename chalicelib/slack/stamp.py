"""The stamp on a post of ours: how it is written into Slack's metadata, and read from a message again.

https://docs.slack.dev/messaging/message-metadata
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.model import Stamp
from chalicelib.reading import ident

TS = re.compile(r"[0-9]{10}\.[0-9]{6}")
"""A moment and a message's name in its channel; all have one length, so they sort as texts."""

EVENT_TYPE = "threadline_post"
_ULID = re.compile(r"[0-9A-Z]{26}")


def sealed(stamp: Stamp) -> dict[str, Any]:
    """Write a stamp as metadata: everybody in the workspace can read it, so it holds ids and no more."""
    return {"event_type": EVENT_TYPE, "event_payload": asdict(stamp)}


def stamp_of(message: Mapping[str, Any]) -> Stamp | None:
    """Read the stamp of a message, or None if it bears none of ours."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    given = payload if isinstance(payload, dict) else {}
    post, conversation, item = (str(given.get(name, "")) for name in ("post", "conversation", "item"))
    named = _ULID.fullmatch(post) and all(not each or _ULID.fullmatch(each) for each in (conversation, item))
    return Stamp(post, conversation, item) if named else None


def read_ts(value: Any) -> str:
    """Read a message's name, or a moment in Slack's own spelling."""
    ts = ident(value)
    if not TS.fullmatch(ts):
        raise ValueError("not a message's time")
    return ts


def bears(message: dict[str, Any], post: str) -> bool:
    """Tell whether a message in Slack is a copy of this post of ours."""
    stamp = stamp_of(message)
    return stamp is not None and stamp.post == post
