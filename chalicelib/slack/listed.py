"""What Slack lists of a thread, as the events that were to tell of it.

https://docs.slack.dev/reference/methods/conversations.replies
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.slack.events import read_event
from chalicelib.slack.told import Retyped, SlackEvent, Typed
from chalicelib.web import Request


def event_of(message: Mapping[str, Any], team: str, channel: str) -> Request:
    """Make the event of a message, or that of its last edit."""
    if message.get("edited"):
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": message}
    else:
        event = {**message, "channel": channel}
    told = {"type": "event_callback", "team_id": team, "event": event}
    return Request("POST", body=json.dumps(told).encode())


def read_listed(request: Request, asking: str) -> SlackEvent:
    """Read such an event, with the asking that found it; raises Malformed."""
    match read_event(request):
        case Typed() as typed:
            return replace(typed, asking=asking)
        case Retyped(typed, before):
            return Retyped(replace(typed, asking=asking), before)
        case event:
            return event
