"""The workspace as the stand-in begins: the team, its people, its channels and the app."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEAM_ID, OTHER_TEAM_ID = "T0THREAD", "T0OTHER"
DOMAIN = "threadline"
APP_ID, BOT_ID, BOT_USER_ID = "A0THREAD", "B0THREAD", "U0THREAD"

BOB, MIA, OUTSIDER, OTHER_BOT = "U0BOB", "U0MIA", "U0OUTSIDER", "U0OTHERBOT"
OTHER_BOT_ID, OTHER_APP_ID = "B0OTHERBOT", "A0OTHERBOT"

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


def _person(user_id: str, name: str, real_name: str, team: str = TEAM_ID, bot_id: str = "") -> Json:
    profile = {"real_name": real_name, "display_name": name, "email": f"{name}@example.com"}
    if bot_id:
        profile = {"real_name": real_name, "display_name": name, "bot_id": bot_id}
    return {
        "id": user_id,
        "team_id": team,
        "name": name,
        "real_name": real_name,
        "deleted": False,
        "is_bot": bool(bot_id),
        "is_stranger": team != TEAM_ID,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_app_user": False,
        "tz": "Europe/Istanbul",
        "profile": profile,
    }


def people() -> dict[str, Json]:
    everyone = [
        _person(BOB, "bob", "Bob Brown"),
        _person(MIA, "mia", "Mia Meyer"),
        _person(OUTSIDER, "olga", "Olga Outsider", OTHER_TEAM_ID),
        _person(BOT_USER_ID, "threadline", "Threadline", bot_id=BOT_ID),
        _person(OTHER_BOT, "otherbot", "Other Bot", bot_id=OTHER_BOT_ID),
    ]
    return {person["id"]: person for person in everyone}
