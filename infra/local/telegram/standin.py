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
from infra.local.telegram import calls, shown, wire
from infra.local.telegram.bot import Bot, Chat, Webhook
from infra.local.telegram.files import MEDIA
from infra.local.telegram.updates import Updates
from infra.local.watched import COMMON, Watched, control

PEOPLE = ("first_name", "last_name", "username", "language_code")
OURS = (*PEOPLE, "chat", "reply_to", "face")
VERBS = (*COMMON, "album", "edit", "delete", "press", "react", "know", "block", "unblock")
LARGEST = 64 * 1024 * 1024
"""Bytes of a call: more than any file that Telegram takes."""


@dataclass(eq=False)
class TelegramStandIn:
    """The Bot API for one bot; `pace` is how long a second of Telegram's retries takes here.

    With `faces` people have a picture, unless they are said to have none or another.
    """

    webhook_url: str
    bot_token: str
    webhook_secret: str
    username: str = "threadline_bot"
    allowed_updates: Sequence[str] = ()
    port: int = 0
    faces: bool = False
    now: Callable[[], float] = time.time
    pace: float = 0.01
    reach: Callable[[str], str] = str
    outside: Outside = field(default_factory=Outside)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._watched = Watched(self.now, self.outside)
        self._begin()
        self._server = self.outside.listen(self._serve, self.port, LARGEST)
        self.url = self._server.url

    def _begin(self) -> None:
        self._hooks, self._phones = self._watched.hooks, self._watched.phones
        self._updates = Updates(self._hooks, self.pace, self.reach, self._lock)
        webhook = Webhook(self.webhook_url, self.webhook_secret, tuple(self.allowed_updates))
        about = (self.bot_token, self.username, self.now, webhook)
        told = (self._shown, self._updates.hooked, self._updates.lanes.errors)
        self._bot = Bot(*about, *told, self.outside, self._lock)
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
        """Let a person exist who has not written to the bot; `about` may name a `chat` of another type.

        `face` is whether they show a picture, or the file that it is.
        """
        chat = self._chat(who, about.get("chat", {}))
        self._bot.see(chat.about["id"], about.get("face"), usual=self.faces)
        chat.about.update({name: about[name] for name in PEOPLE[:3] if name in about})
        names = [chat.about.get(name) for name in ("first_name", "last_name", "title")]
        self._phones.meet(str(chat.about["id"]), " ".join(name for name in names if name))

    def _chat(self, who: int | str, about: Mapping[str, Any]) -> Chat:
        home = {"id": int(about.get("id", who)), "type": "private", **about}
        if home["type"] == "private":
            home.setdefault("first_name", "Ana")
        return self._bot.chats.setdefault(home["id"], Chat(home))

    def write(self, who: int | str, text: str = "", **about: Any) -> Written:
        """Let a customer write; `about` takes names, `chat` (for groups), and content by its message key.

        `reply_to` is the id of the message that this one answers.
        """
        with self._lock:
            self.know(who, **about)
            chat = self._chat(who, about.get("chat", {}))
            chat.wrote, chat.blocked = True, False
            message = {
                "message_id": chat.number(),
                "from": self._person(who, chat, about),
                "chat": dict(chat.about),
                "date": int(self.now()),
                **shown.typed(text),
                **{name: self._content(name, value) for name, value in about.items() if name not in OURS},
                **shown.answered(chat.messages, about.get("reply_to")),
            }
            chat.messages[message["message_id"]] = message
            self._show(chat.about["id"], message, "from_customer")
            self._stand(chat)
        return self._updates.send(chat, "message", message, str(message["message_id"]))

    def album(self, who: int | str, media: list[dict[str, Any]], text: str = "", **about: Any) -> Written:
        """Let a customer send several files at once: one update for each, the words below the first."""
        group = {"media_group_id": str(10**16 + secrets.randbelow(10**16))}
        first: dict[str, Any] = {"caption": text} if text else {}
        sent = [
            self.write(who, **{**about, **item, **group, **({} if place else first)})
            for place, item in enumerate(media)
        ]
        return Written(sent[-1].status, sent[0].id, tuple(one.id for one in sent))

    def _stand(self, chat: Chat) -> None:
        self._phones.stand(str(chat.about["id"]), "telegram", blocked=chat.blocked)

    def _person(self, who: int | str, chat: Chat, about: Mapping[str, Any]) -> dict[str, Any]:
        names = {name: source[name] for source in (chat.about, about) for name in PEOPLE if name in source}
        return {"id": int(who), "is_bot": False, "first_name": "Ana", **names}

    def _content(self, name: str, value: Any) -> Any:
        """Keep the files of a message."""
        if isinstance(value, list):
            return [self._content(name, size) for size in value]
        given = name in MEDIA and isinstance(value, dict) and {"data", "size"} & value.keys()
        return self._bot.files.keep(value, name) if given else value

    def edit(self, who: int | str, message_id: int | str, text: str, **files: Any) -> Written:
        """Let a customer change a message, or put another file in the place of its own."""
        with self._lock:
            chat = self._bot.chats[int(who)]
            message = chat.messages[int(message_id)]
            for name in ("entities", "caption_entities", *(MEDIA if files else ())):
                message.pop(name, None)
            message.update({name: self._content(name, value) for name, value in files.items()})
            has_file = any(kind in message for kind in MEDIA)
            message.update({"caption": text} if has_file else shown.typed(text), edit_date=int(self.now()))
            self._phones.update(str(message_id), str(who), text=text, entities=[], edited=True)
        return self._updates.send(chat, "edited_message", message, str(message_id))

    def delete(self, who: int | str, message_id: int | str) -> None:
        """Let a customer delete a message, for both sides: bots are told nothing of it."""
        with self._lock:
            del self._bot.chats[int(who)].messages[int(message_id)]
            self._phones.update(str(message_id), str(who), state="deleted")

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
        with self._lock:
            chat = self._bot.chats[int(who)]
            of = chat.reactions.setdefault(int(message_id), {})
            old, of["customer"] = of.get("customer", ""), emoji
            self._phones.update(str(message_id), str(who), reactions=shown.reactions(of))
        old_new = {
            f"{name}_reaction": [{"type": "emoji", "emoji": one}] if one else []
            for name, one in (("old", old), ("new", emoji))
        }
        about = {"chat": chat.about, "message_id": int(message_id), "user": self._person(who, chat, {})}
        when = {"date": int(self.now()), **old_new}
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
            return control({verb: getattr(self, verb) for verb in VERBS}, self._bot.files.kept.get, call)
        return self._watched.faults.around(call, lambda _: self._bot.answer(call), wire.spoil, calls.about)

    def _shown(self, chat: int, message: dict[str, Any], state: str) -> None:
        if state == "sent":
            self._show(chat, message, "to_customer")
            return
        words = {"text": shown.words(message), "entities": shown.marks(message), "edited": True}
        reactions = self._bot.chats[chat].reactions.get(message["message_id"], {})
        reacted = {"reactions": shown.reactions(reactions)}
        news: dict[str, dict[str, Any]] = {"deleted": {"state": state}, "edited": words, "reacted": reacted}
        self._phones.update(str(message["message_id"]), str(chat), **news[state])

    def _show(self, chat: int, message: Mapping[str, Any], direction: str) -> None:
        more = shown.look(message, self._bot.files)
        self._phones.show(str(chat), direction, shown.words(message), str(message["message_id"]), **more)
