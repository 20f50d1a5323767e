import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.channels import whatsapp
from chalicelib.errors import Malformed, Unverified
from chalicelib.model import (
    Address,
    Ambiguous,
    Attachment,
    Busy,
    CannotTell,
    Closed,
    ContactChanged,
    Event,
    Message,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Ok,
    OptedOut,
    Ours,
    Reacted,
    Reason,
    Receipt,
    Refused,
    Route,
    State,
    Unknown,
)
from chalicelib.web import NoAnswer, NotTaken, Reply, Request
from tests.captures import ACCOUNTS, ARRIVED, capture
from tests.fixtures.make import OURS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["whatsapp"]
ANA = Address("phone", "+5511987654321")
BSUID = Address("whatsapp", "BR.139300412")
ROUTE = Route("whatsapp", "main", "whatsapp", ANA.key, "5511987654321", "106540352242922")
AT = 1_789_000_000_000


def parsed(event: str) -> list[Event]:
    return whatsapp.parse(capture("whatsapp", event), ACCOUNT)


def spoken(text: str, **about: Any) -> MessageReceived:
    return replace(MessageReceived("wamid.HBgN1", ROUTE, (ANA, BSUID), AT, name="Ana", text=text), **about)


# ------------------------------------------------------------------------------------- signatures

VECTORS = [
    (
        b'{"object":"page","entry":[{"id":"1","time":1,"messaging":[]}]}',
        "b3f55cf84a2e08a8d85a917bc1728ff1909762831050956069f7505962c08fc4",
    ),
    (rb'{"text":"ol\u00e9 \ud83d\ude00"}', "1ef746597168723b712d0491c8436dc2d920522e13e42b1c4711e2e8b5dec147"),
    ('{"text":"olé 😀"}'.encode(), "7725d026760eb1641c80d8b2d19c1bde4707a6e92200bca40cf1783b7f1a182f"),
]


@pytest.mark.parametrize(("body", "signature"), VECTORS)
def test_published_signatures_fit(body: bytes, signature: str) -> None:
    headers = {"x-hub-signature-256": f"sha256={signature}"}
    whatsapp.verify(Request("POST", headers, {}, body), ACCOUNT)
    with pytest.raises(Unverified):
        whatsapp.verify(Request("POST", {"x-hub-signature-256": signature}, {}, body), ACCOUNT)


def test_the_same_text_in_other_bytes_does_not_fit() -> None:
    headers = {"x-hub-signature-256": f"sha256={VECTORS[1][1]}"}
    with pytest.raises(Unverified):
        whatsapp.verify(Request("POST", headers, {}, VECTORS[2][0]), ACCOUNT)


def test_the_old_sha1_signature_proves_nothing() -> None:
    asked = capture("whatsapp", "text")
    with pytest.raises(Unverified):
        whatsapp.verify(replace(asked, headers={"x-hub-signature": "sha1=00"}), ACCOUNT)


# ------------------------------------------------------------------------------------- handshake

HANDSHAKE = {"hub.mode": "subscribe", "hub.verify_token": "a-word-we-agreed-on", "hub.challenge": "1158201444"}


def test_a_handshake_is_answered_with_its_challenge() -> None:
    asked = Request("GET", {}, HANDSHAKE)
    whatsapp.verify(asked, ACCOUNT)
    answer = whatsapp.answer(asked, whatsapp.parse(asked, ACCOUNT))
    assert (answer.status, answer.content_type, answer.body) == (200, "text/plain", "1158201444")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hub.mode", "unsubscribe"),
        ("hub.verify_token", "guess"),
        ("hub.verify_token", ""),
        ("hub.challenge", "<script>"),
        ("hub.challenge", "1" * 257),
        ("hub.challenge", ""),
        ("hub.challenge", "1\n"),
    ],
)
def test_another_handshake_is_refused_and_never_reflected(name: str, value: str) -> None:
    asked = Request("GET", {}, {**HANDSHAKE, name: value})
    with pytest.raises(Unverified):
        whatsapp.verify(asked, ACCOUNT)
    assert whatsapp.answer(asked, []).body in {"", "1158201444"}


# ---------------------------------------------------------------------------------------- messages


def test_a_text_and_what_it_replies_to() -> None:
    assert parsed("text") == [spoken("Olá 😀", reply_to="wamid.HBgN0")]


@pytest.mark.parametrize(
    ("event", "text", "file"),
    [
        ("image", "olha", Attachment("picture", mime="image/jpeg", reference="1001")),
        ("voice", "", Attachment("voice message", mime="audio/ogg", reference="1002")),
        ("document", "", Attachment("file", name="nota.pdf", reference="1003")),
    ],
)
def test_files_come_with_their_captions(event: str, text: str, file: Attachment) -> None:
    assert parsed(event) == [spoken(text, attachments=(file,))]


