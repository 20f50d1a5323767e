"""Where the files of Twilio's customers are: behind the account's password, at hosts that take none.

https://www.twilio.com/docs/messaging/api/media-resource
"""

from __future__ import annotations

import base64
import re
from http import HTTPStatus

from twilio.base.exceptions import TwilioException

from chalicelib.channels.twilio import API_URL
from chalicelib.channels.twilio.api import UNREADABLE, Seam, client, outcome_of
from chalicelib.model import Account, Ambiguous, Attachment, Outcome, Reason, Refused, Source, hosts_of
from chalicelib.web import CallFailed, Http

HOSTS = (".twiliocdn.com", "s3-external-1.amazonaws.com")
"""Where api.twilio.com sends us: to mms.twiliocdn.com where media need the password, else to Amazon.

https://help.twilio.com/articles/223183748
"""
HOME = re.compile(r"https://api(?:\.[a-z0-9-]+){0,2}\.twilio\.com")
"""Twilio's own address, that of one of its regions, or that of one of its edges: they get the password."""
MEDIA = re.compile(
    r"(?P<list>/2010-04-01/Accounts/AC\w+/Messages/(?P<message>[MS]M\w+)/Media)(?:/(?P<media>ME\w+)|#(?P<nth>[0-9])|)",
    re.ASCII,
)
"""A file's address, or that of the list in which it stands with its place there."""


def locate(attachment: Attachment, account: Account, http: Http) -> Source | Outcome:
    """Find a file by its address; one that is only known by the list in which it stands is looked up there."""
    base, path = _apart(attachment.reference, account)
    place = MEDIA.fullmatch(path)
    if not base or not place:
        return Refused(Reason.FILE_REFUSED, "it is said to be at a place which is not Twilio's")
    media = place["media"] or _listed(place["message"], int(place["nth"] or 0), account, http)
    if not isinstance(media, str):
        return media
    sid, token = account.secret("TWILIO_ACCOUNT_SID"), next(iter(account.accepted("TWILIO_AUTH_TOKEN")), "")
    pair = base64.b64encode(f"{sid}:{token}".encode()).decode()
    hosts = (*hosts_of(base), *HOSTS)
    return Source(
        f"{base}{place['list']}/{media}", hosts, {"Authorization": f"Basic {pair}"}, mime=attachment.mime
    )


def _apart(reference: str, account: Account) -> tuple[str, str]:
    """Take an address apart into where to ask, which is where we ask for everything else, and what for."""
    for known in (API_URL[1], account.api_url):
        if reference.startswith(f"{known}/"):
            return account.api_url, reference.removeprefix(known)
    elsewhere = HOME.match(reference)
    return (elsewhere[0], reference.removeprefix(elsewhere[0])) if elsewhere else ("", reference)


def _listed(message: str, nth: int, account: Account, http: Http) -> str | Outcome:
    seam = Seam(account, http)
    try:
        found = client(account, seam).messages(message).media.list(limit=nth + 1)
        return str(found[nth].sid) if len(found) > nth else Refused(Reason.FILE_GONE, "Twilio lists no such file")
    except CallFailed as failure:
        return failure.outcome
    except TwilioException as error:
        if seam.reply.status == HTTPStatus.NOT_FOUND:
            return Refused(Reason.FILE_GONE, "Twilio has no such message")
        outcome = outcome_of(error, seam.reply)
        return Refused(Reason.FILE_REFUSED, outcome.detail) if isinstance(outcome, Refused) else outcome
    except UNREADABLE as error:
        return Ambiguous(f"an unreadable answer ({type(error).__name__})")
