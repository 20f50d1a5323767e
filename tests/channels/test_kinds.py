"""Every kind of message that the reference names, as a thread shows it: never empty, never a name for nothing."""

import re

import pytest

from chalicelib.channels import CHANNELS
from chalicelib.model import MessageEdited, MessageReceived, Unknown
from tests.captures import ACCOUNTS, capture, captures

MAP = "https://www.google.com/maps/search/?api=1&query="

SHOWN = {
    "telegram": {
        # text and files
        "text": "Hi 😀",
        "photo": "look\n[picture]",
        "live_photo": "[picture]\n[video]",
        "video": "[video: a.mp4]",
        "animation": "[animation]",
        "audio": "[audio: a.mp3]",
        "voice": "[voice message]",
        "video_note": "[video message]",
        "document": "[file: a.pdf]",
        "sticker": "[sticker: 👋]",
        "animated_sticker": "[sticker: 🎉]",
        "paid_media": "[paid media: 5 stars]\n[picture]",
        "rich_message": "Report\nIt is good, see here (https://x.example)\n• one\na | b\nMore\nChart\n[picture]",
        # the rest
        "location": f"[location] {MAP}1,-2.5",
        "live_location": f"[live location: for 1 hour and 30 minutes] {MAP}1,2",
        "endless_location": f"[live location] {MAP}1,2",
        "venue": f"[location: Loja, Rua A] {MAP}-23.55,-46.63",
        "contact": "[contact: Bia, +5511]",
        "contact_card": "[contact: Bia, +5511, b@x.br, Shoes Ltd, Sales]",
        "poll": "[poll: When? (Mon, Tue)]",
        "quiz": "[quiz: When? (Mon, Tue)]",
        "dice": "🎯 5",
        "game": "[a game: Snake]",
        "story": "[a story of News]",
        "checklist": "[checklist: Party (cake, hats)]",
        "checklist_done": "[ticked off: cake]\n[not done after all: hats, task 9]",
        "checklist_added": "[tasks added: tea]",
        "gift": "[a gift: 🎂, 15 stars, For you]",
        "unique_gift": "[a gift: Cake 7]",
        "giveaway": "[a giveaway]",
        "invoice": "[an invoice: Shoes, red, 12.50 EUR]",
        "paid": "[paid: 12.50 EUR]",
        "paid_in_stars": "[paid: 50 stars]",
        "paid_back": "[paid back: 500 JPY]",
        "users_shared": "[contacts: Bo, 8]",
        "chat_shared": "[a chat: News]",
        "passport": "[documents of Telegram Passport, which only its owner can open]",
        "website": "[signed in at shop.example]",
        "web_app": "[sent by a form: Order]\n2 shoes",
        "pressed": "Yes, please",
        "group_joined": "[joined: Ana]",
        "left": "[left: Bo Li]",
        "renamed": "[the chat is now called Friends]",
        # what stands around it
        "reply": "this one",
        "quote": "why?",
        "external_reply": "[about a message of News: “Half price”]\nis it?",
        "about_a_story": "[about a story of News]\nnice",
        "forwarded": "[forwarded from Bia]\nHi all",
        "forwarded_hidden": "[forwarded from Somebody]\nhi",
        "forwarded_post": "[forwarded from News, Ed]\nhi",
        "via_bot": "[sent with @gif]\nhi",
        "edited": "Hi all",
        "hologram": "[hologram: a kind of message that cannot be shown here yet]",
    },
    "whatsapp": {
        "text": "Olá 😀",
        "image": "olha\n[picture]",
        "video": "[video]",
        "audio": "[audio]",
        "voice": "[voice message]",
        "old_voice": "[voice message]",
        "document": "[file: nota.pdf]",
        "sticker": "[sticker]",
        "location": f"[location: Loja] {MAP}-23.55,-46.63",
        "shop": f"[location: Loja, Rua A, 1, https://loja.example] {MAP}-23.55,-46.63",
        "contacts": "[contact: Bia, +55 11 9, b@x.br]",
        "contact_details": (
            "[contact: Bia, +55 11 9, b@x.br]\n"
            "[contact: Cai Li, +1 415 555 0100, 14155550101, Shoes Ltd, Buyer, 1 Main St Springfield US, "
            "https://shoes.example]"
        ),
        "own_contact": "[their own contact: Bia, +55 11 9, b@x.br]",
        "button": "Sim",
        "button_reply": "Yes, please",
        "list_reply": "Tuesday\n10:00",
        "form_reply": "Sent\nsize: M",
        "address_form": "[a form]\nname: Ana\nin_pin_code: 400063\nsizes: S, M\ngift: true",
        "odd_form": "[a form]\n[1, 2",
        "call_permission": "[permission to call: accept]",
        "odd_choice": "[cart reply]",
        "order": "por favor\n[order: 2 x sku-1, 9.5 BRL]",
        "order_without_items": "[order]",
        "unsupported": "[not supported by WhatsApp: poll, Message type unknown]",
        "unsupported_bare": "[not supported by WhatsApp: a message]",
        "system_other": "[WhatsApp says: Ana moved]",
        "forwarded": "[forwarded]\n*veja* isto",
        "forwarded_often": "[forwarded many times]\ncorrente",
        "about_a_product": "[about a product: sku-1]\ntem?",
        "advert": "[from an advert: Shoes, Half price, https://fb.me/1]\noi",
        "edit": "Oi",
        "odd_and_plain": (
            "[hologram: a kind of message that cannot be shown here yet]\n"
            "[something: a kind of message that cannot be shown here yet]\n"
            "and this"
        ),
    },
    "twilio": {
        "sms": "Is my order ready? 😀",
        "mms": "[picture]\n[contact card]",
        "whatsapp": "veja",
        "whatsapp_voice": "[voice message]",
        "whatsapp_sticker": "[sticker]",
        "whatsapp_document": "[file]",
        "whatsapp_card": "[contact card]",
        "whatsapp_location": f"[location: Loja, Rua A, 1] {MAP}-23.55,-46.63",
        "whatsapp_button": "Confirm",
        "whatsapp_list": "Tuesday",
        "whatsapp_order": "[order: Twilio does not pass on what it says]",
        "whatsapp_empty": "[a message without text]",
        "whatsapp_forwarded": "[forwarded]\nveja isto",
        "whatsapp_forwarded_often": "[forwarded many times]\ncorrente",
        "whatsapp_advert": "[from an advert: Shoes, Half price, https://fb.me/1]\noi",
        "whatsapp_reply": "sim",
        "rcs": "hi",
        "rcs_button": "Call me",
        "rcs_code": "call_me",
        "rcs_location": f"[location] {MAP}1,2",
    },
}
"""Capture by capture. What is not here has no message in it, or one that another test is about."""