def test_a_customer_may_hide_the_phone() -> None:
    [message] = parsed("hidden_phone")
    # The list of contacts still knows it.
    assert message == spoken("oi")


def test_a_customer_known_by_id_only_is_written_to_by_id() -> None:
    asked = capture("whatsapp", "hidden_phone")
    payload = json.loads(asked.body)
    del payload["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"]
    events = whatsapp.parse(replace(asked, body=json.dumps(payload).encode()), ACCOUNT)
    assert events == [spoken("oi", addresses=(BSUID,), route=replace(ROUTE, address=BSUID.key, to=BSUID.value))]


def test_a_message_from_nobody_is_malformed() -> None:
    asked = capture("whatsapp", "hidden_phone")
    with pytest.raises(Malformed):
        whatsapp.parse(replace(asked, body=asked.body.replace(b"BR.139300412", b"")), ACCOUNT)


def test_stop_is_a_message_and_a_wish() -> None:
    opted_out = OptedOut("wamid.HBgN1#stop", ROUTE, (ANA, BSUID), AT, "stop")
    assert parsed("stop") == [replace(spoken("stop"), wish=opted_out)]


def test_a_reaction_and_its_end() -> None:
    put = Reacted("wamid.HBgN1", "wamid.HBgN9", "👍", ROUTE, (ANA, BSUID), AT, "Ana")
    assert parsed("reaction") == [put]
    assert parsed("reaction_removed") == [replace(put, emoji="")]


def test_an_edit_is_the_message_as_it_reads_now() -> None:
    assert parsed("edit") == [MessageEdited("wamid.HBgN2", spoken("Oi"), AT)]


def test_a_message_taken_back() -> None:
    assert parsed("revoke") == [MessageDeleted("wamid.HBgN3", "wamid.HBgN1", ROUTE, (ANA, BSUID), AT)]


def test_a_changed_number_leads_to_the_new_one() -> None:
    new = Address("phone", "+5511900000001")
    route = replace(ROUTE, address=new.key, to="5511900000001")
    assert parsed("changed_number") == [ContactChanged("wamid.HBgN4", route, (new, ANA), AT, "Ana changed")]


def test_a_changed_id_keeps_the_phone() -> None:
    [event] = parsed("user_id_update")
    assert event == ContactChanged(
        "user_id_update:BR.139300412:BR.777",
        ROUTE,
        (ANA, Address("whatsapp", "BR.777"), BSUID),
        AT,
        "changed their WhatsApp id",
    )


def test_a_changed_id_without_a_time_is_as_old_as_its_request() -> None:
    asked = capture("whatsapp", "user_id_update")
    body = asked.body.replace(b',"timestamp":"1789000000"', b"")
    [event] = whatsapp.parse(replace(asked, body=body), ACCOUNT)
    assert isinstance(event, ContactChanged)
    assert event.at == ARRIVED


def test_every_message_and_status_of_a_batch_counts() -> None:
    assert parsed("batch") == [
        spoken("one", id="wamid.A"),
        spoken("two", id="wamid.B"),
        Receipt("wamid.HBgN9", State.SENT, AT + 5000, ours=OURS),
        Receipt("wamid.HBgN9", State.READ, AT + 5000, ours=OURS),
    ]


def test_what_we_do_not_know_does_not_hide_what_we_do() -> None:
    cannot = "a kind of message that cannot be shown here yet"
    assert parsed("odd_and_plain") == [
        Unknown("message hologram"),
        spoken(f"[hologram: {cannot}]", id="wamid.HBgN1?"),
        Unknown("message"),
        spoken(f"[something: {cannot}]", id="wamid.HBgN1?"),
        spoken("and this"),
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("welcome", []),
        ("preferences", []),
        ("group", [Unknown("message in a group")]),
        ("template_update", [Unknown("field message_template_status_update")]),
    ],
)
def test_what_is_not_for_the_thread(event: str, expected: list[Event]) -> None:
    assert parsed(event) == expected


@pytest.mark.parametrize("stamp", ['"1789000000"', "1789000000", '"1789000000000"', "1789000000000"])
def test_a_time_may_be_a_text_or_a_number_of_seconds_or_milliseconds(stamp: str) -> None:
    asked = capture("whatsapp", "image")
    body = asked.body.replace(b'"1789000000"', stamp.encode())
    [message] = whatsapp.parse(replace(asked, body=body), ACCOUNT)
    assert isinstance(message, MessageReceived)
    assert message.at == AT


def test_half_a_surrogate_pair_becomes_storable() -> None:
    asked = capture("whatsapp", "image")
    [message] = whatsapp.parse(replace(asked, body=asked.body.replace(b"olha", rb"a\ud83db\u0000")), ACCOUNT)
    assert isinstance(message, MessageReceived)
    assert message.text == "a\ufffdb\ufffd"


