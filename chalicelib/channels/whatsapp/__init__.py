"""WhatsApp Cloud API.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
One body may carry messages and statuses of several of our numbers, in any order, and again days later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chalicelib.channels.whatsapp import alter, api, approved, media
from chalicelib.channels.whatsapp.content import said
from chalicelib.channels.whatsapp.files import CAPTION, FILES
from chalicelib.channels.whatsapp.people import Line, known_by, own_numbers, who_wrote
from chalicelib.channels.whatsapp.statuses import receipt
from chalicelib.errors import Unverified
from chalicelib.model import (
    DAY,
    Account,
    Address,
    Capabilities,
    ContactChanged,
    Event,
    Markup,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    Route,
    Unit,
    Unknown,
)
from chalicelib.reading import Payload, ident, moment, part, rows, text, untrusted, with_wish
from chalicelib.signing import hex_sha256, same_as_any
from chalicelib.telling import Said, aside, strange
from chalicelib.web import Request, Response

send, look_up, locate = api.send, api.look_up, media.locate
templates = approved.templates
change, take_back, react = alter.change, alter.take_back, alter.react

CAPABILITIES: Mapping[str, Capabilities] = {
    "whatsapp": Capabilities(
        "WhatsApp",
        ":large_green_circle:",
        4096,
        Unit.UTF16,
        delivered=True,
        confirms=True,
        read=True,
        window=DAY,
        reactions=True,
        replies=True,
        templates=True,
        # Meta's Platform Terms, 3.d: what a user asks to have deleted is deleted as soon as it reasonably can be.
        redacts=True,
        # Meta has no such words for service messages; only those that mean nothing else.
        stop_words=frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT"}),
        start_words=frozenset({"START", "UNSTOP"}),
        markup=Markup.WHATSAPP,
        files=FILES,
        caption_limit=CAPTION,
    )
}
SECRETS = ("WHATSAPP_ACCESS_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN")
OPTIONAL = ("WHATSAPP_GRAPH_VERSION", "WHATSAPP_PHONE_NUMBER_ID", approved.ACCOUNT)
API_URL = ("THREADLINE_GRAPH_URL", "https://graph.facebook.com")

CHANGES = frozenset({"user_changed_number", "user_changed_user_id", "customer_identity_changed"})

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,256}")


def way_to(account: Account, medium: str, phone: str, heard: str) -> Route | None:
    sender = account.secret("WHATSAPP_PHONE_NUMBER_ID") or heard
    to = phone.removeprefix("+")
    return Route(account.channel, account.name, medium, Address("phone", phone).key, to, sender)


def verify(request: Request, account: Account) -> None:
    if request.method == "GET":
        fits = _handshake(request, account)
    else:
        given = request.headers.get("x-hub-signature-256", "")
        secrets = account.accepted("WHATSAPP_APP_SECRET")
        expected = [f"sha256={hex_sha256(secret, request.body)}" for secret in secrets]
        fits = request.method == "POST" and same_as_any(given, expected)
    if not fits:
        raise Unverified("the signature does not fit")


def _handshake(request: Request, account: Account) -> bool:
    # The challenge is sent back, so it must not be able to say anything.
    challenge = CHALLENGE.fullmatch(request.query.get("hub.challenge", ""))
    subscribing = request.query.get("hub.mode") == "subscribe"
    known = same_as_any(request.query.get("hub.verify_token", ""), account.accepted("WHATSAPP_VERIFY_TOKEN"))
    return bool(challenge) and subscribing and known


def answer(request: Request, events: list[Event]) -> Response:  # noqa: ARG001
    """Repeat the challenge of a handshake; say nothing to anything else."""
    challenge = CHALLENGE.fullmatch(request.query.get("hub.challenge", ""))
    return Response(200, challenge[0] if challenge and request.method == "GET" else "")


def parse(request: Request, account: Account) -> list[Event]:
    if request.method == "GET":
        return []
    with untrusted():
        payload = request.json()
        about = text(payload["object"])
        if about != "whatsapp_business_account":
            return [Unknown(f"object {about[:40]}")]
        return [
            event
            for entry in rows(payload["entry"])
            for change in rows(entry["changes"])
            for event in _change(change, Line(request, account, part(change.get("value"))))
        ]


def _change(change: Payload, line: Line) -> Iterator[Event]:
    match text(change["field"]):
        case "messages":
            for message in rows(line.value.get("messages")):
                yield from _message(message, line)
            for status in rows(line.value.get("statuses")):
                yield receipt(status)
        case "user_id_update":
            told = line.value["user_id_update"]
            for update in rows(told if isinstance(told, list) else [told]):
                yield _new_id(update, line)
        case "user_preferences":
            # No more marketing. Meta sees to that (131050), and who dislikes adverts still wants answers.
            return
        case other:
            yield Unknown(f"field {other[:40]}")


def _message(message: Payload, line: Line) -> Iterator[Event]:
    kind = text(message.get("type"))
    if kind == "request_welcome":
        return  # somebody opened the chat and has said nothing yet
    if message.get("group_id"):
        # The way back would be private, and the group would not see it.
        yield Unknown("message in a group")
        return
    read = READERS.get(kind, _received)
    yield from read(message, line)


def _received(message: Payload, line: Line) -> Iterator[Event]:
    kind = text(message.get("type"))
    content = said(kind, message)
    if content is None:
        yield Unknown(f"message {kind[:40]}".strip())
        if message.get("from") or message.get("from_user_id"):
            # Under a name of its own, so that the message itself is one more when somebody can read it.
            yield _shown({**message, "id": f"{ident(message['id'])}?"}, line, Said(strange(kind)))
        return
    yield _shown(message, line, content)


def _shown(message: Payload, line: Line, content: Said) -> MessageReceived:
    customer = who_wrote(message, line)
    received = MessageReceived(
        id=ident(message["id"]),
        route=line.route(customer.addresses[0], customer.to),
        addresses=(*customer.addresses, *own_numbers(message)),
        at=moment(message["timestamp"]),
        name=customer.name,
        text=content.text,
        rich=content.rich,
        attachments=content.files,
        reply_to=text(part(message.get("context")).get("id")),
    )
    return with_wish(received, CAPABILITIES["whatsapp"], content.typed)


def _edited(message: Payload, line: Line) -> Iterator[Event]:
    edit = part(message["edit"])
    now = {**message, **part(edit["message"]), "id": edit["original_message_id"]}
    for event in _received(now, line):
        if isinstance(event, Unknown):
            yield Unknown(f"edit: {event.kind}")
            return
        if isinstance(event, MessageReceived):
            yield MessageEdited(ident(message["id"]), event, event.at)


def _revoked(message: Payload, line: Line) -> Iterator[Event]:
    customer = who_wrote(message, line)
    yield MessageDeleted(
        id=ident(message["id"]),
        of=ident(part(message["revoke"])["original_message_id"]),
        route=line.route(customer.addresses[0], customer.to),
        addresses=customer.addresses,
        at=moment(message["timestamp"]),
    )


def _reacted(message: Payload, line: Line) -> Iterator[Event]:
    customer, reaction = who_wrote(message, line), part(message["reaction"])
    yield Reacted(
        id=ident(message["id"]),
        to=ident(reaction["message_id"]),
        emoji=text(reaction.get("emoji")),
        route=line.route(customer.addresses[0], customer.to),
        addresses=customer.addresses,
        at=moment(message["timestamp"]),
        name=customer.name,
    )


def _system(message: Payload, line: Line) -> Iterator[Event]:
    """Read that an address has changed: the new ones first, so that the way back leads to them."""
    system = part(message["system"])
    kind = text(system.get("type"))
    if kind not in CHANGES:
        yield Unknown(f"system {kind[:40]}")
        about = aside("WhatsApp says", text(system.get("body")) or kind.replace("_", " "))
        if message.get("from") or message.get("from_user_id"):
            yield _shown({**message, "id": f"{ident(message['id'])}?"}, line, Said(about))
        return
    numbers = [system.get("wa_id"), system.get("new_wa_id"), message.get("from")]
    customer = known_by(numbers, [system.get("user_id"), message.get("from_user_id")])
    yield ContactChanged(
        id=ident(message["id"]),
        route=line.route(customer.addresses[0], customer.to),
        addresses=customer.addresses,
        at=moment(message["timestamp"]),
        text=text(system.get("body")) or kind.replace("_", " "),
    )


READERS = {"edit": _edited, "revoke": _revoked, "reaction": _reacted, "system": _system}


def _new_id(update: Payload, line: Line) -> Event:
    ids = part(update["user_id"])
    previous, current = ident(ids["previous"]), ident(ids["current"])
    customer = known_by([update.get("wa_id")], [current, previous])
    return ContactChanged(
        id=f"user_id_update:{previous}:{current}",
        route=line.route(customer.addresses[0], customer.to),
        addresses=customer.addresses,
        at=moment(update["timestamp"]) if "timestamp" in update else line.request.arrived,
        text="changed their WhatsApp id",
    )