NOTHING_TO_SHOW = {
    "telegram": {"bot", "group_pinned", "channel_post", "blocked", "unblocked", "reaction", "reaction_removed",
                 "group_upgraded"},
    "whatsapp": {"welcome", "preferences", "group", "template_update", "reaction", "reaction_removed", "revoke",
                 "changed_number", "user_id_update"},
    "twilio": set(),
}  # fmt: skip
EVERY = [(channel, path.stem) for channel in CHANNELS for path in captures(channel)]


def messages(channel: str, event: str) -> list[MessageReceived]:
    found = CHANNELS[channel].parse(capture(channel, event), ACCOUNTS[channel])
    messages = [each.message if isinstance(each, MessageEdited) else each for each in found]
    return [each for each in messages if isinstance(each, MessageReceived)]


def shown(message: MessageReceived) -> str:
    return "\n".join(filter(None, [message.text, *map(str, message.attachments)]))


@pytest.mark.parametrize(
    ("channel", "event"), [(channel, event) for channel, events in SHOWN.items() for event in events]
)
def test_it_can_be_read(channel: str, event: str) -> None:
    assert "\n".join(map(shown, messages(channel, event))) == SHOWN[channel][event]


@pytest.mark.parametrize(("channel", "event"), EVERY)
def test_no_capture_shows_an_empty_line_or_a_name_for_nothing(channel: str, event: str) -> None:
    found = messages(channel, event)
    assert found or event in NOTHING_TO_SHOW[channel] or event.startswith("status_")
    for message in found:
        for line in shown(message).split("\n"):
            assert re.search(r"\w", line)
            assert not re.search(r"\[\W*\]|\(\W*\)|: *[\],]|None|no content", line, re.IGNORECASE)


@pytest.mark.parametrize(("channel", "event"), [("telegram", "hologram"), ("whatsapp", "odd_and_plain")])
def test_what_nobody_knows_is_shown_and_kept(channel: str, event: str) -> None:
    events = CHANNELS[channel].parse(capture(channel, event), ACCOUNTS[channel])
    assert any(isinstance(each, Unknown) for each in events)
    assert messages(channel, event)[0].id.endswith("?")


def test_what_was_passed_on_is_nobodys_wish() -> None:
    stop = capture("telegram", "forwarded_hidden")
    body = stop.body.replace(b'"text":"hi"', b'"text":"/stop"')
    [message] = CHANNELS["telegram"].parse(stop.__class__("POST", body=body), ACCOUNTS["telegram"])
    assert isinstance(message, MessageReceived)
    assert (message.text, message.wish) == ("[forwarded from Somebody]\n/stop", None)


@pytest.mark.parametrize("event", ["whatsapp_advert", "whatsapp_forwarded"])
def test_only_ones_own_stop_counts(event: str) -> None:
    asked = capture("twilio", event)
    body = asked.body.replace(b"Body=oi", b"Body=STOP").replace(b"Body=veja+isto", b"Body=STOP")
    [message] = CHANNELS["twilio"].parse(asked.__class__("POST", body=body), ACCOUNTS["twilio"])
    assert isinstance(message, MessageReceived)
    assert (message.wish is not None) == (event == "whatsapp_advert")
