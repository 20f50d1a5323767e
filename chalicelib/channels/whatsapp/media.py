"""Where the files of WhatsApp's customers are: a media id leads to an address that is good for five minutes.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from chalicelib.channels.whatsapp.api import VERSION, refusal, told
from chalicelib.model import Account, Ambiguous, Attachment, Busy, Outcome, Reason, Refused, Source, hosts_of
from chalicelib.reading import part, text, word
from chalicelib.web import CallFailed, Http, Reply

HOSTS = (".fbsbx.com", ".fbcdn.net", ".whatsapp.net")
"""Meta documents lookaside.fbsbx.com; the others are its own as well, and files have been seen there."""
AGENT = "Mozilla/5.0 (compatible; Threadline/1.0)"
"""Without a browser's name Meta has answered with pages instead of files."""
GONE = 100
"""There is no such object, says Meta, or none for us; media that came are kept for a week."""
NOT_NOW = frozenset({131052, 131053})
"""Meta could not fetch the file itself. It may yet."""


def locate(attachment: Attachment, account: Account, http: Http) -> Source | Outcome:
    """Ask for the address of a media id."""
    version = account.secret("WHATSAPP_GRAPH_VERSION") or VERSION
    token = next(iter(account.accepted("WHATSAPP_ACCESS_TOKEN")), "")
    bearer = {"Authorization": f"Bearer {token}"}
    try:
        where = f"{account.api_url}/{version}/{quote(attachment.reference, safe='')}"
        reply = http("GET", where, headers=bearer)
    except CallFailed as failure:
        return failure.outcome
    try:
        if reply.status != HTTPStatus.OK:
            return _refused(reply)
        found = reply.json()
        source = Source(
            text(found["url"]),
            (*hosts_of(account.api_url), *HOSTS),
            {**bearer, "User-Agent": AGENT},
            int(word(found.get("file_size")) or 0),
            text(found.get("mime_type")),
        )
    except (TypeError, ValueError, LookupError) as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")
    if not source.allows(source.url):
        return Refused(Reason.FILE_REFUSED, "Meta says that it is at a place which is not Meta's")
    return source


def _refused(reply: Reply) -> Outcome:
    error = part(reply.json().get("error"))
    why, code = told(error) or f"HTTP {reply.status}", error.get("code")
    if code in NOT_NOW:
        return Busy(why)
    if code == GONE or (code is None and reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)):
        return Refused(Reason.FILE_GONE, why)
    outcome = refusal(code, why, reply)
    return Refused(Reason.FILE_REFUSED, outcome.detail) if isinstance(outcome, Refused) else outcome
