"""Sending through the Bot API. Its address contains the token: it goes into no exception and no log.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
from chalicelib.reading import Payload, ident, number, part, text
from chalicelib.richtext import readable
from chalicelib.web import CallFailed, Http, Reply, judge, retry_after

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
}
"""Telegram's errors have no codes, only words; these are parts of them."""

CHAT = re.compile(r"-?[0-9]{1,19}")


def send(message: Message, account: Account, http: Http) -> Outcome:
    """Send; what cannot be understood as HTML was refused, and goes out as plain text instead."""
    body: dict[str, Any] = {"chat_id": _number(message.route.to), "text": message.text}
    if message.markup is Markup.HTML:
        body["parse_mode"] = "HTML"
    if message.route.sender:
        body["message_thread_id"] = _number(message.route.sender)
    try:
        reply = _call(account, http, body)
        moved = _moved_to(reply)
        if moved:
            # The group became a supergroup. This was refused, so asking again can double nothing.
            body = {**body, "chat_id": moved}
            reply = _call(account, http, body)
        if "parse_mode" in body and _is_misread(reply):
            bare = {name: value for name, value in body.items() if name != "parse_mode"}
            reply = _call(account, http, {**bare, "text": readable(message.text, message.markup)})
    except CallFailed as failure:
        return failure.outcome
    return _outcome(reply)


def _number(name: str) -> int | str:
    return int(name) if CHAT.fullmatch(name) else name


def _call(account: Account, http: Http, body: Mapping[str, Any]) -> Reply:
    token = next(iter(account.accepted("TELEGRAM_BOT_TOKEN")), "")
    return http("POST", f"{account.api_url}/bot{token}/sendMessage", json=body)


def _moved_to(reply: Reply) -> int | None:
    parameters = reply.json().get("parameters")
    moved = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return moved if isinstance(moved, int) and reply.status == 400 else None  # noqa: PLR2004


def _is_misread(reply: Reply) -> bool:
    """Tell whether the HTML was the trouble: then nothing was sent, and sending it without can double nothing."""
    return reply.status == 400 and "can't parse entities" in str(reply.json().get("description"))  # noqa: PLR2004


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
    if reply.status == 429:  # noqa: PLR2004
        # They may hold the whole bot for it.
        wait = number(parameters.get("retry_after")) * 1000 or retry_after(reply)
        return Busy(why, wait=wait, whole_line=True)
    if reply.status in (400, 403):
        reason = next((reason for words, reason in REASONS.items() if words in why.lower()), Reason.REFUSED)
        return Refused(reason, why)
    if reply.status == 404:  # noqa: PLR2004 - to Telegram a wrong token is a wrong address
        return Ours(why)
    return judge(reply, why)


def look_up(message: Message, account: Account, http: Http) -> Found:  # noqa: ARG001
    """Give up: a bot cannot read what it has sent, and nobody sends receipts."""
    return CannotTell()
