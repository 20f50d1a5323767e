"""The conversations.* methods.

https://docs.slack.dev/reference/methods/conversations.history
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from infra.local.slack.calls import Args, Refused
from infra.local.slack.lookup import as_read, kind_of, member_channel, visible_channel
from infra.local.slack.team import BOT_USER_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

_TS = re.compile(r"\d{1,12}(\.\d{1,6})?")
_EVER = (0.0, float("inf"))
MOST = 1_000


def history(workspace: Workspace, args: Args) -> Json:
    """Give a channel's own messages, newest first."""
    channel = member_channel(workspace, args)
    workspace.need(f"{kind_of(channel)}:history")
    found = [message for message in channel.history() if _is_within(args, message["ts"])]
    page, more = _page(found[::-1], args, 100)
    return {"ok": True, "messages": _read(page, args), "pin_count": 0, **more}


def replies(workspace: Workspace, args: Args) -> Json:
    """Give a thread, oldest first; its parent always comes along."""
    channel = member_channel(workspace, args)
    workspace.need(f"{kind_of(channel)}:history")
    named = channel.messages.get(args.word("ts"))
    if named is None:
        raise Refused("thread_not_found")
    parent, *rest = channel.thread(str(named.get("thread_ts", named["ts"])))
    found = [message for message in rest if _is_within(args, message["ts"])]
    page, more = _page(found, args, MOST)
    return {"ok": True, "messages": _read([parent, *page], args), **more}


def _read(messages: list[Json], args: Args) -> list[Json]:
    everything = args.flag("include_all_metadata")
    return [as_read(message, all_metadata=everything) for message in messages]


def _is_within(args: Args, ts: str) -> bool:
    oldest, latest = (_moment(args, name) for name in ("oldest", "latest"))
    start = oldest if oldest is not None else _EVER[0]
    end = latest if latest is not None else _EVER[1]
    return start < float(ts) < end or (args.flag("inclusive") and float(ts) in {start, end})


def _moment(args: Args, name: str) -> float | None:
    word = args.word(name)
    if word and not _TS.fullmatch(word):
        raise Refused(f"invalid_ts_{name}")
    return float(word) if word else None


def _page(found: list[Json], args: Args, default: int) -> tuple[list[Json], Json]:
    limit = args.number("limit", default, MOST)
    start = _place(args.word("cursor"))
    page, left = found[start : start + limit], len(found) - start - limit
    if left <= 0:
        return page, {"has_more": False, "response_metadata": {"next_cursor": ""}}
    return page, {"has_more": True, "response_metadata": {"next_cursor": _cursor(start + limit)}}


def _cursor(place: int) -> str:
    return base64.b64encode(f"next:{place}".encode()).decode()


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError) as problem:
        raise Refused("invalid_cursor") from problem


def info(workspace: Workspace, args: Args) -> Json:
    channel = visible_channel(workspace, args)
    workspace.need(f"{kind_of(channel)}:read")
    return {"ok": True, "channel": channel.described()}


def list_channels(workspace: Workspace, args: Args) -> Json:
    kinds = (args.word("types") or "public_channel").replace(" ", "").split(",")
    if not set(kinds) <= {"public_channel", "private_channel", "mpim", "im"}:
        raise Refused("invalid_types")
    for kind, scope in (("public_channel", "channels:read"), ("private_channel", "groups:read")):
        if kind in kinds:
            workspace.need(scope)
    found = [
        channel.described()
        for channel in workspace.channels.values()
        if (("private_channel" if channel.is_private else "public_channel") in kinds)
        and not (channel.is_private and BOT_USER_ID not in channel.members)
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    page, more = _page(found, args, 100)
    return {"ok": True, "channels": page, "response_metadata": more["response_metadata"]}


def join(workspace: Workspace, args: Args) -> Json:
    channel = visible_channel(workspace, args)
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if BOT_USER_ID in channel.members:
        return {"ok": True, "channel": channel.described(), "warning": "already_in_channel"}
    workspace.join(channel, BOT_USER_ID)
    return {"ok": True, "channel": channel.described()}


def members(workspace: Workspace, args: Args) -> Json:
    channel = visible_channel(workspace, args)
    workspace.need(f"{kind_of(channel)}:read")
    page, more = _page([{"id": member} for member in channel.members], args, 100)
    ids = [member["id"] for member in page]
    return {"ok": True, "members": ids, "response_metadata": more["response_metadata"]}
