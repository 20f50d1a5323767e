"""The response_url that comes with what people do, and what an app may say there.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from infra.local.server import Answer, Call, answer_json
from infra.local.slack.calls import Args, Refused, read_args
from infra.local.slack.channel import Channel
from infra.local.slack.content import read_author, read_content
from infra.local.slack.team import BOT_USER_ID, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

MOST_USES, LIFETIME = 5, 30 * 60


@dataclass(slots=True)
class Hook:
    """Where a response_url leads; it dies after five uses or half an hour."""

    channel: Channel
    user: str
    expires: float
    message: Json = field(default_factory=dict)
    """What it came from; a command and a shortcut come from none, and cannot answer into a thread."""
    uses: int = 0


class Hooks:
    """Takes what the app says to a response_url. Whoever calls it holds the workspace's lock."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.base = ""
        self.reset()

    def reset(self) -> None:
        self._hooks: dict[str, Hook] = {}

    def open(self, user: str, channel: Channel, message: Json | None = None) -> str:
        """Give the address under which the app can answer a person."""
        key = secrets.token_hex(12)
        self._hooks[key] = Hook(channel, user, self._workspace.now() + LIFETIME, message or {})
        return f"{self.base}/actions/{TEAM_ID}/{key}"

    def respond(self, key: str, call: Call) -> Answer:
        hook = self._hooks.get(key)
        if hook is None or self._workspace.now() > hook.expires:
            return answer_json({"ok": False, "error": "expired_url"}, 404)
        if hook.uses >= MOST_USES:
            return answer_json({"ok": False, "error": "used_url"}, 404)
        hook.uses += 1
        try:
            self.apply(hook, read_args(call))
        except Refused as refusal:
            return answer_json(refusal.body, 400)
        return answer_json({"ok": True})

    def apply(self, hook: Hook, args: Args) -> None:
        """Say or draw what the app says in answer."""
        if args.flag("delete_original"):
            self._delete(hook)
            return
        content = read_content(self._workspace, args)
        if args.flag("replace_original") and hook.message:
            self._replace(hook, content)
            return
        channel, message = hook.channel, {**read_author(self._workspace, args), **content}
        thread_ts = args.word("thread_ts")
        if hook.message and thread_ts in channel.messages:
            message["thread_ts"] = thread_ts
        if args.word("response_type") == "in_channel":
            self._workspace.add(channel, message)
            return
        answers = {"answers": hook.message["ts"]} if hook.message else {}
        self._workspace.whisper({**message, "channel": channel.id, "to": hook.user, **answers})

    def _delete(self, hook: Hook) -> None:
        if "to" in hook.message:
            self._workspace.hush(hook.message["ts"])
        elif hook.message.get("ts") in hook.channel.messages:
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
