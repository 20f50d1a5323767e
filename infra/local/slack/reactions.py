"""The reactions.* methods.

https://docs.slack.dev/reference/methods/reactions.add
"""

from __future__ import annotations

from typing import Any

from infra.local.slack import emoji
from infra.local.slack.calls import Args, Refused
from infra.local.slack.channel import Channel
from infra.local.slack.chat import permalink
from infra.local.slack.lookup import as_read, existing_message, member_channel, open_channel
from infra.local.slack.team import BOT_USER_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

MOST_BY_ONE, MOST_EMOJI = 23, 50


def add(workspace: Workspace, args: Args) -> Json:
    name = _name(args)
    channel = open_channel(workspace, args)
    message = _message(channel, args)
    if has_reacted(message, BOT_USER_ID, name):
        raise Refused("already_reacted")
    require_room(message, BOT_USER_ID, name)
    workspace.react(channel, message["ts"], BOT_USER_ID, name)
    return {"ok": True}


def remove(workspace: Workspace, args: Args) -> Json:
    name = _name(args)
    channel = open_channel(workspace, args)
    message = _message(channel, args)
    if not has_reacted(message, BOT_USER_ID, name):
        raise Refused("no_reaction")
    workspace.unreact(channel, message["ts"], BOT_USER_ID, name)
    return {"ok": True}


def get(workspace: Workspace, args: Args) -> Json:
    channel = member_channel(workspace, args)
    message = _message(channel, args)
    shown = {**as_read(message), "permalink": permalink(channel, message)}
    return {"ok": True, "type": "message", "channel": channel.id, "message": shown}


def _name(args: Args) -> str:
    name = args.word("name")
    require_name(name)
    return name


def require_name(name: str) -> None:
    if not emoji.is_name(name):
        raise Refused("invalid_name")


def require_room(message: Json, user: str, name: str) -> None:
    """Refuse what would be too much on one message, for anybody."""
    reactions = message.get("reactions", [])
    if len(reactions) >= MOST_EMOJI and name not in {reaction["name"] for reaction in reactions}:
        raise Refused("too_many_emoji")
    if sum(user in reaction["users"] for reaction in reactions) >= MOST_BY_ONE:
        raise Refused("too_many_reactions")


def _message(channel: Channel, args: Args) -> Json:
    if not args.word("timestamp"):
        raise Refused("no_item_specified")
    return existing_message(channel, args.word("timestamp"))


def has_reacted(message: Json, user: str, name: str) -> bool:
    return any(one["name"] == name and user in one["users"] for one in message.get("reactions", []))
