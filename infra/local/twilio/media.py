"""The files of messages: what customers sent, and what Twilio fetches from the addresses that it is given.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from infra.local.blobs import Blob, Kept, read_blob
from infra.local.outside import Outside

API = "https://api.twilio.com"
VERSION = "2010-04-01"
MB = 1_048_576
MOST, MOST_MMS, MOST_OF_OTHERS = 16 * MB, 5 * MB, 500 * 1024
MMS_TO = "+1"
"""The United States and Canada."""
RESIZED = frozenset({"image/jpeg", "image/png", "image/gif"})
MMS_TYPES = ("audio/", "image/", "video/", "text/vcard", "text/x-vcard", "text/csv", "text/rtf", "text/calendar")
CHAT_TYPES = (
    *("image/jpeg", "image/png", "audio/", "video/mp4", "application/pdf", "application/msword", "text/vcard"),
    *("application/vnd.ms-", "application/vnd.openxmlformats-officedocument."),
)
CAPTIONED = ("image/", "video/")
"""In WhatsApp; of other files the words are dropped."""
NOT_FETCHED, NO_SUCH_KIND, TOO_BIG, NO_MMS_THERE, CHAT_FAILED = 11200, 12300, 30019, 30011, 63019
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a message: where the app is told that it is, and the file itself if it is there."""

    url: str
    kept: Kept

    @property
    def kind(self) -> str:
        return self.kept.kind

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


def file(account: str, sid: str, item: Mapping[str, Any]) -> Media:
    """Keep a file a customer sends: `{"content_type", "data"}`, or with a `url` of one's own."""
    return Media(item.get("url") or place(account, sid), Kept(read_blob(item), item["content_type"]))


def place(account: str, sid: str) -> str:
    return f"{API}/{VERSION}/Accounts/{account}/Messages/{sid}/Media/ME{uuid.uuid4().hex}"


def fetch(outside: Outside, urls: Sequence[str]) -> list[Kept | None]:
    """Get what lies at addresses that the app gave; nothing where there is nothing."""
    heard = [outside.fetch(url, MOST, PATIENCE) for url in urls]
    return [
        Kept(Blob(one.body, len(one.body), len(one.body)), one.kind)
        if one.status == HTTPStatus.OK and one.body
        else None
        for one in heard
    ]


def fate(medium: str, to: str, files: Sequence[Kept | None]) -> int | None:
    """Say why a message will not arrive with these files, if it will not: of that the call tells nothing."""
    if not files:
        return None
    there = [each for each in files if each is not None]
    if medium == "sms":
        return _mms(to, there, len(files))
    if len(there) < len(files) or any(each.blob.size > MOST for each in there):
        return CHAT_FAILED
    return None if all(each.kind.startswith(CHAT_TYPES) for each in there) else NO_SUCH_KIND


def _mms(to: str, there: Sequence[Kept], wanted: int) -> int | None:
    others = [each.blob.size for each in there if each.kind not in RESIZED]
    checks = (
        (not to.startswith(MMS_TO), NO_MMS_THERE),
        (len(there) < wanted, NOT_FETCHED),
        (not all(each.kind.startswith((*MMS_TYPES, "application/pdf")) for each in there), NO_SUCH_KIND),
        (sum(each.blob.size for each in there) > MOST_MMS or max(others, default=0) > MOST_OF_OTHERS, TOO_BIG),
    )
    return next((code for wrong, code in checks if wrong), None)


def words(medium: str, body: str, files: Sequence[Kept]) -> str:
    """Give the words that arrive beside files."""
    dropped = medium == "whatsapp" and any(not each.kind.startswith(CAPTIONED) for each in files)
    return "" if dropped else body


def shown(files: Sequence[Media], home: str) -> list[dict[str, Any]]:
    """Say what a phone shows of files: those that are only named lie where the app was told."""
    return [
        each.kept.media(home + each.name) if each.kept.blob.size else {"kind": each.kind, "url": each.url}
        for each in files
    ]
