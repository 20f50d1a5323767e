import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.channels import telegram
from chalicelib.errors import Unverified
from chalicelib.model import (
    Address,
    Ambiguous,
    Attachment,
    Busy,
    CannotTell,
    ContactChanged,
    Event,
    Message,
    MessageEdited,
    MessageReceived,
    Ok,
    OptedIn,
    OptedOut,
    Ours,
    Reacted,
    Reason,
    Refused,
    Route,
    Unknown,
)
from chalicelib.web import NoAnswer, NotTaken, Reply, Request
from tests.captures import ACCOUNTS, ARRIVED, capture
from tests.fixtures.make import OURS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["telegram"]
ANA = Address("telegram", "512345678")
GROUP = Address("telegram", "-1001234567890")
ROUTE = Route("telegram", "main", "telegram", ANA.key, ANA.value)
GROUP_ROUTE = Route("telegram", "main", "telegram", GROUP.key, GROUP.value)
AT = 1_789_000_000_000


def parsed(event: str) -> list[Event]:
    return telegram.parse(capture("telegram", event), ACCOUNT)


def spoken(text: str, **about: Any) -> MessageReceived:
    message = MessageReceived("512345678:4711", ROUTE, (ANA,), AT, name="Ana", text=text, sequence=4711)
    return replace(message, **{"locale": "pt-br", **about})


def in_group(text: str, **about: Any) -> MessageReceived:
    about = {"id": "-1001234567890:4711", "route": GROUP_ROUTE, "addresses": (GROUP,), "locale": "", **about}
    return spoken(text, **about)


@pytest.mark.parametrize("given", ["", "qx-telegram_secret", "Qx-telegram_secret ", "Qx-telegram_secre", "é"])
def test_only_the_secret_token_opens(given: str) -> None:
    asked = replace(capture("telegram", "text"), headers={"x-telegram-bot-api-secret-token": given})
    with pytest.raises(Unverified):
        telegram.verify(asked, ACCOUNT)


# ---------------------------------------------------------------------------------------- messages


BOLD = '[["t",[["Hi","b"]," 😀"]]]'


def test_a_text_comes_with_its_looks() -> None:
    assert parsed("text") == [spoken("Hi 😀", rich=BOLD)]


def test_a_reply_names_what_it_replies_to() -> None:
    assert parsed("reply") == [spoken("this one", reply_to="512345678:4700", quoted="which?")]


def test_a_message_in_a_topic_answers_nothing_by_being_there() -> None:
    asked = capture("telegram", "reply")
    body = asked.body.replace(b'"text":"which?"', b'"forum_topic_created":{"name":"Orders"}')
    assert telegram.parse(replace(asked, body=body), ACCOUNT) == [spoken("this one")]


@pytest.mark.parametrize(
    ("answered", "quoted"),
    [
        ({"text": "which?" + "!" * 300}, "which?" + "!" * 294 + "…"),
        ({"photo": [{"file_id": "a"}], "caption": "look"}, "look"),
        ({"voice": {"file_id": "a"}}, "[voice message]"),
        ({"hologram": {}}, ""),
    ],
)
def test_a_reply_tells_how_the_message_begins_that_it_answers(answered: dict[str, Any], quoted: str) -> None:
    asked = capture("telegram", "reply")
    payload = json.loads(asked.body)
    to = payload["message"]["reply_to_message"]
    del to["text"]
    to.update(answered)
    [message] = telegram.parse(replace(asked, body=json.dumps(payload).encode()), ACCOUNT)
    assert message == spoken("this one", reply_to="512345678:4700", quoted=quoted)


@pytest.mark.parametrize(
    ("event", "text", "file"),
    [
        ("photo", "look", Attachment("picture", size=90000, reference="large", lasting="egral")),
        ("document", "", Attachment("file", "a.pdf", "application/pdf", reference="doc", lasting="cod")),
        ("animation", "", Attachment("animation", mime="video/mp4", reference="gif", lasting="fig")),
        ("voice", "", Attachment("voice message", mime="audio/ogg", reference="voice", lasting="eciov")),
        ("sticker", "", Attachment("sticker", "👋", reference="sticker", lasting="rekcits")),
    ],
)
def test_files_come_with_their_captions(event: str, text: str, file: Attachment) -> None:
    assert parsed(event) == [spoken(text, attachments=(file,), album="1" if event == "photo" else "")]


