"""Telegram bots: private chats and groups.

https://core.telegram.org/bots/api#update
Nothing is signed: the secret token is all there is to check. A message's number is its own in its chat only.
An update that is answered by anything but 2xx holds its chat up for a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.channels.telegram import alter, api, faces, media
from chalicelib.channels.telegram.beside import member, moved, pressed, reacted
from chalicelib.channels.telegram.content import answered, quoted, said, silent, unfamiliar
from chalicelib.channels.telegram.files import CAPTION, FILES
from chalicelib.channels.telegram.kinds import called
from chalicelib.channels.telegram.line import Line, address_of, id_of, own_number
from chalicelib.errors import Unverified
from chalicelib.model import (
    Account,
    Capabilities,
    Event,
    Markup,
    MessageEdited,
    MessageReceived,
    Outcome,
    Route,
    Template,
    Unit,
    Unknown,
)
from chalicelib.reading import (
    Payload,
    ident,
    moment,
    number,
    part,
    text,
    untrusted,
    with_wish,
)
from chalicelib.signing import same_as_any
from chalicelib.telling import Said, strange
from chalicelib.web import Http, Request, Response

send, look_up, locate = api.send, api.look_up, media.locate
change, take_back, react = alter.change, alter.take_back, alter.react
picture = faces.picture

CAPABILITIES: Mapping[str, Capabilities] = {
    "telegram": Capabilities(
        "Telegram",
        ":large_blue_circle:",
        4096,
        Unit.UTF16,
        stop_words=frozenset({"/STOP"}),
        start_words=frozenset({"/START"}),
        markup=Markup.HTML,
        marks_limit=100,
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


def way_to(account: Account, medium: str, phone: str, heard: str) -> Route | None:  # noqa: ARG001
    """Give none: a bot cannot write to anybody who has not written to it."""
    return None


def templates(account: Account, http: Http) -> tuple[Template, ...] | Outcome:  # noqa: ARG001
    """Give none: whoever wrote to a bot once may be answered at any time."""
    return ()


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
        line = Line(account, ident(update["update_id"]), request.arrived)
        kind = next((kind for kind in update if kind != "update_id"), "empty")
        if kind not in READERS:
            return [Unknown(f"update {text(kind)[:40]}")]
        return READERS[kind](part(update[kind]), line)


def _message(message: Payload, line: Line) -> list[Event]:
    if part(message.get("from")).get("is_bot") is True and not message.get("sender_chat"):
        return []  # bots talk to each other elsewhere; an anonymous administrator comes as one, with an alias
    if message.get("migrate_to_chat_id"):
        return [moved(message, line)]
    content = said(message)
    if content is not None:
        return [_received(message, line, content)]
    if silent(message):
        return []
    what = unfamiliar(message)
    # Under a name of its own, so that the message itself is one more when somebody can read it.
    shown = _received(message, line, Said(strange(what)))
    return [Unknown(f"message {what[:80]}"), replace(shown, id=f"{shown.id}?")]


def _received(message: Payload, line: Line, content: Said) -> MessageReceived:
    chat, to = part(message["chat"]), answered(message)
    thread = ident(message["message_thread_id"]) if message.get("is_topic_message") is True else ""
    address = address_of(chat)
    received = MessageReceived(
        id=id_of(chat, message),
        route=line.route(address, thread),
        addresses=(address,),
        at=moment(message["date"]),
        name=called(part(message.get("sender_chat")) or part(message.get("from"))),
        text=content.text,
        rich=content.rich,
        attachments=content.files,
        sequence=number(message.get("message_id")),
        reply_to=id_of(chat, to) if to else "",
        quoted=quoted(message) if to else "",
        album=text(message.get("media_group_id")),
    )
    if text(chat["type"]) != "private":
        return received
    received = replace(
        received,
        addresses=(address, *own_number(message)),
        locale=text(part(message.get("from")).get("language_code")),
    )
    # A link to the bot may add a word of its own: "/start summer-sale".
    first = content.typed.partition(" ")[0]
    command = first if first.lower() == "/start" else content.typed
    return with_wish(received, CAPABILITIES["telegram"], command)


def _edited(message: Payload, line: Line) -> list[Event]:
    """Read a message as it is now; live locations and link previews come as edits as well."""
    events: list[Event] = []
    at = moment(message["edit_date"]) if "edit_date" in message else 0
    live = bool(part(message.get("location")).get("live_period"))
    for event in _message(message, line):
        if isinstance(event, Unknown):
            return [Unknown(f"edited {event.kind}")]
        if isinstance(event, MessageReceived):
            events.append(MessageEdited(f"{event.id}:{line.update}", event, at, quiet=live))
    return events


Reader = Callable[[Payload, Line], list[Event]]

READERS: Mapping[str, Reader] = {
    "message": _message,
    "edited_message": _edited,
    "my_chat_member": member,
    "message_reaction": reacted,
    "callback_query": pressed,
}
