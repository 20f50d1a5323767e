"""Who is on both ends of a WhatsApp message.

https://developers.facebook.com/docs/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.model import Account, Address, Route
from chalicelib.reading import Payload, ident, part, rows, text
from chalicelib.web import Request

PHONE = re.compile(r"\+?([1-9][0-9]{4,19})")
SPACED = re.compile(r"[\s().-]")
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class Line:
    """Whose number a change is about; a body may be about several."""

    request: Request
    account: Account
    value: Payload

    def route(self, address: Address, to: str) -> Route:
        metadata = part(self.value.get("metadata"))
        sender = ident(metadata["phone_number_id"])
        return Route(self.account.channel, self.account.name, "whatsapp", address.key, to, sender)


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom we speak with: by phone, by business-scoped id, or both; either may be missing."""

    addresses: tuple[Address, ...]
    name: str = ""

    @property
    def to(self) -> str:
        return self.addresses[0].value.removeprefix("+")


def who_wrote(message: Payload, line: Line) -> Customer:
    """Find out who wrote; the list of contacts may be shorter than that of messages, or missing."""
    phone, user = text(message.get("from")), text(message.get("from_user_id"))
    contacts = [
        contact
        for contact in rows(line.value.get("contacts"))
        if (phone and text(contact.get("wa_id")) == phone) or (user and text(contact.get("user_id")) == user)
    ]
    contact = contacts[0] if contacts else {}
    profile = part(contact.get("profile"))
    found = known_by([phone, contact.get("wa_id")], [user, phone, contact.get("user_id")])
    return Customer(found.addresses, text(profile.get("name")) or text(profile.get("username")))


def known_by(numbers: list[object], users: list[object]) -> Customer:
    """Collect what somebody is known by; one who is known by nothing is a surprise."""
    phones = [match[1] for match in map(PHONE.fullmatch, map(text, numbers)) if match]
    ids = [user for user in map(text, users) if BSUID.fullmatch(user)]
    addresses = [Address("phone", f"+{each}") for each in phones] + [Address("whatsapp", each) for each in ids]
    if not addresses:
        raise ValueError("from nobody")
    return Customer(tuple(dict.fromkeys(addresses)))


def own_numbers(message: Payload) -> tuple[Address, ...]:
    """Tell the numbers that somebody gives as their own, asked by us; that is not proof enough to link people."""
    cards = [card for card in rows(message.get("contacts")) if card.get("origin") == "contact_request"]
    phones = [phone for card in cards for phone in rows(card.get("phones"))]
    spelled = [text(phone.get("wa_id")) or SPACED.sub("", text(phone.get("phone"))) for phone in phones]
    found = [match[1] for match in map(PHONE.fullmatch, spelled) if match]
    return tuple(Address("phone", f"+{each}", verified=False) for each in dict.fromkeys(found))
