"""A channel: its members, its messages and their threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from infra.local.slack.team import (
    ADMIN,
    ARCHIVED,
    BOB,
    BOT_USER_ID,
    ELSEWHERE,
    JUN,
    MIA,
    OTHER_BOT,
    OTHER_TEAM_ID,
    OUTSIDER,
    PRIVATE,
    SALES,
    SHARED,
    SUPPORT,
    TEAM_ID,
)

Json = dict[str, Any]


@dataclass(slots=True)
class Channel:
    """Messages stand in the order of their ts; replies beside their parents."""

    THREADING: ClassVar = (
        "thread_ts",
        "reply_count",
        "reply_users_count",
        "reply_users",
        "latest_reply",
        "is_locked",
        "subscribed",
    )

    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)

    def history(self) -> list[Json]:
        """Give what the channel itself shows: parents and broadcast replies, oldest first."""
        return [message for message in self.messages.values() if is_shown(message)]

    def thread(self, ts: str) -> list[Json]:
        return [self.messages[one] for one in (ts, *self.replies.get(ts, []))]

    def threading(self, ts: str) -> Json:
        """Give what a parent says of its thread; nothing when it has none."""
        replies = self.thread(ts)[1:]
        if not replies:
            return {}
        users = list(dict.fromkeys(reply.get("user") or reply["bot_id"] for reply in replies))
        values = (ts, len(replies), len(users), users, replies[-1]["ts"], False, False)
        return dict(zip(self.THREADING, values, strict=True))

    def described(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_ext_shared": self.is_ext_shared,
            "is_member": BOT_USER_ID in self.members,
            "context_team_id": TEAM_ID,
            "connected_team_ids": [OTHER_TEAM_ID] if self.is_ext_shared else [],
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


def is_shown(message: Json) -> bool:
    parent = message.get("thread_ts", message["ts"])
    return parent == message["ts"] or message.get("subtype") == "thread_broadcast"


def open_channels() -> list[Channel]:
    some = [BOB, MIA]
    team = [*some, JUN]
    return [
        Channel(SUPPORT, "support", [*team, OTHER_BOT, BOT_USER_ID]),
        Channel(SALES, "sales", [*team, BOT_USER_ID]),
        Channel(ADMIN, "threadline-admin", [*team, BOT_USER_ID]),
        Channel(PRIVATE, "private", [*team, BOT_USER_ID], is_private=True),
        Channel(ELSEWHERE, "elsewhere", [*some]),
        Channel(ARCHIVED, "archived", [*some, BOT_USER_ID], is_archived=True),
        Channel(SHARED, "shared", [*some, OUTSIDER, BOT_USER_ID], is_ext_shared=True),
    ]
