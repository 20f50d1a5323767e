"""The calls that need Twilio's SDK, which takes 130 ms and 19 MB: imported when one is made.

https://www.twilio.com/docs/libraries/reference/twilio-python
"""

from __future__ import annotations

from chalicelib.model import Account, Attachment, Found, Message, Outcome, Source, Template
from chalicelib.web import Http, Page


def send(message: Message, account: Account, http: Http) -> Outcome:
    from chalicelib.channels.twilio import api  # noqa: PLC0415

    return api.send(message, account, http)


def look_up(message: Message, account: Account, http: Http) -> Found:
    from chalicelib.channels.twilio import api  # noqa: PLC0415

    return api.look_up(message, account, http)


def listed(account: Account, http: Http, since: int, place: str) -> Page | Outcome:
    from chalicelib.channels.twilio import listing  # noqa: PLC0415

    return listing.listed(account, http, since, place)


def templates(account: Account, http: Http) -> tuple[Template, ...] | Outcome:
    from chalicelib.channels.twilio import approved  # noqa: PLC0415

    return approved.templates(account, http)


def locate(attachment: Attachment, account: Account, http: Http) -> Source | Outcome:
    from chalicelib.channels.twilio import media  # noqa: PLC0415

    return media.locate(attachment, account, http)
