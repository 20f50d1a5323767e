"""A strict stand-in for Telegram: one bot, its webhook, and the customers' phones."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.outside import Outside
from infra.local.phones import Written
from infra.local.server import Answer, Call
from infra.local.telegram import calls, wire
from infra.local.telegram.bot import Bot, Chat, Webhook
from infra.local.telegram.files import MEDIA
from infra.local.telegram.updates import Updates
from infra.local.watched import COMMON, Watched, control
from infra.local.watched import MEDIA as HOME

PEOPLE = ("first_name", "last_name", "username", "language_code")
VERBS = (*COMMON, "edit", "press", "react", "know", "block", "unblock")


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
    outside: Outside = field(default_factory=Outside)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._watched = Watched(self.now, self.outside)
        self._begin()
        self._server = self.outside.listen(self._serve, self.port)
        self.url = self._server.url

    def _begin(self) -> None:
        self._hooks, self._phones = self._watched.hooks, self._watched.phones
        self._updates = Updates(self._hooks, self.pace, self.reach, self._lock)
        webhook = Webhook(self.webhook_url, self.webhook_secret, tuple(self.allowed_updates))
        about = (self.bot_token, self.username, self.now, webhook)
        self._bot = Bot(*about, self._shown, self._updates.hooked, self._updates.lanes.errors)
        self._updates.bot = self._bot

    def close(self) -> None:
        self._watched.close()
        self._server.close()

    def reset(self) -> None:
        """Forget everything, webhooks under way and a webhook set by call included."""
        self._hooks.stop(patience=5)
        with self._lock:
            self._watched.begin()
            self._begin()

    def know(self, who: int | str, **about: Any) -> None:
        """Let a person exist who has not written to the bot; `about` may name a `chat` of another type."""
        chat = self._chat(who, about.get("chat", {}))
        chat.about.update({name: about[name] for name in PEOPLE[:3] if name in about})
        names = [chat.about.get(name) for name in ("first_name", "last_name", "title")]
        self._phones.meet(str(chat.about["id"]), " ".join(name for name in names if name))

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
            self._stand(chat)
        return self._updates.send(chat, "message", message, str(message["message_id"]))

    def _stand(self, chat: Chat) -> None:
        self._phones.stand(str(chat.about["id"]), "telegram", blocked=chat.blocked)

    def _person(self, who: int | str, chat: Chat, about: Mapping[str, Any]) -> dict[str, Any]:
        names = {name: source[name] for source in (chat.about, about) for name in PEOPLE if name in source}
        return {"id": int(who), "is_bot": False, "first_name": "Ana", **names}

    def _content(self, name: str, value: Any) -> Any:
        """Keep the files of a message: whatever has `data`."""
        if isinstance(value, list):
            return [self._content(name, size) for size in value]
        return self._bot.files.keep(value, name) if isinstance(value, dict) and "data" in value else value

    def edit(self, who: int | str, message_id: int | str, text: str) -> Written:
        """Let a customer change a message."""
        with self._lock:
            chat = self._bot.chats[int(who)]
            message = chat.messages[int(message_id)]
            message.pop("entities", None)
            message.update(_text(text), edit_date=int(self.now()))
            self._phones.update(str(message_id), str(who), text=text, edited=True)
        return self._updates.send(chat, "edited_message", message, str(message_id))

    def press(self, who: int | str, message_id: int | str, data: str) -> Written:
        """Let a customer press a button below one of our messages."""
        chat = self._bot.chats[int(who)]
        query = str(secrets.randbelow(10**18))
        self._bot.queries.add(query)
        message = chat.messages[int(message_id)]
        about = {"from": self._person(who, chat, {}), "message": message, "chat_instance": "1", "data": data}
        return self._updates.send(chat, "callback_query", {"id": query, **about}, query)

    def react(self, who: int | str, message_id: int | str, emoji: str = "") -> Written:
        """Let a customer react to a message, or take the reaction back."""
        chat = self._bot.chats[int(who)]
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        about = {"chat": chat.about, "message_id": int(message_id), "user": self._person(who, chat, {})}
        when = {"date": int(self.now()), "old_reaction": [], "new_reaction": new}
        return self._updates.send(chat, "message_reaction", {**about, **when}, str(message_id))

    def phone(self, who: int | str) -> list[dict[str, Any]]:
        return self._phones.of(str(who))

    def read(self, who: int | str) -> list[str]:
        """Let the customer open the chat; Telegram tells nobody."""
        unread = self._phones.unread(str(who))
        for name in unread:
            self._phones.update(name, str(who), state="read")
        return unread

    def block(self, who: int | str) -> Written:
        return self._join(who, "member", "kicked")

    def unblock(self, who: int | str) -> Written:
        return self._join(who, "kicked", "member")

    def _join(self, who: int | str, old: str, new: str) -> Written:
        chat = self._bot.chats[int(who)]
        with self._lock:
            chat.blocked = new == "kicked"
            self._stand(chat)
        until = {"until_date": 0} if chat.blocked else {}
        change = {
            "chat": chat.about,
            "from": self._person(who, chat, {}),
            "date": int(self.now()),
            "old_chat_member": {"user": self._bot.me, "status": old},
            "new_chat_member": {"user": self._bot.me, "status": new, **until},
        }
        return self._updates.send(chat, "my_chat_member", change, "")

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; `on` is a part of "METHOD /path" that a call must contain."""
        self._watched.faults.plan(how, times, on)

    def repeat(self, n: int) -> None:
        self._watched.faults.repeat(n)

    def mend(self, how: Mapping[str, Any] | None = None) -> None:
        self._watched.faults.mend(how)

    def quiet(self, timeout: float = 10) -> None:
        self._hooks.quiet(timeout)

    def changes(self, since: int = 0, wait: float = 0, boot: str = "") -> dict[str, Any]:
        """Tell what happened after `since`, waiting for news if there is none."""
        return self._watched.changes(since, wait, boot)

    def state(self) -> dict[str, Any]:
        with self._lock:
            ours = {"telegram": f"@{self._bot.username}"}
            return {**self._watched.state(), "webhook": self._bot.webhook.url, "ours": ours}

    @property
    def calls(self) -> list[Call]:
        """The last calls of the API, as they came."""
        return list(self._watched.faults.calls)

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, self._bot.files.find, call)
        return self._watched.faults.around(call, lambda _: self._answer(call), wire.spoil, calls.about)

    def _answer(self, call: Call) -> Answer:
        with self._lock:
            return self._bot.answer(call)

    def _shown(self, chat: int, message: dict[str, Any], state: str) -> None:
        if state == "sent":
            self._show(chat, message, "to_customer")
        else:
            words = {"text": _words(message), "entities": _marks(message), "edited": True}
            news = {"state": state} if state == "deleted" else words
            self._phones.update(str(message["message_id"]), str(chat), **news)

    def _show(self, chat: int, message: Mapping[str, Any], direction: str) -> None:
        media = self._bot.files.media(message, HOME)
        marks = _marks(message)
        more: dict[str, Any] = {"type": _kind(message)}
        more |= ({"media": media} if media else {}) | ({"entities": marks} if marks else {})
        self._phones.show(str(chat), direction, _words(message), str(message["message_id"]), **more)


def _marks(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return message.get("entities") or message.get("caption_entities") or []


def _kind(message: Mapping[str, Any]) -> str:
    return next((name for name in (*MEDIA, "location", "contact") if name in message), "text")


def _words(message: Mapping[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or f"[{_kind(message)}]")


def _text(text: str) -> dict[str, Any]:
    marks = wire.commands(text)
    return ({"text": text} if text else {}) | ({"entities": marks} if marks else {})
