"""The workspace's state and what may happen in it.

What the app may know of is told through `emit`, what whoever watches may know of is written in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infra.local.copies import copied
from infra.local.journal import Journal
from infra.local.slack import events
from infra.local.slack.cabinet import Cabinet, File
from infra.local.slack.calls import Refused
from infra.local.slack.channel import Channel, open_channels
from infra.local.slack.inline import Names
from infra.local.slack.sharing import Sharing
from infra.local.slack.surfaces import Surfaces
from infra.local.slack.team import BOT_USER_ID, COMMANDS, EVENTS, SCOPES, SHORTCUTS, groups, people

Json = dict[str, Any]
Emit = Callable[[Json, Channel | None], None]


class Workspace:
    """One team's Slack, as one installed app sees it."""

    def __init__(self, now: Callable[[], float], emit: Emit, journal: Journal) -> None:
        self.now = now
        self._emit, self.journal = emit, journal
        self.cabinet = Cabinet(self.next_id, now)
        self.sharing = Sharing(now)
        self.surfaces = Surfaces(now, self.next_id, journal)
        self.reset()

    def reset(self) -> None:
        self.users = people()
        self.groups = groups()
        self.channels: dict[str, Channel] = {channel.id: channel for channel in open_channels()}
        self.ephemerals: list[Json] = []
        self.scopes = set(SCOPES)
        self.subscribed = set(EVENTS)
        self.commands, self.shortcuts, self.home_tab = set(COMMANDS), dict(SHORTCUTS), True
        self.cabinet.reset()
        self.sharing.reset()
        self.surfaces.reset()
        self.revoked = False
        self._serial = 0
        self._last = 0

    def next_ts(self) -> str:
        """Give a ts that is later than any before, even when the clock stands still."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}{self._serial:05d}"

    def names(self) -> Names:
        return Names(
            {user["name"]: user_id for user_id, user in self.users.items()},
            {channel.name: channel.id for channel in self.channels.values()},
            {group["handle"]: group_id for group_id, group in self.groups.items()},
        )

    def need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def tell(self, channel: Channel, event: Json) -> None:
        """Emit what happened in a channel, if the app is there to see it."""
        if BOT_USER_ID not in channel.members:
            return
        name = event["type"]
        if name == "message":
            kind = "group" if channel.is_private else "channel"
            event = {**event, "channel": channel.id, "channel_type": kind}
            name = f"message.{kind}s"
        if name in self.subscribed:
            self._emit(self.cabinet.in_event(event, foreign=channel.is_ext_shared), channel)

    def announce(self, event: Json) -> None:
        """Emit what has happened to the app itself, or in a place where it is no more."""
        if event["type"] in self.subscribed:
            self._emit({**event, "event_ts": self.next_ts()}, None)

    def revoke(self) -> None:
        self.revoked = True
        tokens = {"oauth": [], "bot": [BOT_USER_ID]}
        self._emit({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.next_ts()}, None)

    def show(self, channel: Channel) -> None:
        """Write down how a channel is now."""
        self.journal.add("channel", channel={**channel.described(), "members": list(channel.members)})

    def _show(self, channel: Channel, message: Json) -> None:
        self.journal.add("message", channel=channel.id, message=copied(message))

    def add(self, channel: Channel, message: Json) -> Json:
        message = {"type": "message", **message, "ts": self.next_ts()}
        root = channel.messages.get(message.get("thread_ts", ""))
        channel.messages[message["ts"]] = message
        self.cabinet.shared(channel, message)
        if root:
            channel.replies.setdefault(root["ts"], []).append(message["ts"])
            if "user" in root:
                message["parent_user_id"] = root["user"]
        self._show(channel, message)
        self.tell(channel, events.posted(message, root))
        if root:
            self._recount(channel, root["ts"])
        return message

    def change(self, channel: Channel, message: Json) -> None:
        previous = channel.messages[message["ts"]]
        channel.messages[message["ts"]] = message
        self._show(channel, message)
        self.tell(channel, events.changed(message, previous, self.next_ts()))

    def remove(self, channel: Channel, ts: str) -> None:
        message = channel.messages[ts]
        if channel.replies.get(ts):
            self.change(channel, events.tombstone(message))
            for reply in channel.thread(ts)[1:]:  # Slack replays the replies of a deleted parent
                self.change(channel, copied(reply))
            return
        self._drop(channel, message)
        parent = message.get("thread_ts", ts)
        if parent != ts:
            channel.replies[parent].remove(ts)
            self._recount(channel, parent)

    def _recount(self, channel: Channel, ts: str) -> None:
        parent = channel.messages[ts]
        threading = channel.threading(ts)
        bare = {name: value for name, value in parent.items() if name not in channel.THREADING}
        if not threading and parent.get("subtype") == "tombstone":
            self._drop(channel, parent)
        else:
            self.change(channel, {**bare, **threading})

    def _drop(self, channel: Channel, message: Json) -> None:
        del channel.messages[message["ts"]]
        self.cabinet.unshared(channel, message)
        self.journal.add("gone", channel=channel.id, ts=message["ts"])
        self.tell(channel, events.deleted(message, self.next_ts()))

    def publish(self, channel: Channel, message: Json, files: list[str]) -> None:
        """Show files that the app has uploaded, as soon as that comes about."""
        self.sharing.put(channel, message, files)
        self.ripen()

    def plan_files(self, delay: Any = 0, never: Any = 0, *, stubs: bool = False) -> None:
        """Say how messages with files appear from now on, and what the app is told of the files."""
        self.sharing.plan(delay, never)
        self.cabinet.stubs = stubs
        self.ripen()

    def files_planned(self) -> Json:
        return {"delay": self.sharing.delay, "never": self.sharing.never, "stubs": self.cabinet.stubs}

    def ripen(self) -> None:
        """Show the files whose time has come."""
        for channel, message, files in self.sharing.due():
            if not channel.is_archived and BOT_USER_ID in channel.members:
                shown = [self.cabinet.files[file].shown() for file in files]
                self.add(channel, {**message, "files": shown})

    def discard(self, file: File) -> None:
        """Delete a file: where it was shown there is only its place left."""
        file.deleted = True
        for channel in self.channels.values():
            for message in list(channel.messages.values()):
                if any(each["id"] == file.id for each in message.get("files", ())):
                    left = [file.shown() if each["id"] == file.id else each for each in message["files"]]
                    self.change(channel, {**message, "files": left})
        file.shares.clear()
        self.announce({"type": "file_deleted", "file_id": file.id})

    def whisper(self, message: Json) -> Json:
        """Show a message to one person, who is named in `to`."""
        whispered = {**message, "ts": self.next_ts()}
        self.ephemerals.append(whispered)
        self.journal.add("ephemeral", message=copied(whispered))
        return whispered

    def change_whisper(self, message: Json) -> None:
        """Put another in its place; nothing happens when it is gone."""
        for place, ephemeral in enumerate(self.ephemerals):
            if ephemeral["ts"] == message["ts"]:
                self.ephemerals[place] = message
                self.journal.add("ephemeral", message=copied(message))

    def hush(self, ts: str) -> None:
        """Take what only one person sees from their eyes."""
        left = [ephemeral for ephemeral in self.ephemerals if ephemeral["ts"] != ts]
        if len(left) < len(self.ephemerals):
            self.ephemerals = left
            self.journal.add("ephemeral_gone", ts=ts)

    def react(self, channel: Channel, ts: str, user: str, name: str) -> None:
        message = channel.messages[ts]
        reactions = message.setdefault("reactions", [])
        found = next((reaction for reaction in reactions if reaction["name"] == name), None)
        if found is None:
            found = {"name": name, "users": [], "count": 0}
            reactions.append(found)
        found["users"].append(user)
        found["count"] += 1
        self._show(channel, message)
        place = (channel.id, self.next_ts())
        self.tell(channel, events.reaction("reaction_added", user, name, message, place))

    def unreact(self, channel: Channel, ts: str, user: str, name: str) -> None:
        message = channel.messages[ts]
        found = next(reaction for reaction in message["reactions"] if reaction["name"] == name)
        found["users"].remove(user)
        found["count"] -= 1
        message["reactions"] = [reaction for reaction in message["reactions"] if reaction["count"]]
        if not message["reactions"]:
            del message["reactions"]
        self._show(channel, message)
        place = (channel.id, self.next_ts())
        self.tell(channel, events.reaction("reaction_removed", user, name, message, place))

    def join(self, channel: Channel, user: str) -> None:
        channel.members.append(user)
        self.show(channel)
        ts = self.next_ts()
        joined = events.membership("member_joined_channel", user, channel.id, private=channel.is_private, ts=ts)
        self.tell(channel, joined)
        text = f"<@{user}> has joined the channel"
        self.add(channel, {"subtype": "channel_join", "user": user, "text": text})

    def leave(self, channel: Channel, user: str) -> None:
        """Take somebody out; who is not there any more, as the app then is, hears nothing of it."""
        channel.members.remove(user)
        ts = self.next_ts()
        left = events.membership("member_left_channel", user, channel.id, private=channel.is_private, ts=ts)
        self.tell(channel, left)
        self.show(channel)
