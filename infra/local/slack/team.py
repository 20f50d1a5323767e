"""The workspace as the stand-in begins: the team, its people, its channels and the app."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEAM_ID, OTHER_TEAM_ID = "T0THREAD", "T0OTHER"
DOMAIN = "threadline"
APP_ID, BOT_ID, BOT_USER_ID = "A0THREAD", "B0THREAD", "U0THREAD"

BOB, MIA, JUN = "U0BOB", "U0MIA", "U0JUN"
GUEST, OUTSIDER, OTHER_BOT = "U0GUEST", "U0OUTSIDER", "U0OTHERBOT"
OTHER_BOT_ID, OTHER_APP_ID = "B0OTHERBOT", "A0OTHERBOT"

SUPPORT_TEAM = "S0SUPPORT"
SUPPORT, SALES, ADMIN, PRIVATE = "C0SUPPORT", "C0SALES", "C0ADMIN", "C0PRIVATE"
ELSEWHERE, ARCHIVED, SHARED = "C0ELSEWHERE", "C0ARCHIVED", "C0SHARED"

SCOPES = frozenset(
    {
        *("channels:history", "channels:join", "channels:read", "chat:write", "chat:write.customize"),
        *("commands", "emoji:read", "files:read", "files:write", "groups:history", "groups:read"),
        *("reactions:read", "reactions:write", "usergroups:read", "users:read"),
    }
)
"""What is granted unless told otherwise; everything else is refused."""

EVENTS = frozenset(
    {
        *("app_home_opened", "channel_archive", "channel_deleted", "channel_id_changed", "channel_left"),
        *("channel_rename", "channel_shared", "channel_unarchive", "channel_unshared", "group_archive"),
        *("group_deleted", "group_left", "group_rename", "group_unarchive"),
        *("file_deleted", "member_joined_channel", "member_left_channel", "message.channels", "message.groups"),
        *("reaction_added", "reaction_removed"),
    }
)
"""What the app is told of unless told otherwise; `tokens_revoked` comes without being asked for."""

COMMANDS = frozenset({"/threadline"})
SHORTCUTS = {"threadline": "message", "threadline_write": "global"}
"""By their callback_id."""
LABELS = {"threadline": "Threadline…", "threadline_write": "Write to a customer"}
HINTS = {"/threadline": "[write | replies | name | help]"}
"""What people read of the shortcuts, and beside the command."""

ZONES = {
    "Europe/Istanbul": ("Europe/Istanbul", "Turkey Time", 10_800),
    "Europe/Berlin": ("Europe/Berlin", "Central European Time", 3_600),
    "Asia/Tokyo": ("Asia/Tokyo", "Japan Standard Time", 32_400),
}
"""As users.info tells them: the name, a label, and the seconds it is ahead in winter."""


def _person(user_id: str, name: str, real_name: str, color: str, **more: Any) -> Json:
    """Describe somebody; `more` brings a title, a zone, another team, or a bot's id, or makes them a guest."""
    team, bot_id = more.get("team", TEAM_ID), more.get("bot_id", "")
    zone, label, offset = ZONES[more.get("zone", "Europe/Istanbul")]
    profile = {
        "real_name": real_name,
        "display_name": real_name,
        "title": more.get("title", ""),
        "status_text": "",
    }
    return {
        "id": user_id,
        "team_id": team,
        "name": name,
        "real_name": real_name,
        "color": color,
        "deleted": False,
        "is_bot": bool(bot_id),
        "is_stranger": team != TEAM_ID,
        "is_restricted": more.get("guest", False),
        "is_ultra_restricted": False,
        "is_app_user": False,
        "tz": zone,
        "tz_label": label,
        "tz_offset": offset,
        "profile": {**profile, **({"bot_id": bot_id} if bot_id else {"email": f"{name}@example.com"})},
    }


def people() -> dict[str, Json]:
    everyone = [
        _person(BOB, "bob", "Bob Brown", "9f69e7", title="Customer support"),
        _person(MIA, "mia", "Mia Meyer", "4bbe2e", title="Head of support", zone="Europe/Berlin"),
        _person(JUN, "jun", "Jun Ito", "e7392d", title="Sales", zone="Asia/Tokyo"),
        _person(GUEST, "gus", "Gus Guest", "e0a729", title="Freelancer", guest=True),
        _person(OUTSIDER, "olga", "Olga Outsider", "3c989f", title="Partner", team=OTHER_TEAM_ID),
        _person(BOT_USER_ID, "threadline", "Threadline", "674b1b", bot_id=BOT_ID),
        _person(OTHER_BOT, "otherbot", "Other Bot", "e96699", bot_id=OTHER_BOT_ID),
    ]
    return {person["id"]: person for person in everyone}


def groups() -> dict[str, Json]:
    """Describe the groups of people that go by one name, as https://docs.slack.dev/reference/objects/usergroup-object."""
    found = {"id": SUPPORT_TEAM, "name": "Support team", "handle": "support-team", "users": [BOB, MIA]}
    return {SUPPORT_TEAM: {**found, "team_id": TEAM_ID, "is_usergroup": True, "date_delete": 0}}
