"""Telegram bots: private chats and groups.

https://core.telegram.org/bots/api#update
Nothing is signed: the secret token is all there is to check. A message's number is its own in its chat only.
An update that is answered by anything but 2xx holds its chat up for a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.channels.telegram import alter, api, media
from chalicelib.channels.telegram.content import answered, called, quoted, said, silent
from chalicelib.channels.telegram.files import CAPTION, FILES
from chalicelib.errors import Unverified
from chalicelib.model import (
    Account,
    Address,
    Capabilities,
    ContactChanged,
    Event,
    Markup,
    MessageEdited,
    MessageReceived,
    OptedIn,
    OptedOut,
    Reacted,
    Route,
    Unit,
    Unknown,
)
from chalicelib.reading import Payload, ident, moment, number, part, rows, text, untrusted, with_wish
from chalicelib.signing import same_as_any
from chalicelib.web import Request, Response

send, look_up, locate = api.send, api.look_up, media.locate
change, take_back, react = alter.change, alter.take_back, alter.react

CAPABILITIES: Mapping[str, Capabilities] = {
    "telegram": Capabilities(
        "Telegram",
        ":large_blue_circle:",
        4096,
        Unit.UTF16,
        stop_words=frozenset({"/STOP"}),
        start_words=frozenset({"/START"}),
        markup=Markup.HTML,
        files=FILES,
        caption_limit=CAPTION,
        edits=True,
        deletes=True,
        reactions=True,
        replies=True,
    )
}
SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
OPTIONAL = ()
API_URL = ("THREADLINE_TELEGRAM_URL", "https://api.telegram.org")

MEMBERSHIP: Mapping[str, tuple[type[OptedOut | OptedIn], str]] = {
    "kicked": (OptedOut, "the bot was blocked"),
    "left": (OptedOut, "the bot was removed"),
    "member": (OptedIn, "the bot was let in again"),
    "administrator": (OptedIn, "the bot was made an administrator"),
    "restricted": (OptedIn, "the bot was let in with fewer rights"),
}


def verify(request: Request, account: Account) -> None:
    given = request.headers.get("x-telegram-bot-api-secret-token", "")
    if request.method != "POST" or not same_as_any(given, account.accepted("TELEGRAM_WEBHOOK_SECRET")):
        raise Unverified("the secret token does not fit")


def answer(request: Request, events: list[Event]) -> Response:  # noqa: ARG001
    """Say nothing; a reply put here would be sent, and we would never learn its number."""
    return Response(200)


def parse(request: Request, account: Account) -> list[Event]:
    with untrusted():
        update = part(request.json())
        line = _Line(account, ident(update["update_id"]), request.arrived)
        kind = next((kind for kind in update if kind != "update_id"), "empty")
        if kind not in READERS:
            return [Unknown(f"update {text(kind)[:40]}")]
        return READERS[kind](part(update[kind]), line)


@dataclass(frozen=True, slots=True)
class _Line:
    """What an update says about itself, and whose it is."""

    account: Account
    update: str
    arrived: int

    def route(self, address: Address, thread: str = "") -> Route:
        return Route(self.account.channel, self.account.name, "telegram", address.key, address.value, thread)


def _address(chat: Payload) -> Address:
    """Tell who speaks: in a private chat a person, and a group is spoken to as a whole."""
    return Address("telegram", ident(chat["id"]))


def _id(chat: Payload, message: Payload) -> str:
    """Name a message; one that only its receiver sees has no number in the chat."""
    if message.get("ephemeral_message_id"):
        return f"{ident(chat['id'])}:e{ident(message['ephemeral_message_id'])}"
    return f"{ident(chat['id'])}:{ident(message['message_id'])}"


def _message(message: Payload, line: _Line) -> list[Event]:
    chat, sender, alias = part(message["chat"]), part(message.get("from")), part(message.get("sender_chat"))
    if sender.get("is_bot") is True and not alias:
        return []  # bots talk to each other elsewhere; an anonymous administrator comes as one, with an alias
    if message.get("migrate_to_chat_id"):
        return [_moved(message, line)]
    content = said(message)
    if content is None:
        return [] if silent(message) else [Unknown(f"message {', '.join(_unfamiliar(message))[:80]}")]
    thread = ident(message["message_thread_id"]) if message.get("is_topic_message") is True else ""
    reply_to, address = answered(message), _address(chat)
    received = MessageReceived(
        id=_id(chat, message),
        route=line.route(address, thread),
        addresses=(address,),
        at=moment(message["date"]),
        name=called(alias or sender),
        text=content.text,
        rich=content.rich,
        attachments=content.files,
        sequence=number(message.get("message_id")),
        reply_to=_id(chat, reply_to) if reply_to else "",
        quoted=quoted(message),
        album=text(message.get("media_group_id")),
    )
    if text(chat["type"]) != "private":
        return [received]
    # A link to the bot may add a word of its own: "/start summer-sale".
    first = received.text.partition(" ")[0]
    command = first if first.lower() == "/start" else received.text
    return [with_wish(received, CAPABILITIES["telegram"], command)]


def _unfamiliar(message: Payload) -> list[str]:
    common = {"message_id", "from", "chat", "date", "edit_date", "message_thread_id", "reply_to_message"}
    return sorted(text(key) for key in message if key not in common)


def _edited(message: Payload, line: _Line) -> list[Event]:
    """Read a message as it is now; live locations and link previews come as edits as well."""
    events: list[Event] = []
    at = moment(message["edit_date"]) if "edit_date" in message else 0
    live = bool(part(message.get("location")).get("live_period"))
    for event in _message(message, line):
        if isinstance(event, MessageReceived):
            events.append(MessageEdited(f"{event.id}:{line.update}", event, at, quiet=live))
        elif isinstance(event, Unknown):
            events.append(Unknown(f"edited {event.kind}"))
    return events


def _moved(message: Payload, line: _Line) -> ContactChanged:
    """Read that a group became a supergroup: the same people under another number."""
    old, new = part(message["chat"]), Address("telegram", ident(message["migrate_to_chat_id"]))
    return ContactChanged(
        id=_id(old, message),
        route=line.route(new),
        addresses=(new, _address(old)),
        at=moment(message["date"]),
        text="the group became a supergroup",
    )


def _member(change: Payload, line: _Line) -> list[Event]:
    """Read what became of our bot in a chat; blocking is how people say stop here."""
    status = text(part(change["new_chat_member"])["status"])
    if status not in MEMBERSHIP:
        return [Unknown(f"member {status[:40]}")]
    event, what_happened = MEMBERSHIP[status]
    address = _address(part(change["chat"]))
    name = f"{address.value}:member:{line.update}"
    return [event(name, line.route(address), (address,), moment(change["date"]), what_happened)]


def _reacted(reaction: Payload, line: _Line) -> list[Event]:
    """Read who thinks what of a message; one without an id of its own, so the update's has to do."""
    chat = part(reaction["chat"])
    now = [_emoji(each) for each in rows(reaction["new_reaction"])]
    to, address = _id(chat, reaction), _address(chat)
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
    return text(reaction.get("emoji")) or ("⭐" if reaction.get("type") == "paid" else "❔")


def _pressed(press: Payload, line: _Line) -> list[Event]:
    """Read a pressed button as its label: to the customer it is an answer like any other."""
    under = part(press.get("message"))
    if not under:
        return [Unknown("callback_query without a message")]
    chat, data = part(under["chat"]), text(press.get("data"))
    address = _address(chat)
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
            reply_to=_id(chat, under),
        )
    ]


Reader = Callable[[Payload, _Line], list[Event]]

READERS: Mapping[str, Reader] = {
    "message": _message,
    "edited_message": _edited,
    "my_chat_member": _member,
    "message_reaction": _reacted,
    "callback_query": _pressed,
}
