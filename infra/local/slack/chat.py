"""The chat.* methods.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from typing import Any

from infra.local.slack.calls import Args, Refused
from infra.local.slack.channel import Channel
from infra.local.slack.content import read_author, read_content, read_metadata
from infra.local.slack.lookup import as_read, existing_message, open_channel, visible_channel
from infra.local.slack.team import BOT_ID, BOT_USER_ID, DOMAIN
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

LONGEST_POST, LONGEST_UPDATE = 40_000, 4_000


def post_message(workspace: Workspace, args: Args) -> Json:
    channel = _channel_to_post(workspace, args)
    content = read_content(workspace, args)
    author = read_author(workspace, args)
    metadata = read_metadata(args)
    message: Json = {**author, **content, **threading(channel, args)}
    if metadata:
        message["metadata"] = metadata
    answer: Json = {"ok": True, "channel": channel.id}
    if len(message["text"]) > LONGEST_POST:
        message["text"] = message["text"][:LONGEST_POST]
        warning = "message_truncated"
        answer |= {"warning": warning, "response_metadata": {"warnings": [warning]}}
    posted = workspace.add(channel, message)
    return {**answer, "ts": posted["ts"], "message": as_read(posted, all_metadata=True)}


def _channel_to_post(workspace: Workspace, args: Args) -> Channel:
    if "chat:write.public" not in workspace.scopes:
        return open_channel(workspace, args)
    channel = visible_channel(workspace, args)
    if channel.is_archived:
        raise Refused("is_archived")
    return channel


def threading(channel: Channel, args: Args) -> Json:
    thread_ts = args.word("thread_ts")
    if not thread_ts:
        return {}
    parent = channel.messages.get(thread_ts)
    if parent is None or parent.get("thread_ts", thread_ts) != thread_ts:
        raise Refused("thread_not_found")
    if args.flag("reply_broadcast"):
        return {"thread_ts": thread_ts, "subtype": "thread_broadcast"}
    return {"thread_ts": thread_ts}


def update(workspace: Workspace, args: Args) -> Json:
    """Replace the words and the look; metadata stays unless it is given."""
    channel = open_channel(workspace, args)
    message = existing_message(channel, args.word("ts"))
    if message.get("bot_id") != BOT_ID:
        raise Refused("cant_update_message")
    if len(args.word("text")) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    content = read_content(workspace, args)
    metadata = read_metadata(args)
    kept = {name: value for name, value in message.items() if name not in {"text", "blocks", "attachments"}}
    changed = {**kept, **content, "edited": {"user": BOT_USER_ID, "ts": workspace.next_ts()}}
    if metadata is not None:
        changed["metadata"] = metadata
    if not changed.get("metadata"):
        changed.pop("metadata", None)
    workspace.change(channel, changed)
    shown = as_read(changed, all_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": changed["ts"], "text": changed["text"], "message": shown}


def delete(workspace: Workspace, args: Args) -> Json:
    channel = open_channel(workspace, args)
    message = existing_message(channel, args.word("ts"))
    if message.get("bot_id") != BOT_ID:
        raise Refused("cant_delete_message")
    workspace.remove(channel, message["ts"])
    return {"ok": True, "channel": channel.id, "ts": message["ts"]}


def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    channel = open_channel(workspace, args)
    user = args.word("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    content = read_content(workspace, args)
    thread = {"thread_ts": args.word("thread_ts")} if args.word("thread_ts") else {}
    message = {**read_author(workspace, args), **content, **thread, "channel": channel.id, "to": user}
    return {"ok": True, "message_ts": workspace.whisper(message)["ts"]}


def get_permalink(workspace: Workspace, args: Args) -> Json:
    channel = visible_channel(workspace, args)
    message = existing_message(channel, args.word("message_ts"))
    link = permalink(channel, message)
    return {"ok": True, "channel": channel.id, "permalink": link}


def permalink(channel: Channel, message: Json) -> str:
    link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    parent = message.get("thread_ts", message["ts"])
    return link if parent == message["ts"] else f"{link}?thread_ts={parent}&cid={channel.id}"
