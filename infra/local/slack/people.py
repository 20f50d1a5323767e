"""The methods about who is who: auth.*, users.*, usergroups.*, team.*."""

from __future__ import annotations

from typing import Any

from infra.local.copies import copied
from infra.local.server import Answer, answer_json
from infra.local.slack.calls import Args, Refused
from infra.local.slack.team import BOT_ID, BOT_USER_ID, DOMAIN, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


def auth_test(workspace: Workspace, _: Args) -> Json:
    return {
        "ok": True,
        "url": f"https://{DOMAIN}.slack.com/",
        "team": "Threadline",
        "user": workspace.users[BOT_USER_ID]["name"],
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def user_info(workspace: Workspace, args: Args) -> Json:
    user = workspace.users.get(args.word("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"ok": True, "user": _as_granted(workspace, user)}


def user_list(workspace: Workspace, _: Args) -> Json:
    members = [_as_granted(workspace, user) for user in workspace.users.values()]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}


def group_list(workspace: Workspace, _: Args) -> Json:
    """Name the groups; whom they hold is told only on request, and nobody here asks."""
    told = [{name: group[name] for name in group if name != "users"} for group in workspace.groups.values()]
    return {"ok": True, "usergroups": told}


def team_info(_: Workspace, __: Args) -> Json:
    team = {"id": TEAM_ID, "name": "Threadline", "domain": DOMAIN, "email_domain": "", "icon": {}}
    return {"ok": True, "team": team}


def _as_granted(workspace: Workspace, user: Json) -> Json:
    shown = copied(user)
    picture = f"{workspace.cabinet.home}/avatars/{user['id']}.svg"
    shown["profile"] |= {f"image_{size}": picture for size in (24, 32, 48, 72, 192, 512)}
    if "users:read.email" not in workspace.scopes:
        shown["profile"].pop("email", None)
    return shown


def picture(workspace: Workspace, name: str) -> Answer:
    """Draw somebody's picture: their initials on their colour."""
    user = workspace.users.get(name.removesuffix(".svg"))
    if user is None:
        return answer_json({"error": "not found"}, 404)
    initials = "".join(word[0] for word in user["real_name"].split()[:2])
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">'
        f'<rect width="72" height="72" rx="10" fill="#{user["color"]}"/>'
        '<text x="36" y="46" font-family="sans-serif" font-size="28" fill="#fff" text-anchor="middle">'
        f"{initials}</text></svg>"
    )
    return Answer(body=drawn.encode(), headers={"Content-Type": "image/svg+xml"})
