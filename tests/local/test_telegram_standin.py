import threading
from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any

import pytest
import requests

from infra.local.outside import About
from infra.local.server import Answer, Call, Server, answer_json
from infra.local.telegram import TelegramStandIn
from infra.local.telegram.lanes import HELD, Lanes, Update

TOKEN = "123456:token"
ANA = 512345678


class Us:
    """Our own door: refuses what lacks the secret, keeps the rest, and answers as told."""

    def __init__(self) -> None:
        self.begin()
        self.server = Server(self._hear)

    def begin(self) -> None:
        self.heard: list[Call] = []
        self.answers: list[Answer] = []
        self.secret = "hush"
        self.refuses = ""
        self.busy = threading.Event()
        self.busy.set()

    def _hear(self, call: Call) -> Answer:
        if call.headers.get("x-telegram-bot-api-secret-token") != self.secret:
            return Answer(401)
        self.heard.append(call)
        self.busy.wait(5)
        if self.refuses and self.refuses == self.texts()[-1]:
            return Answer(500)
        return self.answers.pop(0) if self.answers else Answer()

    def updates(self) -> list[dict[str, Any]]:
        return [call.json() for call in self.heard]

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates() if "message" in update]


@pytest.fixture(scope="module")
def door() -> Iterator[Us]:
    us = Us()
    yield us
    us.server.close()


@pytest.fixture
def us(door: Us) -> Us:
    door.begin()
    return door


def build(us: Us, **options: Any) -> TelegramStandIn:
    return TelegramStandIn(f"{us.server.url}/hook", TOKEN, "hush", pace=0.001, **options)


@pytest.fixture(scope="module")
def usual(door: Us) -> Iterator[TelegramStandIn]:
    telegram = build(door)
    yield telegram
    telegram.close()


@pytest.fixture
def telegram(us: Us, usual: TelegramStandIn) -> Iterator[TelegramStandIn]:  # noqa: ARG001 - our door opens first
    yield usual
    usual.reset()


@pytest.fixture
def start(us: Us) -> Iterator[Callable[..., TelegramStandIn]]:
    started: list[TelegramStandIn] = []

    def start(**options: Any) -> TelegramStandIn:
        started.append(build(us, **options))
        return started[-1]

    yield start
    for telegram in started:
        telegram.reset()
        telegram.close()


def call(telegram: TelegramStandIn, method: str, token: str = TOKEN, **given: Any) -> Any:
    return requests.post(f"{telegram.url}/bot{token}/{method}", json=given, timeout=5).json()


def send(telegram: TelegramStandIn, **changes: Any) -> Any:
    return call(telegram, "sendMessage", **{"chat_id": ANA, "text": "Hello", **changes})


def test_a_message_arrives_with_the_secret(us: Us, telegram: TelegramStandIn) -> None:
    written = telegram.write(ANA, "Hi /help", first_name="Ana", username="ana_s")
    message = us.updates()[0]["message"]
    assert (written.status, str(message["message_id"])) == (200, written.id)
    assert message["from"] == {"id": ANA, "is_bot": False, "first_name": "Ana", "username": "ana_s"}
    assert message["chat"] == {"id": ANA, "type": "private", "first_name": "Ana", "username": "ana_s"}
    assert message["entities"] == [{"offset": 3, "length": 5, "type": "bot_command"}]


def test_update_ids_grow_while_message_ids_are_each_chats_own(us: Us, telegram: TelegramStandIn) -> None:
    assert telegram.write(ANA, "1").id == telegram.write(7, "2").id
    assert us.updates()[1]["update_id"] == us.updates()[0]["update_id"] + 1


def test_an_edit_keeps_the_message_id(us: Us, telegram: TelegramStandIn) -> None:
    written = telegram.write(ANA, "Helo")
    telegram.edit(ANA, written.id, "Hello")
    edited = us.updates()[1]["edited_message"]
    assert (str(edited["message_id"]), edited["text"]) == (written.id, "Hello")
    assert "edit_date" in edited


