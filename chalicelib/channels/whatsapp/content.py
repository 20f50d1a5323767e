"""What a WhatsApp message says, in text and attachments.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from chalicelib.model import Attachment, Sort
from chalicelib.reading import EMPTY, Payload, card, ident, part, place, rows, text, word

Said = tuple[str, tuple[Attachment, ...]]


def said(kind: str, message: Payload) -> Said | None:
    """Read a message of a kind we know; None for any other."""
    if kind in MEDIA:
        return _media(kind, part(message[kind]))
    if kind not in TEXTS:
        return None
    return TEXTS[kind](message) or EMPTY, ()


def _media(kind: str, media: Payload) -> Said:
    attachment = Attachment(
        Sort.VOICE if media.get("voice") is True else MEDIA[kind],
        name=text(media.get("filename")),
        mime=text(media.get("mime_type")),
        reference=ident(media["id"]),
    )
    return text(media.get("caption")), (attachment,)


def _text(message: Payload) -> str:
    return text(part(message["text"])["body"])


def _button(message: Payload) -> str:
    button = part(message["button"])
    return text(button.get("text")) or text(button.get("payload"))


def _location(message: Payload) -> str:
    where = part(message["location"])
    name, address = text(where.get("name")), text(where.get("address"))
    return place(name, address, word(where["latitude"]), word(where["longitude"]))


def _contacts(message: Payload) -> str:
    return "\n".join(map(_contact, rows(message["contacts"])))


def _contact(contact: Payload) -> str:
    name = text(part(contact.get("name")).get("formatted_name"))
    phones = [text(phone.get("phone")) for phone in rows(contact.get("phones"))]
    emails = [text(email.get("email")) for email in rows(contact.get("emails"))]
    return card(name, *phones, *emails)


def _order(message: Payload) -> str:
    order = part(message["order"])
    return "\n".join(filter(None, [text(order.get("text")), *map(_product, rows(order.get("product_items")))]))


def _product(item: Payload) -> str:
    price = f"{word(item.get('item_price'))} {text(item.get('currency'))}".strip()
    return f"[order: {word(item.get('quantity')) or '?'} x {text(item.get('product_retailer_id'))}, {price}]"


def _interactive(message: Payload) -> str:
    reply = part(message["interactive"])
    kind = text(reply["type"])
    about = part(reply.get(kind))
    if kind == "nfm_reply":
        return _form(about)
    if kind == "call_permission_reply":
        return f"[permission to call: {text(about.get('response'))}]"
    title = text(about.get("title")) or f"[{kind}]"
    return "\n".join(filter(None, [title, text(about.get("description"))]))


def _form(about: Payload) -> str:
    """Read a filled-in form; its answers are JSON in a string, or whatever the form's owner made of it."""
    answers = text(about.get("response_json"))
    try:
        fields = json.loads(answers)
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        told = {name: value for name, value in fields.items() if name != "flow_token"}
        answers = text("\n".join(f"{name}: {_shown(value)}" for name, value in told.items()))
    return "\n".join(filter(None, [text(about.get("body")) or text(about.get("name")), answers]))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unsupported(message: Payload) -> str:
    """Say what the customer did see themselves send, as far as Meta tells."""
    what = text(part(message.get("unsupported")).get("type"))
    told = [text(error.get("title")) for error in rows(message.get("errors"))]
    return f"[not supported by WhatsApp: {', '.join(filter(None, [what, *told])) or 'a message'}]"


MEDIA: Mapping[str, Sort] = {
    "image": Sort.PICTURE,
    "video": Sort.VIDEO,
    "audio": Sort.AUDIO,
    "voice": Sort.VOICE,
    "document": Sort.FILE,
    "sticker": Sort.STICKER,
}

TEXTS: Mapping[str, Callable[[Payload], str]] = {
    "text": _text,
    "button": _button,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "interactive": _interactive,
    "unsupported": _unsupported,
}
