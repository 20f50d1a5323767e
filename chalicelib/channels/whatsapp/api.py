"""Sending through Meta's Graph API.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.channels.whatsapp import files, filled
from chalicelib.channels.whatsapp.codes import AMBIGUOUS, BUSY, OURS, REASONS, WINDOW
from chalicelib.channels.whatsapp.people import BSUID
from chalicelib.model import (
    Account,
    Ambiguous,
    Busy,
    CannotTell,
    Closed,
    Found,
    Message,
    Ok,
    Ours,
    Outcome,
    Refused,
    Route,
)
from chalicelib.reading import Payload, ident, part, rows, text, word
from chalicelib.web import CallFailed, Http, Reply, judge, retry_after

VERSION = "v26.0"
"""Meta serves the oldest living one for an expired one, so an old number here does not fail."""


def send(message: Message, account: Account, http: Http) -> Outcome:
    """Send, with our token beside it: every status brings it back."""
    body = {**_content(message), "biz_opaque_callback_data": message.ours}
    if message.reply_to:
        body["context"] = {"message_id": message.reply_to}
    return post(body, message.route, account, http)


def post(body: Mapping[str, Any], route: Route, account: Account, http: Http) -> Outcome:
    """Give Meta something for a person."""
    version = account.secret("WHATSAPP_GRAPH_VERSION") or VERSION
    token = next(iter(account.accepted("WHATSAPP_ACCESS_TOKEN")), "")
    try:
        reply = http(
            "POST",
            f"{account.api_url}/{version}/{route.sender}/messages",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                **_to(route.to),
                **body,
            },
        )
    except CallFailed as failure:
        return failure.outcome
    return _outcome(reply)


def _content(message: Message) -> dict[str, Any]:
    if message.template is not None:
        return filled.content(message.template)
    if message.file is not None:
        return files.content(message.file, message.text)
    return {"type": "text", "text": {"body": message.text, "preview_url": False}}


def _to(to: str) -> dict[str, str]:
    """Address a person; an id in the place of a phone is answered 200 and silently dropped."""
    return {"recipient": to} if BSUID.fullmatch(to) else {"to": to}


def _outcome(reply: Reply) -> Outcome:
    answer = reply.json()
    try:
        if reply.status == 200:  # noqa: PLR2004
            return Ok(ident(rows(answer["messages"])[0]["id"]))
        error = part(answer.get("error"))
        why = told(error) or f"HTTP {reply.status}"
    except (TypeError, ValueError, LookupError) as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")
    return refusal(error.get("code"), why, reply)


def refusal(code: Any, why: str, reply: Reply) -> Outcome:
    if not isinstance(code, int):
        return judge(reply, why)
    if code == WINDOW:
        return Closed(why)
    if code in BUSY:
        wait, whole_line = BUSY[code]
        return Busy(why, wait=retry_after(reply.headers) or wait, whole_line=whole_line)
    if code in AMBIGUOUS:
        return Ambiguous(why)
    if code in OURS:
        return Ours(why)
    return Refused(REASONS[code], why) if code in REASONS else judge(reply, why)


def told(error: Payload) -> str:
    """Say in Meta's words what went wrong."""
    details = text(part(error.get("error_data")).get("details"))
    words = details or text(error.get("title")) or text(error.get("message"))
    return f"{word(error.get('code'))} {words}".strip()


def look_up(message: Message, account: Account, http: Http) -> Found:  # noqa: ARG001
    """There is nobody to ask; the statuses carry our token and tell by themselves."""
    return CannotTell()
