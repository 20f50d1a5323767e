"""What Slack lists of a thread, as the events that were to tell of it.

https://docs.slack.dev/reference/methods/conversations.replies
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.slack.events import SlackEvent, read_event
from chalicelib.web import Request


def read_listed(message: Mapping[str, Any], team: str, channel: str) -> SlackEvent:
    """Read a message as its event, or as that of its last edit; raises Malformed."""
    if message.get("edited"):
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": message}
    else:
        event = {**message, "channel": channel}
    told = {"type": "event_callback", "team_id": team, "event": event}
    return read_event(Request("POST", body=json.dumps(told).encode()))
