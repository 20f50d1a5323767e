"""A strict stand-in for Telegram: one bot, its webhook, and the customers' phones."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from infra.local.phones import Faults, Heard, Hook, Phones, Webhooks, Written, control
from infra.local.server import Answer, Call, Server
from infra.local.telegram import wire
from infra.local.telegram.bot import MEDIA, Bot, Chat, Webhook
from infra.local.telegram.lanes import Lanes

PEOPLE = ("first_name", "last_name", "username", "language_code")
VERBS = (
    "write", "edit", "press", "react", "know", "phone", "read", "fail", "repeat", "block", "unblock",
    "quiet", "reset", "state",
)  # fmt: skip


@dataclass(eq=False)
class TelegramStandIn:
    """The Bot API for one bot; `pace` is how long a second of Telegram's retries takes here."""

    webhook_url: str
    bot_token: str
    webhook_secret: str
    username: str = "threadline_bot"
    allowed_updates: Sequence[str] = ()
    port: int = 0
    now: Callable[[], float] = time.time
    pace: float = 0.01
    reach: Callable[[str], str] = str

    def __post_init__(self) -> None:
        self._begin()
        self._server = Server(self._serve, self.port)
        self.url = self._server.url

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._hooks = Webhooks()
        self.calls: list[Call] = []
        self._phones = Phones()
        self._faults = Faults()
        self._update_id = 10**8 + secrets.randbelow(10**8)
        self._lanes = Lanes(self._hooks, self._hook, self.pace)
        self._lanes.answered = self._listen
        webhook = Webhook(self.webhook_url, self.webhook_secret, tuple(self.allowed_updates))
        about = (self.bot_token, self.username, self.now, webhook)
        self._bot = Bot(*about, self._shown, self._hooked, self._lanes.errors)

    def close(self) -> None:
        self._hooks.stop()
        self._server.close()

    def reset(self) -> None:
        """Forget everything, webhooks under way and a webhook set by call included."""
        self._hooks.stop(patience=5)
        self._begin()

    def know(self, who: int | str, **about: Any) -> None:
        """Let a person exist who has not written to the bot; `about` may name a `chat` of another type."""
        chat = self._chat(who, about.get("chat", {}))
        chat.about.update({name: about[name] for name in PEOPLE[:3] if name in about})

    def _chat(self, who: int | str, about: Mapping[str, Any]) -> Chat:
        home = {"id": int(about.get("id", who)), "type": "private", **about}
        if home["type"] == "private":
            home.setdefault("first_name", "Ana")
        return self._bot.chats.setdefault(home["id"], Chat(home))

    def write(self, who: int | str, text: str = "", **about: Any) -> Written:
        """Let a customer write; `about` takes names, `chat` (for groups), and content by its message key."""
        with self._lock:
            self.know(who, **about)
            chat = self._chat(who, about.get("chat", {}))
            chat.wrote, chat.blocked = True, False
            message = {
                "message_id": chat.number(),
                "from": self._person(who, chat, about),
                "chat": dict(chat.about),
                "date": int(self.now()),
                **_text(text),
                **{
                    name: self._content(name, value)
                    for name, value in about.items()
                    if name not in (*PEOPLE, "chat")
                },
            }
            chat.messages[message["message_id"]] = message
        self._show(chat.about["id"], message, "from_customer")
        return self._update(chat, "message", message, str(message["message_id"]))

    def _person(self, who: int | str, chat: Chat, about: Mapping[str, Any]) -> dict[str, Any]:
        names = {name: source[name] for source in (chat.about, about) for name in PEOPLE if name in source}
        return {"id": int(who), "is_bot": False, "first_name": "Ana", **names}

    def _content(self, name: str, value: Any) -> Any:
        """Keep the files of a message: whatever has `data`."""
        if name == "photo":
            return [self._content("", size) for size in value]
        return self._bot.keep(value) if isinstance(value, dict) and "data" in value else value

    def edit(self, who: int | str, message_id: int | str, text: str) -> Written:
        """Let a customer change a message."""
        chat = self._bot.chats[int(who)]
        message = chat.messages[int(message_id)]
        message.pop("entities", None)
        message.update(_text(text), edit_date=int(self.now()))
        self._phones.update(f"{who}/{message_id}", text=text)
        return self._update(chat, "edited_message", message, str(message_id))

    def press(self, who: int | str, message_id: int | str, data: str) -> Written:
        """Let a customer press a button below one of our messages."""
        chat = self._bot.chats[int(who)]
        query = str(secrets.randbelow(10**18))
        self._bot.queries.add(query)
        message = chat.messages[int(message_id)]
        about = {"from": self._person(who, chat, {}), "message": message, "chat_instance": "1", "data": data}
        return self._update(chat, "callback_query", {"id": query, **about}, query)

    def react(self, who: int | str, message_id: int | str, emoji: str = "") -> Written:
        """Let a customer react to a message, or take the reaction back."""
        chat = self._bot.chats[int(who)]
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        about = {"chat": chat.about, "message_id": int(message_id), "user": self._person(who, chat, {})}
        when = {"date": int(self.now()), "old_reaction": [], "new_reaction": new}
        return self._update(chat, "message_reaction", {**about, **when}, str(message_id))

    def phone(self, who: int | str) -> list[dict[str, Any]]:
        return [{**entry, "id": entry["id"].partition("/")[2]} for entry in self._phones.of(str(who))]

    def read(self, who: int | str) -> list[str]:
        """Let the customer open the chat; Telegram tells nobody."""
        unread = self._phones.unread(str(who))
        for name in unread:
            self._phones.update(name, state="read")
        return [name.partition("/")[2] for name in unread]

    def block(self, who: int | str) -> Written:
        return self._join(who, "member", "kicked")

    def unblock(self, who: int | str) -> Written:
        return self._join(who, "kicked", "member")

    def _join(self, who: int | str, old: str, new: str) -> Written:
        chat = self._bot.chats[int(who)]
        chat.blocked = new == "kicked"
        until = {"until_date": 0} if chat.blocked else {}
        change = {
            "chat": chat.about,
            "from": self._person(who, chat, {}),
            "date": int(self.now()),
            "old_chat_member": {"user": self._bot.me, "status": old},
            "new_chat_member": {"user": self._bot.me, "status": new, **until},
        }
        return self._update(chat, "my_chat_member", change, "")

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; `on` is a part of "METHOD /path" that a call must contain."""
        self._faults.plan(how, times, on)

    def repeat(self, n: int) -> None:
        self._hooks.extra = n

    def quiet(self, timeout: float = 10) -> None:
        self._hooks.quiet(timeout)

    def state(self) -> dict[str, Any]:
        return {
            "phones": {who: self.phone(who) for who in self._phones.everyone()},
            "calls": [f"{call.method} {call.path.rpartition('/')[2]}" for call in self.calls],
            "webhook": self._bot.webhook.url,
            "pending": self._hooks.pending,
        }

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, call)
        self.calls.append(call)
        return self._faults.around(call, lambda _: self._answer(call), wire.spoil)

    def _answer(self, call: Call) -> Answer:
        with self._lock:
            return self._bot.answer(call)

    def _shown(self, chat: int, message: dict[str, Any], state: str) -> None:
        if state == "sent":
            self._show(chat, message, "to_customer")
        else:
            self._phones.update(f"{chat}/{message['message_id']}", text=message.get("text", ""), state=state)

    def _show(self, chat: int, message: Mapping[str, Any], direction: str) -> None:
        kind = next((name for name in (*MEDIA, "location", "contact") if name in message), "text")
        text = message.get("text") or message.get("caption") or f"[{kind}]"
        self._phones.show(str(chat), direction, text, f"{chat}/{message['message_id']}", type=kind)

    def _update(self, chat: Chat, kind: str, content: Mapping[str, Any], name: str) -> Written:
        """Send an update, unless its kind was not asked for."""
        allowed = self._bot.webhook.allowed
        if not (kind in allowed if allowed else kind not in wire.NOT_BY_DEFAULT):
            return Written(0, name)
        with self._lock:
            self._update_id += 1
            body = json.dumps({"update_id": self._update_id, kind: content}).encode()
        lane = f"{chat.about['id']} {kind}"
        if not self._bot.webhook.url:
            self._lanes.keep(lane, body)
            return Written(0, name)
        return Written(self._lanes.deliver(lane, body), name, (name,))

    def _hook(self, body: bytes) -> Hook | None:
        webhook = self._bot.webhook
        secret = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        headers = {"Content-Type": "application/json", **secret}
        return Hook(self.reach(webhook.url), body, headers) if webhook.url else None

    def _hooked(self, drop: bool) -> None:  # noqa: FBT001 - the bot's own callback
        if drop:
            self._lanes.clear()
        elif self._bot.webhook.url:
            self._lanes.release()

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
                    self._bot.call(str(given["method"]), given)
        except (ValueError, wire.Refused):
            return


def _text(text: str) -> dict[str, Any]:
    marks = wire.commands(text)
    return ({"text": text} if text else {}) | ({"entities": marks} if marks else {})
