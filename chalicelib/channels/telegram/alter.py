"""Altering what stands in a chat: new words, none any more, a reaction. Each may be done twice.

https://core.telegram.org/bots/api#updating-messages and https://core.telegram.org/bots/api#setmessagereaction
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.channels.telegram.api import CHAT, number, refusal
from chalicelib.model import Account, Ambiguous, Bubble, Markup, Ok, Outcome, Reason, Refused
from chalicelib.reading import part, text
from chalicelib.richtext import readable
from chalicelib.web import CallFailed, Http, Reply

ALREADY = ("message is not modified", "message to delete not found")
"""Words in which Telegram says that all is as it should be."""
TOO_LATE = ("message can't be edited", "message can't be deleted")
"""Of its own messages a bot can delete those of the last 48 hours."""

_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
    "❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 "
    "👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 "
    "😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS = frozenset(_EMOJI.split())
"""Those that a bot may choose, as Telegram spells them: https://core.telegram.org/bots/api#reactiontypeemoji"""
TONES = dict.fromkeys((*range(0x1F3FB, 0x1F400), 0xFE0F))


def change(bubble: Bubble, words: str, markup: Markup, account: Account, http: Http) -> Outcome:
    """Give a message other words; what cannot be understood as HTML is said as plain text."""
    method, field = ("editMessageCaption", "caption") if bubble.caption else ("editMessageText", "text")
    body: dict[str, Any] = {field: words}
    if markup is Markup.HTML:
        body["parse_mode"] = "HTML"
    outcome = _do(method, bubble, body, account, http)
    if isinstance(outcome, Refused) and markup is Markup.HTML and "can't parse entities" in outcome.detail:
        return _do(method, bubble, {field: readable(words, markup)}, account, http)
    return outcome


def take_back(bubble: Bubble, account: Account, http: Http) -> Outcome:
    """Delete a message of ours, for them as well."""
    return _do("deleteMessage", bubble, {}, account, http)


def react(bubble: Bubble, emoji: str, account: Account, http: Http) -> Outcome:
    """Put our one reaction on a message, in the place of any other, or take it off."""
    plain = emoji.translate(TONES)
    if plain and plain not in REACTIONS:
        return Refused(Reason.REFUSED, "Telegram has no such reaction")
    reaction = [{"type": "emoji", "emoji": plain}] if plain else []
    return _do("setMessageReaction", bubble, {"reaction": reaction}, account, http)


def _do(method: str, bubble: Bubble, body: Mapping[str, Any], account: Account, http: Http) -> Outcome:
    chat, _, message = bubble.id.rpartition(":")
    if not CHAT.fullmatch(chat) or not message.isdecimal():
        return Refused(Reason.REFUSED, "this message has no number in its chat")
    token = next(iter(account.accepted("TELEGRAM_BOT_TOKEN")), "")
    about = {"chat_id": number(chat), "message_id": int(message)}
    try:
        reply = http("POST", f"{account.api_url}/bot{token}/{method}", json={**about, **body})
    except CallFailed as failure:
        return failure.outcome
    return _outcome(reply, bubble)


def _outcome(reply: Reply, bubble: Bubble) -> Outcome:
    answer = reply.json()
    try:
        if reply.status == 200:  # noqa: PLR2004
            return Ok(bubble.id)
        why = text(answer.get("description")) or f"HTTP {reply.status}"
        if reply.status == 400 and any(words in why.lower() for words in ALREADY):  # noqa: PLR2004
            return Ok(bubble.id)
        if reply.status == 400 and any(words in why.lower() for words in TOO_LATE):  # noqa: PLR2004
            return Refused(Reason.TOO_LATE, why)
        return refusal(reply, why, part(answer.get("parameters")))
    except TypeError as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")
