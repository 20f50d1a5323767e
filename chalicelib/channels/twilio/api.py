"""Twilio's REST API through its SDK, whose calls go out by our own seam.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from twilio.base import values
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from chalicelib.channels.twilio import API_URL
from chalicelib.channels.twilio.codes import BUSY, OURS, REASONS, WINDOW
from chalicelib.model import (
    Absent,
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
    Template,
)
from chalicelib.richtext.to_whatsapp import APART
from chalicelib.web import CallFailed, Http, Reply, judge, retry_after

T = TypeVar("T")

PAGE = 100
TWILIO_APART = 5_000
"""Their clock counts whole seconds and need not agree with ours."""
TRIAL = "Sent from your Twilio trial account - "
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


class Seam(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's way out: once, through `http`, to whichever base is set."""

    def __init__(self, account: Account, http: Http) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._base = account.api_url
        self._http = http
        self.reply = Reply(0, b"", {})

    def request(  # noqa: PLR0913 - the SDK's signature
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - `http` has its own
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Response:
        headers = dict(headers or {})
        if auth:
            pair = base64.b64encode(":".join(auth).encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        target = self._target(url)
        self.reply = self._http(method, target, headers=headers, data=data or None, params=params or None)
        return Response(self.reply.status, self.reply.body.decode("utf-8", "replace"), self.reply.headers)

    def _target(self, url: str) -> str:
        """Keep to the base that is set; Twilio has hosts of their own for some things, such as templates."""
        if self._base == API_URL[1]:
            return url
        there = urlsplit(url)
        return f"{self._base}{there.path}{f'?{there.query}' if there.query else ''}"


def client(account: Account, seam: Seam) -> Client:
    sid = account.secret("TWILIO_ACCOUNT_SID")
    # Were `environment` empty, the SDK would look for a region and an edge in os.environ.
    return Client(
        sid,
        next(iter(account.accepted("TWILIO_AUTH_TOKEN")), ""),
        http_client=seam,
        environment={"TWILIO_ACCOUNT_SID": sid},
    )


def send(message: Message, account: Account, http: Http) -> Outcome:
    """Send, with our token in the path of the status callback: the signature covers it."""

    def create(messages: Any) -> Outcome:
        sent = messages.create(
            to=message.route.to,
            from_=message.route.sender,
            body=values.unset if message.template else message.text or values.unset,
            content_sid=message.template.id if message.template else values.unset,
            content_variables=_variables(message.template),
            media_url=[message.file.url] if message.file else values.unset,
            status_callback=f"{account.webhook_url}/{message.ours}",
        )
        return Ok(sent.sid) if isinstance(sent.sid, str) and sent.sid else Ambiguous("an answer without a sid")

    return ask(account, http, create)


def _variables(template: Template | None) -> Any:
    return json.dumps(dict(template.values)) if template and template.values else values.unset


def ask(account: Account, http: Http, call: Callable[[Any], T]) -> T | Outcome:
    """Do something with the account's messages, or tell in which way there was no answer."""
    seam = Seam(account, http)
    try:
        return call(client(account, seam).messages)
    except CallFailed as failure:
        return failure.outcome
    except TwilioException as error:
        return outcome_of(error, seam.reply)
    except UNREADABLE as error:
        return Ambiguous(f"an unreadable answer ({type(error).__name__})")


def outcome_of(error: TwilioException, reply: Reply) -> Outcome:
    answer = reply.json()  # of a list that is refused, the SDK's own error says nothing
    code = getattr(error, "code", None) or answer.get("code")
    words = str(getattr(error, "msg", "") or getattr(error, "title", "") or answer.get("message") or "")
    why = f"{code or f'HTTP {reply.status}'} {words.removeprefix('Unable to create record: ')}".strip()
    if not isinstance(code, int):
        return judge(reply, why)
    if code == WINDOW:
        return Closed(why)
    if code in BUSY:
        return Busy(why, wait=retry_after(reply.headers), whole_line=BUSY[code])
    if code in OURS:
        return Ours(why)
    return Refused(REASONS[code], why) if code in REASONS else judge(reply, why)


def look_up(message: Message, account: Account, http: Http) -> Found:
    """Look for this very text, with a file if it has one, among what went to this customer since the claim.

    Without a date in the question: a message still in their queue has none yet, and to be told that it is
    absent would double it. Of several alike only those count that are on record as nothing else.
    """
    since = message.claimed_at - TWILIO_APART
    try:
        listed = client(account, Seam(account, http)).messages.list(
            to=message.route.to, from_=message.route.sender, limit=PAGE
        )
        made = [(int(each.date_created.timestamp() * 1000), each) for each in listed]
        fitting = [each for at, each in made if at >= since and _is(each, message)]
    except (CallFailed, TwilioException, *UNREADABLE):
        return CannotTell(for_now=True)
    if len(made) >= PAGE and all(at >= since for at, _ in made):
        return CannotTell()  # there may be more on the next page
    if len(fitting) > 1:
        return CannotTell(among=tuple(str(each.sid) for each in fitting))
    return Ok(str(fitting[0].sid)) if fitting else Absent()


def _is(theirs: Any, message: Message) -> bool:
    """Tell whether this may be the message; of one that was just made the files need not be counted yet."""
    without_file = str(theirs.num_media or "0") == "0"
    return (message.file is not None or without_file) and (
        # How Twilio lists a template's words is not said, so any text may be one; what is on record is none.
        message.template is not None or _same_text(theirs.body or "", message.text)
    )


def _same_text(theirs: str, ours: str) -> bool:
    """Compare what is seen of texts; a trial account puts words in front, and ends may have been trimmed."""
    theirs, ours = (text.replace(APART, "").strip() for text in (theirs.removeprefix(TRIAL), ours))
    return theirs == ours
