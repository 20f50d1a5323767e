"""The stand-in's strings over HTTP: `POST /control/<verb>` with JSON; what is only looked at with GET."""

from __future__ import annotations

import json
import math
from typing import Any

from infra.local.server import Answer, Call, answer_json
from infra.local.slack.team import APP_ID, BOT_ID, BOT_USER_ID, DOMAIN, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

VERBS = frozenset(
    {
        *("archive", "delete", "dismiss", "drop_events", "edit", "fail", "hold_events", "invite", "kick"),
        *("mend", "messages", "press", "quiet", "react", "release_events", "repeat_events", "reset", "revoke"),
        *("say", "share", "thread", "unarchive", "unfurl", "verify_url"),
    }
)
VIEWS = frozenset({"changes", "emoji", "state"})


def pull(standin: object, verb: str, call: Call) -> Answer:
    """Call the stand-in's method of that name with the JSON's fields."""
    if verb not in VERBS | VIEWS:
        return answer_json({"ok": False, "error": f"no such control: {verb}"}, 404)
    if (call.method == "GET") != (verb in VIEWS):
        return answer_json({"ok": False, "error": "method not allowed"}, 405)
    try:
        result = getattr(standin, verb)(**(_asked(call) if verb in VIEWS else call.json()))
    except (LookupError, TimeoutError, TypeError, ValueError) as problem:
        return answer_json({"ok": False, "error": str(problem)}, 400)
    return answer_json(result if verb in VIEWS else {"ok": True, "result": result})


def _asked(call: Call) -> Json:
    """Read the query; nan would wait for ever."""
    numbers = {name: json.loads(call.query[name]) for name in ("since", "wait") if name in call.query}
    if not all(isinstance(number, int | float) and 0 <= number < math.inf for number in numbers.values()):
        raise ValueError("since and wait are numbers from 0")
    return {**call.query, **numbers}


def show(workspace: Workspace, troubles: Json, mark: Json) -> Json:
    return {
        "team": {"id": TEAM_ID, "domain": DOMAIN},
        "app": {"id": APP_ID, "bot_id": BOT_ID, "bot_user_id": BOT_USER_ID, **troubles["app"]},
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
        **{name: value for name, value in troubles.items() if name != "app"},
        "journal": mark,
    }
