"""What people do with channels: they archive, rename, share and delete them, invite people and throw them out.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

import threading
from typing import Any

from infra.local.slack.channel import Channel
from infra.local.slack.crowd import Crowd
from infra.local.slack.team import BOB, BOT_USER_ID, OTHER_TEAM_ID, OUTSIDER
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


class Rooms:
    """Acts on the channels; a private one has events of other names."""

    def __init__(self, workspace: Workspace, crowd: Crowd, lock: threading.RLock) -> None:
        self._workspace, self._crowd, self._lock = workspace, crowd, lock

    def archive(self, channel: str) -> None:
        with self._lock:
            found = self._crowd.channel(channel)
            found.is_archived = True
            self._workspace.show(found)
            self._tell(found, "archive", {"user": BOB, "is_moved": 0})

    def unarchive(self, channel: str) -> None:
        with self._lock:
            found = self._crowd.channel(channel)
            found.is_archived = False
            self._workspace.show(found)
            self._tell(found, "unarchive", {"user": BOB})

    def rename(self, channel: str, name: str) -> None:
        with self._lock:
            found = self._crowd.channel(channel)
            if name in self._workspace.names().channels:
                raise ValueError(f"there is a #{name} already")
            before, found.name = found.name, name
            self._workspace.show(found)
            named = {"id": found.id, "name": name, "created": 0, "is_channel": not found.is_private}
            self._tell(found, "rename", {"channel": named})
            text = f'has renamed the channel from "{before}" to "{name}"'
            about = {"subtype": "channel_name", "old_name": before, "name": name}
            self._workspace.add(found, {**about, "user": BOB, "text": text})

    def share(self, channel: str) -> None:
        """Let another organisation's people in, of whom one joins at once."""
        with self._lock:
            found = self._crowd.channel(channel)
            found.is_ext_shared = True
            self._workspace.show(found)
            self._say(found, "channel_shared", {"connected_team_id": OTHER_TEAM_ID})
            if OUTSIDER not in found.members:
                self._workspace.join(found, OUTSIDER)

    def unshare(self, channel: str) -> None:
        with self._lock:
            found = self._crowd.channel(channel)
            found.is_ext_shared = False
            found.members = [one for one in found.members if one != OUTSIDER]
            self._workspace.show(found)
            about = {"previously_connected_team_id": OTHER_TEAM_ID, "is_ext_shared": False}
            self._say(found, "channel_unshared", about)

    def invite(self, channel: str, user: str = BOT_USER_ID) -> None:
        with self._lock:
            found, guest = self._crowd.channel(channel), self._crowd.user(user)
            if guest not in found.members:
                self._workspace.join(found, guest)

    def leave(self, channel: str, user: str) -> None:
        with self._lock:
            found, person = self._crowd.channel(channel), self._crowd.user(user)
            if person in found.members:
                self._workspace.leave(found, person)
                if person == BOT_USER_ID:
                    self._workspace.announce({"type": _kind(found, "left"), "channel": found.id, "actor_id": BOB})

    def kick(self, channel: str) -> None:
        """Throw the app out."""
        self.leave(channel, BOT_USER_ID)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with all that was said in it."""
        with self._lock:
            found = self._crowd.channel(channel)
            del self._workspace.channels[found.id]
            self._workspace.journal.add("channel_gone", channel=found.id)
            self._tell(found, "deleted", {"actor_id": BOB})

    def move_channel(self, channel: str, new_id: str) -> None:
        """Give a channel another id, as when it is shared with another organisation, or no more."""
        with self._lock:
            found = self._crowd.channel(channel)
            if new_id in self._workspace.channels:
                raise ValueError(f"there is a {new_id} already")
            old, found.id = found.id, new_id
            channels = self._workspace.channels
            self._workspace.channels = {one.id: one for one in channels.values()}
            for whisper in self._workspace.ephemerals:
                whisper["channel"] = new_id if whisper["channel"] == old else whisper["channel"]
            self._workspace.journal.add("channel_gone", channel=old)
            self._workspace.show(found)
            event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new_id}
            self._workspace.tell(found, {**event, "event_ts": self._workspace.next_ts()})

    def _tell(self, channel: Channel, what: str, about: Json) -> None:
        self._say(channel, _kind(channel, what), about)

    def _say(self, channel: Channel, event: str, about: Json) -> None:
        told = {"type": event, "channel": channel.id, **about, "event_ts": self._workspace.next_ts()}
        self._workspace.tell(channel, told)


def _kind(channel: Channel, what: str) -> str:
    return f"{'group' if channel.is_private else 'channel'}_{what}"
