"""What of a Telegram message is neither text nor a file, as lines that a person can read.

https://core.telegram.org/bots/api#message
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import vcard
from chalicelib.reading import Payload, degrees, number, part, rows, text, word
from chalicelib.telling import aside, card, of, place


def called(person: Payload) -> str:
    """Tell the name of a user or a chat."""
    parts = (text(person.get(key)) for key in ("first_name", "last_name"))
    return " ".join(filter(None, parts)) or text(person.get("title")) or text(person.get("username"))


def told_by(origin: Payload) -> str:
    """Tell who wrote first what was passed on."""
    who = (part(origin.get(key)) for key in ("sender_user", "sender_chat", "chat"))
    names = [called(next(filter(None, who), {})) or text(origin.get("sender_user_name"))]
    return ", ".join(filter(None, [*names, text(origin.get("author_signature"))]))


def _spot(value: Any, *words: str, what: str = "location") -> str:
    spot = part(value)
    return place(degrees(spot["latitude"]), degrees(spot["longitude"]), *words, what=what)


def _location(value: Any) -> str:
    seconds = number(part(value).get("live_period"))
    if not seconds:
        return _spot(value)
    return _spot(value, "" if seconds == FOR_EVER else f"for {_lasting(seconds)}", what="live location")


def _lasting(seconds: int) -> str:
    hours, minutes = divmod(-(-seconds // 60), 60)
    spelled = [
        f"{count} {unit}{'s' * (count > 1)}" for count, unit in ((hours, "hour"), (minutes, "minute")) if count
    ]
    return " and ".join(spelled)


def _venue(value: Any) -> str:
    venue = part(value)
    return _spot(venue["location"], text(venue.get("title")), text(venue.get("address")))


def _contact(value: Any) -> str:
    contact = part(value)
    lines = [called(contact), text(contact.get("phone_number")), *vcard.lines(text(contact.get("vcard")))]
    return card(*dict.fromkeys(lines))


def _poll(value: Any) -> str:
    poll = part(value)
    what = "quiz" if poll.get("type") == "quiz" else "poll"
    options = ", ".join(text(option.get("text")) for option in rows(poll.get("options")))
    return aside(what, f"{text(poll.get('question'))} ({options})")


def _checklist(value: Any) -> str:
    checklist = part(value)
    tasks = ", ".join(text(task.get("text")) for task in rows(checklist.get("tasks")))
    return aside("checklist", f"{text(checklist.get('title'))} ({tasks})")


def _ticked(value: Any) -> str:
    names = {number(task.get("id")): text(task.get("text")) for task in _tasks(value)}
    marked = {what: part(value).get(f"marked_as_{state}_task_ids") or [] for state, what in TICKS.items()}
    said = [
        aside(what, *(names.get(number(each), f"task {number(each)}") for each in ids))
        for what, ids in marked.items()
        if ids
    ]
    return "\n".join(said) or aside("checklist")


def _tasks(value: Any) -> list[Payload]:
    message = part(part(value).get("checklist_message"))
    return rows(part(message.get("checklist")).get("tasks"))


def _added(value: Any) -> str:
    return aside("tasks added", *(text(task.get("text")) for task in rows(part(value).get("tasks"))))


def _dice(value: Any) -> str:
    dice = part(value)
    return f"{text(dice.get('emoji')) or '🎲'} {word(dice.get('value'))}".strip()


def _web_app(value: Any) -> str:
    data = part(value)
    return aside("sent by a form", text(data.get("button_text"))) + f"\n{text(data.get('data'))}"


def _story(value: Any) -> str:
    return of("a story", called(part(part(value).get("chat"))))


def _paid_media(value: Any) -> str:
    media = part(value)
    return aside("paid media", f"{number(media.get('star_count'))} stars")


def _gift(value: Any) -> str:
    given = part(value)
    gift = part(given.get("gift"))
    worth = f"{number(gift.get('star_count'))} stars" if gift.get("star_count") else ""
    return aside("a gift", text(part(gift.get("sticker")).get("emoji")), worth, text(given.get("text")))


def _unique_gift(value: Any) -> str:
    gift = part(part(value).get("gift"))
    return aside("a gift", f"{text(gift.get('base_name'))} {word(gift.get('number'))}".strip())


def _invoice(value: Any) -> str:
    invoice = part(value)
    return aside("an invoice", text(invoice.get("title")), text(invoice.get("description")), _money(invoice))


def _money(paid: Payload) -> str:
    """Read an amount, which comes in the smallest coin there is."""
    amount, currency = number(paid.get("total_amount")), text(paid.get("currency"))
    digits = 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
    return f"{amount / 10**digits:.{digits}f} {UNITS.get(currency, currency)}"


def _shared(value: Any) -> str:
    shared = part(value)
    return aside("contacts", *(called(user) or word(user.get("user_id")) for user in rows(shared.get("users"))))


def _members(value: Any) -> str:
    return aside("joined", *map(called, rows(value)))


TICKS = {"done": "ticked off", "not_done": "not done after all"}
FOR_EVER = 0x7FFFFFFF
UNITS = {"XTR": "stars"}
WHOLE = frozenset({"XTR", "CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"})
THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})

LINES: Mapping[str, Callable[[Any], str]] = {
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
    "web_app_data": _web_app,
    "story": _story,
    "paid_media": _paid_media,
    "checklist": _checklist,
    "checklist_tasks_done": _ticked,
    "checklist_tasks_added": _added,
    "gift": _gift,
    "unique_gift": _unique_gift,
    "gift_upgrade_sent": _gift,
    "giveaway": lambda _: aside("a giveaway"),
    "giveaway_winners": lambda _: aside("the winners of a giveaway"),
    "invoice": _invoice,
    "successful_payment": lambda value: aside("paid", _money(part(value))),
    "refunded_payment": lambda value: aside("paid back", _money(part(value))),
    "game": lambda value: aside("a game", text(part(value).get("title"))),
    "users_shared": _shared,
    "chat_shared": lambda value: aside("a chat", called(part(value)) or word(part(value).get("chat_id"))),
    "passport_data": lambda _: aside("documents of Telegram Passport, which only its owner can open"),
    "connected_website": lambda value: of("signed in", text(value), "at"),
    "new_chat_members": _members,
    "left_chat_member": lambda value: aside("left", called(part(value))),
    "new_chat_title": lambda value: of("the chat is now", text(value), "called"),
}
"""What is neither text nor a file, as a line."""

SILENT = frozenset(
    {
        "pinned_message",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",  # the other half of migrate_to_chat_id
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "chat_owner_left",
        "chat_owner_changed",
        "giveaway_created",
        "giveaway_completed",
        "paid_message_price_changed",
        "direct_message_price_changed",
    }
)
SILENT_PREFIXES = ("forum_topic_", "general_forum_topic_", "video_chat_", "suggested_post_", "community_chat_")
"""What happens to the chat itself and nobody says."""

CONTEXT = frozenset(
    [
        *("message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count"),
        *("sender_business_bot", "sender_tag", "receiver_user", "ephemeral_message_id", "date", "guest_query_id"),
        *("business_connection_id", "chat", "forward_origin", "is_topic_message", "is_automatic_forward"),
        *("reply_to_message", "external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id"),
        *("reply_to_poll_option_id", "via_bot", "guest_bot_caller_user", "guest_bot_caller_chat", "edit_date"),
        *("has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature"),
        *("paid_star_count", "text", "entities", "link_preview_options", "suggested_post_info", "effect_id"),
        *("caption", "caption_entities", "show_caption_above_media", "has_media_spoiler", "reply_markup"),
    ]
)  # fmt: skip
"""What stands beside the content of a message."""
