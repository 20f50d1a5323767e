"""What people do with the app from outside its messages: its shortcuts, its slash command, its Home.

https://docs.slack.dev/interactivity/implementing-shortcuts and
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import copy
import json
from typing import Any

from infra.local.slack.calls import Args, Refused
from infra.local.slack.channel import Channel
from infra.local.slack.crowd import Crowd
from infra.local.slack.hooks import Hook, Hooks
from infra.local.slack.knock import Knocker
from infra.local.slack.team import APP_ID, DOMAIN, TEAM_ID
from infra.local.slack.wire import Reply

Json = dict[str, Any]


class Hands:
    """Reaches for the app; what it has to offer is in its manifest."""

    def __init__(self, knocker: Knocker, crowd: Crowd, hooks: Hooks) -> None:
        self._knocker, self._crowd, self._hooks = knocker, crowd, hooks
        self._workspace = knocker.workspace

    def shortcut(self, user: str, channel: str = "", ts: str = "", name: str = "threadline") -> int:
        """Choose a shortcut, on a message or, without one, on none; gives the app's status, 0 for no answer."""
        with self._knocker.lock:
            person = self._colleague(user)
            kind = "message" if channel else "global"
            if self._workspace.shortcuts.get(name) != kind:
                raise LookupError(f"there is no {kind} shortcut {name}")
            payload = {
                **self._knocker.about(person),
                "callback_id": name,
                "action_ts": self._workspace.next_ts(),
                "trigger_id": self._workspace.surfaces.pull(person),
                **(self._on_message(person, channel, ts) if channel else {"type": "shortcut"}),
            }
        reply = self._knocker.tell(payload)
        place = {"channel": payload["channel"]["id"], "ts": ts} if channel else {}
        return self._knocker.note("shortcut", person, reply, name=name, **place)

    def _colleague(self, user: str) -> str:
        """Find who is of the team: other organisations' people see an app's buttons, and nothing else of it."""
        person = self._crowd.user(user)
        if self._workspace.users[person]["team_id"] != TEAM_ID:
            raise LookupError(f"{user} is of another organisation, which has not installed the app")
        return person

    def _on_message(self, user: str, name: str, ts: str) -> Json:
        channel = self._crowd.channel(name)
        message = self._crowd.pressed(user, channel, ts)
        if "to" in message:
            raise LookupError("what only one person sees has no shortcuts")
        return {
            "type": "message_action",
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": ts,
            "message": copy.deepcopy(message),
            "response_url": self._hooks.open(user, channel),
        }

    def command(self, user: str, text: str, channel: str = "support", thread_ts: str = "") -> int:
        """Type a slash command, such as `/threadline help`; gives the app's status, 0 for no answer in time."""
        with self._knocker.lock:
            person, found = self._colleague(user), self._crowd.channel(channel)
            self._crowd.require_presence(person, found)
            name, _, words = text.partition(" ")
            refusal = self._unheard(name, thread_ts)
            if refusal:
                self._slackbot(found, person, refusal, thread_ts)
                return 0
            form = self._form(person, found, name, words.strip())
        reply = self._knocker.command(form)
        with self._knocker.lock:
            self._answered(Hook(found, person, 0), name, reply)
        return self._knocker.note("command", person, reply, name=name, channel=found.id)

    def _unheard(self, name: str, thread_ts: str) -> str:
        """Say why Slack does not pass it on."""
        if name not in self._workspace.commands:
            return f"`{name}` is not a valid command. In Slack, all commands start with /."
        return f"{name} is not supported in threads. Sorry!" if thread_ts else ""

    def _form(self, user: str, channel: Channel, name: str, words: str) -> Json:
        return {
            "token": "",
            "team_id": TEAM_ID,
            "team_domain": DOMAIN,
            "channel_id": channel.id,
            "channel_name": "privategroup" if channel.is_private else channel.name,
            "user_id": user,
            "user_name": self._workspace.users[user]["name"],
            "command": name,
            "text": words,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._hooks.open(user, channel),
            "trigger_id": self._workspace.surfaces.pull(user),
        }

    def _answered(self, hook: Hook, name: str, reply: Reply) -> None:
        """Show what the app says in its answer, or that there was none."""
        if reply.problem:
            why = "operation_timeout" if reply.problem == "http_timeout" else "dispatch_failed"
            self._slackbot(hook.channel, hook.user, f'{name} failed with the error "{why}"')
            return
        said = reply.body.decode()
        if not said.strip():
            return
        plain = not reply.headers.get("content-type", "").startswith("application/json")
        try:
            self._hooks.apply(hook, Args({"text": said} if plain else json.loads(said)))
        except (Refused, ValueError, TypeError):
            self._slackbot(hook.channel, hook.user, f'{name} failed with the error "invalid_response"')

    def _slackbot(self, channel: Channel, user: str, words: str, thread_ts: str = "") -> None:
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        message = {"user": "USLACKBOT", "username": "Slackbot", "text": words, **thread}
        self._workspace.whisper({**message, "channel": channel.id, "to": user})

    def open_home(self, user: str) -> None:
        """Click on the app's Home; the app is told, and may draw it."""
        with self._knocker.lock:
            person = self._colleague(user)
            home = self._workspace.surfaces.homes.get(person)
            shown = {"view": home.described()} if home else {}
            event = {
                "type": "app_home_opened",
                "user": person,
                "channel": f"D{person[1:]}",
                "tab": "home",
                **shown,
            }
            self._workspace.announce(event)
