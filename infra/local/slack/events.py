"""The events Slack tells an app of, and the envelope they come in.

https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

from typing import Any

from infra.local.slack.team import APP_ID, BOT_USER_ID, TEAM_ID

Json = dict[str, Any]


def envelope(event: Json, number: int, moment: float, *, shared: bool) -> Json:
    return {
        "token": "",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev0THREAD{number:06X}",
        "event_time": int(moment),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{number:06x}",
    }


def about(event: Json) -> Json:
    """Name an event for whoever watches: its type, its subtype, and the message it is about."""
    item = event.get("item", {})
    message = event.get("message", {})
    place = event.get("channel") or item.get("channel")
    told = {
        "event": event["type"],
        "subtype": event.get("subtype"),
        "channel": place["id"] if isinstance(place, dict) else place,
        "ts": event.get("deleted_ts") or message.get("ts") or event.get("ts") or item.get("ts"),
    }
    return {name: value for name, value in told.items() if value}


def posted(message: Json, root: Json | None) -> Json:
    event = {**message, "event_ts": message["ts"]}
    return {**event, "root": root} if root and message.get("subtype") == "thread_broadcast" else event


def changed(message: Json, previous: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message,
        "previous_message": previous,
        "ts": ts,
        "event_ts": ts,
    }


def deleted(previous: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": previous["ts"],
        "previous_message": previous,
        "ts": ts,
        "event_ts": ts,
    }


def reaction(kind: str, user: str, name: str, message: Json, place: tuple[str, str]) -> Json:
    channel, ts = place
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel, "ts": message["ts"]},
        "event_ts": ts,
    }
    return {**event, "item_user": message["user"]} if "user" in message else event


def membership(kind: str, user: str, channel: str, *, private: bool, ts: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": channel,
        "channel_type": "G" if private else "C",
        "team": TEAM_ID,
        "event_ts": ts,
    }


def tombstone(message: Json) -> Json:
    threading = ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message["ts"],
        **{name: message[name] for name in threading if name in message},
    }