def test_stop_is_a_message_and_a_wish() -> None:
    opted_out = OptedOut("512345678:4711#stop", ROUTE, (ANA,), AT, "/stop")
    assert parsed("stop") == [replace(spoken("/stop"), wish=opted_out)]


def test_start_counts_with_whatever_a_link_added() -> None:
    opted_in = OptedIn("512345678:4711#start", ROUTE, (ANA,), AT, "/start")
    assert parsed("start") == [replace(spoken("/start summer"), wish=opted_in)]


def test_a_group_is_spoken_to_as_a_whole_and_in_its_topic() -> None:
    assert parsed("group") == [in_group("hello", route=replace(GROUP_ROUTE, sender="9"))]


def test_somebody_joined_a_group() -> None:
    assert parsed("group_joined") == [in_group("[joined: Ana]")]


def test_an_anonymous_administrator_speaks_as_the_group() -> None:
    assert parsed("anonymous_admin") == [in_group("hi", name="Neighbours")]


def test_a_group_that_grew_has_another_number() -> None:
    old = Address("telegram", "-4001")
    [event] = parsed("group_upgraded")
    assert event == ContactChanged("-4001:4711", GROUP_ROUTE, (GROUP, old), AT, "the group became a supergroup")


STRANGE = spoken("[hologram: a kind of message that cannot be shown here yet]", id="512345678:4711?")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("bot", []),
        ("group_pinned", []),
        ("hologram", [Unknown("message hologram"), STRANGE]),
        ("channel_post", [Unknown("update channel_post")]),
    ],
)
def test_what_is_not_for_the_thread(event: str, expected: list[Event]) -> None:
    assert parsed(event) == expected


def test_an_edit_is_the_message_as_it_reads_now() -> None:
    now = spoken("Hi all")
    assert parsed("edited") == [MessageEdited("512345678:4711:873201455", now, AT + 60_000)]


def test_blocking_the_bot_is_opting_out() -> None:
    name = "512345678:member:873201455"
    assert parsed("blocked") == [OptedOut(name, ROUTE, (ANA,), AT, "the bot was blocked")]
    assert parsed("unblocked") == [OptedIn(name, ROUTE, (ANA,), AT, "the bot was let in again")]


def test_a_reaction_and_its_end() -> None:
    put = Reacted("512345678:4712:873201455", "512345678:4712", "👍", ROUTE, (ANA,), AT, "Ana")
    assert parsed("reaction") == [put]
    assert parsed("reaction_removed") == [replace(put, emoji="")]


def test_a_pressed_button_says_its_label() -> None:
    assert parsed("pressed") == [
        MessageReceived("press:99", ROUTE, (ANA,), ARRIVED, "Ana", "Yes, please", reply_to="512345678:4712")
    ]


def test_a_message_only_its_receiver_sees_has_another_number() -> None:
    asked = capture("telegram", "text")
    body = asked.body.replace(b'"message_id":4711', b'"message_id":0,"ephemeral_message_id":5')
    [message] = telegram.parse(replace(asked, body=body), ACCOUNT)
    assert message == spoken("Hi 😀", id="512345678:e5", sequence=0, rich=BOLD)


def test_half_a_surrogate_pair_becomes_storable() -> None:
    asked = capture("telegram", "text")
    body = asked.body.replace("Hi 😀".encode(), rb"Hi \ud83d")
    rich = BOLD.replace("😀", "\ufffd")
    assert telegram.parse(replace(asked, body=body), ACCOUNT) == [spoken("Hi \ufffd", rich=rich)]


# ---------------------------------------------------------------------------------------- sending

MESSAGE = Message(OURS, ROUTE, "Yes <b>it</b> is_", AT)
TOKEN = "7000000001:AAtelegram"


def sent(chat: int, number: int) -> Reply:
    return replied(200, {"ok": True, "result": {"message_id": number, "chat": {"id": chat}}})


def error(status: int, words: str, **parameters: int) -> Reply:
    answer = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return replied(status, answer)


