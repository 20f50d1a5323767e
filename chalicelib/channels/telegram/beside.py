"""What happens around messages: reactions, pressed buttons, a bot that is let in or blocked, a group that moves.

https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.channels.telegram.kinds import called
from chalicelib.channels.telegram.line import Line, address_of, id_of
from chalicelib.model import (
    Address,
    ContactChanged,
    Event,
    MessageReceived,
    OptedIn,
    OptedOut,
    Reacted,
    Unknown,
)
from chalicelib.reading import Payload, ident, moment, part, rows, text

MEMBERSHIP: Mapping[str, tuple[type[OptedOut | OptedIn], str]] = {
    "kicked": (OptedOut, "the bot was blocked"),
    "left": (OptedOut, "the bot was removed"),
    "member": (OptedIn, "the bot was let in again"),
    "administrator": (OptedIn, "the bot was made an administrator"),
    "restricted": (OptedIn, "the bot was let in with fewer rights"),
}


def moved(message: Payload, line: Line) -> ContactChanged:
    """Read that a group became a supergroup: the same people under another number."""
    old, new = part(message["chat"]), Address("telegram", ident(message["migrate_to_chat_id"]))
    return ContactChanged(
        id=id_of(old, message),
        route=line.route(new),
        addresses=(new, address_of(old)),
        at=moment(message["date"]),
        text="the group became a supergroup",
    )


def member(change: Payload, line: Line) -> list[Event]:
    """Read what became of our bot in a chat; blocking is how people say stop here."""
    status = text(part(change["new_chat_member"])["status"])
    if status not in MEMBERSHIP:
        return [Unknown(f"member {status[:40]}")]
    event, what_happened = MEMBERSHIP[status]
    address = address_of(part(change["chat"]))
    name = f"{address.value}:member:{line.update}"
    return [event(name, line.route(address), (address,), moment(change["date"]), what_happened)]


def reacted(reaction: Payload, line: Line) -> list[Event]:
    """Read who thinks what of a message; one without an id of its own, so the update's has to do."""
    chat = part(reaction["chat"])
    now = [_emoji(each) for each in rows(reaction["new_reaction"])]
    to, address = id_of(chat, reaction), address_of(chat)
    return [
        Reacted(
            id=f"{to}:{line.update}",
            to=to,
            emoji=now[-1] if now else "",
            route=line.route(address),
            addresses=(address,),
            at=moment(reaction["date"]),
            name=called(part(reaction.get("user")) or part(reaction.get("actor_chat"))),
        )
    ]


def _emoji(reaction: Payload) -> str:
    """Name a reaction; a custom emoji is a picture only Telegram has, and a paid one is a star."""
    return text(reaction.get("emoji")) or ("⭐" if reaction.get("type") == "paid" else "[custom emoji]")


def pressed(press: Payload, line: Line) -> list[Event]:
    """Read a pressed button as its label: to the customer it is an answer like any other."""
    under = part(press.get("message"))
    if not under:
        return [Unknown("callback_query without a message")]
    chat, data = part(under["chat"]), text(press.get("data"))
    address = address_of(chat)
    keyboard = part(under.get("reply_markup")).get("inline_keyboard") or []
    buttons = [button for row in keyboard for button in rows(row)]
    labels = [text(button.get("text")) for button in buttons if button.get("callback_data") == data]
    return [
        MessageReceived(
            id=f"press:{ident(press['id'])}",
            route=line.route(address),
            addresses=(address,),
            at=line.arrived,  # a press has no time of its own
            name=called(part(press.get("from"))),
            text=next(filter(None, labels), data) or "[pressed a button]",
            reply_to=id_of(chat, under),
        )
    ]
