"""Where the files of Telegram's customers are. Their addresses contain the token: into no exception and no log.

https://core.telegram.org/bots/api#getfile
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from chalicelib.channels.telegram.api import refusal
from chalicelib.model import Account, Ambiguous, Attachment, Busy, Outcome, Reason, Refused, Source, hosts_of
from chalicelib.reading import number, part, text
from chalicelib.web import CallFailed, Http, Reply

REASONS: Mapping[str, Reason] = {
    "file is too big": Reason.FILE_TOO_BIG,  # a bot gets 20 MB at most
    "invalid file_id": Reason.FILE_GONE,
    "wrong file identifier": Reason.FILE_GONE,
    "wrong remote file": Reason.FILE_GONE,
    "file_reference_expired": Reason.FILE_GONE,
}
NOT_NOW = "temporarily unavailable"
"""The server says this for its own troubles as well, a 429 or a 500 behind it."""


def locate(attachment: Attachment, account: Account, http: Http) -> Source | Outcome:
    """Ask for a path, which is good for an hour."""
    token = next(iter(account.accepted("TELEGRAM_BOT_TOKEN")), "")
    try:
        reply = http("POST", f"{account.api_url}/bot{token}/getFile", json={"file_id": attachment.reference})
    except CallFailed as failure:
        return failure.outcome
    try:
        if reply.status != 200:  # noqa: PLR2004
            return _refused(reply)
        found = part(reply.json()["result"])
        # Without a path the file is none that a bot gets: Telegram leaves it out.
        path = text(found.get("file_path"))
        size = number(found.get("file_size"))
    except (TypeError, ValueError, LookupError) as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")
    if not path:
        return Refused(Reason.FILE_GONE, "Telegram names no path to it")
    url = f"{account.api_url}/file/bot{token}/{quote(path)}"
    return Source(url, hosts_of(account.api_url), size=size, mime=attachment.mime)


def _refused(reply: Reply) -> Outcome:
    answer = reply.json()
    why = text(answer.get("description")) or f"HTTP {reply.status}"
    if NOT_NOW in why:
        return Busy(why)
    outcome = refusal(reply, why, part(answer.get("parameters")))
    if not isinstance(outcome, Refused):
        return outcome
    reason = next((reason for words, reason in REASONS.items() if words in why.lower()), Reason.FILE_REFUSED)
    return Refused(reason, why)