def test_a_message_goes_out_as_plain_text() -> None:
    api = Api(sent(512345678, 4713))
    assert telegram.send(MESSAGE, ACCOUNT, api) == Ok("512345678:4713")
    body = {"chat_id": 512345678, "text": "Yes <b>it</b> is_"}
    assert api.asked == [("POST", f"https://api.telegram.org/bot{TOKEN}/sendMessage", {"json": body})]


def test_an_answer_to_a_topic_goes_to_that_topic() -> None:
    api = Api(sent(-1001234567890, 1))
    telegram.send(replace(MESSAGE, route=replace(GROUP_ROUTE, sender="9")), ACCOUNT, api)
    assert api.asked[0][2]["json"]["message_thread_id"] == 9


def test_a_group_that_grew_is_followed_once() -> None:
    moved = error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)
    api = Api(moved, sent(-1001, 8))
    assert telegram.send(MESSAGE, ACCOUNT, api) == Ok("-1001:8")
    assert [about["json"]["chat_id"] for _, _, about in api.asked] == [512345678, -1001]
    again = Api(moved, moved)
    assert isinstance(telegram.send(MESSAGE, ACCOUNT, again), Refused)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(429, "Too Many Requests", retry_after=5), Busy("Too Many Requests", 5000, whole_line=True)),
        (replied(429, b"", **{"retry-after": "2"}), Busy("HTTP 429", 2000, whole_line=True)),
        (error(401, "Unauthorized"), Ours("Unauthorized")),
        (error(404, "Not Found"), Ours("Not Found")),
        (error(500, "Internal"), Ambiguous("Internal")),
        (replied(502, b"<html>Bad Gateway"), Ambiguous("HTTP 502")),
        (replied(200, b"{}"), Ambiguous("an unreadable answer (KeyError)")),
        (replied(200, {"ok": True, "result": True}), Ambiguous("an unreadable answer (TypeError)")),
        (replied(400, {"description": 7}), Ambiguous("an unreadable answer (TypeError)")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_answer_is_one_of_the_six_outcomes(reply: Reply | Exception, outcome: object) -> None:
    api = Api(reply)
    assert telegram.send(MESSAGE, ACCOUNT, api) == outcome
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", Reason.BLOCKED),
        (403, "Forbidden: bot was kicked from the supergroup chat", Reason.BLOCKED),
        (403, "Forbidden: user is deactivated", Reason.UNREACHABLE),
        (403, "Forbidden: bot can't initiate conversation with a user", Reason.UNREACHABLE),
        (403, "Forbidden: odd", Reason.REFUSED),
        (400, "Bad Request: chat not found", Reason.BAD_ADDRESS),
        (400, "Bad Request: PEER_ID_INVALID", Reason.BAD_ADDRESS),
        (400, "Bad Request: message is too long", Reason.TOO_LONG),
        (400, "Bad Request: TOPIC_CLOSED", Reason.REFUSED),
    ],
)
def test_a_refusal_has_a_reason(status: int, words: str, reason: Reason) -> None:
    assert telegram.send(MESSAGE, ACCOUNT, Api(error(status, words))) == Refused(reason, words)


@pytest.mark.parametrize("reply", [NotTaken(f"/bot{TOKEN}/"), NoAnswer(f"/bot{TOKEN}/"), replied(500, b"")])
def test_the_token_is_in_no_outcome(reply: Reply | Exception) -> None:
    assert TOKEN not in repr(telegram.send(MESSAGE, ACCOUNT, Api(reply)))


def test_there_is_nobody_to_ask() -> None:
    assert telegram.look_up(MESSAGE, ACCOUNT, Api()) == CannotTell()


def test_another_update_is_unknown() -> None:
    asked = Request("POST", {}, {}, b'{"update_id": 1, "chat_boost": {}}')
    assert telegram.parse(asked, ACCOUNT) == [Unknown("update chat_boost")]


def test_a_location_that_moves_tells_so_by_itself() -> None:
    where = b'"location": {"latitude": 1.5, "longitude": 2.5, "live_period": 900}'
    chat = b'"chat": {"id": 7, "type": "private"}, "date": 1789000000, "edit_date": 1789000030'
    asked = Request(
        "POST", {}, {}, b'{"update_id": 1, "edited_message": {"message_id": 1, %b, %b}}' % (chat, where)
    )
    (event,) = telegram.parse(asked, ACCOUNT)
    assert isinstance(event, MessageEdited)
    assert event.quiet
