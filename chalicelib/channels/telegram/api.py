"""Sending through the Bot API. Its address contains the token: it goes into no exception and no log.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from chalicelib.channels.telegram.files import ANYTHING, NOT_AS_THAT, BrokeOff, Form, TookTooLong
from chalicelib.model import (
    Account,
    Ambiguous,
    Busy,
    CannotTell,
    Found,
    Markup,
    Message,
    Ok,
    Ours,
    Outcome,
    Reason,
    Refused,
)
from chalicelib.reading import Payload, ident, part, text
from chalicelib.reading import number as count
from chalicelib.richtext import readable
from chalicelib.web import CallFailed, Http, NoAnswer, Reply, TooSlow, at_most_an_hour, judge, retry_after

REASONS: Mapping[str, Reason] = {
    "bot was blocked by the user": Reason.BLOCKED,
    "bot was kicked": Reason.BLOCKED,
    "bot is not a member": Reason.BLOCKED,
    "user is deactivated": Reason.UNREACHABLE,
    "can't initiate conversation": Reason.UNREACHABLE,
    "can't send messages to bots": Reason.REFUSED,
    "chat not found": Reason.BAD_ADDRESS,
    "peer_id_invalid": Reason.BAD_ADDRESS,
    "message is too long": Reason.TOO_LONG,
    "message caption is too long": Reason.TOO_LONG,
    "file is too big": Reason.FILE_TOO_BIG,
    "request entity too large": Reason.FILE_TOO_BIG,
    "file must be non-empty": Reason.FILE_EMPTY,
}
"""Telegram's errors have no codes, only words; these are parts of them."""

CHAT = re.compile(r"-?[0-9]{1,19}")


def send(message: Message, account: Account, http: Http) -> Outcome:
    """Send; what was refused for its form is sent in another, since to ask again then can double nothing."""
    asked = _Asked(_method(message), _body(message), message)
    try:
        reply = asked.call(account, http)
        for better in (_in_the_supergroup, _as_plain_text, _as_any_file):
            instead = better(asked, reply)
            if instead is not None:
                asked, reply = instead, instead.call(account, http)
    except CallFailed as failure:
        return failure.outcome
    return _outcome(reply)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What Telegram is asked to send; the words are its text, or stand below its file."""

    method: str
    body: Mapping[str, Any]
    message: Message

    def call(self, account: Account, http: Http) -> Reply:
        token = next(iter(account.accepted("TELEGRAM_BOT_TOKEN")), "")
        url = f"{account.api_url}/bot{token}/{self.method}"
        if self.message.file is None:
            return http("POST", url, json=self.body)
        form = Form(self.body, self.message.file, self.method.removeprefix("send").lower())
        try:
            return http("POST", url, headers={"Content-Type": form.content_type}, data=form)
        except (NoAnswer, TooSlow) as failure:
            if form.is_whole:
                raise
            raise (BrokeOff if isinstance(failure, NoAnswer) else TookTooLong) from failure

    def with_body(self, **changes: Any) -> _Asked:
        return replace(self, body={**self.body, **changes})


def _method(message: Message) -> str:
    return f"send{message.file.kind.capitalize()}" if message.file else "sendMessage"


def _body(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"chat_id": number(message.route.to)}
    if message.text or message.file is None:
        body[_words(message)] = message.text
        if message.markup is Markup.HTML:
            body["parse_mode"] = "HTML"
    if message.route.sender:
        body["message_thread_id"] = number(message.route.sender)
    answered = message.reply_to.rpartition(":")[2]
    if answered.isdecimal():
        body["reply_parameters"] = {"message_id": int(answered), "allow_sending_without_reply": True}
    return body


def _words(message: Message) -> str:
    return "caption" if message.file else "text"


def number(name: str) -> int | str:
    """Spell a chat or topic as Telegram does."""
    return int(name) if CHAT.fullmatch(name) else name


def _in_the_supergroup(asked: _Asked, reply: Reply) -> _Asked | None:
    parameters = reply.json().get("parameters")
    moved = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return (
        asked.with_body(chat_id=moved)
        if isinstance(moved, int) and reply.status == HTTPStatus.BAD_REQUEST
        else None
    )


def _as_plain_text(asked: _Asked, reply: Reply) -> _Asked | None:
    if "parse_mode" not in asked.body or not _says(reply, "can't parse entities"):
        return None
    bare = {name: value for name, value in asked.body.items() if name != "parse_mode"}
    words = readable(asked.message.text, asked.message.markup)
    return replace(asked, body={**bare, _words(asked.message): words})


def _as_any_file(asked: _Asked, reply: Reply) -> _Asked | None:
    file = asked.message.file
    if file is None or file.kind == ANYTHING or not _says(reply, *NOT_AS_THAT):
        return None
    return replace(asked, method=f"send{ANYTHING.capitalize()}")


def _says(reply: Reply, *words: str) -> bool:
    said = str(reply.json().get("description")).lower()
    return reply.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN) and any(each in said for each in words)


def _outcome(reply: Reply) -> Outcome:
    answer = reply.json()
    try:
        if reply.status == 200:  # noqa: PLR2004
            sent = part(answer["result"])
            return Ok(f"{ident(part(sent['chat'])['id'])}:{ident(sent['message_id'])}")
        why = text(answer.get("description")) or f"HTTP {reply.status}"
        return refusal(reply, why, part(answer.get("parameters")))
    except (TypeError, ValueError, LookupError) as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")


def refusal(reply: Reply, why: str, parameters: Payload) -> Outcome:
    """Sort what Telegram answered instead of doing it."""
    if reply.status == 429:  # noqa: PLR2004
        # They may hold the whole bot for it.
        wait = at_most_an_hour(count(parameters.get("retry_after")) * 1000) or retry_after(reply.headers)
        return Busy(why, wait=wait, whole_line=True)
    if reply.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        reason = next((reason for words, reason in REASONS.items() if words in why.lower()), Reason.REFUSED)
        return Refused(reason, why)
    if reply.status == 404:  # noqa: PLR2004 - to Telegram a wrong token is a wrong address
        return Ours(why)
    return judge(reply, why)


def look_up(message: Message, account: Account, http: Http) -> Found:  # noqa: ARG001
    """Give up: a bot cannot read what it has sent, and nobody sends receipts."""
    return CannotTell()
