"""A bot's updates on their way to its webhook."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from infra.local.outside import About, Heard, Hook
from infra.local.phones import Written
from infra.local.telegram import wire
from infra.local.telegram.bot import Bot, Chat
from infra.local.telegram.lanes import Lanes, Update
from infra.local.webhooks import Webhooks


class Updates:
    """Sends what happens in the bot's chats, as far as it was asked for, and makes the calls that come back."""

    def __init__(self, hooks: Webhooks, pace: float, reach: Callable[[str], str], lock: threading.RLock) -> None:
        self.bot: Bot
        self.lanes = Lanes(hooks, self._hook, pace)
        self.lanes.answered = self._listen
        self._reach = reach
        self._lock = lock
        self._last = 10**8 + secrets.randbelow(10**8)

    def send(self, chat: Chat, kind: str, content: Mapping[str, Any], name: str) -> Written:
        """Send an update, unless its kind was not asked for; `name` is what the customer did it to."""
        allowed = self.bot.webhook.allowed
        if not (kind in allowed if allowed else kind not in wire.NOT_BY_DEFAULT):
            return Written(0, name)
        with self._lock:
            self._last += 1
            body = json.dumps({"update_id": self._last, kind: content}).encode()
        who = str(chat.about["id"])
        update = Update(f"{who} {kind}", body, About(kind, who, (name,) if name else ()))
        if not self.bot.webhook.url:
            self.lanes.keep(update)
            return Written(0, name)
        return Written(self.lanes.deliver(update), name, (name,))

    def hooked(self, drop: bool) -> None:  # noqa: FBT001 - the bot's own callback
        """Follow the webhook that was set or taken away."""
        if drop:
            self.lanes.clear()
        elif self.bot.webhook.url:
            self.lanes.release()

    def _hook(self, update: Update) -> Hook | None:
        webhook = self.bot.webhook
        secret = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        headers = {"Content-Type": "application/json", **secret}
        return Hook(self._reach(webhook.url), update.body, headers, update.about) if webhook.url else None

    def _listen(self, heard: Heard) -> None:
        """Make the call that an answer to a webhook may carry; its result is lost, as at Telegram."""
        try:
            given = (
                json.loads(heard.body)
                if heard.kind == "application/json"
                else dict(parse_qsl(heard.body.decode()))
            )
            if isinstance(given, dict) and given.get("method"):
                with self._lock:
                    self.bot.call(str(given["method"]), given)
        except (ValueError, wire.Refused):
            return
