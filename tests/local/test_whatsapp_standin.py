import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from infra.local.server import Answer, Call, Server
from infra.local.whatsapp import WhatsAppStandIn
from infra.local.whatsapp.wire import encode, sign, without_link

ANA = "5511987654321"
BSUID = "BR.1393004122331"
TEXT = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "Hello"}}


class Us:
    """Our own door: keeps what it is sent, checks every signature, and answers as told."""

    def __init__(self) -> None:
        self.begin()
        self.server = Server(self._hear)

    def begin(self) -> None:
        self.heard: list[Call] = []
        self.answers: list[Answer] = []

    def _hear(self, call: Call) -> Answer:
        if call.method == "GET":
            known = call.query["hub.verify_token"] == "verify"
            return Answer(200, call.query["hub.challenge"].encode()) if known else Answer(403)
        signature = "sha256=" + hmac.new(b"secret", call.body, hashlib.sha256).hexdigest()
        assert call.headers["x-hub-signature-256"] == signature
        self.heard.append(call)
        return self.answers.pop(0) if self.answers else Answer()

    def values(self) -> list[dict[str, Any]]:
        return [
            change["value"] for call in self.heard for entry in call.json()["entry"] for change in entry["changes"]
        ]

    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values() for message in value.get("messages", [])]

    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values() for status in value.get("statuses", [])]

    def states(self) -> list[str]:
        return [status["status"] for status in self.statuses()]


@pytest.fixture(scope="module")
def door() -> Iterator[Us]:
    us = Us()
    yield us
    us.server.close()


@pytest.fixture
def us(door: Us) -> Us:
    door.begin()
    return door


@pytest.fixture(scope="module")
def meta(door: Us) -> Iterator[WhatsAppStandIn]:
    whatsapp = WhatsAppStandIn(f"{door.server.url}/hook", "token", "secret", "verify", pace=0.0001)
    yield whatsapp
    whatsapp.close()


@pytest.fixture
def whatsapp(us: Us, meta: WhatsAppStandIn) -> Iterator[WhatsAppStandIn]:  # noqa: ARG001 - our door opens first
    meta.receipts(delay=0.001)
    yield meta
    meta.reset()


def call(whatsapp: WhatsAppStandIn, method: str, path: str, **options: Any) -> requests.Response:
    headers = options.pop("headers", {"Authorization": "Bearer token"})
    url = path if path.startswith("http") else f"{whatsapp.url}/v26.0/{path}"
    return requests.request(method, url, headers=headers, timeout=5, **options)


def send(whatsapp: WhatsAppStandIn, **changes: Any) -> requests.Response:
    return call(whatsapp, "POST", f"{whatsapp.phone_number_id}/messages", json={**TEXT, **changes})


