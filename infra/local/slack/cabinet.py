"""The workspace's files: what Slack tells of each, its bytes, and the messages that show it.

https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from urllib.parse import quote

from infra.local.blobs import FIELDS, Blob, read_blob
from infra.local.copies import copied
from infra.local.slack.channel import Channel
from infra.local.slack.team import DOMAIN, TEAM_ID

Json = dict[str, Any]

SPOILT: Mapping[str, Json] = {
    "tombstone": {"mode": "tombstone"},
    "hidden_by_limit": {"mode": "hidden_by_limit"},
    "access_denied": {"mode": "file_access", "file_access": "access_denied"},
    "external": {
        "mode": "external",
        "is_external": True,
        "external_type": "gdrive",
        "url_private": "https://docs.google.com/document/d/threadline",
        "url_private_download": "https://docs.google.com/document/d/threadline",
    },
    "sign_in": {},
    "slow": {},
}
"""What can become of a file, and what Slack tells of it then: of `external` beside the rest, of others instead."""
_STUBS = frozenset({"tombstone", "hidden_by_limit", "access_denied"})


class Step(Enum):
    """How far an upload has come."""

    ASKED = auto()
    FILLED = auto()
    COMPLETE = auto()


@dataclass(slots=True)
class File:
    """One file; `shares` are the places of its messages by channel."""

    about: Json
    blob: Blob = field(default_factory=Blob)
    step: Step = Step.COMPLETE
    spoilt: str = ""
    deleted: bool = False
    shares: dict[str, list[Json]] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return str(self.about["id"])

    def spoil(self, how: str) -> None:
        if how not in SPOILT:
            raise ValueError(f"a file can be spoilt as {', '.join(SPOILT)}")
        self.spoilt = how

    def shown(self) -> Json:
        """Give it as messages have it."""
        if self.deleted or self.spoilt in _STUBS:
            return {"id": self.id, **SPOILT["tombstone" if self.deleted else self.spoilt]}
        return {**copied(self.about), **SPOILT.get(self.spoilt, {})}

    def told(self) -> Json:
        """Give it as files.info has it, with its shares."""
        shares: Json = {}
        for channel, places in self.shares.items():
            kind = "public" if channel in self.public else "private"
            shares.setdefault(kind, {})[channel] = copied(places)
        channels = [channel for channel in self.shares if channel in self.public]
        groups = [channel for channel in self.shares if channel not in self.public]
        return {**self.shown(), "shares": shares, "channels": channels, "groups": groups, "ims": []}


def stub(file: Json) -> Json:
    """Give the little that events tell of a file: the rest has to be asked for."""
    return {"id": file["id"], "mode": "file_access", "file_access": "check_file_info"}


class Cabinet:
    """Keeps every file; `home` is the address that they are fetched from."""

    def __init__(self, next_id: Callable[[str], str], now: Callable[[], float]) -> None:
        self._next_id, self._now = next_id, now
        self.home = "https://files.slack.com"
        self.reset()

    def reset(self) -> None:
        self.files: dict[str, File] = {}
        self.uploads: dict[str, str] = {}
        self.stubs = False

    def dropped(self, user: str, given: Json) -> Json:
        """Take a file that somebody drops; fields of Slack's own stand as they are given."""
        name = str(given.get("name", "file.bin"))
        blob = read_blob(given)
        own = {key: value for key, value in given.items() if key not in {*FIELDS, "spoilt"}}
        file = self._put(user, name, blob)
        file.about |= own
        if given.get("spoilt"):
            file.spoil(given["spoilt"])
        return file.shown()

    def expect(self, user: str, name: str, length: int) -> tuple[File, str]:
        """Make room for an upload, and the secret end of the address where it is put."""
        file = self._put(user, name, Blob(size=length))
        file.step = Step.ASKED
        key = secrets.token_urlsafe(24)
        self.uploads[key] = file.id
        return file, key

    def _put(self, user: str, name: str, blob: Blob) -> File:
        file_id = self._next_id("F0FILE")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        filetype = name.rpartition(".")[2] if "." in name else kind.partition("/")[2]
        place = f"{self.home}/files-pri/{TEAM_ID}-{file_id}"
        file = File(
            {
                "id": file_id,
                "created": int(self._now()),
                "timestamp": int(self._now()),
                "name": name,
                "title": name,
                "mimetype": kind,
                "filetype": filetype,
                "pretty_type": filetype.upper(),
                "size": blob.size,
                "user": user,
                "user_team": TEAM_ID,
                "mode": "hosted",
                "file_access": "visible",
                "is_external": False,
                "is_public": False,
                "editable": False,
                "url_private": f"{place}/{quote(name, safe='')}",
                "url_private_download": f"{place}/download/{quote(name, safe='')}",
                "permalink": f"https://{DOMAIN}.slack.com/files/{user}/{file_id}/{quote(name, safe='')}",
            },
            blob,
        )
        self.files[file_id] = file
        return file

    def shared(self, channel: Channel, message: Json) -> None:
        """Note that a message shows its files."""
        for each in message.get("files", ()):
            file = self.files.get(each["id"])
            if file is None:
                continue
            place: Json = {"ts": message["ts"], "channel_name": channel.name, "team_id": TEAM_ID}
            place |= {"reply_users": [], "reply_users_count": 0, "reply_count": 0}
            if "thread_ts" in message:
                place["thread_ts"] = message["thread_ts"]
            file.shares.setdefault(channel.id, []).append(place)
            if not channel.is_private:
                file.public.add(channel.id)
                file.about["is_public"] = True

    def unshared(self, channel: Channel, message: Json) -> None:
        """Note that a message is gone, and its files from there."""
        for each in message.get("files", ()):
            file = self.files.get(each["id"])
            places = file.shares.get(channel.id, []) if file else []
            left = [place for place in places if place["ts"] != message["ts"]]
            if file and left:
                file.shares[channel.id] = left
            elif file:
                file.shares.pop(channel.id, None)

    def in_event(self, event: Json, *, foreign: bool) -> Json:
        """Give an event as the app sees it: of files from elsewhere it is told nothing but their ids."""
        if not (self.stubs or foreign) or event["type"] != "message":
            return event
        event = _with_stubs(event)
        inner: Json = {name: _with_stubs(event[name]) for name in ("message", "previous_message") if name in event}
        return {**event, **inner}


def _with_stubs(message: Json) -> Json:
    return {**message, "files": [stub(file) for file in message["files"]]} if message.get("files") else message
