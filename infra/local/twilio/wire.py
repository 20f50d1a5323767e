"""Twilio's wire format: signatures, forms, resources and errors, as on https://www.twilio.com/docs/messaging/api."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from infra.local.server import Answer, answer_json
from infra.local.twilio.media import VERSION, Media
from infra.local.twilio.words import ERRORS, GSM, GSM_DOUBLE, HELP, START, STOP

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(slots=True)
class Message:
    """A message as Twilio keeps it, whichever way it went."""

    sid: str
    direction: str
    sender: str
    to: str
    body: str
    created: float
    status: str
    media: Sequence[Media] = ()
    callback: str = ""
    service: str = ""
    sent: float | None = None
    error: int | None = None
    updated: float | None = None

    @property
    def medium(self) -> str:
        return medium(self.to)


def medium(address: str) -> str:
    prefix, colon, _ = address.partition(":")
    return prefix if colon else "sms"


def bare(address: str) -> str:
    return address.rpartition(":")[2]


def keyword(text: str) -> str:
    word = text.strip().upper()
    return next((name for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)) if word in words), "")


def segments(text: str) -> int:
    if GSM.union(GSM_DOUBLE).issuperset(text):
        size, one, many = len(text) + sum(letter in GSM_DOUBLE for letter in text), 160, 153
    else:
        size, one, many = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if size <= one else -(-size // many)


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def strip(url: str) -> str:
    """Leave out what Twilio does not sign: user, password and connection overrides."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def overrides(url: str) -> tuple[int, frozenset[str]]:
    """How often, and on what, the address's fragment (`#rc=3&rp=5xx,ct`) asks Twilio to try again."""
    wanted = parse_qs(urlsplit(url).fragment)
    return int(wanted.get("rc", ["1"])[0]), frozenset(wanted.get("rp", ["ct"])[0].split(","))


def encode(form: Mapping[str, str]) -> bytes:
    return urlencode(form).encode()


def place(side: str, number: str) -> dict[str, str]:
    """Tell where a number is; Twilio sends the names even when it knows nothing."""
    country, state = ("US", "CA") if number.startswith("+1") else ("", "")
    return {f"{side}Country": country, f"{side}State": state, f"{side}City": "", f"{side}Zip": ""}


def inbound(account: str, message: Message) -> dict[str, str]:
    form = {
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "To": message.to,
        "NumSegments": str(segments(message.body)),
        "MessageSid": message.sid,
        "AccountSid": account,
        "From": message.sender,
        "ApiVersion": VERSION,
    }
    if message.medium == "sms":
        form |= place("From", message.sender) | place("To", message.to)
    if message.service:
        form["MessagingServiceSid"] = message.service
    for place_in, media in enumerate(message.media):
        form |= {f"MediaUrl{place_in}": media.url, f"MediaContentType{place_in}": media.kind}
    return form


def whatsapp(who: str, name: str, bsuid: str) -> dict[str, str]:
    """Tell what only WhatsApp tells; the phone stays out when the customer hides it."""
    hidden = BSUID.fullmatch(who)
    known = bsuid or (who if hidden else "")
    return {
        "MessageType": "text",
        "ProfileName": name or "Ana Souza",
        **({} if hidden else {"WaId": who.removeprefix("+")}),
        **({"ExternalUserId": f"whatsapp:{known}"} if known else {}),
    }


def answered(messages: Mapping[str, Message], sid: str) -> dict[str, str]:
    """Name the message that a customer answers."""
    return {"OriginalRepliedMessageSid": sid, "OriginalRepliedMessageSender": messages[sid].sender} if sid else {}


def callback(account: str, message: Message, status: str, error: int | None) -> dict[str, str]:
    form = {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.to,
        "MessageSid": message.sid,
        "AccountSid": account,
        "From": message.sender,
        "ApiVersion": VERSION,
    }
    if message.service:
        form["MessagingServiceSid"] = message.service
    if error:
        form |= {"ErrorCode": str(error)}
    if message.medium != "sms":
        form |= {
            "ChannelPrefix": message.medium,
            "ChannelToAddress": bare(message.to),
            "ChannelInstallSid": "XE" + "0" * 32,
        }
        if status in {"delivered", "read"}:
            form["EventType"] = status.upper()
    return form


def resource(account: str, message: Message) -> dict[str, Any]:
    home = f"/{VERSION}/Accounts/{account}/Messages/{message.sid}"
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": _date(message.created),
        "date_sent": _date(message.sent),
        "date_updated": _date(message.updated or message.sent or message.created),
        "direction": message.direction,
        "error_code": message.error,
        "error_message": ERRORS.get(message.error, (0, None))[1] if message.error else None,
        "from": message.sender or None,
        "messaging_service_sid": message.service or None,
        "num_media": str(len(message.media)),
        "num_segments": str(segments(message.body)),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{home}/Media.json"},
        "to": message.to,
        "uri": f"{home}.json",
    }


def _date(at: float | None) -> str | None:
    return format_datetime(datetime.fromtimestamp(at, UTC)) if at else None


def refuse(code: int, status: int = 0, retry_after: float | None = None) -> Answer:
    usual, text = ERRORS.get(code, (400, "An error occurred"))
    body = {"code": code, "message": text, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return answer_json({**body, "status": status or usual}, status or usual, headers)


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