def refusal(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_message_arrives_with_phone_bsuid_and_name(us: Us, whatsapp: WhatsAppStandIn) -> None:
    written = whatsapp.write(ANA, "Olá", name="Ana", bsuid=BSUID)
    message = us.messages()[0]
    assert (written.status, message["id"], message["text"]) == (200, written.id, {"body": "Olá"})
    assert (message["from"], message["from_user_id"]) == (ANA, BSUID)
    assert us.values()[0]["contacts"] == [{"profile": {"name": "Ana"}, "wa_id": ANA, "user_id": BSUID}]
    assert us.values()[0]["metadata"]["phone_number_id"] == whatsapp.phone_number_id


def test_bytes_are_escaped_as_meta_escapes_them(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "olé 😀 a/b")
    assert b"ol\\u00e9 \\ud83d\\ude00 a\\/b" in us.heard[0].body


def test_the_known_signatures_come_out() -> None:
    body = encode({"text": "olé 😀"})
    expected = "sha256=1ef746597168723b712d0491c8436dc2d920522e13e42b1c4711e2e8b5dec147"
    assert body == b'{"text":"ol\\u00e9 \\ud83d\\ude00"}'
    assert sign("fb_app_secret", body) == expected


def test_a_hidden_phone_is_left_out(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(BSUID, "Hi", username="ana.souza")
    assert "from" not in us.messages()[0]
    assert "wa_id" not in us.values()[0]["contacts"][0]


def test_a_phone_learned_later_is_the_same_person(whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(BSUID, "Hi")
    whatsapp.write(ANA, "It is me", bsuid=BSUID)
    assert [entry["text"] for entry in whatsapp.phone(ANA)] == ["Hi", "It is me"]


def test_one_post_may_mix_messages_and_receipts(us: Us, whatsapp: WhatsAppStandIn) -> None:
    receipt = {"message_id": "wamid.other", "state": "read"}
    written = whatsapp.batch([{"who": ANA, "text": "1"}, {"who": ANA, "text": "2"}, receipt])
    assert len(us.heard) == 1
    assert [message["text"]["body"] for message in us.messages()] == ["1", "2"]
    assert (us.states(), written.ids[2]) == (["read"], "wamid.other")


def test_any_kind_of_message_can_be_written(us: Us, whatsapp: WhatsAppStandIn) -> None:
    reaction = {"message_id": "wamid.x", "emoji": "👍"}
    whatsapp.write(ANA, type="reaction", content=reaction, context={"id": "wamid.x"})
    message = us.messages()[0]
    assert (message["reaction"], message["context"]) == (reaction, {"id": "wamid.x"})


def test_another_field_can_change(us: Us, whatsapp: WhatsAppStandIn) -> None:
    assert whatsapp.change("user_preferences", {"user_preferences": [{"value": "stop"}]}) == 200
    assert us.heard[0].json()["entry"][0]["changes"][0]["field"] == "user_preferences"


def test_a_reply_is_accepted_then_sent_then_delivered(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    answer = send(whatsapp, biz_opaque_callback_data="item-1").json()
    whatsapp.quiet()
    assert answer["messages"][0]["message_status"] == "accepted"
    assert us.states() == ["sent", "delivered"]
    assert us.statuses()[0]["biz_opaque_callback_data"] == "item-1"
    assert us.statuses()[0]["id"] == answer["messages"][0]["id"]


def test_opening_the_chat_reports_read(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    wamid = send(whatsapp).json()["messages"][0]["id"]
    whatsapp.quiet()
    assert (whatsapp.read(ANA), us.states()[-1]) == ([wamid], "read")
    assert whatsapp.read(ANA) == []


def test_receipts_can_be_sent_by_hand(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.receipts(auto=False)
    whatsapp.write(ANA, "Hi")
    wamid = send(whatsapp).json()["messages"][0]["id"]
    assert [whatsapp.receipt(wamid, "read"), whatsapp.receipt(wamid, "failed", 131026)] == [200, 200]
    assert us.statuses()[1]["errors"][0]["code"] == 131026


def test_outside_the_window_a_reply_fails_by_status(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    whatsapp.close_window(ANA)
    assert send(whatsapp).status_code == 200
    whatsapp.quiet()
    assert us.statuses()[0]["errors"][0]["code"] == 131047
    assert len(whatsapp.phone(ANA)) == 1


def test_a_template_opens_a_conversation(us: Us, whatsapp: WhatsAppStandIn) -> None:
    template = {"name": "hello_world", "language": {"code": "en_US"}}
    assert send(whatsapp, type="template", template=template).status_code == 200
    whatsapp.quiet()
    assert us.states() == ["sent", "delivered"]


def filled(*values: str, **more: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value, **more} for value in values]
    body = {"type": "body", "parameters": parameters}
    return {"name": "order_update", "language": {"code": "pt_BR"}, "components": [body]}


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ({**filled("Ana", "hoje"), "name": "nobody_wrote_it"}, 132001),
        ({**filled("Ana", "hoje"), "language": {"code": "tr"}}, 132001),
        ({**filled(), "name": "not_yet", "language": {"code": "en_US"}}, 132001),
        (filled("Ana"), 132000),
        (filled("Ana", "hoje", "amanhã"), 132000),
        (filled("Ana", "hoje\nmesmo"), 100),
        (filled("Ana     Souza", "hoje"), 100),
        (filled("Ana", ""), 100),
        (filled("Ana", "x" * 1024), 132005),
        ({"name": "spring_sale", "language": {"code": "en_US"}}, 132012),
        ({"name": "track", "language": {"code": "en_US"}}, 131008),
        ({**filled("Ana", "9:00"), "name": "call_back", "language": {"code": "en_US"}}, 100),
    ],
)
def test_a_template_that_does_not_fit_is_refused(
    whatsapp: WhatsAppStandIn, template: dict[str, Any], code: int
) -> None:
    answer = send(whatsapp, type="template", template=template)
    assert answer.json()["error"]["code"] == code


def test_a_template_stands_on_the_phone_as_it_reads(whatsapp: WhatsAppStandIn) -> None:
    send(whatsapp, type="template", template=filled("Ana", "hoje"))
    whatsapp.quiet()
    assert whatsapp.phone(ANA)[-1]["text"] == "Olá Ana, o seu pedido chega hoje."


def test_a_customer_who_blocked_us_is_not_reached(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    whatsapp.block(ANA)
    send(whatsapp)
    whatsapp.quiet()
    assert us.statuses()[0]["errors"][0]["code"] == 131026


def test_a_bsuid_in_to_is_silently_dropped(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(BSUID, "Hi")
    assert send(whatsapp, to=BSUID).json()["messages"][0]["id"].startswith("wamid.")
    whatsapp.quiet()
    assert (us.statuses(), len(whatsapp.phone(BSUID))) == ([], 1)


def test_a_bsuid_as_recipient_is_reached(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(BSUID, "Hi")
    send(whatsapp, to=None, recipient=BSUID)
    whatsapp.quiet()
    assert "recipient_id" not in us.statuses()[0]
    assert whatsapp.phone(BSUID)[-1]["text"] == "Hello"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"messaging_product": None}, (400, 100)),
        ({"to": None}, (400, 100)),
        ({"to": "12"}, (400, 131009)),
        ({"type": "telegram"}, (400, 100)),
        ({"text": {}}, (400, 131008)),
        ({"text": {"body": "x" * 4097}}, (400, 131009)),
        ({"type": "image", "image": {}}, (400, 131008)),
        ({"type": "image", "image": {"id": "1"}}, (400, 131009)),
        ({"type": "template", "template": {"name": "hello"}}, (400, 131008)),
        ({"biz_opaque_callback_data": "x" * 513}, (400, 131009)),
        ({"status": "read", "message_id": "wamid.unknown"}, (400, 131009)),
    ],
)
def test_what_meta_refuses_is_refused(
    whatsapp: WhatsAppStandIn, changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert refusal(send(whatsapp, **changes)) == expected


def test_too_many_buttons_are_refused(whatsapp: WhatsAppStandIn) -> None:
    buttons = [{"type": "reply", "reply": {"id": str(n), "title": str(n)}} for n in range(4)]
    menu = {"type": "button", "body": {"text": "Choose"}, "action": {"buttons": buttons}}
    assert refusal(send(whatsapp, type="interactive", interactive=menu)) == (400, 131009)


def test_a_wrong_token_is_refused(whatsapp: WhatsAppStandIn) -> None:
    answer = call(whatsapp, "GET", whatsapp.phone_number_id, headers={"Authorization": "Bearer x"})
    assert refusal(answer) == (401, 190)


def test_the_number_and_its_subscription_can_be_checked(whatsapp: WhatsAppStandIn) -> None:
    apps = f"{whatsapp.waba_id}/subscribed_apps"
    number = call(whatsapp, "GET", whatsapp.phone_number_id).json()
    assert number["display_phone_number"] == whatsapp.display_phone_number
    assert call(whatsapp, "POST", apps).json() == {"success": True}
    assert len(call(whatsapp, "GET", apps).json()["data"]) == 1


def test_the_handshake_needs_the_right_token(whatsapp: WhatsAppStandIn) -> None:
    assert (whatsapp.verify(), whatsapp.verify("wrong")) == (True, False)


def test_marking_a_message_read_shows_on_the_phone(whatsapp: WhatsAppStandIn) -> None:
    written = whatsapp.write(ANA, "Hi")
    assert send(whatsapp, status="read", message_id=written.id).json() == {"success": True}
    assert whatsapp.phone(ANA)[0]["state"] == "read"


def test_a_customers_picture_can_be_fetched(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, type="image", content={"data": "aGk=", "mime_type": "image/png", "caption": "!"})
    image = us.messages()[0]["image"]
    about = call(whatsapp, "GET", image["id"]).json()
    assert about["sha256"] == hashlib.sha256(b"hi").hexdigest()
    assert call(whatsapp, "GET", about["url"]).content == b"hi"
    assert requests.get(about["url"], timeout=5).status_code == 401


def test_our_picture_is_uploaded_and_sent(whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    form = {"messaging_product": "whatsapp", "type": "image/png"}
    upload = f"{whatsapp.phone_number_id}/media"
    media = call(whatsapp, "POST", upload, data=form, files={"file": ("a.png", b"png", "image/png")}).json()
    assert send(whatsapp, type="image", image={**media, "caption": "Look"}).status_code == 200
    assert whatsapp.phone(ANA)[-1]["text"] == "Look"


def test_planned_failures_come_in_their_order(whatsapp: WhatsAppStandIn) -> None:
    whatsapp.fail({"status": 429, "retry_after": 1})
    whatsapp.fail({"status": 500})
    whatsapp.fail({"error": 131056})
    assert [refusal(send(whatsapp)) for _ in range(3)] == [(429, 130429), (500, 131000), (400, 131056)]


def test_a_planned_error_may_come_late(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.fail({"error": 131026, "late": True})
    assert send(whatsapp).status_code == 200
    whatsapp.quiet()
    assert us.states() == ["failed"]


def test_a_lost_answer_leaves_the_message_sent(whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    whatsapp.fail({"drop": "after"}, on="/messages")
    with pytest.raises(requests.ConnectionError):
        send(whatsapp)
    assert whatsapp.phone(ANA)[-1]["text"] == "Hello"


def test_a_webhook_is_repeated_until_it_is_taken(us: Us, whatsapp: WhatsAppStandIn) -> None:
    us.answers = [Answer(500), Answer(drop=True), Answer(404)]
    assert whatsapp.write(ANA, "Hi").status == 500
    whatsapp.quiet()
    assert len(us.heard) == 4
    assert len({heard.body for heard in us.heard}) == 1


def test_repeats_bring_the_same_message_again(us: Us, whatsapp: WhatsAppStandIn) -> None:
    whatsapp.repeat(1)
    whatsapp.write(ANA, "Hi")
    assert len(us.heard) == 2
    assert len({message["id"] for message in us.messages()}) == 1


def test_the_controls_work_over_http(us: Us, whatsapp: WhatsAppStandIn) -> None:
    wanted = {"who": ANA, "text": "Hi", "referral": {"source_id": "ad"}}
    requests.post(f"{whatsapp.url}/control/write", json=wanted, timeout=5)
    state = requests.get(f"{whatsapp.url}/control/state", timeout=5).json()
    assert us.messages()[0]["referral"] == {"source_id": "ad"}
    assert state["phones"][ANA][0]["text"] == "Hi"
    assert requests.post(f"{whatsapp.url}/control/fly", json={}, timeout=5).status_code == 404


def test_the_address_of_a_file_is_left_out_wherever_it_stands() -> None:
    link = {"link": "https://files.example.com/a.png?signature=hush", "caption": "a"}
    header = {"type": "header", "parameters": [{"type": "image", "image": link}]}
    assert without_link({"name": "t", "components": [header], **link}) == {
        "name": "t",
        "components": [{"type": "header", "parameters": [{"type": "image", "image": {"caption": "a"}}]}],
        "caption": "a",
    }


def test_reset_forgets_everything(whatsapp: WhatsAppStandIn) -> None:
    whatsapp.write(ANA, "Hi")
    whatsapp.reset()
    assert (whatsapp.phone(ANA), whatsapp.calls) == ([], [])
