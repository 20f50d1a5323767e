"""The views.* methods.

https://docs.slack.dev/reference/methods/views.open
"""

from __future__ import annotations

from typing import Any

from infra.local.slack.calls import Args, Refused
from infra.local.slack.surfaces import Window
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


def open_view(workspace: Workspace, args: Args) -> Json:
    return _told(workspace.surfaces.open(args.word("trigger_id"), _view(args)))


def push(workspace: Workspace, args: Args) -> Json:
    return _told(workspace.surfaces.push(args.word("trigger_id"), _view(args)))


def update(workspace: Workspace, args: Args) -> Json:
    """Draw a view anew, if it is still open and nobody was faster."""
    view = _view(args)
    if not (args.word("view_id") or args.word("external_id")):
        raise Refused(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view_id"]}
        )
    window = workspace.surfaces.find(args.word("view_id"), args.word("external_id"))
    workspace.surfaces.check(view, window.view["type"])
    _same_hash(window, args)
    return _told(workspace.surfaces.update(window, view))


def publish(workspace: Workspace, args: Args) -> Json:
    user = args.word("user_id")
    if user not in workspace.users:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] no such user: user_id"]})
    if not workspace.home_tab:
        raise Refused("not_enabled")
    if user in workspace.surfaces.homes:
        _same_hash(workspace.surfaces.homes[user], args)
    return _told(workspace.surfaces.publish(user, _view(args)))


def _same_hash(window: Window, args: Args) -> None:
    if args.word("hash") and args.word("hash") != window.hash:
        raise Refused("hash_conflict")


def _view(args: Args) -> Json:
    view: Any = args.structure("view", "invalid_arguments")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] must be an object: view"]})
    return view


def _told(window: Window) -> Json:
    return {"ok": True, "view": window.described()}
