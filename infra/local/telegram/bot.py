"""The methods of the Bot API that a relay of messages needs, for one bot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.outside import Outside
from infra.local.server import Answer, Call
from infra.local.telegram import changing, faces, sending, wire
from infra.local.telegram.files import MEDIA, Files
from infra.local.telegram.wire import Refused


@dataclass(slots=True)
class Chat:
    """A chat; in a private one the bot may speak only after the customer has."""

    about: dict[str, Any]
    wrote: bool = False
    blocked: bool = False
    last: int = 100
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    reactions: dict[int, dict[str, str]] = field(default_factory=dict)
    """By message, of `us` and of the `customer`."""

    def number(self) -> int:
        self.last += 1
        return self.last


@dataclass(slots=True)
class Webhook:
    """Where updates go."""

    url: str
    secret: str
    allowed: tuple[str, ...] = ()


@dataclass(eq=False)
class Bot:
    """One bot as Telegram knows it; the callables hear of what it does."""

    token: str
    username: str
    now: Callable[[], float]
    webhook: Webhook
    shown: Callable[[int, dict[str, Any], str], None]
    hooked: Callable[[bool], None]
    errors: Callable[[], dict[str, Any]]
    outside: Outside
    lock: threading.RLock
    chats: dict[int, Chat] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    queries: set[str] = field(default_factory=set)
    faces: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """What people look like: the sizes of their one picture."""

    @property
    def me(self) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Threadline", "username": self.username}

    def answer(self, call: Call) -> Answer:
        try:
            if not call.path.startswith(("/bot", "/file/bot")):
                raise Refused(404)  # noqa: TRY301 - one place answers refusals
            if call.path.startswith("/file/bot"):
                return self._download(call.path.removeprefix("/file/bot"))
            token, _, method = call.path.removeprefix("/bot").partition("/")
            self._admit(token)
            # Whoever is slow to hand out a file keeps nobody else from calling.
            given = sending.fetch(self.outside, method, wire.parameters(call))
            with self.lock:
                return wire.accept(self.call(method, given))
        except Refused as refused:
            return wire.refuse(refused)
        except ValueError as error:
            return wire.refuse(Refused(400, str(error)))

    def _admit(self, token: str) -> None:
        if not wire.TOKEN.fullmatch(token):
            raise Refused(404)
        if token != self.token:
            raise Refused(401)

    def call(self, method: str, given: Mapping[str, Any]) -> Any:
        methods: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "getme": lambda _: {**self.me, "can_join_groups": True, "can_read_all_group_messages": False},
            "setwebhook": self._set_webhook,
            "deletewebhook": lambda given: self._set_webhook({**given, "url": ""}),
            "getwebhookinfo": self._webhook_info,
            "getupdates": self._updates,
            "sendmessage": self._send,
            "sendmediagroup": lambda given: sending.send_group(self, given),
            "editmessagetext": lambda given: changing.edit_text(self, given),
            "editmessagecaption": lambda given: changing.edit_caption(self, given),
            "deletemessage": lambda given: changing.delete(self, given),
            "setmessagereaction": lambda given: changing.react(self, given),
            "sendchataction": lambda given: bool(self.chat(given)),
            "answercallbackquery": self._answer_query,
            "getfile": self.files.describe,
            "getuserprofilephotos": self._profile_photos,
            **{f"send{kind.replace('_', '')}": sending.sender(self, kind) for kind in MEDIA},
        }
        act = methods.get(method.lower())
        if act is None:
            raise Refused(404, "method not found")
        return act(given)

    def chat(self, given: Mapping[str, Any]) -> Chat:
        """Find the chat to speak in, or say why the bot may not."""
        name = str(given.get("chat_id") or "")
        if not name:
            raise Refused(400, "chat_id is empty")
        chat = self.chats.get(int(name)) if name.lstrip("-").isdecimal() else None
        if chat is None:
            raise Refused(400, wire.CHAT_NOT_FOUND)
        if chat.blocked:
            raise Refused(403, "bot was blocked by the user")
        if not chat.wrote:
            raise Refused(403, "bot can't initiate conversation with a user")
        return chat

    def text(self, given: Mapping[str, Any], name: str, longest: int) -> dict[str, Any]:
        """Read the words of a message or a caption, with their marks."""
        shown, entities = wire.read(str(given.get(name) or ""), str(given.get("parse_mode") or ""))
        if not shown and name == "text":
            raise Refused(400, "message text is empty")
        if wire.units(shown) > longest:
            raise Refused(400, f"message {'caption ' if name == 'caption' else ''}is too long")
        kind = "entities" if name == "text" else "caption_entities"
        marks = wire.nested(given, kind) or entities
        return ({name: shown} if shown else {}) | ({kind: marks} if marks else {})

    def _send(self, given: Mapping[str, Any]) -> dict[str, Any]:
        content = self.text(given, "text", wire.LONGEST_TEXT)
        return self.post(self.chat(given), given, content)

    def post(self, chat: Chat, given: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        """Put a message into a chat."""
        message = {"from": self.me, "chat": chat.about, "date": int(self.now()), **content}
        reply = wire.nested(given, "reply_parameters") or {}
        parent = chat.messages.get(int(reply.get("message_id", 0)))
        if reply and parent is None and not reply.get("allow_sending_without_reply"):
            raise Refused(400, "message to be replied not found")
        if parent:
            message["reply_to_message"] = {name: parent[name] for name in parent if name != "reply_to_message"}
        keyboard = wire.nested(given, "reply_markup")
        if keyboard:
            message["reply_markup"] = _keyboard(keyboard)
        message = {"message_id": chat.number(), **message}
        chat.messages[message["message_id"]] = message
        self.shown(chat.about["id"], message, "sent")
        return message

    def _answer_query(self, given: Mapping[str, Any]) -> bool:
        if given.get("callback_query_id") not in self.queries:
            raise Refused(400, "query is too old and response timeout expired or query ID is invalid")
        self.queries.discard(given["callback_query_id"])
        return True

    def see(self, who: int, face: Any, *, usual: bool) -> None:
        """Let a person look like something; it stays until it is said again."""
        if face is not None or who not in self.faces:
            self.faces[who] = faces.sizes(self.files, who, usual if face is None else face)

    def _profile_photos(self, given: Mapping[str, Any]) -> dict[str, Any]:
        user = str(given.get("user_id") or "")
        if not user.isdecimal():
            raise Refused(400, "invalid user_id specified")
        if int(user) not in self.chats:
            raise Refused(400, "user not found")
        if not 1 <= int(given.get("limit", 100)) <= wire.MOST_PHOTOS:
            raise Refused(400, "invalid photos limit specified")
        photos = [sizes for sizes in [self.faces.get(int(user))] if sizes]
        return {"total_count": len(photos), "photos": photos}

    def _set_webhook(self, given: Mapping[str, Any]) -> bool:
        url, secret = str(given.get("url") or ""), str(given.get("secret_token") or "")
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise Refused(400, "bad webhook: An HTTPS URL must be provided for webhook")
        if not wire.SECRET.fullmatch(secret):
            raise Refused(400, "secret token contains unallowed characters")
        allowed = wire.nested(given, "allowed_updates")
        self.webhook = Webhook(url, secret, self.webhook.allowed if allowed is None else tuple(allowed))
        self.hooked(str(given.get("drop_pending_updates", "")).lower() in {"true", "1"})
        return True

    def _webhook_info(self, _: Mapping[str, Any]) -> dict[str, Any]:
        allowed = {"allowed_updates": list(self.webhook.allowed)} if self.webhook.allowed else {}
        fixed = {"has_custom_certificate": False, "max_connections": 40}
        return {"url": self.webhook.url, **fixed, **self.errors(), **allowed}

    def _updates(self, _: Mapping[str, Any]) -> list[Any]:
        if self.webhook.url:
            raise Refused(409, "can't use getUpdates method while webhook is active; use deleteWebhook first")
        return []

    def _download(self, rest: str) -> Answer:
        token, _, path = rest.partition("/")
        self._admit(token)
        return self.files.download(path)


def _keyboard(markup: Mapping[str, Any]) -> Mapping[str, Any]:
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button.get("callback_data", "x").encode()) <= wire.LONGEST_DATA:
                raise Refused(400, "BUTTON_DATA_INVALID")
    return markup
