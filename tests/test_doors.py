"""The real doors, over HTTP: a stranger learns nothing, breaks nothing, and leaves nothing behind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from chalicelib import logs, services
from infra.local.slack.team import APP_ID, BOB, SUPPORT, TEAM_ID
from tests.captures import captures, read
from tests.house import SECRETS, House

CHANNELS = ("twilio", "whatsapp", "telegram")
DOORS = (
    *(f"/webhooks/{channel}/main" for channel in CHANNELS),
    "/slack/events",
    "/slack/interactions",
    "/slack/commands",
)
GARBAGE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"update_id": []}',
    b"\x00\xff\xfe",
    b"a=1&a=2",
    b"payload=%7B",
    b"%" * 999,
    b"[" * 100_000,
]
SIX_MB = 6 * 1024 * 1024


@dataclass(frozen=True)
class Heard:
    status: int
    body: str
    kind: str


def knock(
    house: House, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Heard:
    door = HTTPConnection("127.0.0.1", house.gateway.port, timeout=30)
    try:
        door.request(method, path, body, dict(headers or {}))
        answer = door.getresponse()
        return Heard(answer.status, answer.read().decode(), answer.headers.get_content_type())
    finally:
        door.close()


def sign(house: House, path: str, body: bytes) -> dict[str, str]:
    """Sign as the owner of a door does."""
    if "telegram" in path:
        return {"X-Telegram-Bot-Api-Secret-Token": SECRETS["TELEGRAM_WEBHOOK_SECRET"]}
    if "whatsapp" in path:
        return {"X-Hub-Signature-256": f"sha256={_sha256('WHATSAPP_APP_SECRET', body)}"}
    if "twilio" in path:
        pairs = sorted(set(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)))
        signed = house.gateway.url + path + "".join(name + value for name, value in pairs)
        digest = hmac.digest(SECRETS["TWILIO_AUTH_TOKEN"].encode(), signed.encode(), "sha1")
        return {"X-Twilio-Signature": base64.b64encode(digest).decode()}
    stamp = str(int(time.time()))
    signature = f"v0={_sha256('SLACK_SIGNING_SECRET', b'v0:' + stamp.encode() + b':' + body)}"
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


def _sha256(secret: str, message: bytes) -> str:
    return hmac.new(SECRETS[secret].encode(), message, hashlib.sha256).hexdigest()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that any logger writes, as it would be written."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    ours, everybody = Keep(), Keep()
    ours.setFormatter(logs._JsonLines())
    everybody.setFormatter(logging.Formatter("%(message)s"))
    loggers = {logging.getLogger("threadline.events"): ours, logging.getLogger(): everybody}
    loggers[logging.getLogger("threadline")] = everybody
    for logger, handler in loggers.items():
        logger.addHandler(handler)
    yield lines
    for logger, handler in loggers.items():
        logger.removeHandler(handler)


def is_short_reason(heard: Heard) -> bool:
    reason = json.loads(heard.body)
    return heard.kind == "application/json" and len(heard.body) < 200 and reason.keys() <= {"error", "message"}


def message() -> dict[str, Any]:
    return {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": {"id": 7}, "text": "Hi"}


def typed() -> dict[str, Any]:
    event = {
        "type": "message",
        "channel": SUPPORT,
        "ts": "1789000001.000100",
        "thread_ts": "1789000000.000100",
        "user": BOB,
        "text": "Hi",
    }
    return {"type": "event_callback", "team_id": TEAM_ID, "api_app_id": APP_ID, "event_id": "Ev1", "event": event}


def pressed() -> str:
    action = {"action_id": "claim", "value": "01HZZZZZZZZZZZZZZZZZZZZZZZ"}
    return json.dumps({"type": "block_actions", "user": {"id": BOB, "team_id": TEAM_ID}, "actions": [action]})


def form() -> dict[str, str]:
    ours = {"MessageSid": "SM1", "AccountSid": SECRETS["TWILIO_ACCOUNT_SID"], "To": "+14155550100"}
    return {**ours, "From": "+15551230001", "Body": "Hi"}


def batch() -> dict[str, Any]:
    text = {"id": "wamid.1", "from": "5511987654321", "timestamp": "1", "type": "text", "text": {"body": "Hi"}}
    value = {"metadata": {"phone_number_id": "1"}, "messages": [text]}
    changes = [{"field": "messages", "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


GOOD = {
    DOORS[0]: urlencode(form()),
    DOORS[1]: json.dumps(batch()),
    DOORS[2]: json.dumps({"update_id": 1, "message": message()}),
    DOORS[3]: json.dumps(typed()),
    DOORS[4]: urlencode({"payload": pressed()}),
    DOORS[5]: urlencode({"team_id": TEAM_ID, "user_id": BOB, "command": "/threadline", "text": "name"}),
    "/health": "",
}
"""One good body for every door."""


# ------------------------------------------------------------------------------ those who may come in


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_real_webhook_is_let_in_with_its_own_content_type(house: House, channel: str) -> None:
    for path in captures(channel):
        request = read(path)
        body = request.body.replace(b"AC" + b"1" * 32, SECRETS["TWILIO_ACCOUNT_SID"].encode())
        door = f"/webhooks/{channel}/main" + (f"/{request.path_rest}" if request.path_rest else "")
        headers = {"Content-Type": request.headers["content-type"], **sign(house, door, body)}
        assert (path.name, knock(house, door, body, headers).status) == (path.name, 200)
    house.run()
    assert house.threads()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "multipart/form-data; boundary=x", "image/png", "?"]
)
def test_a_content_type_is_the_channels_business(house: House, kind: str) -> None:
    body = b'{"object": "whatsapp_business_account", "entry": []}'
    headers = {"Content-Type": kind, **sign(house, DOORS[1], body)}
    assert knock(house, DOORS[1], body, headers).status == 200


def test_a_form_arrives_as_a_form(house: House) -> None:
    body = urlencode({**form(), "Body": "Grüße & 100 % + 1"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", **sign(house, DOORS[0], body)}
    heard = knock(house, DOORS[0], body, headers)
    house.run()
    assert (heard.status, heard.kind, heard.body[-11:]) == (200, "text/xml", "<Response/>")
    assert house.items()[0].text == "Grüße & 100 % + 1"


def test_a_handshake_gets_its_challenge_and_nothing_else(house: House) -> None:
    assert house.whatsapp.verify()
    assert not house.whatsapp.verify("wrong-token")
    assert house.slack.verify_url()


@pytest.mark.parametrize("path", DOORS)
def test_whatever_the_owner_of_a_door_sends_it_is_never_our_fault(house: House, path: str) -> None:
    for body in GARBAGE:
        heard = knock(house, path, body, sign(house, path, body))
        assert heard.status < 500, body[:20]
        assert heard.status < 300 or is_short_reason(heard)


@pytest.mark.parametrize("path", DOORS[1:3])
def test_a_body_of_nearly_six_megabytes_is_kept(house: House, path: str) -> None:
    body = b'{"update_id": 1, "hologram": "%s"}' % (b"x" * (SIX_MB - 500_000))
    assert knock(house, path, body, sign(house, path, body)).status == 200


# ------------------------------------------------------------------------------ those who may not


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("body", [*GARBAGE, b"x" * 5_900_000], ids=lambda body: repr(body[:12]))
def test_a_stranger_is_refused_whatever_the_bytes(whole_house: House, path: str, body: bytes) -> None:
    heard = knock(whole_house, path, body)
    assert heard.status == 403
    assert is_short_reason(heard)


@pytest.mark.parametrize("path", DOORS)
def test_a_body_larger_than_lambda_takes_is_refused_before_us(whole_house: House, path: str) -> None:
    assert knock(whole_house, path, b"x" * (SIX_MB + 1)).status == 413


@pytest.mark.parametrize("path", [*DOORS, "/health"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(whole_house: House, path: str, method: str) -> None:
    if (method, path) != ("GET", "/health"):
        assert 400 <= knock(whole_house, path, b"{}", method=method).status < 500


WRONG = [
    "/webhooks/fax/main",
    "/webhooks/twilio/other",
    "/webhooks/twilio/MAIN",
    "/webhooks/twilio%2Fmain/x",
    "/webhooks/__class__/main",
    "/webhooks/telegram/" + "a" * 5_000,
    "/webhooks/telegram/%00",
    "/webhooks/telegram/%F0%9F%98%80",
]


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path[:30])
def test_an_unknown_channel_or_account_is_not_here(whole_house: House, path: str) -> None:
    heard = knock(whole_house, path)
    assert heard.status == 404
    assert is_short_reason(heard)


@pytest.mark.parametrize("path", DOORS)
def test_odd_headers_break_nothing(whole_house: House, path: str) -> None:
    names = ("X-Hub-Signature-256", "X-Twilio-Signature", "X-Slack-Signature", "X-Telegram-Bot-Api-Secret-Token")
    values = ("", " ", "=", "sha256=", "v0=", "\xff\xfe", "é" * 999, "9" * 5_000)
    for value in values:
        headers = dict.fromkeys(names, value) | {"X-Slack-Request-Timestamp": value}
        assert knock(whole_house, path, b"{}", headers).status == 403


@pytest.mark.parametrize("stamp", ["0", "-1", "1e9", "9" * 400, "²", "now"])
def test_a_timestamp_that_is_none_is_refused(whole_house: House, stamp: str) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=x"}
    assert knock(whole_house, "/slack/events", b"{}", headers).status == 403


@pytest.mark.parametrize("query", ["?" + "a=1&" * 2_000, "?%ff=%fe", "?hub.challenge=<script>", "?&&==&"])
def test_odd_queries_break_nothing(whole_house: House, query: str) -> None:
    for path in DOORS[:3]:
        assert knock(whole_house, path + query, b"{}", method="GET").status == 403


def test_a_stranger_leaves_nothing_behind(house: House) -> None:
    for path in DOORS:
        knock(house, path, b"{}")
    assert [row.pk for row in house.world.store._row.scan()] == []


# ------------------------------------------------------------------------------ what may be known


def quoted(lines: list[str], words: list[str]) -> list[str]:
    """Which of some words stand in any of the lines."""
    return [word for word in words if any(word in line for line in lines)]


def test_neither_secrets_nor_words_are_in_any_answer_or_log(house: House, log: list[str]) -> None:
    house.whatsapp.write("5511987654321", "an-inbound-word", name="Ana-Souza")
    house.twilio.write("+15551230001", "STOP")
    house.run()
    for how in (
        {"status": 500},
        {"drop": "after"},
        {"error": "invalid_blocks"},
        {"status": 429, "retry_after": 60},
    ):
        house.slack.fail("chat.postMessage", how)
        house.whatsapp.write("5511987654321", "an-inbound-word")
        house.run()
        house.later(200)
    house.whatsapp.fail({"status": 500})
    house.say("an-outbound-word", 0)
    house.run()
    answers = [knock(house, path, b"an-inbound-word").body for path in DOORS]
    assert log
    secret = [*SECRETS.values(), "an-inbound-word", "an-outbound-word", "Ana-Souza", "5511987654321"]
    assert quoted([*log, *answers], secret) == []


class Broken:
    """Breaks with a secret in its message, whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"{name} of {' '.join(SECRETS.values())}")


@pytest.mark.parametrize("path", [*DOORS, "/health"])
def test_a_fault_of_ours_says_no_more_than_try_again(house: House, log: list[str], path: str) -> None:
    broken: Any = Broken()
    services._made["world"] = replace(house.world, store=broken)
    body = GOOD[path].encode()
    heard = knock(house, path, body, sign(house, path, body), "GET" if path == "/health" else "POST")
    assert (heard.status, json.loads(heard.body)) == (500, {"error": "try again"})
    assert quoted([*log, heard.body], [*SECRETS.values(), "Traceback"]) == []


def test_a_line_without_its_secrets_says_nothing_about_them(house: House, log: list[str]) -> None:
    services._made["world"] = replace(house.world, secret=lambda _: "")
    heard = knock(house, DOORS[0])
    assert (heard.status, json.loads(heard.body)) == (503, {"error": "not set up yet, try again later"})
    assert quoted(log, ["TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"]) != []


def test_health_is_open_to_everybody_and_names_nobody(house: House) -> None:
    heard = knock(house, "/health", method="GET")
    assert (heard.status, heard.kind) == (200, "application/json")
    assert json.loads(heard.body)["ok"] is True
