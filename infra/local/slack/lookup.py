"""Finding what a call names, or refusing the way Slack refuses."""

from __future__ import annotations

from typing import Any

from infra.local.copies import copied
from infra.local.slack.calls import Args, Refused
from infra.local.slack.channel import Channel
from infra.local.slack.team import BOT_USER_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


def visible_channel(workspace: Workspace, args: Args) -> Channel:
    """Find a channel the app may know of; a private one it is not in does not exist for it."""
    channel = workspace.channels.get(args.word("channel"))
    if channel is None or (channel.is_private and BOT_USER_ID not in channel.members):
        raise Refused("channel_not_found")
    return channel


def member_channel(workspace: Workspace, args: Args) -> Channel:
    channel = visible_channel(workspace, args)
    if BOT_USER_ID not in channel.members:
        raise Refused("not_in_channel")
    return channel


def open_channel(workspace: Workspace, args: Args) -> Channel:
    channel = visible_channel(workspace, args)
    if channel.is_archived:
        raise Refused("is_archived")
    return member_channel(workspace, args)


def kind_of(channel: Channel) -> str:
    """Give the word that a channel's scopes begin with."""
    return "groups" if channel.is_private else "channels"


def existing_message(channel: Channel, ts: str) -> Json:
    message = channel.messages.get(ts)
    if message is None or message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    return message


def as_read(message: Json, *, all_metadata: bool = False) -> Json:
    """Copy a message as reading methods show it: of metadata only the type, unless all is asked for."""
    shown = copied(message)
    if "metadata" in shown and not all_metadata:
        del shown["metadata"]["event_payload"]
    return shown
