"""Twilio messaging: SMS and MMS, WhatsApp and RCS senders over one webhook.

https://www.twilio.com/docs/messaging/guides/webhook-request
https://www.twilio.com/docs/usage/webhooks/webhooks-security
Its webhooks carry no clock: an event is as old as its request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chalicelib.channels.twilio import alter, calls, files
from chalicelib.channels.twilio.codes import REASONS
from chalicelib.channels.twilio.content import Form, said
from chalicelib.channels.twilio.signature import genuine
from chalicelib.errors import Malformed, Unverified
from chalicelib.model import (
    DAY,
    Account,
    Address,
    Capabilities,
    Event,
    Markup,
    MessageReceived,
    Reason,
    Receipt,
    Route,
    State,
    Unit,
    Unknown,
    read_ours,
)
from chalicelib.reading import ident, text, untrusted, with_wish
from chalicelib.web import Request, Response

send, look_up, listed, locate = calls.send, calls.look_up, calls.listed, calls.locate
templates = calls.templates
change, take_back, react = alter.change, alter.take_back, alter.react

# https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out: Twilio blocks and answers on these itself.
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})

CAPABILITIES: Mapping[str, Capabilities] = {
    "sms": Capabilities(
        "SMS",
        ":iphone:",
        10,  # of 160 letters; longer ones Twilio refuses (21617), and what is not GSM-7 carriers may drop
        Unit.SEGMENTS,
        delivered=True,
        confirms=True,
        stop_words=STOP,
        start_words=START,
        numbered=True,
        files=files.MMS,
        files_to=files.MMS_TO,
        caption_limit=10,
    ),
    "whatsapp": Capabilities(
        "WhatsApp",
        ":large_green_circle:",
        1600,
        Unit.UTF16,
        delivered=True,
        confirms=True,
        read=True,
        window=DAY,
        templates=True,
        # On WhatsApp Twilio blocks nobody, so only words that mean nothing else.
        stop_words=frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT"}),
        start_words=frozenset({"START", "UNSTOP"}),
        markup=Markup.WHATSAPP,
        files=files.WHATSAPP,
        caption_limit=1600,
    ),
    "rcs": Capabilities(
        "RCS",
        ":speech_balloon:",
        1600,
        Unit.UTF16,
        delivered=True,
        confirms=True,
        read=True,
        stop_words=STOP,
        start_words=START,
        files=files.RCS,
    ),
}
SECRETS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
OPTIONAL = ("TWILIO_WEBHOOKS_SHARED_KEY", "TWILIO_NUMBER")
API_URL = ("THREADLINE_TWILIO_URL", "https://api.twilio.com")

STATES: Mapping[str, State] = {
    "sent": State.SENT,
    "partially_delivered": State.SENT,  # some of its segments are missing: it did not arrive yet
    "delivered": State.DELIVERED,
    "read": State.READ,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
NOTHING_NEW = frozenset({"accepted", "scheduled", "queued", "sending", "receiving", "received"})

OPT_OUT_TYPES: Mapping[str, str] = {"STOP": "STOP", "START": "START"}

WHATSAPP_ONLY = ("WaId", "ExternalUserId", "ProfileName")
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def way_to(account: Account, medium: str, phone: str, heard: str) -> Route | None:
    if medium == "rcs":  # who has no RCS cannot be reached, and nobody says beforehand who has
        return None
    prefix, ours = "" if medium == "sms" else f"{medium}:", account.secret("TWILIO_NUMBER")
    sender = f"{prefix}{ours}" if ours else heard
    return Route(account.channel, account.name, medium, Address("phone", phone).key, f"{prefix}{phone}", sender)


def verify(request: Request, account: Account) -> None:
    if request.method != "POST":
        # A GET's parameters would be in the address, whose exact spelling does not reach us.
        raise Unverified("Twilio has to be set to POST")
    try:
        fits = genuine(request, account)
    except (Malformed, ValueError, TypeError) as error:
        raise Unverified("unreadable") from error
    if not fits:
        raise Unverified("the signature does not fit")


def parse(request: Request, account: Account) -> list[Event]:
    with untrusted():
        form = _once(request.form())
        if not form.get("MessageSid"):
            return [Unknown("a form without MessageSid")]
        if request.path_rest or "MessageStatus" in form or "EventType" in form:
            return _receipt(form, request)
        return [_message(form, request, account)]


def _once(pairs: list[tuple[str, str]]) -> Form:
    """Read a form of which every name is there once: the signature does not tell repeats apart."""
    form = {name: text(value) for name, value in pairs}
    if len(form) != len(pairs):
        raise ValueError("a name twice")
    return form


def _receipt(form: Form, request: Request) -> list[Event]:
    # RCS says EventType=READ beside a MessageStatus that is still "delivered", or missing.
    read = form.get("EventType", "").upper() == "READ"
    status = "read" if read else (form.get("MessageStatus") or form.get("SmsStatus", "")).lower()
    if status in NOTHING_NEW:
        return []
    if status not in STATES:
        return [Unknown(f"status {status[:40]}")]
    state, code = STATES[status], form.get("ErrorCode", "")
    words = form.get("ErrorMessage") or form.get("ChannelStatusMessage", "")
    return [
        Receipt(
            of=ident(form["MessageSid"]),
            state=state,
            at=request.arrived,
            reason=_reason(code) if state is State.FAILED else None,
            detail=f"{code} {words or ('' if code else status)}".strip() if state is State.FAILED else "",
            ours=request.path_rest if read_ours(request.path_rest) else "",
        )
    ]


def _reason(code: str) -> Reason:
    known = code.isascii() and code.isdigit() and REASONS.get(int(code[:9]))
    return known or Reason.REFUSED


def _message(form: Form, request: Request, account: Account) -> MessageReceived:
    medium, addresses, to = _customer(form)
    content = said(form, CAPABILITIES[medium].markup)
    message = MessageReceived(
        id=ident(form["MessageSid"]),
        route=Route(account.channel, account.name, medium, addresses[0].key, to, ident(form["To"])),
        addresses=addresses,
        at=request.arrived,
        name=form.get("ProfileName", ""),
        text=content.text,
        rich=content.rich,
        attachments=content.files,
        reply_to=form.get("OriginalRepliedMessageSid", ""),
    )
    # Advanced Opt-Out has words of its own, in any language.
    typed = OPT_OUT_TYPES.get(form.get("OptOutType", "").upper(), content.typed)
    return with_wish(message, CAPABILITIES[medium], typed)


def _customer(form: Form) -> tuple[str, tuple[Address, ...], str]:
    """Tell medium, identity and the way back; WhatsApp may hide the phone, or leave its prefix out."""
    prefix, colon, bare = ident(form["From"]).rpartition(":")
    if colon and prefix in CAPABILITIES:
        medium = prefix
    else:
        medium = "whatsapp" if any(form.get(name) for name in WHATSAPP_ONLY) else "sms"
    phones = [bare, f"+{form.get('WaId', '')}"] if medium == "whatsapp" else [bare]
    users = [form.get("ExternalUserId", "").rpartition(":")[2], bare] if medium == "whatsapp" else []
    found = [
        *(Address("phone", phone) for phone in phones if PHONE.fullmatch(phone)),
        *(Address("whatsapp", user) for user in users if BSUID.fullmatch(user)),
    ]
    # Short codes and the names of companies: the same sender, but no phone.
    addresses = tuple(dict.fromkeys(found)) or (Address(medium, ident(bare)),)
    return medium, addresses, bare if medium == "sms" else f"{medium}:{bare}"


def answer(request: Request, events: list[Event]) -> Response:  # noqa: ARG001
    """Say nothing in TwiML; a plain text would be sent to the customer."""
    return Response(200, '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")
