from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.channels import twilio
from chalicelib.errors import Malformed, Unverified
from chalicelib.model import (
    Absent,
    Account,
    Address,
    Ambiguous,
    Attachment,
    Busy,
    CannotTell,
    Closed,
    Event,
    Message,
    MessageReceived,
    Ok,
    OptedIn,
    OptedOut,
    Ours,
    Reason,
    Receipt,
    Refused,
    Route,
    State,
    Unknown,
)
from chalicelib.web import NoAnswer, NotTaken, Reply, Request
from tests.captures import ACCOUNTS, ARRIVED, capture, signed
from tests.fixtures.make import MEDIA, OURS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["twilio"]
PHONE = Address("phone", "+14155550123")
SMS = Route("twilio", "main", "sms", PHONE.key, "+14155550123", "+14155550100")
ANA = Address("phone", "+5511987654321")
BSUID = Address("whatsapp", "BR.139300412233")
WHATSAPP = Route("twilio", "main", "whatsapp", ANA.key, "whatsapp:+5511987654321", "whatsapp:+14155550100")
A, B, C = ("SM" + letter * 32 for letter in "abc")


def parsed(event: str) -> list[Event]:
    return twilio.parse(capture("twilio", event), ACCOUNT)


def sms(text: str, **about: Any) -> MessageReceived:
    return replace(MessageReceived(A, SMS, (PHONE,), ARRIVED, text=text), **about)


def chat(text: str, **about: Any) -> MessageReceived:
    return replace(MessageReceived(B, WHATSAPP, (ANA,), ARRIVED, name="Ana Souza", text=text), **about)


# ------------------------------------------------------------------------------------- signatures

