# mypy: disable-error-code="import-untyped"
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from infra.local.server import Answer, Call, Server
from infra.local.twilio import TwilioStandIn
from infra.local.twilio.wire import sign

AC = "AC" + "0" * 32
TOKEN = "secret"
ANA = "+14155550123"
OURS = "+14155550100"
DELIVERY = f"HX{1:032x}"
PUBLIC = "https://api.example.com/prod"
TWIML = Answer(200, b'<?xml version="1.0"?><Response/>', {"Content-Type": "text/xml"})


class Redirected:
    """The SDK's own HTTP client, with Twilio's host replaced by another."""

    def __init__(self, url: str) -> None:
        self._http = TwilioHttpClient(timeout=5)
        self._url = url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return self._http.request(method, self._url + url.partition(urlsplit(url).netloc)[2], *args, **kwargs)


class Us:
    """Our own door: keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.begin()
        self.server = Server(self._hear)

    def begin(self) -> None:
        self.heard: list[Call] = []
        self.answers: list[Answer] = []

    def _hear(self, call: Call) -> Answer:
        self.heard.append(call)
        return self.answers.pop(0) if self.answers else TWIML

    def valid(self, number: int = -1) -> bool:
        call = self.heard[number]
        return bool(
            RequestValidator(TOKEN).validate(PUBLIC + call.path, call.form(), call.headers["x-twilio-signature"])
        )

    def statuses(self) -> list[str]:
        return [call.form()["MessageStatus"] for call in self.heard if "MessageStatus" in call.form()]


@pytest.fixture(scope="module")
def door() -> Iterator[Us]:
    us = Us()
    yield us
    us.server.close()


@pytest.fixture
def us(door: Us) -> Us:
    door.begin()
    return door


def build(us: Us, **options: Any) -> TwilioStandIn:
    hook = f"{us.server.url}/webhooks/twilio/main"
    public = f"{PUBLIC}/webhooks/twilio/main"
    return TwilioStandIn(hook, AC, TOKEN, (OURS,), public_webhook_url=public, **options)


@pytest.fixture(scope="module")
def usual(door: Us) -> Iterator[TwilioStandIn]:
    twilio = build(door)
    yield twilio
    twilio.close()


@pytest.fixture
def twilio(us: Us, usual: TwilioStandIn) -> Iterator[TwilioStandIn]:  # noqa: ARG001 - our door opens first
    usual.receipts(delay=0.001)
    yield usual
    usual.reset()


@pytest.fixture
def start(us: Us) -> Iterator[Callable[..., TwilioStandIn]]:
    started: list[TwilioStandIn] = []

    def start(**options: Any) -> TwilioStandIn:
        started.append(build(us, **options))
        return started[-1]

    yield start
    for twilio in started:
        twilio.reset()
        twilio.close()


def sdk(twilio: TwilioStandIn, token: str = TOKEN) -> Client:
    return Client(AC, token, http_client=Redirected(twilio.url))


def send(twilio: TwilioStandIn, **changes: Any) -> Any:
    wanted = {"to": ANA, "from_": OURS, "body": "Hello", "status_callback": f"{PUBLIC}/status/1"}
    return sdk(twilio).messages.create(**{**wanted, **changes})


def refusal(twilio: TwilioStandIn, **changes: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        send(twilio, **changes)
    return caught.value.status, caught.value.code


def test_an_sms_reaches_the_webhook_signed_and_with_its_blank_fields(us: Us, twilio: TwilioStandIn) -> None:
    written = twilio.write(ANA, "Is my order ready?")
    form = us.heard[0].form()
    assert (written.status, form["MessageSid"], form["FromCity"]) == (200, written.id, "")
    assert (form["From"], form["To"], form["Body"]) == (ANA, OURS, "Is my order ready?")
    assert us.valid()
    assert us.heard[0].headers["i-twilio-idempotency-token"]


def test_the_published_signature_comes_out() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_whatsapp_message_carries_its_profile(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "Olá", medium="whatsapp", name="Ana", bsuid="US.1349", Latitude=1.5)
    form = us.heard[0].form()
    assert (form["From"], form["To"]) == (f"whatsapp:{ANA}", f"whatsapp:{OURS}")
    assert (form["ProfileName"], form["WaId"]) == ("Ana", ANA[1:])
    assert (form["ExternalUserId"], form["Latitude"]) == ("whatsapp:US.1349", "1.5")
    assert us.valid()


def test_a_customer_who_hides_the_phone_has_no_wa_id(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write("US.1349", "Hi", medium="whatsapp")
    assert us.heard[0].form()["From"] == "whatsapp:US.1349"
    assert "WaId" not in us.heard[0].form()
    assert send(twilio, to="whatsapp:US.1349", from_=f"whatsapp:{OURS}").status == "queued"


def test_media_is_fetched_with_credentials_from_a_place_that_takes_none(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "", media=[{"content_type": "image/png", "data": "aGk="}])
    url = us.heard[0].form()["MediaUrl0"].replace("https://api.twilio.com", twilio.url)
    pointed = requests.get(url, auth=(AC, TOKEN), timeout=5, allow_redirects=False)
    cdn = pointed.headers["Location"]
    assert requests.get(url, timeout=5).status_code == 401
    assert requests.get(cdn, auth=(AC, TOKEN), timeout=5).status_code == 400
    assert requests.get(url, auth=(AC, TOKEN), timeout=5).content == b"hi"


def test_a_sent_message_is_queued_then_sent_then_delivered(us: Us, twilio: TwilioStandIn) -> None:
    message = send(twilio)
    twilio.quiet()
    assert (message.status, us.statuses()) == ("queued", ["sent", "delivered"])
    assert all(us.valid(number) for number in range(2))
    assert us.heard[0].path == "/status/1"
    assert sdk(twilio).messages(message.sid).fetch().status == "delivered"


def test_opening_the_chat_sends_read_on_whatsapp_but_not_on_sms(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "Hi", medium="whatsapp")
    read = send(twilio, to=f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}")
    send(twilio)
    twilio.quiet()
    assert twilio.read(ANA) == [read.sid]
    assert us.heard[-1].form()["EventType"] == "READ"
    assert twilio.phone(ANA)[1]["state"] == "read"


def test_receipts_can_be_sent_by_hand_in_any_order(us: Us, twilio: TwilioStandIn) -> None:
    twilio.receipts(auto=False)
    sid = send(twilio).sid
    assert [twilio.receipt(sid, "failed", 30003), twilio.receipt(sid, "delivered")] == [200, 200]
    assert us.statuses() == ["failed", "delivered"]
    assert us.heard[0].form()["ErrorCode"] == "30003"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"to": "12"}, (400, 21211)),
        ({"from_": "+14155559999"}, (400, 21606)),
        ({"body": "x" * 1601}, (400, 21617)),
        ({"body": ""}, (400, 21602)),
        ({"to": "+79161234567"}, (400, 21408)),
        ({"from_": "whatsapp:+14155559999", "to": f"whatsapp:{ANA}"}, (400, 63007)),
        ({"to": f"whatsapp:{ANA}"}, (400, 21910)),
        ({"status_callback": "nowhere"}, (400, 21609)),
        ({"media_url": ["https://example.com/a"] * 11}, (400, 21623)),
        ({"from_": None, "messaging_service_sid": "MG0"}, (404, 21701)),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(
    start: Callable[..., TwilioStandIn], changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert refusal(start(forbidden=("+7",)), **changes) == expected


def test_a_wrong_token_is_refused(twilio: TwilioStandIn) -> None:
    with pytest.raises(TwilioRestException) as caught:
        sdk(twilio, "wrong").messages("SM1").fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_an_api_key_is_as_good_as_the_token(start: Callable[..., TwilioStandIn]) -> None:
    twilio = start(api_keys={"SK1": "key"})
    client = Client("SK1", "key", AC, http_client=Redirected(twilio.url))
    assert client.api.accounts(AC).fetch().status == "active"


def test_a_service_sends_from_its_number(start: Callable[..., TwilioStandIn]) -> None:
    twilio = start(services={"MG1": OURS})
    message = send(twilio, from_=None, messaging_service_sid="MG1")
    assert (message.status, message.from_) == ("accepted", None)
    assert sdk(twilio).messages(message.sid).fetch().from_ == OURS


def test_stop_reaches_us_and_closes_the_door_until_start(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, " stop ")
    assert us.heard[0].form()["Body"] == " stop "
    assert refusal(twilio) == (400, 21610)
    twilio.write(ANA, "START")
    assert send(twilio).sid
    assert "unsubscribed" in twilio.phone(ANA)[1]["text"]


def test_advanced_opt_out_names_the_keyword(us: Us, start: Callable[..., TwilioStandIn]) -> None:
    start(advanced_opt_out=True).write(ANA, "Stop")
    assert us.heard[0].form()["OptOutType"] == "STOP"


def test_outside_the_window_whatsapp_fails_after_it_was_accepted(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "Hi", medium="whatsapp")
    twilio.close_window(ANA)
    assert send(twilio, to=f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}").status == "queued"
    twilio.quiet()
    assert (us.statuses(), us.heard[-1].form()["ErrorCode"]) == (["failed"], "63016")
    assert len(twilio.phone(ANA)) == 1


def test_a_template_passes_outside_the_window(us: Us, twilio: TwilioStandIn) -> None:
    send(twilio, to=f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}", body=None, content_sid=DELIVERY)
    twilio.quiet()
    assert us.statuses() == ["sent", "delivered"]


def test_a_template_that_was_not_approved_passes_only_inside_the_window(us: Us, twilio: TwilioStandIn) -> None:
    send(twilio, to=f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}", body=None, content_sid=f"HX{5:032x}")
    twilio.quiet()
    assert us.heard[-1].form()["ErrorCode"] == "63016"


@pytest.mark.parametrize(
    ("sid", "variables", "code"),
    [("HX1", "{}", 21655), (f"HX{1:032x}", "no", 21656), (f"HX{1:032x}", "[]", 21656)],
)
def test_a_content_that_does_not_fit_is_refused(
    twilio: TwilioStandIn, sid: str, variables: str, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, body=None, content_sid=sid, content_variables=variables)
    assert refused.value.code == code


def test_a_customer_who_blocked_us_is_reported_late(us: Us, twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "Hi", medium="whatsapp")
    twilio.block(ANA, "whatsapp")
    send(twilio, to=f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}")
    twilio.quiet()
    assert us.heard[-1].form()["ErrorCode"] == "63014"


def test_a_message_is_found_in_the_list(twilio: TwilioStandIn) -> None:
    sids = [send(twilio).sid for _ in range(3)]
    send(twilio, to="+14155550199")
    since = datetime.now(UTC) - timedelta(minutes=1)
    found = sdk(twilio).messages.list(to=ANA, from_=OURS, date_sent_after=since, page_size=2)
    assert [message.sid for message in found] == sids[::-1]
    assert sdk(twilio).messages.list(date_sent_after=since + timedelta(days=1)) == []


def test_a_message_tells_when_it_was_sent_and_when_it_changed(twilio: TwilioStandIn) -> None:
    twilio.receipts(auto=False)
    sid = send(twilio).sid
    assert sdk(twilio).messages(sid).fetch().date_sent is None
    twilio.receipt(sid, "sent")
    sent = sdk(twilio).messages(sid).fetch().date_sent
    twilio.now = lambda: time.time() + 3600
    twilio.receipt(sid, "undelivered", 30005)
    after = sdk(twilio).messages(sid).fetch()
    assert after.date_sent == sent
    assert after.date_updated - sent >= timedelta(hours=1)


def test_a_page_goes_on_where_the_last_one_ended_whatever_came_on_top(twilio: TwilioStandIn) -> None:
    sids = [twilio.write(ANA, str(number)).id for number in range(4)]
    first = sdk(twilio).messages.page(page_size=2)
    shown = [message.sid for message in first]
    twilio.write(ANA, "on top")
    shown += [message.sid for message in first.next_page()]
    assert shown == sids[::-1]


def test_the_media_of_a_message_are_listed(us: Us, twilio: TwilioStandIn) -> None:
    sid = twilio.write(ANA, "Look", media=[{"content_type": "image/jpeg", "data": "aGk="}]).id
    (media,) = sdk(twilio).messages(sid).media.list()
    assert (media.content_type, media.parent_sid) == ("image/jpeg", sid)
    assert us.heard[-1].form()["MediaUrl0"] == f"https://api.twilio.com{media.uri.removesuffix('.json')}"


def test_the_media_of_a_message_that_is_not_there_are_not_found(twilio: TwilioStandIn) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(twilio).messages("SM" + "0" * 32).media("ME" + "0" * 32).fetch()
    assert refused.value.code == 20404


def test_a_lost_answer_leaves_the_message_sent(twilio: TwilioStandIn) -> None:
    twilio.fail({"drop": "after"})
    with pytest.raises(requests.ConnectionError):
        send(twilio)
    assert [entry["text"] for entry in twilio.phone(ANA)] == ["Hello"]


def test_a_lost_request_leaves_nothing(twilio: TwilioStandIn) -> None:
    twilio.fail({"drop": "before"}, on="POST")
    with pytest.raises(requests.ConnectionError):
        send(twilio)
    assert sdk(twilio).messages.list() == twilio.phone(ANA) == []


def test_planned_failures_come_in_their_order(twilio: TwilioStandIn) -> None:
    twilio.fail({"status": 429, "retry_after": 1})
    twilio.fail({"status": 500})
    twilio.fail({"error": 21408})
    assert [refusal(twilio) for _ in range(3)] == [(429, 20429), (500, 20500), (400, 21408)]
    assert send(twilio).sid


def test_a_carrier_error_comes_as_a_callback(us: Us, twilio: TwilioStandIn) -> None:
    twilio.fail({"error": 30007})
    send(twilio)
    twilio.quiet()
    assert us.heard[-1].form()["ErrorCode"] == "30007"


def test_a_500_is_not_repeated_unless_the_address_asks(us: Us, start: Callable[..., TwilioStandIn]) -> None:
    twilio = start()
    us.answers = [Answer(500)]
    assert twilio.write(ANA, "lost").status == 500
    assert twilio.alerts[0]["code"] == 11200
    twilio.webhook_url += "#rc=3&rp=5xx,ct,rt"
    us.answers = [Answer(500), Answer(503)]
    twilio.write(ANA, "kept")
    twilio.quiet()
    assert [call.form()["Body"] for call in us.heard] == ["lost", "kept", "kept", "kept"]


def test_repeats_bring_the_same_message_again(us: Us, twilio: TwilioStandIn) -> None:
    twilio.repeat(2)
    twilio.write(ANA, "Hi")
    tokens = {call.headers["i-twilio-idempotency-token"] for call in us.heard}
    assert (len(us.heard), len(tokens)) == (3, 1)


def test_a_plain_text_answer_is_sent_to_the_customer(us: Us, twilio: TwilioStandIn) -> None:
    us.answers = [Answer(200, b"OK", {"Content-Type": "text/plain"})]
    twilio.write(ANA, "Hi")
    assert twilio.phone(ANA)[-1]["text"] == "OK"


def test_the_controls_work_over_http(us: Us, twilio: TwilioStandIn) -> None:
    wanted = {"who": ANA, "text": "Hi", "medium": "rcs", "ButtonText": "Yes"}
    answer = requests.post(f"{twilio.url}/control/write", json=wanted, timeout=5)
    state = requests.get(f"{twilio.url}/control/state", timeout=5).json()
    assert (answer.json()["status"], us.heard[0].form()["ButtonText"]) == (200, "Yes")
    assert state["phones"][ANA][0]["text"] == "Hi"
    assert requests.post(f"{twilio.url}/control/fail", json={"how": {"x": 1}}, timeout=5).status_code == 400


def test_what_was_deleted_at_twilio_can_still_be_read_by_the_customer(twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "Hi", medium="whatsapp")
    message = sdk(twilio).messages.create(f"whatsapp:{ANA}", from_=f"whatsapp:{OURS}", body="Hello")
    twilio.quiet()
    sdk(twilio).messages(message.sid).delete()
    assert twilio.read(ANA) == []


def test_of_what_was_deleted_at_twilio_no_receipt_comes(
    us: Us, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = twilio._watched.hooks

    def delete(_: float) -> bool:
        twilio._account.messages.clear()
        return True

    monkeypatch.setattr(hooks, "pause", delete)
    send(twilio)
    twilio.quiet()
    assert (us.statuses(), [entry["state"] for entry in twilio.phone(ANA)]) == ([], ["sent"])


def test_reset_forgets_everything(twilio: TwilioStandIn) -> None:
    twilio.write(ANA, "STOP")
    twilio.reset()
    assert (twilio.phone(ANA), twilio.calls) == ([], [])
    assert send(twilio).sid