def test_a_picture_can_be_fetched(us: Us, telegram: TelegramStandIn) -> None:
    telegram.write(ANA, photo=[{"data": "aGk=", "width": 9, "height": 9}], caption="Look")
    photo = us.updates()[0]["message"]["photo"][0]
    path = call(telegram, "getFile", file_id=photo["file_id"])["result"]["file_path"]
    assert requests.get(f"{telegram.url}/file/bot{TOKEN}/{path}", timeout=5).content == b"hi"


def test_groups_have_their_own_chat(us: Us, telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi", chat={"id": -100, "type": "supergroup", "title": "Club"})
    message = us.updates()[0]["message"]
    assert (message["chat"]["id"], message["from"]["id"]) == (-100, ANA)
    assert send(telegram, chat_id=-100)["ok"]


def test_a_reply_shows_on_the_phone(telegram: TelegramStandIn) -> None:
    asked = telegram.write(ANA, "Hi")
    sent = send(telegram, reply_parameters={"message_id": int(asked.id)})["result"]
    assert sent["reply_to_message"]["text"] == "Hi"
    assert telegram.phone(ANA)[1]["text"] == "Hello"
    assert telegram.read(ANA) == [str(sent["message_id"])]


def test_a_form_is_as_good_as_json(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    form = {"chat_id": str(ANA), "text": "Hello", "reply_parameters": '{"message_id": 101}'}
    assert requests.post(f"{telegram.url}/bot{TOKEN}/sendMessage", data=form, timeout=5).json()["ok"]


def test_html_is_read_as_telegram_reads_it(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    text = '😀 <b>a &lt; b</b> <a href="https://example.com">here</a>'
    sent = send(telegram, text=text, parse_mode="HTML")["result"]
    assert sent["text"] == "😀 a < b here"
    assert sent["entities"] == [
        {"offset": 3, "length": 5, "type": "bold"},
        {"offset": 9, "length": 4, "type": "text_link", "url": "https://example.com"},
    ]


@pytest.mark.parametrize("text", ["a < b", "<b>a", "a</b>", "<b><i>a</b></i>", "<table>a</table>"])
def test_broken_html_is_refused(telegram: TelegramStandIn, text: str) -> None:
    telegram.write(ANA, "Hi")
    answer = send(telegram, text=text, parse_mode="HTML")
    assert answer["description"].startswith("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"chat_id": 99}, 400, "Bad Request: chat not found"),
        ({"chat_id": 98}, 403, "Forbidden: bot can't initiate conversation with a user"),
        ({"text": " "}, 400, "Bad Request: message text is empty"),
        ({"text": "😀" * 2049}, 400, "Bad Request: message is too long"),
        ({"reply_parameters": {"message_id": 1}}, 400, "Bad Request: message to be replied not found"),
        ({"parse_mode": "odd"}, 400, "Bad Request: unsupported parse_mode"),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(
    telegram: TelegramStandIn, changes: dict[str, Any], code: int, why: str
) -> None:
    telegram.write(ANA, "Hi")
    telegram.know(98)
    assert send(telegram, **changes) == {"ok": False, "error_code": code, "description": why}


def test_4096_units_pass(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    assert send(telegram, text="😀" * 2048)["ok"]


@pytest.mark.parametrize(("token", "code"), [("123456:other", 401), ("nonsense", 404)])
def test_a_wrong_token_is_refused(telegram: TelegramStandIn, token: str, code: int) -> None:
    assert call(telegram, "getMe", token)["error_code"] == code
    assert call(telegram, "getMe")["result"]["username"] == "threadline_bot"


def test_a_customer_who_blocks_us_is_not_reached(us: Us, telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    telegram.block(ANA)
    assert us.updates()[1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert send(telegram)["description"] == "Forbidden: bot was blocked by the user"
    telegram.unblock(ANA)
    assert send(telegram)["ok"]


def test_a_pressed_button_is_answered_once(us: Us, telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    telegram.press(ANA, send(telegram)["result"]["message_id"], "yes")
    query = us.updates()[1]["callback_query"]
    answers = [call(telegram, "answerCallbackQuery", callback_query_id=query["id"])["ok"] for _ in range(2)]
    assert (query["data"], answers) == ("yes", [True, False])


def test_our_messages_can_be_edited_and_deleted(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    sent = {"chat_id": ANA, "message_id": send(telegram)["result"]["message_id"]}
    assert call(telegram, "editMessageText", text="Hullo", **sent)["result"]["text"] == "Hullo"
    assert "not modified" in call(telegram, "editMessageText", text="Hullo", **sent)["description"]
    assert call(telegram, "deleteMessage", **sent)["result"] is True
    assert telegram.phone(ANA)[1]["state"] == "deleted"


def test_a_document_can_be_uploaded(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    url, files = f"{telegram.url}/bot{TOKEN}/sendDocument", {"document": ("a.pdf", b"pdf", "application/pdf")}
    sent = requests.post(url, data={"chat_id": ANA, "caption": "Bill"}, files=files, timeout=5).json()
    assert sent["result"]["document"]["file_size"] == 3
    assert telegram.phone(ANA)[1]["text"] == "Bill"


def test_reactions_come_only_when_asked_for(us: Us, start: Callable[..., TelegramStandIn]) -> None:
    quiet, asked = start(), start(allowed_updates=("message", "message_reaction"))
    for telegram in (quiet, asked):
        telegram.react(ANA, telegram.write(ANA, "Hi").id, "👍")
    assert [next(iter(set(update) - {"update_id"})) for update in us.updates()] == [
        "message",
        "message",
        "message_reaction",
    ]


def test_a_webhook_can_be_moved_and_keeps_what_was_asked_for(us: Us, telegram: TelegramStandIn) -> None:
    us.secret = "new"
    hook: dict[str, Any] = {
        "url": f"{us.server.url}/moved",
        "secret_token": "new",
        "allowed_updates": ["message"],
    }
    assert call(telegram, "setWebhook", **hook)["ok"]
    assert telegram.write(ANA, "Hi").status == 200
    assert us.heard[0].path == "/moved"
    assert call(telegram, "getWebhookInfo")["result"]["allowed_updates"] == ["message"]


def test_updates_wait_for_a_webhook(us: Us, telegram: TelegramStandIn) -> None:
    call(telegram, "deleteWebhook")
    telegram.write(ANA, "Hi")
    assert call(telegram, "getWebhookInfo")["result"]["pending_update_count"] == 1
    call(telegram, "setWebhook", url=f"{us.server.url}/hook", secret_token="hush")
    telegram.quiet()
    assert us.texts() == ["Hi"]


@pytest.mark.parametrize("hook", [{"url": "http://example.com"}, {"url": "https://a", "secret_token": "a b"}])
def test_a_bad_webhook_is_refused(telegram: TelegramStandIn, hook: dict[str, str]) -> None:
    assert call(telegram, "setWebhook", **hook)["error_code"] == 400


def test_a_refused_update_holds_back_its_chat_alone(us: Us, telegram: TelegramStandIn) -> None:
    us.refuses = "1"
    assert [telegram.write(ANA, "1").status, telegram.write(ANA, "2").status] == [500, HELD]
    assert telegram.write(7, "other").status == 200
    us.refuses = ""
    telegram.quiet()
    assert [text for text in us.texts() if text != "other"][-2:] == ["1", "2"]


def test_one_update_of_a_chat_is_under_way_at_a_time(us: Us, telegram: TelegramStandIn) -> None:
    us.busy.clear()
    writers = [threading.Thread(target=telegram.write, args=(ANA, str(n))) for n in range(3)]
    for writer in writers:
        writer.start()
    while not us.heard:
        pass
    assert len(us.heard) == 1
    us.busy.set()
    for writer in writers:
        writer.join()
    assert sorted(us.texts()) == ["0", "1", "2"]


def test_nobody_waits_for_an_update_that_cannot_be_sent(
    telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hook(_: Update) -> None:
        raise LookupError

    died: Queue[Any] = Queue()
    monkeypatch.setattr(threading, "excepthook", died.put)
    lanes = Lanes(telegram._watched.hooks, hook, 0)
    for body in (b"1", b"2"):  # the second one is not put behind the first
        writing = threading.Thread(target=lanes.deliver, args=(Update("7", body, About()),), daemon=True)
        writing.start()
        writing.join(5)
        assert not writing.is_alive()
    assert [died.get(timeout=5).exc_type for _ in range(2)] == [LookupError, LookupError]
    assert lanes.errors()["pending_update_count"] == 0


def test_an_answer_may_carry_a_call(us: Us, telegram: TelegramStandIn) -> None:
    us.answers = [answer_json({"method": "sendMessage", "chat_id": ANA, "text": "Welcome"})]
    telegram.write(ANA, "/start")
    assert telegram.phone(ANA)[-1]["text"] == "Welcome"


def test_repeats_bring_the_same_update_again(us: Us, telegram: TelegramStandIn) -> None:
    telegram.repeat(1)
    telegram.write(ANA, "Hi")
    telegram.quiet()
    assert len(us.heard) == 2
    assert us.heard[0].body == us.heard[1].body


def test_planned_failures_come_in_their_order(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    telegram.fail({"status": 429, "retry_after": 3})
    telegram.fail({"error": 403, "description": "user is deactivated"})
    telegram.fail({"error": 400, "parameters": {"migrate_to_chat_id": -1001}})
    answers = [send(telegram) for _ in range(3)]
    assert answers[0]["parameters"] == {"retry_after": 3}
    assert answers[1]["description"] == "Forbidden: user is deactivated"
    assert answers[2]["parameters"] == {"migrate_to_chat_id": -1001}


def test_a_lost_answer_leaves_the_message_sent(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    telegram.fail({"drop": "after"})
    with pytest.raises(requests.ConnectionError):
        send(telegram)
    assert telegram.phone(ANA)[-1]["text"] == "Hello"


def test_the_controls_work_over_http(us: Us, telegram: TelegramStandIn) -> None:
    answer = requests.post(f"{telegram.url}/control/write", json={"who": ANA, "text": "Hi"}, timeout=5)
    state = requests.get(f"{telegram.url}/control/state", timeout=5).json()
    assert (answer.json()["status"], us.texts()) == (200, ["Hi"])
    assert state["phones"][str(ANA)][0]["text"] == "Hi"


def test_a_deleted_message_is_not_brought_back_by_reading(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    number = send(telegram)["result"]["message_id"]
    call(telegram, "deleteMessage", chat_id=ANA, message_id=number)
    assert telegram.read(ANA) == []
    assert telegram.phone(ANA)[-1]["state"] == "deleted"


def test_an_edit_of_ours_leaves_what_was_read_read(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    number = send(telegram)["result"]["message_id"]
    telegram.read(ANA)
    call(telegram, "editMessageText", chat_id=ANA, message_id=number, text="Better")
    entry = telegram.phone(ANA)[-1]
    assert (entry["text"], entry["state"], entry["edited"]) == ("Better", "read", True)


def test_reset_forgets_everything(telegram: TelegramStandIn) -> None:
    telegram.write(ANA, "Hi")
    telegram.reset()
    assert telegram.phone(ANA) == []
    assert send(telegram)["description"] == "Bad Request: chat not found"


def test_people_show_a_picture_only_if_they_are_given_one(telegram: TelegramStandIn) -> None:
    telegram.know(ANA)
    assert call(telegram, "getUserProfilePhotos", user_id=ANA)["result"] == {"total_count": 0, "photos": []}
    telegram.know(ANA, face=True)
    (sizes,) = call(telegram, "getUserProfilePhotos", user_id=ANA, limit=1)["result"]["photos"]
    assert [(size["width"], size["height"]) for size in sizes] == [(64, 64), (160, 160), (320, 320)]
    assert call(telegram, "getFile", file_id=sizes[0]["file_id"])["result"]["file_size"] == sizes[0]["file_size"]
    assert "user not found" in call(telegram, "getUserProfilePhotos", user_id=1)["description"]
    assert "limit" in call(telegram, "getUserProfilePhotos", user_id=ANA, limit=101)["description"]
