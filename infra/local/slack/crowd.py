"""What people do in the workspace: they write, edit, delete and react."""

from __future__ import annotations

import uuid
from typing import Any

from infra.local.slack.calls import Refused
from infra.local.slack.channel import Channel
from infra.local.slack.inline import escape
from infra.local.slack.reactions import has_reacted, require_name, require_room
from infra.local.slack.team import (
    BOT_ID,
    BOT_USER_ID,
    OTHER_APP_ID,
    OTHER_BOT,
    OTHER_BOT_ID,
)
from infra.local.slack.typed import as_sent
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


class Crowd:
    """Acts for everyone but the app; what Slack's clients would not let people do raises."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def channel(self, name: str) -> Channel:
        """Find a channel by id or name."""
        channels = self._workspace.channels
        found = channels.get(self._workspace.names().channels.get(name.removeprefix("#"), name))
        if found is None:
            raise LookupError(f"no such channel: {name}")
        return found

    def user(self, name: str) -> str:
        """Find a user's id by id or name."""
        user = self._workspace.names().users.get(name.removeprefix("@"), name)
        if user not in self._workspace.users:
            raise LookupError(f"no such user: {name}")
        return user

    def message(self, channel: Channel, ts: str) -> Json:
        """Find a message that is there for all, and more than the place of a deleted one."""
        message = channel.messages.get(ts)
        if message is None or message.get("subtype") == "tombstone":
            raise LookupError(f"no such message: {ts}")
        return message

    def pressable(self, user: str, channel: Channel, ts: str) -> Json:
        """Find what has buttons for this person: a message, or what only they see."""
        whispers = self._workspace.ephemerals
        mine = [one for one in whispers if (one["ts"], one["channel"], one["to"]) == (ts, channel.id, user)]
        return mine[0] if mine else self.message(channel, ts)

    def pressed(self, user: str, channel: Channel, ts: str) -> Json:
        """Find what this person presses, who has to be there."""
        self.require_presence(user, channel)
        return self.pressable(user, channel, ts)

    def dismiss(self, user: str, channel: Channel, ts: str) -> None:
        if self.pressable(user, channel, ts).get("to") != user:
            raise LookupError(f"everyone sees {ts}")
        self._workspace.hush(ts)

    def say(self, user: str, channel: Channel, text: str, extra: Json) -> str:
        """Write a message; `extra` brings thread_ts, files or a subtype."""
        self.require_presence(user, channel)
        thread_ts = extra.get("thread_ts")
        if thread_ts:
            if thread_ts not in channel.messages:  # a deleted one's place can be answered
                raise LookupError(f"no such message: {thread_ts}")
            parent = channel.messages[thread_ts]
            extra = {**extra, "thread_ts": parent.get("thread_ts", parent["ts"])}
        written = self._words(user, text, extra)
        files = [self._file(user, file) for file in extra.get("files") or []]
        message = {**self._author(user, channel), **written, **extra, "files": files}
        if not files:
            del message["files"]
        return str(self._workspace.add(channel, message)["ts"])

    def require_presence(self, user: str, channel: Channel) -> None:
        """Raise where this person could not write."""
        if user == BOT_USER_ID:
            raise ValueError("the app speaks through the Web API")
        if user not in channel.members or channel.is_archived:
            raise ValueError(f"{user} cannot write in #{channel.name}")

    def _words(self, user: str, text: str, message: Json) -> Json:
        if not (text.strip() or message.get("files")):
            raise ValueError("an empty message cannot be sent")
        if message.get("subtype") == "me_message" or user == OTHER_BOT:
            return {"text": escape(text)}
        return as_sent(text, self._workspace.names(), self._workspace.next_id("b"))

    def _author(self, user: str, channel: Channel) -> Json:
        team = self._workspace.users[user]["team_id"]
        author: Json = {"user": user, "team": team}
        if user == OTHER_BOT:
            return {**author, "bot_id": OTHER_BOT_ID, "app_id": OTHER_APP_ID}
        author["client_msg_id"] = str(uuid.uuid4())
        if channel.is_ext_shared:
            author |= {"user_team": team, "source_team": team}
        return author

    def _file(self, user: str, given: Json) -> Json:
        return self._workspace.cabinet.dropped(
            user, {"user_team": self._workspace.users[user]["team_id"], **given}
        )

    def discard(self, file_id: str) -> None:
        """Let whoever has uploaded a file delete it."""
        file = self._workspace.cabinet.files.get(file_id)
        if file is None or file.deleted:
            raise LookupError(f"no such file: {file_id}")
        self._workspace.discard(file)

    def spoil(self, file_id: str, how: str) -> None:
        """Let something become of a file; nothing heals it."""
        file = self._workspace.cabinet.files.get(file_id)
        if file is None:
            raise LookupError(f"no such file: {file_id}")
        file.spoil(how)

    def edit(self, channel: Channel, ts: str, text: str, by: str | None) -> None:
        """Let its author change a message; `by` says who means to."""
        message = self.message(channel, ts)
        user = message.get("user")
        is_written = message.get("subtype") != "channel_join" and message.get("bot_id") != BOT_ID
        if user is None or not is_written or by not in {None, user} or channel.is_archived:
            raise Refused("cant_update_message")
        kept = {name: value for name, value in message.items() if name not in {"text", "blocks"}}
        words = self._words(user, text, message)
        edited = {"user": user, "ts": self._workspace.next_ts()}
        self._workspace.change(channel, {**kept, **words, "edited": edited})

    def delete(self, channel: Channel, ts: str, by: str | None) -> None:
        """Let its author delete a message, or anybody when nobody is named."""
        message = self.message(channel, ts)
        if by is not None and (message.get("user") != by or channel.is_archived):
            raise Refused("cant_delete_message")
        self._workspace.remove(channel, ts)

    def unfurl(self, channel: Channel, ts: str) -> None:
        preview = {"id": 1, "from_url": "https://example.com/", "title": "Example", "text": "A preview."}
        self._workspace.change(channel, {**self.message(channel, ts), "attachments": [preview]})

    def react(self, user: str, channel: Channel, ts: str, name: str) -> None:
        """React, or take the same reaction back, as a second click does."""
        require_name(name)
        self.require_presence(user, channel)
        message = self.message(channel, ts)
        if has_reacted(message, user, name):
            self._workspace.unreact(channel, ts, user, name)
            return
        require_room(message, user, name)
        self._workspace.react(channel, ts, user, name)


def kind_of(thread_ts: str | None, files: list[Json] | None, *, me: bool, broadcast: bool) -> Json:
    """Give what makes a message more than its words: its thread, its files, its subtype."""
    extra: Json = {"thread_ts": thread_ts} if thread_ts else {}
    if files:
        extra |= {"files": files, "subtype": "file_share", "upload": False}
    if me:
        extra["subtype"] = "me_message"
    if broadcast:
        extra["subtype"] = "thread_broadcast"
    return extra
