"""Pressing what the app put under a message, and the response_url that comes with it.

https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import copy
import json
import secrets
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from infra.local.journal import Journal
from infra.local.server import Answer, Call, answer_json
from infra.local.slack.block_kit import actions_of
from infra.local.slack.calls import Refused, read_args
from infra.local.slack.channel import Channel
from infra.local.slack.content import read_author, read_content
from infra.local.slack.team import APP_ID, BOT_USER_ID, DOMAIN, TEAM_ID
from infra.local.slack.wire import Post, Signer
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

MOST_USES, LIFETIME = 5, 30 * 60
_CHOICE = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
}


@dataclass(slots=True)
class Hook:
    """Where a response_url leads; it dies after five uses or half an hour."""

    channel: Channel
    message: Json
    user: str
    expires: float
    uses: int = 0


class Buttons:
    """Tells the app what was pressed, and takes what it says to the response_url."""

    def __init__(
        self, workspace: Workspace, signer: Signer, url: str, lock: threading.RLock, journal: Journal, post: Post
    ) -> None:
        self._workspace, self._signer, self._url, self._lock = workspace, signer, url, lock
        self._journal, self._post = journal, post
        self._hooks: dict[str, Hook] = {}

    def reset(self) -> None:
        self._hooks.clear()

    def press(self, user: str, place: tuple[Channel, Json], action: str, choice: str, base: str) -> int:
        """Give the app's status, or 0 when it did not answer in time."""
        with self._lock:
            payload = self._payload(user, place, action, choice, base)
            body = urlencode({"payload": json.dumps(payload)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._signer.headers(body)}
        status = self._post(self._url, body, headers, 3.0).status
        channel, message = place
        about = {"user": user, "action_id": action, "channel": channel.id, "ts": message["ts"]}
        self._journal.add("pressed", **about, status=status)
        return status

    def _payload(self, user: str, place: tuple[Channel, Json], action: str, choice: str, base: str) -> Json:
        channel, message = place
        person = self._workspace.users[user]
        ephemeral = "to" in message
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        shown = {} if ephemeral else {"message": copy.deepcopy(message)}
        return {
            "type": "block_actions",
            "user": {
                "id": user,
                "username": person["name"],
                "name": person["name"],
                "team_id": person["team_id"],
            },
            "api_app_id": APP_ID,
            "token": "",
            "container": container,
            "trigger_id": f"1.2.{secrets.token_hex(16)}",
            "team": {"id": TEAM_ID, "domain": DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel.id, "name": channel.name},
            **shown,
            "state": {"values": {}},
            "response_url": self._open_hook(Hook(channel, message, user, self._signer.now() + LIFETIME), base),
            "actions": [self._action(message, action, choice)],
        }

    def _action(self, message: Json, action_id: str, choice: str) -> Json:
        for block, element in actions_of(message.get("blocks", [])):
            if element["action_id"] == action_id:
                told = {name: value for name, value in element.items() if name not in {"confirm", "url"}}
                chosen = _chosen(element, choice)
                ids = {"block_id": block["block_id"], "action_ts": self._workspace.next_ts()}
                return copy.deepcopy({**told, **chosen, **ids})
        raise LookupError(f"nothing to press is called {action_id}")

    def _open_hook(self, hook: Hook, base: str) -> str:
        key = secrets.token_hex(12)
        self._hooks[key] = hook
        return f"{base}/actions/{TEAM_ID}/{key}"

    def respond(self, key: str, call: Call) -> Answer:
        with self._lock:
            hook = self._hooks.get(key)
            if hook is None or self._signer.now() > hook.expires:
                return answer_json({"ok": False, "error": "expired_url"}, 404)
            if hook.uses >= MOST_USES:
                return answer_json({"ok": False, "error": "used_url"}, 404)
            hook.uses += 1
            try:
                self._apply(hook, call)
            except Refused as refusal:
                return answer_json(refusal.body, 400)
            return answer_json({"ok": True})

    def _apply(self, hook: Hook, call: Call) -> None:
        args = read_args(call)
        channel, ts = hook.channel, hook.message["ts"]
        if args.flag("delete_original"):
            self._delete(hook)
            return
        content = read_content(self._workspace, args)
        if args.flag("replace_original"):
            self._replace(hook, content)
            return
        message = {**read_author(self._workspace, args), **content}
        thread_ts = args.word("thread_ts") or hook.message.get("thread_ts", "")
        if thread_ts and thread_ts in channel.messages:
            message["thread_ts"] = thread_ts
        if args.word("response_type") == "in_channel":
            self._workspace.add(channel, message)
            return
        self._workspace.whisper({**message, "channel": channel.id, "to": hook.user, "answers": ts})

    def _delete(self, hook: Hook) -> None:
        if "to" in hook.message:
            self._workspace.hush(hook.message["ts"])
        elif hook.message["ts"] in hook.channel.messages:
            self._workspace.remove(hook.channel, hook.message["ts"])

    def _replace(self, hook: Hook, content: Json) -> None:
        current = hook.channel.messages.get(hook.message["ts"], hook.message)
        kept = {name: value for name, value in current.items() if name not in {"text", "blocks"}}
        if "to" in hook.message:
            hook.message = {**kept, **content}
            self._workspace.change_whisper(hook.message)
        elif hook.message["ts"] in hook.channel.messages:
            edited = {"user": BOT_USER_ID, "ts": self._workspace.next_ts()}
            self._workspace.change(hook.channel, {**kept, **content, "edited": edited})


def _chosen(element: Json, choice: str) -> Json:
    if element["type"] in _CHOICE:
        return {_CHOICE[element["type"]]: choice}
    options = element.get("options", [])
    option = next((one for one in options if one.get("value") == choice), None)
    if element["type"] == "external_select":
        option = {"text": {"type": "plain_text", "text": choice}, "value": choice}
    return {"selected_option": option} if option else {}
