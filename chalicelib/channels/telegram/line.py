"""Whose an update is, and how chats and messages are named in our words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.model import Account, Address, Route
from chalicelib.reading import Payload, ident, part, text

PHONE = re.compile(r"\+?([1-9][0-9]{4,19})")


@dataclass(frozen=True, slots=True)
class Line:
    """What an update says about itself, and whose it is."""

    account: Account
    update: str
    arrived: int

    def route(self, address: Address, thread: str = "") -> Route:
        return Route(self.account.channel, self.account.name, "telegram", address.key, address.value, thread)


def address_of(chat: Payload) -> Address:
    """Tell who speaks: in a private chat a person, and a group is spoken to as a whole."""
    return Address("telegram", ident(chat["id"]))


def own_number(message: Payload) -> tuple[Address, ...]:
    """Tell the number that somebody gives as their own; a card of their own is not proof enough to link people."""
    card, sender = part(message.get("contact")), part(message.get("from"))
    number = PHONE.fullmatch(text(card.get("phone_number")))
    if number is None or not card.get("user_id") or card.get("user_id") != sender.get("id"):
        return ()
    return (Address("phone", f"+{number[1]}", verified=False),)


def id_of(chat: Payload, message: Payload) -> str:
    """Name a message; one that only its receiver sees has no number in the chat."""
    if message.get("ephemeral_message_id"):
        return f"{ident(chat['id'])}:e{ident(message['ephemeral_message_id'])}"
    return f"{ident(chat['id'])}:{ident(message['message_id'])}"
