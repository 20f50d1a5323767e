"""What a bot does to messages that are there: it edits, deletes and reacts.

https://core.telegram.org/bots/api#updating-messages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.local.telegram import wire
from infra.local.telegram.files import MEDIA
from infra.local.telegram.wire import Refused

if TYPE_CHECKING:
    from infra.local.telegram.bot import Bot, Chat

DELETABLE = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
REACTIONS = frozenset(
    {
        *"👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈",
        *"😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
        *("❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"),
    }
)
"""https://core.telegram.org/bots/api#reactiontypeemoji"""


def edit_text(bot: Bot, given: Mapping[str, Any]) -> dict[str, Any]:
    content = bot.text(given, "text", wire.LONGEST_TEXT)
    chat, message = _own(bot, given, "edit")
    if "text" not in message:
        raise Refused(400, "there is no text in the message to edit")
    return _change(bot, chat, message, content, ("text", "entities"))


def edit_caption(bot: Bot, given: Mapping[str, Any]) -> dict[str, Any]:
    content = bot.text(given, "caption", wire.LONGEST_CAPTION)
    chat, message = _own(bot, given, "edit")
    if not any(kind in message for kind in MEDIA):
        raise Refused(400, "there is no caption in the message to edit")
    return _change(bot, chat, message, content, ("caption", "caption_entities"))


def _change(
    bot: Bot, chat: Chat, message: dict[str, Any], content: Mapping[str, Any], names: tuple[str, str]
) -> dict[str, Any]:
    if all(message.get(name) == content.get(name) for name in names):
        raise Refused(400, NOT_MODIFIED)
    for name in names:
        message.pop(name, None)
    message.update(content, edit_date=int(bot.now()))
    bot.shown(chat.about["id"], message, "edited")
    return message


def delete(bot: Bot, given: Mapping[str, Any]) -> bool:
    chat, message = _own(bot, given, "delete")
    if bot.now() - message["date"] > DELETABLE:
        raise Refused(400, "message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    bot.shown(chat.about["id"], message, "deleted")
    return True


def _own(bot: Bot, given: Mapping[str, Any], what: str) -> tuple[Chat, dict[str, Any]]:
    chat = bot.chat(given)
    message = chat.messages.get(int(given.get("message_id") or 0))
    if message is None:
        raise Refused(400, f"message to {what} not found")
    if what == "edit" and message["from"] != bot.me:
        raise Refused(400, "message can't be edited")
    return chat, message


def react(bot: Bot, given: Mapping[str, Any]) -> bool:
    """Put the bot's one reaction on a message, or take it off."""
    chat, message = _own(bot, given, "react")
    reaction = wire.nested(given, "reaction") or []
    if not isinstance(reaction, list) or not all(isinstance(one, dict) for one in reaction):
        raise Refused(400, "can't parse reaction types JSON object")
    emoji = [str(one.get("emoji", "")) for one in reaction]
    if len(emoji) > 1:
        raise Refused(400, "REACTIONS_TOO_MANY")
    if not REACTIONS.issuperset(emoji):
        raise Refused(400, "REACTION_INVALID")
    chat.reactions.setdefault(message["message_id"], {})["us"] = "".join(emoji)
    bot.shown(chat.about["id"], message, "reacted")
    return True
