"""The stand-in's strings over HTTP: `POST /control/<verb>` with JSON, `GET /control/state`."""

from __future__ import annotations

from typing import Any

from infra.local.server import Answer, Call, answer_json
from infra.local.slack.team import APP_ID, BOT_ID, BOT_USER_ID, DOMAIN, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

VERBS = frozenset(
    {
        *("archive", "delete", "drop_events", "edit", "fail", "hold_events", "invite", "kick", "messages"),
        *("press", "quiet", "react", "release_events", "repeat_events", "reset", "revoke", "say", "share"),
        *("state", "thread", "unarchive", "unfurl", "verify_url"),
    }
)


def pull(standin: object, verb: str, call: Call) -> Answer:
    """Call the stand-in's method of that name with the JSON's fields."""
    if verb not in VERBS:
        return answer_json({"ok": False, "error": f"no such control: {verb}"}, 404)
    if (call.method == "GET") != (verb == "state"):
        return answer_json({"ok": False, "error": "method not allowed"}, 405)
    try:
        result = getattr(standin, verb)(**call.json())
    except (LookupError, TimeoutError, TypeError, ValueError) as problem:
        return answer_json({"ok": False, "error": str(problem)}, 400)
    return answer_json(result if verb == "state" else {"ok": True, "result": result})


def show(workspace: Workspace, counts: dict[str, int]) -> Json:
    return {
        "team": {"id": TEAM_ID, "domain": DOMAIN},
        "app": {"id": APP_ID, "bot_id": BOT_ID, "bot_user_id": BOT_USER_ID, "revoked": workspace.revoked},
        "scopes": sorted(workspace.scopes),
        "users": list(workspace.users.values()),
        "channels": [
            {
                **channel.described(),
                "members": list(channel.members),
                "messages": channel.history(),
                "threads": {ts: channel.thread(ts) for ts, replies in channel.replies.items() if replies},
            }
            for channel in workspace.channels.values()
        ],
        "ephemerals": workspace.ephemerals,
        "events": counts,
    }