BASE = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
RCS = {"Body": "hi", "From": "rcs:+15551234567", "MessageSid": "SM1"}
JSON = b'{"property": "value", "boolean": true}'
DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
SHARED = {"x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}


def account(url: str, token: str = "12345", **secrets: str) -> Account:
    return replace(ACCOUNT, webhook_url=url, secrets={"TWILIO_AUTH_TOKEN": token, **secrets})


def request(form: Any, signature: str, **headers: str) -> Request:
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    return Request("POST", {"content-type": FORM, "x-twilio-signature": signature, **headers}, {}, body)


@pytest.mark.parametrize(
    ("url", "form", "token", "signature"),
    [
        (BASE, CALL, "12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (BASE, CALL, "12345", "kvajT1Ptam85bY51eRf/AJRuM3w="),  # signed with :443
        (BASE.replace(".com", ".com:443"), CALL, "12345", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (BASE.replace("https", "http"), CALL, "12345", "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # with :80
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", CALL, "12345", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (BASE, REPEATED, "12345", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("https://gateway.example.com/webhooks/rcs", RCS, "secret", "QYB6bLhZa+Zesj+IEnLcbIkL8bA="),
        (BASE.replace("//", "//u:p@"), CALL, "12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (BASE + "#rc=3&rp=5xx", CALL, "12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)
def test_published_signatures_fit(url: str, form: Any, token: str, signature: str) -> None:
    twilio.verify(request(form, signature), account(url, token))
    with pytest.raises(Unverified):
        twilio.verify(request(form, signature), account(url, "54321"))


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper()])
def test_a_json_body_is_signed_by_its_digest(digest: str) -> None:
    asked = replace(request(JSON, "a9nBmqA0ju/hNViExpshrM61xv4="), query={"bodySHA256": digest})
    asked = replace(asked, headers={**asked.headers, "content-type": "application/json"})
    if digest == DIGEST:
        twilio.verify(asked, account(BASE))
    with pytest.raises(Unverified):
        twilio.verify(replace(asked, body=JSON + b" "), account(BASE))


def test_a_form_does_not_pass_for_a_digest() -> None:
    asked = replace(request(JSON, "a9nBmqA0ju/hNViExpshrM61xv4="), query={"bodySHA256": DIGEST})
    with pytest.raises(Unverified):
        twilio.verify(asked, account(BASE))


def test_the_shared_key_signs_with_sha_256() -> None:
    asked = request(CALL, "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=", **SHARED)
    twilio.verify(asked, account(BASE, "other", TWILIO_WEBHOOKS_SHARED_KEY="12345"))
    with pytest.raises(Unverified):
        twilio.verify(asked, account(BASE, "12345"))


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_MD5", ""])
def test_the_shared_key_signs_with_nothing_else(algorithm: str) -> None:
    headers = {"x-twilio-webhooks-signature-settings": f"key=k,algorithm={algorithm}"}
    with pytest.raises(Unverified):
        twilio.verify(
            request(CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", **headers),
            account(BASE, "12345", TWILIO_WEBHOOKS_SHARED_KEY="12345"),
        )


def test_both_tokens_are_good_while_one_is_rotated() -> None:
    twilio.verify(request(CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), account(BASE, "new, 12345"))


def test_a_subaccounts_message_is_not_ours() -> None:
    asked = capture("twilio", "sms")
    other = signed("twilio", replace(asked, body=asked.body.replace(b"AC1", b"AC2")))
    with pytest.raises(Unverified):
        twilio.verify(other, ACCOUNT)


def test_the_token_in_a_callbacks_path_is_signed() -> None:
    asked = capture("twilio", "status_sent")
    with pytest.raises(Unverified):
        twilio.verify(replace(asked, path_rest=OURS[:-1] + "2"), ACCOUNT)


def test_a_name_twice_verifies_and_is_malformed() -> None:
    asked = capture("twilio", "sms")
    twice = replace(asked, body=asked.body + b"&ApiVersion=2010-04-01")
    twilio.verify(twice, ACCOUNT)
    with pytest.raises(Malformed):
        twilio.parse(twice, ACCOUNT)


# ---------------------------------------------------------------------------------------- messages


def test_an_sms() -> None:
    assert parsed("sms") == [sms("Is my order ready? 😀")]


def test_an_mms_brings_its_files() -> None:
    files = (
        Attachment("picture", mime="image/jpeg", reference=MEDIA + "1"),
        Attachment("contact card", mime="text/vcard", reference=MEDIA + "2"),
    )
    assert parsed("mms") == [sms("", id="MM" + "d" * 32, attachments=files)]


def test_a_media_address_keeps_no_credentials() -> None:
    asked = capture("twilio", "mms")
    body = asked.body.replace(b"api.twilio.com", b"AC1:token%40api.twilio.com")
    [message] = twilio.parse(replace(asked, body=body), ACCOUNT)
    assert isinstance(message, MessageReceived)
    assert message.attachments[0].reference == MEDIA + "1"


def test_stop_by_sms_is_a_message_and_a_wish() -> None:
    opted_out = OptedOut(f"{A}#stop", SMS, (PHONE,), ARRIVED, "Stop")
    assert parsed("sms_stop") == [replace(sms(" Stop "), wish=opted_out)]


def test_unstop_by_sms_takes_it_back() -> None:
    opted_in = OptedIn(f"{A}#start", SMS, (PHONE,), ARRIVED, "UNSTOP")
    assert parsed("sms_start") == [replace(sms("UNSTOP"), wish=opted_in)]


def test_advanced_opt_out_knows_words_of_its_own() -> None:
    opted_out = OptedOut(f"{A}#stop", SMS, (PHONE,), ARRIVED, "STOP")
    assert parsed("sms_advanced_stop") == [replace(sms("ARRET"), wish=opted_out)]


@pytest.mark.parametrize("text", ["please stop", "STOP.", "stopp", "end of story"])
def test_a_stop_word_in_a_sentence_is_only_a_word(text: str) -> None:
    asked = replace(capture("twilio", "sms"), body=capture("twilio", "sms").body.replace(b"Is+my", text.encode()))
    assert len(twilio.parse(asked, ACCOUNT)) == 1


@pytest.mark.parametrize("text", ["CANCEL", "END", "YES"])
def test_words_that_mean_something_on_whatsapp_are_left_alone(text: str) -> None:
    asked = capture("twilio", "whatsapp")
    assert len(twilio.parse(replace(asked, body=asked.body.replace(b"veja", text.encode())), ACCOUNT)) == 1


def test_a_short_code_is_known_but_is_no_phone() -> None:
    [message] = parsed("sms_short_code")
    assert isinstance(message, MessageReceived)
    assert message.addresses == (Address("sms", "72345"),)
    assert message.route == replace(SMS, address="sms:72345", to="72345")


def test_a_whatsapp_customer_is_the_same_person_as_by_sms() -> None:
    assert parsed("whatsapp") == [chat("veja", addresses=(ANA, BSUID))]


def test_a_whatsapp_customer_may_hide_the_phone() -> None:
    route = replace(WHATSAPP, address=BSUID.key, to="whatsapp:BR.139300412233")
    assert parsed("whatsapp_hidden_phone") == [chat("oi", route=route, addresses=(BSUID,))]


def test_a_whatsapp_customer_without_prefix_gets_it_back_for_the_answer() -> None:
    assert parsed("whatsapp_bare") == [chat("sem prefixo")]


def test_a_reply_names_what_it_replies_to() -> None:
    assert parsed("whatsapp_reply") == [chat("sim", reply_to="SM" + "e" * 32)]


def test_a_pressed_button_says_its_label() -> None:
    assert parsed("whatsapp_button") == [chat("Confirm")]


def test_an_rcs_message() -> None:
    route = replace(SMS, medium="rcs", to="rcs:+14155550123", sender="rcs:our_agent")
    assert parsed("rcs") == [sms("hi", route=route)]
    assert parsed("rcs_button") == [sms("Call me", route=route)]


def test_a_form_that_is_no_message_is_unknown() -> None:
    asked = Request("POST", {}, {}, urlencode(CALL).encode())
    assert twilio.parse(asked, ACCOUNT) == [Unknown("a form without MessageSid")]


def test_the_answer_is_silent_twiml() -> None:
    answer = twilio.answer(capture("twilio", "sms"), [])
    assert (answer.content_type, answer.body) == ("text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')


# ---------------------------------------------------------------------------------------- receipts


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("status_queued", []),
        ("status_sent", [Receipt(C, State.SENT, ARRIVED, ours=OURS)]),
        ("status_delivered", [Receipt(C, State.DELIVERED, ARRIVED, ours=OURS)]),
        ("status_read", [Receipt(C, State.READ, ARRIVED, ours=OURS)]),
        ("status_undelivered", [Receipt(C, State.FAILED, ARRIVED, Reason.BAD_ADDRESS, "30006", OURS)]),
        ("status_failed", [Receipt(C, State.FAILED, ARRIVED, Reason.WINDOW, "63016 outside the window", OURS)]),
        ("status_odd", [Unknown("status teleported")]),
    ],
)
def test_a_status_callback(event: str, expected: list[Event]) -> None:
    assert parsed(event) == expected


def test_a_callback_of_other_software_has_no_token_of_ours() -> None:
    asked = replace(capture("twilio", "status_sent"), path_rest="another/path")
    assert twilio.parse(asked, ACCOUNT) == [Receipt(C, State.SENT, ARRIVED)]


@pytest.mark.parametrize("code", ["", "abc", "٣", "9" * 5000, "-1"])
def test_an_odd_error_code_does_not_lose_the_bad_news(code: str) -> None:
    asked = capture("twilio", "status_undelivered")
    body = asked.body.replace(b"ErrorCode=30006", f"ErrorCode={code}".encode())
    [receipt] = twilio.parse(replace(asked, body=body), ACCOUNT)
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.reason) == (State.FAILED, Reason.REFUSED)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("11200", Reason.FILE_SLOW),
        ("63019", Reason.FILE_SLOW),
        ("11751", Reason.FILE_TOO_BIG),
        ("30019", Reason.FILE_TOO_BIG),
        ("63034", Reason.FILE_TOO_BIG),
        ("12300", Reason.FILE_KIND),
        ("21621", Reason.FILE_KIND),
        # Only their words tell what was wrong: a file, a text, or WhatsApp itself.
        ("63005", Reason.REFUSED),
        ("63012", Reason.REFUSED),
        ("63021", Reason.REFUSED),
    ],
)
def test_what_became_of_a_file_is_told_later(code: str, reason: Reason) -> None:
    asked = capture("twilio", "status_undelivered")
    body = asked.body.replace(b"ErrorCode=30006", f"ErrorCode={code}".encode())
    [receipt] = twilio.parse(replace(asked, body=body), ACCOUNT)
    assert isinstance(receipt, Receipt)
    assert (receipt.reason, receipt.detail) == (reason, code)


# ---------------------------------------------------------------------------------------- sending


NOW = 1_789_000_000_000
MESSAGE = Message(OURS, SMS, "Yes, it is.", NOW)


def error(status: int, code: int) -> Reply:
    return replied(status, b'{"code": %d, "message": "why", "status": %d}' % (code, status))


def test_a_message_goes_out_through_the_number_it_is_an_answer_to() -> None:
    api = Api(replied(201, b'{"sid": "SM1", "status": "queued"}'))
    assert twilio.send(MESSAGE, ACCOUNT, api) == Ok("SM1")
    [(method, url, about)] = api.asked
    assert (method, url) == ("POST", f"https://api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Messages.json")
    assert about["data"] == {
        "To": "+14155550123",
        "From": "+14155550100",
        "Body": "Yes, it is.",
        "StatusCallback": f"https://line.example.com/api/webhooks/twilio/main/{OURS}",
    }
    assert about["headers"]["Authorization"].startswith("Basic ")


def test_another_base_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    api = Api(replied(201, b'{"sid": "SM1"}'))
    twilio.send(MESSAGE, replace(ACCOUNT, api_url="http://127.0.0.1:9999"), api)
    assert api.asked[0][1].startswith("http://127.0.0.1:9999/2010-04-01/")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(429, 20429), Busy("20429 why", whole_line=True)),
        (replied(429, b"", **{"retry-after": "7"}), Busy("429 Unable to create record", 7000, whole_line=True)),
        (error(400, 21611), Busy("21611 why", whole_line=True)),
        (error(500, 20500), Ambiguous("20500 why")),
        (replied(503, b"<html>"), Ambiguous("503 Unable to create record")),
        (replied(200, b"not json"), Ambiguous("an unreadable answer (JSONDecodeError)")),
        (replied(201, b"[]"), Ambiguous("an unreadable answer (AttributeError)")),
        (replied(201, b"{}"), Ambiguous("an answer without a sid")),
        (error(400, 21211), Refused(Reason.BAD_ADDRESS, "21211 why")),
        (error(400, 21610), Refused(Reason.OPTED_OUT, "21610 why")),
        (error(400, 21617), Refused(Reason.TOO_LONG, "21617 why")),
        (error(400, 21408), Refused(Reason.REFUSED, "21408 why")),
        (error(400, 63016), Closed("63016 why")),
        (error(401, 20003), Ours("20003 why")),
        (error(400, 21606), Refused(Reason.NO_SENDER, "21606 why")),
        (error(404, 20404), Ours("20404 why")),
        (replied(302, b""), Ours("302 Unable to create record")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_answer_is_one_of_the_six_outcomes(reply: Reply | Exception, outcome: object) -> None:
    api = Api(reply)
    assert twilio.send(MESSAGE, ACCOUNT, api) == outcome
    assert len(api.asked) == 1


def test_a_problem_in_the_newer_format_is_read_as_well() -> None:
    problem = b'{"type": "https://x", "title": "Opted out", "status": 400, "code": 21610}'
    assert twilio.send(MESSAGE, ACCOUNT, Api(replied(400, problem))) == Refused(
        Reason.OPTED_OUT, "21610 Opted out"
    )


# ---------------------------------------------------------------------------------------- looking up


def row(sid: str, body: str, seconds_after_claim: int) -> str:
    created = format_datetime(datetime.fromtimestamp(NOW / 1000 + seconds_after_claim, UTC))
    return f'{{"sid": "{sid}", "body": "{body}", "date_created": "{created}", "date_sent": null}}'


def listed(*rows: str) -> Reply:
    return replied(200, f'{{"messages": [{", ".join(rows)}], "page_size": 100}}'.encode())


OLD = row("SM0", "Yes, it is.", -60)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (listed(), Absent()),
        (listed(row("SM1", "Yes, it is.", 1)), Ok("SM1")),
        (listed(row("SM1", "Yes, it is.", -2), OLD), Ok("SM1")),
        (listed(row("SM1", "Sent from your Twilio trial account - Yes, it is.", 1)), Ok("SM1")),
        (listed(row("SM1", "Yes,\u2060 it is.", 1)), Ok("SM1")),
        (listed(OLD), Absent()),
        (listed(row("SM1", "Another.", 1)), Absent()),
        (listed(row("SM1", "Yes, it is.", 1), row("SM2", "Yes, it is.", 3)), CannotTell(among=("SM1", "SM2"))),
        (listed(*(row(f"SM{n}", "Another.", 1) for n in range(100))), CannotTell()),
        (listed('{"sid": "SM1", "body": "Yes, it is.", "date_created": null}'), CannotTell(for_now=True)),
        (replied(200, b"[]"), CannotTell(for_now=True)),
        (replied(500, b""), CannotTell(for_now=True)),
        (error(401, 20003), CannotTell(for_now=True)),
        (NotTaken("x"), CannotTell(for_now=True)),
        (NoAnswer("x"), CannotTell(for_now=True)),
    ],
)
def test_looking_for_what_may_have_been_sent(reply: Reply | Exception, found: object) -> None:
    assert twilio.look_up(MESSAGE, ACCOUNT, Api(reply)) == found


def test_looking_asks_for_this_customer_and_this_number_only() -> None:
    api = Api(listed())
    twilio.look_up(MESSAGE, ACCOUNT, api)
    assert api.asked[0][2]["params"] == {"To": "+14155550123", "From": "+14155550100", "PageSize": 100}