# ---------------------------------------------------------------------------------------- receipts


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("status_sent", Receipt("wamid.HBgN9", State.SENT, AT + 5000, ours=OURS)),
        ("status_delivered", Receipt("wamid.HBgN9", State.DELIVERED, AT + 5000, ours=OURS)),
        ("status_played", Receipt("wamid.HBgN9", State.READ, AT + 5000, ours=OURS)),
        ("status_of_others", Receipt("wamid.HBgN9", State.SENT, AT + 5000)),
        (
            "status_failed",
            Receipt("wamid.HBgN9", State.FAILED, AT + 5000, Reason.WINDOW, "131047 more than 24 hours", OURS),
        ),
        ("status_odd", Unknown("status warning")),
    ],
)
def test_a_status(event: str, expected: Event) -> None:
    assert parsed(event) == [expected]


# ---------------------------------------------------------------------------------------- sending

MESSAGE = Message(OURS, ROUTE, "Sim, está.", AT)
SENT = {"contacts": [{"input": "5511987654321"}], "messages": [{"id": "wamid.NEW"}]}


def error(status: int, code: Any, **headers: str) -> Reply:
    return replied(status, {"error": {"message": "why", "code": code}}, **headers)


def test_a_message_goes_out_through_the_number_it_is_an_answer_to() -> None:
    api = Api(replied(200, SENT))
    assert whatsapp.send(MESSAGE, ACCOUNT, api) == Ok("wamid.NEW")
    assert api.asked == [
        (
            "POST",
            "https://graph.facebook.com/v26.0/106540352242922/messages",
            {
                "headers": {"Authorization": "Bearer EAAwhatsapp"},
                "json": {
                    "messaging_product": "whatsapp",
                    "recipient_type": "individual",
                    "to": "5511987654321",
                    "type": "text",
                    "text": {"body": "Sim, está.", "preview_url": False},
                    "biz_opaque_callback_data": OURS,
                },
            },
        )
    ]


@pytest.mark.parametrize("user", ["BR.139300412", "US.ENT.Ab1"])
def test_an_id_goes_where_ids_belong(user: str) -> None:
    api = Api(replied(200, SENT))
    whatsapp.send(replace(MESSAGE, route=replace(ROUTE, to=user)), ACCOUNT, api)
    body = api.asked[0][2]["json"]
    assert (body["recipient"], "to" in body) == (user, False)


def test_the_version_can_be_set() -> None:
    api = Api(replied(200, SENT))
    secrets = {**ACCOUNT.secrets, "WHATSAPP_GRAPH_VERSION": "v27.0"}
    whatsapp.send(MESSAGE, replace(ACCOUNT, secrets=secrets), api)
    assert "/v27.0/" in api.asked[0][1]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(400, 130429), Busy("130429 why", whole_line=True)),
        (error(400, 131056), Busy("131056 why", 6000)),
        (error(400, 131056, **{"retry-after": "9"}), Busy("131056 why", 9000)),
        (error(503, 131016), Busy("131016 why", whole_line=True)),
        (replied(429, b""), Busy("HTTP 429", whole_line=True)),
        (error(500, 131000), Ambiguous("131000 why")),
        (error(500, 1), Ambiguous("1 why")),
        (replied(502, b"<html>"), Ambiguous("HTTP 502")),
        (replied(200, {}), Ambiguous("an unreadable answer (KeyError)")),
        (replied(200, {"messages": []}), Ambiguous("an unreadable answer (IndexError)")),
        (replied(200, b"["), Ambiguous("an unreadable answer (KeyError)")),
        (replied(400, {"error": "x"}), Ambiguous("an unreadable answer (TypeError)")),
        (error(400, 131047), Closed("131047 why")),
        (error(400, 131026), Refused(Reason.UNREACHABLE, "131026 why")),
        (error(400, 131050), Refused(Reason.OPTED_OUT, "131050 why")),
        (error(400, 100), Refused(Reason.REFUSED, "100 why")),
        (error(400, 130497), Refused(Reason.REFUSED, "130497 why")),
        (error(403, 130497), Refused(Reason.REFUSED, "130497 why")),
        (error(403, 135000), Refused(Reason.REFUSED, "135000 why")),
        (error(400, "odd"), Refused(Reason.REFUSED, "odd why")),
        (error(400, None), Refused(Reason.REFUSED, "why")),
        (error(401, 190), Ours("190 why")),
        (error(403, 200), Ours("200 why")),
        (error(400, 133010), Ours("133010 why")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_answer_is_one_of_the_six_outcomes(reply: Reply | Exception, outcome: object) -> None:
    api = Api(reply)
    assert whatsapp.send(MESSAGE, ACCOUNT, api) == outcome
    assert len(api.asked) == 1


def test_there_is_nobody_to_ask() -> None:
    assert whatsapp.look_up(MESSAGE, ACCOUNT, Api()) == CannotTell()
