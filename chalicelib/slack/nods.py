"""Slack's events of reactions.

https://docs.slack.dev/reference/events/reaction_added
"""

from __future__ import annotations

from chalicelib.reading import Payload, ident, part, text
from chalicelib.slack.stamp import read_ts
from chalicelib.slack.told import Nodded, Nothing

ADDED, REMOVED = "reaction_added", "reaction_removed"
NODS = frozenset({ADDED, REMOVED})


def read_nod(event: Payload, team: str, ours: str) -> Nodded | Nothing:
    """Read who put which emoji on which message, or took it off; `ours` is the user that we are."""
    item = part(event["item"])
    if item.get("type") != "message":
        return Nothing("a reaction to no message")
    user = ident(event["user"])
    if user == ours:
        return Nothing("ours")
    return Nodded(
        team,
        ident(item["channel"]),
        read_ts(item["ts"]),
        user,
        text(event["reaction"])[:100],
        read_ts(event["event_ts"]),
        added=event.get("type") == ADDED,
    )
