"""Whose an update is, and how chats and messages are named in our words."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model import Account, Address, Route
from chalicelib.reading import Payload, ident


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


def id_of(chat: Payload, message: Payload) -> str:
    """Name a message; one that only its receiver sees has no number in the chat."""
    if message.get("ephemeral_message_id"):
        return f"{ident(chat['id'])}:e{ident(message['ephemeral_message_id'])}"
    return f"{ident(chat['id'])}:{ident(message['message_id'])}"
