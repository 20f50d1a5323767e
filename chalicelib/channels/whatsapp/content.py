"""What a WhatsApp message says, in text and attachments.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from chalicelib.model import Attachment, Sort
from chalicelib.reading import Payload, degrees, ident, part, rows, text, word
from chalicelib.richtext import literal, whatsapp
from chalicelib.telling import EMPTY, Said, aside, card, place, told


def said(kind: str, message: Payload) -> Said | None:
    """Read a message of a kind we know; None for any other."""
    about = list(_about(message))
    if kind in MEDIA:
        media = part(message[kind])
        content = _typed(text(media.get("caption")), about)._replace(files=(_file(kind, media),))
    elif kind == "text":
        content = _typed(text(part(message["text"])["body"]), about)
    elif kind in CHOICES:
        chosen = CHOICES[kind](message)
        content = told(chosen, literal(chosen), about)
    elif kind in LINES:
        content = told("", (), about, [LINES[kind](message)])
    else:
        return None
    if not content.text and not content.files:
        content = content._replace(text=EMPTY)
    return content._replace(typed="") if _is_passed_on(message) else content


def _typed(words: str, about: list[str]) -> Said:
    return told(words, whatsapp.read(words), about)


def _file(kind: str, media: Payload) -> Attachment:
    return Attachment(
        Sort.VOICE if media.get("voice") is True else MEDIA[kind],
        name=text(media.get("filename")),
        mime=text(media.get("mime_type")),
        reference=ident(media["id"]),
    )


def _is_passed_on(message: Payload) -> bool:
    context = part(message.get("context"))
    return bool(context.get("forwarded") or context.get("frequently_forwarded"))


def _about(message: Payload) -> Iterator[str]:
    """Say where a message comes from, if not from the customer, and what brought them here."""
    context, advert = part(message.get("context")), part(message.get("referral"))
    if _is_passed_on(message):
        yield aside("forwarded many times" if context.get("frequently_forwarded") else "forwarded")
    if context.get("referred_product"):
        yield aside("about a product", text(part(context["referred_product"]).get("product_retailer_id")))
    if advert:
        where = "a post" if advert.get("source_type") == "post" else "an advert"
        yield aside(f"from {where}", *(text(advert.get(key)) for key in ("headline", "body", "source_url")))


def _button(message: Payload) -> str:
    button = part(message["button"])
    return text(button.get("text")) or text(button.get("payload"))


def _location(message: Payload) -> str:
    where = part(message["location"])
    words = (text(where.get(key)) for key in ("name", "address", "url"))
    return place(degrees(where["latitude"]), degrees(where["longitude"]), *words)


def _contacts(message: Payload) -> str:
    return "\n".join(map(_contact, rows(message["contacts"]))) or aside("contact")


def _contact(contact: Payload) -> str:
    """Read a card; one that answers our own request is the customer's."""
    lines = [
        text(part(contact.get("name")).get("formatted_name")),
        *(text(phone.get("phone")) or text(phone.get("wa_id")) for phone in rows(contact.get("phones"))),
        *(text(email.get("email")) for email in rows(contact.get("emails"))),
        *(text(part(contact.get("org")).get(key)) for key in ("company", "department", "title")),
        *(_address(address) for address in rows(contact.get("addresses"))),
        *(text(url.get("url")) for url in rows(contact.get("urls"))),
        text(contact.get("birthday")),
    ]
    asked_for = contact.get("origin") == "contact_request"
    return card(*dict.fromkeys(lines), what="their own contact" if asked_for else "contact")


def _address(address: Payload) -> str:
    return " ".join(
        filter(None, (text(address.get(key)) for key in ("street", "zip", "city", "state", "country")))
    )


def _order(message: Payload) -> str:
    order = part(message["order"])
    items = list(map(_product, rows(order.get("product_items"))))
    return "\n".join(filter(None, [text(order.get("text")), *(items or [aside("order")])]))


def _product(item: Payload) -> str:
    count, price = word(item.get("quantity")) or "?", word(item.get("item_price"))
    return aside(
        "order", f"{count} x {text(item.get('product_retailer_id'))}", f"{price} {text(item.get('currency'))}"
    )


def _interactive(message: Payload) -> str:
    reply = part(message["interactive"])
    kind = text(reply["type"])
    about = part(reply.get(kind))
    if kind == "nfm_reply":
        return _form(about)
    if kind == "call_permission_reply":
        return aside("permission to call", text(about.get("response")))
    title = text(about.get("title")) or aside(kind.replace("_", " "))
    return "\n".join(filter(None, [title, text(about.get("description"))]))


def _form(about: Payload) -> str:
    """Read a filled-in form; its answers are JSON in a string, or whatever the form's owner made of it."""
    answers = text(about.get("response_json"))
    try:
        fields = json.loads(answers)
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        answers = text("\n".join(_filled_in({**fields, "flow_token": None})))
    return "\n".join(filter(None, [text(about.get("body")) or aside("a form"), answers]))


def _filled_in(fields: Mapping[str, object]) -> Iterator[str]:
    """Say what stands in the fields of a form, those of a part of it under their own names."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _filled_in(value)
        elif value not in (None, "", []):
            yield f"{name}: {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unsupported(message: Payload) -> str:
    """Say what the customer did see themselves send, as far as Meta tells."""
    what = text(part(message.get("unsupported")).get("type"))
    errors = [text(error.get("title")) for error in rows(message.get("errors"))]
    named = [*filter(None, [what.replace("_", " "), *errors])]
    return aside("not supported by WhatsApp", *(named or ["a message"]))


MEDIA: Mapping[str, Sort] = {
    "image": Sort.PICTURE,
    "video": Sort.VIDEO,
    "audio": Sort.AUDIO,
    "voice": Sort.VOICE,
    "document": Sort.FILE,
    "sticker": Sort.STICKER,
}

CHOICES: Mapping[str, Callable[[Payload], str]] = {"button": _button, "interactive": _interactive}
"""What a customer chooses instead of typing it."""

LINES: Mapping[str, Callable[[Payload], str]] = {
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "unsupported": _unsupported,
}
"""What is neither words nor a file, as lines."""
