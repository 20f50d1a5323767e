"""What Slack says of a channel: its name, whether the app may write there, and who else may read.

https://docs.slack.dev/reference/objects/conversation-object and
https://docs.slack.dev/reference/events (channel_archive, group_archive …)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.reading import Payload, ident, part
from chalicelib.slack.told import Moved, Nothing, RoomChanged

_SAYS_SO = frozenset(
    f"{kind}_{what}"
    for kind in ("channel", "group")
    for what in ("archive", "unarchive", "rename", "left", "deleted", "shared", "unshared")
)
JOINED, NEW_ID = "member_joined_channel", "channel_id_changed"
ROOMS = _SAYS_SO | {JOINED, NEW_ID}
"""Events after which a channel may be another than before."""


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as it is now; `gone` where Slack does not know it, or does not show it to us any more."""

    name: str = ""
    archived: bool = False
    member: bool = True
    shared: bool = False
    gone: bool = False
    id: str = ""


def room_of(channel: Mapping[str, Any]) -> Room:
    """Read what Slack says of a channel."""
    return Room(
        str(channel.get("name") or ""),
        bool(channel.get("is_archived")),
        bool(channel.get("is_member", True)),
        bool(channel.get("is_ext_shared")),
        id=str(channel.get("id") or ""),
    )


def read_room(event: Payload, team: str, ourselves: str) -> RoomChanged | Moved | Nothing:
    """Read which channel an event is about; others coming and going change nothing."""
    kind = event["type"]
    if kind == NEW_ID:
        return Moved(team, ident(event["old_channel_id"]), ident(event["new_channel_id"]))
    if kind == JOINED and event.get("user") != ourselves:
        return Nothing("somebody joined a channel")
    channel = event["channel"]
    return RoomChanged(team, ident(part(channel)["id"] if isinstance(channel, Mapping) else channel))
