"""The form that asks Twilio to send: what is wrong with it whoever is written to.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from infra.local.twilio import wire

LONGEST_BODY = 1600
MOST_MEDIA = 10


def objection(form: Mapping[str, str], urls: Sequence[str], sender: str) -> int:
    """Name the first thing wrong with the form itself, as Twilio's code."""
    callback = urlsplit(form.get("StatusCallback") or "https://none")
    checks = (
        (not form.get("To"), 21604),
        (bool(form.get("MessagingServiceSid")) and not sender, 21701),
        (not sender, 21603),
        (not (form.get("Body") or urls or form.get("ContentSid")), 21602),
        (len(form.get("Body", "")) > LONGEST_BODY, 21617),
        (wire.medium(sender) != "sms" and len(urls) > 1, 21623),
        (bool(wrong_addresses(urls)), wrong_addresses(urls)),
        (callback.scheme not in {"http", "https"} or not callback.hostname, 21609),
    )
    return next((code for wrong, code in checks if wrong), 0)


def wrong_addresses(urls: Sequence[str]) -> int:
    """Say what is wrong with the addresses of files, if anything."""
    if len(urls) > MOST_MEDIA:
        return 21623
    return 0 if all(urlsplit(url).scheme in {"http", "https"} for url in urls) else 21620
