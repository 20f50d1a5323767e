"""The strings of this stand-in, and what there is to see of it."""

from __future__ import annotations

from typing import Any

from infra.local import controls
from infra.local.server import Answer, Call
from infra.local.slack import emoji
from infra.local.slack.team import APP_ID, BOT_ID, BOT_USER_ID, DOMAIN, HINTS, LABELS, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

VERBS = frozenset(
    {
        *("again", "archive", "close_modal", "command", "delete", "delete_channel", "dismiss", "drop_events"),
        *("edit", "fail", "fill", "hold_events", "home", "invite", "kick", "leave", "look", "mend", "messages"),
        *("modal", "move_channel", "open_home", "press", "press_in_view", "quiet", "react", "release_events"),
        *("rename", "repeat_events", "reset", "revoke", "say", "share", "shortcut", "submit", "thread"),
        *("unarchive", "unfurl", "unshare", "verify_url"),
    }
)
FILES = frozenset({"delete_file", "file_posts", "file_stubs", "spoil_file"})
VIEWS = frozenset({"changes", "emoji", "state"})


def pull(standin: object, files: object, call: Call) -> Answer:
    """Call the stand-in's method of that name, or its files', for whoever is on this machine."""
    verbs = {verb: getattr(standin, verb) for verb in VERBS | VIEWS if verb != "emoji"}
    verbs |= {verb: getattr(files, verb) for verb in FILES} | {"emoji": emoji.catalogue}
    return controls.stranger(call) or controls.pull(
        verbs, VIEWS, call, lambda result: {"ok": True, "result": result}
    )


def show(workspace: Workspace, troubles: Json, mark: Json) -> Json:
    surfaces = workspace.surfaces
    return {
        "team": {"id": TEAM_ID, "domain": DOMAIN},
        "app": {
            "id": APP_ID,
            "bot_id": BOT_ID,
            "bot_user_id": BOT_USER_ID,
            **_offers(workspace),
            **troubles["app"],
        },
        "scopes": sorted(workspace.scopes),
        "users": list(workspace.users.values()),
        "usergroups": list(workspace.groups.values()),
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
        "modals": {user: [each.shown() for each in stack] for user, stack in surfaces.stacks.items() if stack},
        "homes": {user: home.shown() for user, home in surfaces.homes.items()},
        **{name: value for name, value in troubles.items() if name != "app"},
        "journal": mark,
    }


def _offers(workspace: Workspace) -> Json:
    return {
        "commands": sorted(workspace.commands),
        "hints": HINTS,
        "shortcuts": [
            {"name": name, "type": kind, "label": LABELS.get(name, name)}
            for name, kind in workspace.shortcuts.items()
        ],
        "home_tab": workspace.home_tab,
    }
