"""What stands on a customer's phone is changed, taken back, reacted to and answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.channels import telegram, twilio, whatsapp
from chalicelib.model import (
    Ambiguous,
    Bubble,
    Busy,
    Markup,
    Message,
    Ok,
    Ours,
    Outcome,
    Reason,
    Refused,
    Route,
)
from chalicelib.web import NoAnswer, NotTaken, Reply
from tests.captures import ACCOUNTS
from tests.fixtures.make import OURS
from tests.providers import Api, replied

TELEGRAM, WHATSAPP = ACCOUNTS["telegram"], ACCOUNTS["whatsapp"]
CHAT = Route("telegram", "main", "telegram", "telegram:512345678", "512345678")
PHONE = Route("whatsapp", "main", "whatsapp", "phone:+5511987654321", "5511987654321", "106540352242922")
OURS_IN_CHAT = Bubble(CHAT, "512345678:4713")
THEIRS_ON_PHONE = Bubble(PHONE, "wamid.1")
BLOCKED = Refused(Reason.BLOCKED, "Forbidden: bot was blocked by the user")
BASE = "https://api.telegram.org/bot7000000001:AAtelegram"
DONE = replied(200, {"ok": True, "result": True})
ABOUT = {"chat_id": 512345678, "message_id": 4713}


def error(status: int, words: str, **parameters: int) -> Reply:
    return replied(status, {"ok": False, "description": words, "parameters": parameters})


def changed(api: Api, bubble: Bubble = OURS_IN_CHAT, words: str = "new", markup: Markup = Markup.PLAIN) -> Outcome:
    return telegram.change(bubble, words, markup, TELEGRAM, api)


def asked(api: Api) -> list[tuple[str, Any]]:
    return [(url.removeprefix(f"{BASE}/"), about["json"]) for _, url, about in api.asked]


def test_a_text_is_changed_where_it_stands() -> None:
    api = Api(DONE)
    assert changed(api) == Ok("512345678:4713")
    assert asked(api) == [("editMessageText", {**ABOUT, "text": "new"})]


def test_the_words_of_a_file_are_its_caption() -> None:
    api = Api(DONE)
    changed(api, replace(OURS_IN_CHAT, caption=True), "<b>new</b>", Markup.HTML)
    assert asked(api) == [("editMessageCaption", {**ABOUT, "caption": "<b>new</b>", "parse_mode": "HTML"})]


def test_markup_that_telegram_cannot_read_is_said_in_plain_words() -> None:
    api = Api(error(400, "Bad Request: can't parse entities: x"), DONE)
    assert changed(api, words="<b>new</b>", markup=Markup.HTML) == Ok("512345678:4713")
    assert asked(api)[1] == ("editMessageText", {**ABOUT, "text": "new"})


def test_a_message_is_taken_back() -> None:
    api = Api(DONE)
    assert telegram.take_back(OURS_IN_CHAT, TELEGRAM, api) == Ok("512345678:4713")
    assert asked(api) == [("deleteMessage", ABOUT)]


@pytest.mark.parametrize(
    ("emoji", "given"), [("👍", ["👍"]), ("👍🏽", ["👍"]), ("❤️", ["❤"]), ("🤷‍♀️", ["🤷‍♀"]), ("", [])]
)
def test_a_reaction_is_one_that_telegram_knows(emoji: str, given: list[str]) -> None:
    api = Api(DONE)
    assert telegram.react(OURS_IN_CHAT, emoji, TELEGRAM, api) == Ok("512345678:4713")
    reaction = [{"type": "emoji", "emoji": each} for each in given]
    assert asked(api) == [("setMessageReaction", {**ABOUT, "reaction": reaction})]


def test_what_telegram_does_not_know_is_not_asked_for() -> None:
    assert isinstance(telegram.react(OURS_IN_CHAT, "✅", TELEGRAM, Api()), Refused)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(400, "Bad Request: message is not modified: …"), Ok("512345678:4713")),
        (error(400, "Bad Request: message to delete not found"), Ok("512345678:4713")),
        (
            error(400, "Bad Request: message can't be edited"),
            Refused(Reason.TOO_LATE, "Bad Request: message can't be edited"),
        ),
        (
            error(400, "Bad Request: message to edit not found"),
            Refused(Reason.REFUSED, "Bad Request: message to edit not found"),
        ),
        (error(403, "Forbidden: bot was blocked by the user"), BLOCKED),
        (error(429, "Too Many Requests", retry_after=5), Busy("Too Many Requests", 5000, whole_line=True)),
        (error(401, "Unauthorized"), Ours("Unauthorized")),
        (error(500, "Internal"), Ambiguous("Internal")),
        (replied(400, {"description": 7}), Ambiguous("an unreadable answer (TypeError)")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)  # fmt: skip
def test_every_answer_is_one_of_the_six_outcomes(reply: Reply | Exception, outcome: Outcome) -> None:
    assert changed(Api(reply)) == outcome


@pytest.mark.parametrize("name", ["", "press:77", "512345678:e9", "4713"])
def test_what_has_no_number_in_its_chat_is_refused_here(name: str) -> None:
    assert isinstance(changed(Api(), Bubble(CHAT, name)), Refused)


@pytest.mark.parametrize("emoji", ["👍🏽", ""])
def test_whatsapp_takes_any_reaction_and_none(emoji: str) -> None:
    api = Api(replied(200, {"messages": [{"id": "wamid.2"}]}))
    assert whatsapp.react(THEIRS_ON_PHONE, emoji, WHATSAPP, api) == Ok("wamid.2")
    assert api.asked[0][2]["json"] == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "5511987654321",
        "type": "reaction",
        "reaction": {"message_id": "wamid.1", "emoji": emoji},
    }


@pytest.mark.parametrize("channel", [twilio, whatsapp])
def test_who_cannot_says_so_without_a_call(channel: Any) -> None:
    assert isinstance(channel.change(THEIRS_ON_PHONE, "new", Markup.PLAIN, WHATSAPP, Api()), Refused)
    assert isinstance(channel.take_back(THEIRS_ON_PHONE, WHATSAPP, Api()), Refused)
    assert isinstance(twilio.react(THEIRS_ON_PHONE, "👍", WHATSAPP, Api()), Refused)


def test_an_answer_says_to_which_message() -> None:
    sent = replied(200, {"ok": True, "result": {"message_id": 1, "chat": {"id": 512345678}}})
    api = Api(sent)
    telegram.send(Message(OURS, CHAT, "yes", 0, reply_to="512345678:4711"), TELEGRAM, api)
    assert asked(api)[0][1]["reply_parameters"] == {"message_id": 4711, "allow_sending_without_reply": True}
    api = Api(replied(200, {"messages": [{"id": "wamid.2"}]}))
    whatsapp.send(Message(OURS, PHONE, "yes", 0, reply_to="wamid.1"), WHATSAPP, api)
    assert api.asked[0][2]["json"]["context"] == {"message_id": "wamid.1"}
