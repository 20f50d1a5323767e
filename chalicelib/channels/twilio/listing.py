"""What Twilio has on record of an account's messages, as the webhooks that were to tell of them.

https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
Newest first. The filter by date is documented for whole days, so what it lets through is looked at again.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from twilio.base.exceptions import TwilioException

from chalicelib.channels.twilio import API_URL, STATES
from chalicelib.channels.twilio.api import UNREADABLE, Seam, ask, client
from chalicelib.model import Account, Outcome
from chalicelib.web import CallFailed, Http, Listed, Page, Request

PAGE = 500
MOST_MEDIA = 10
"""As many as a message can have."""


def listed(account: Account, http: Http, since: int, place: str) -> Page | Outcome:
    """List messages both ways since a moment, one page from `place` on."""

    def page(messages: Any) -> Page:
        if place:
            found = messages.get_page(API_URL[1] + place)
        else:
            after = dt.datetime.fromtimestamp(since / 1000, dt.UTC)
            found = messages.page(date_sent_after=after, page_size=PAGE)
        rows = [_row(account, http, each) for each in found]
        more = (found.next_page_url or "").removeprefix(API_URL[1])
        # One that waited to be sent stands among younger ones: only a page that is all too old is the last.
        older = all(row.at < since for row in rows)
        return Page(tuple(row for row in rows if row.at >= since), "" if older else more)

    return ask(account, http, page)


def _row(account: Account, http: Http, message: Any) -> Listed:
    at = int((message.date_sent or message.date_created).timestamp() * 1000)
    # Whose a number is does not depend on the medium; one may be heard long before the other.
    to, sender = ((address or "").rpartition(":")[2] for address in (message.to, message.from_))
    if message.direction == "inbound":
        request = partial(_inbound, account, http, message, at)
        return Listed(message.sid, at, request, inbound=True, ours=to)
    state = STATES.get(message.status)
    request = partial(_status, account, message, at)
    return Listed(message.sid, at, request, inbound=False, ours=sender, state=state)


def _inbound(account: Account, http: Http, message: Any, at: int) -> tuple[Request, str]:
    """Make the webhook of a customer's message. What only webhooks tell, a profile's name, is not there.

    Media that are not to be had now are files of which only the list is known, and their places in it.
    """
    form = {
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.from_ or "",
        "To": message.to or "",
        "Body": message.body or "",
        "NumMedia": message.num_media or "0",
    }
    why = ""
    if form["NumMedia"] != "0":
        media, why = _media(account, http, message)
        form |= media
    return _request(form, at), why


def _media(account: Account, http: Http, message: Any) -> tuple[dict[str, str], str]:
    seam = Seam(account, http)
    try:
        found = client(account, seam).messages(message.sid).media.list(limit=MOST_MEDIA)
        media = {
            name: value
            for place, each in enumerate(found)
            for name, value in (
                (f"MediaUrl{place}", API_URL[1] + each.uri.removesuffix(".json")),
                (f"MediaContentType{place}", each.content_type),
            )
        }
    except (CallFailed, TwilioException, *UNREADABLE) as error:
        if seam.reply.status == HTTPStatus.NOT_FOUND:
            return {}, ""  # somebody deleted them meanwhile
        place = f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}/Media"
        unlisted = {f"MediaUrl{nth}": f"{API_URL[1]}{place}#{nth}" for nth in range(_count(message.num_media))}
        return unlisted, f"its media: {type(error).__name__}"
    return media, ""


def _count(told: Any) -> int:
    """Read how many files a message has; Twilio writes numbers as texts."""
    text = str(told)
    return min(int(text[:4]), MOST_MEDIA) if text.isascii() and text.isdigit() else 1


def _status(account: Account, message: Any, at: int) -> tuple[Request, str]:
    """Make the status callback of a message we sent; it came when the message was last changed."""
    changed = message.date_updated
    form = {
        "MessageSid": message.sid,
        "AccountSid": message.account_sid or account.secret("TWILIO_ACCOUNT_SID"),
        "MessageStatus": message.status,
        "From": message.from_ or "",
        "To": message.to or "",
        "ErrorCode": str(message.error_code or ""),
        "ErrorMessage": message.error_message or "",
    }
    return _request(form, int(changed.timestamp() * 1000) if changed else at), ""


def _request(form: dict[str, str], at: int) -> Request:
    kind = "application/x-www-form-urlencoded"
    return Request("POST", {"content-type": kind}, body=urlencode(form).encode(), arrived=at)
