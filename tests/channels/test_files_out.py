"""What each channel is asked for when a file goes out, and in which other form if that was refused."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

import pytest

from chalicelib.channels import CHANNELS, telegram, twilio, whatsapp
from chalicelib.channels.telegram.files import CHUNK, Form
from chalicelib.model import (
    Absent,
    Ambiguous,
    Busy,
    File,
    Found,
    Markup,
    Message,
    Ok,
    Outcome,
    Reason,
    Refused,
    Route,
)
from chalicelib.web import CallFailed, NoAnswer, NotTaken, Reply, TooSlow
from tests.captures import ACCOUNTS
from tests.fixtures.make import OURS
from tests.providers import Api, replied

AT = 1_789_000_000_000
SIGNED = "https://bucket.s3.eu-central-1.amazonaws.com/files/c/i/0?X-Amz-Signature=5ecret"
BYTES = b"\x89PNG\r\n--not an edge--\r\n" * 9000


def file(kind: str, name: str = "a.png", mime: str = "image/png", content: bytes = BYTES) -> File:
    return File(kind, name, mime, len(content), SIGNED, lambda: io.BytesIO(content))


def message(channel: str, to: str, text: str = "", **about: Any) -> Message:
    route = Route(channel, "main", channel, f"x:{to}", to, about.pop("sender", ""))
    return Message(OURS, route, text, AT, **about)


# ---------------------------------------------------------------------------------------- Telegram

WHOLE = 2 + -(-len(BYTES) // CHUNK)
"""Pieces of a form: what stands before the bytes, these, and what stands behind them."""


class Field(NamedTuple):
    """One field of a form that has a file."""

    name: str
    kind: str
    data: bytes


HEAD = re.compile(
    rb'Content-Disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)"\r\nContent-Type: ([^\r]*))?\r\n\r\n'
)


def fields(body: bytes, content_type: str) -> dict[str, Any]:
    """Take a form apart, byte for byte."""
    edge = f"--{content_type.partition('boundary=')[2]}".encode()
    first, *parts, last = body.split(edge)
    assert (first, last) == (b"", b"--\r\n")
    found: dict[str, Any] = {}
    for part in parts:
        head = HEAD.match(part, 2)
        assert head is not None
        data = part[head.end() : -2]
        name, kind = (each.decode() if each is not None else "" for each in head.groups()[1:])
        found[head[1].decode()] = Field(name, kind, data) if kind else data.decode()
    return found


class Reading(Api):
    """Reads what it is sent, as the network would, before it answers."""

    def __init__(self, *replies: Reply | Exception) -> None:
        super().__init__(*replies)
        self.bodies: list[bytes] = []

    def __call__(self, method: str, url: str, **about: Any) -> Reply:
        if isinstance(about.get("data"), Form):
            body = b"".join(about["data"])
            assert len(body) == len(about["data"])
            self.bodies.append(body)
        return super().__call__(method, url, **about)

    def told(self, number: int) -> tuple[str, dict[str, Any]]:
        """Which method was called, and what the form said."""
        _, url, about = self.asked[number]
        return url.rpartition("/")[2], fields(self.bodies[number], about["headers"]["Content-Type"])


def sent(number: int = 7) -> Reply:
    return replied(200, {"ok": True, "result": {"message_id": number, "chat": {"id": 512345678}}})


def refused(words: str) -> Reply:
    return replied(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"})


def to_ana(kind: str = "photo", text: str = "", **about: Any) -> Message:
    return message("telegram", "512345678", text, file=file(kind), **about)


@pytest.mark.parametrize("kind", [each.kind for each in telegram.CAPABILITIES["telegram"].files])
def test_telegram_gets_the_bytes_as_what_they_are(kind: str) -> None:
    api = Reading(sent())
    assert telegram.send(to_ana(kind, "Look"), ACCOUNTS["telegram"], api) == Ok("512345678:7")
    method, form = api.told(0)
    assert method == f"send{kind.capitalize()}"
    assert (form["chat_id"], form["caption"]) == ("512345678", "Look")
    assert (form[kind].name, form[kind].kind, form[kind].data) == ("a.png", "image/png", BYTES)


def test_a_caption_keeps_its_looks_and_a_file_without_one_says_nothing() -> None:
    api = Reading(sent(), sent())
    telegram.send(to_ana(text="<b>Look</b>", markup=Markup.HTML), ACCOUNTS["telegram"], api)
    telegram.send(to_ana(), ACCOUNTS["telegram"], api)
    assert api.told(0)[1].keys() == {"chat_id", "caption", "parse_mode", "photo"}
    assert api.told(1)[1].keys() == {"chat_id", "photo"}


@pytest.mark.parametrize("words", ["PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "VOICE_MESSAGES_FORBIDDEN"])
def test_what_is_no_picture_to_telegram_goes_as_a_document(words: str) -> None:
    api = Reading(refused(words), sent())
    assert telegram.send(to_ana(text="Look"), ACCOUNTS["telegram"], api) == Ok("512345678:7")
    method, form = api.told(1)
    assert (method, form["caption"], form["document"].data) == ("sendDocument", "Look", BYTES)


def test_a_document_is_not_tried_as_a_document_again() -> None:
    api = Reading(refused("IMAGE_PROCESS_FAILED"))
    outcome = telegram.send(to_ana("document"), ACCOUNTS["telegram"], api)
    assert outcome == Refused(Reason.REFUSED, "Bad Request: IMAGE_PROCESS_FAILED")


def test_a_caption_that_cannot_be_read_as_html_goes_as_plain_text() -> None:
    api = Reading(refused("can't parse entities"), sent())
    telegram.send(to_ana(text="<b>1 &lt; 2</b>", markup=Markup.HTML), ACCOUNTS["telegram"], api)
    assert (api.told(1)[1]["caption"], "parse_mode" in api.told(1)[1]) == ("1 < 2", False)


def test_a_file_follows_a_group_that_grew() -> None:
    moved = {"ok": False, "description": "upgraded", "parameters": {"migrate_to_chat_id": -1001}}
    api = Reading(replied(400, moved), sent())
    telegram.send(to_ana(), ACCOUNTS["telegram"], api)
    assert [api.told(number)[1]["chat_id"] for number in (0, 1)] == ["512345678", "-1001"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("file must be non-empty", Reason.FILE_EMPTY),
        ("file is too big", Reason.FILE_TOO_BIG),
        ("message caption is too long", Reason.TOO_LONG),
    ],
)
def test_telegram_says_what_is_wrong_with_a_file(words: str, reason: Reason) -> None:
    outcome = telegram.send(to_ana(), ACCOUNTS["telegram"], Reading(refused(words)))
    assert outcome == Refused(reason, f"Bad Request: {words}")


def test_a_name_cannot_break_out_of_the_form() -> None:
    api = Reading(sent())
    named = replace(to_ana(), file=file("document", 'a"; name="chat_id\\".png'))
    telegram.send(named, ACCOUNTS["telegram"], api)
    assert api.told(0)[1]["chat_id"] == "512345678"


class Broken(io.BytesIO):
    """A file that ends in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def broken_at_once() -> BinaryIO:
    raise ConnectionResetError


@pytest.mark.parametrize("opened", [lambda: Broken(BYTES), broken_at_once])
def test_what_we_could_not_read_ourselves_was_not_sent(opened: Any) -> None:
    asked = replace(to_ana(), file=replace(file("photo"), open=opened))
    assert isinstance(telegram.send(asked, ACCOUNTS["telegram"], Reading(sent())), Busy)


class Cut(Api):
    """Takes so many pieces, and is gone."""

    def __init__(self, pieces: int, failure: CallFailed) -> None:
        super().__init__(failure)
        self.pieces = pieces

    def __call__(self, method: str, url: str, **about: Any) -> Reply:
        assert len(list(islice(about["data"], self.pieces))) == self.pieces
        return super().__call__(method, url, **about)


@pytest.mark.parametrize(
    ("pieces", "failure", "outcome"),
    [
        (0, NoAnswer("x"), Busy("the file was not sent to its end")),
        (2, NoAnswer("x"), Busy("the file was not sent to its end")),
        (2, TooSlow("x"), Refused(Reason.FILE_SLOW, "to send it took too long")),
        (WHOLE, NoAnswer("x"), Ambiguous("no answer")),
        (WHOLE, TooSlow("x"), Ambiguous("too slow")),
    ],
)
def test_half_a_form_is_none(pieces: int, failure: CallFailed, outcome: Outcome) -> None:
    assert telegram.send(to_ana(), ACCOUNTS["telegram"], Cut(pieces, failure)) == outcome


def test_a_long_file_is_read_a_piece_at_a_time() -> None:
    pieces = list(Form({"chat_id": 1}, file("document"), "document"))
    assert max(map(len, pieces)) <= 1 << 16
    assert len(pieces) > 3


# ---------------------------------------------------------------------------------------- WhatsApp


def whatsapp_body(asked: Message) -> dict[str, Any]:
    api = Api(replied(200, {"messages": [{"id": "wamid.NEW"}]}))
    assert whatsapp.send(asked, ACCOUNTS["whatsapp"], api) == Ok("wamid.NEW")
    body: dict[str, Any] = api.asked[0][2]["json"]
    assert body["biz_opaque_callback_data"] == OURS
    return body


@pytest.mark.parametrize(
    ("kind", "words", "kind_there", "content"),
    [
        ("image", "Look", "image", {"link": SIGNED, "caption": "Look"}),
        ("video", "", "video", {"link": SIGNED}),
        ("document", "Here", "document", {"link": SIGNED, "filename": "a.png", "caption": "Here"}),
        ("audio", "", "audio", {"link": SIGNED}),
        ("voice", "", "audio", {"link": SIGNED, "voice": True}),
    ],
)
def test_whatsapp_is_told_where_to_fetch(kind: str, words: str, kind_there: str, content: dict[str, Any]) -> None:
    body = whatsapp_body(message("whatsapp", "5511987654321", words, sender="1065", file=file(kind)))
    assert (body["type"], body[kind_there], "text" in body) == (kind_there, content, False)


# ---------------------------------------------------------------------------------------- Twilio


def mms(text: str = "", file: File | None = None) -> Message:
    return message("twilio", "+14155550123", text, sender="+14155550100", file=file)


def test_twilio_is_told_where_to_fetch() -> None:
    api = Api(replied(201, b'{"sid": "MM1"}'), replied(201, b'{"sid": "MM2"}'))
    for words in ("Look", ""):
        twilio.send(mms(words, file("picture")), ACCOUNTS["twilio"], api)
    both, alone = (about["data"] for _, _, about in api.asked)
    assert (both["Body"], both["MediaUrl"]) == ("Look", [SIGNED])
    assert ("Body" in alone, alone["MediaUrl"]) == (False, [SIGNED])
    assert both["StatusCallback"].endswith(OURS)


def row(sid: str, body: str, media: int) -> dict[str, Any]:
    created = "Thu, 10 Sep 2026 00:00:01 +0000"
    return {"sid": sid, "body": body, "num_media": str(media), "date_created": created, "date_sent": None}


@pytest.mark.parametrize(
    ("asked", "rows", "found"),
    [
        (mms("Look", file("picture")), [row("MM1", "Look", 1), row("SM2", "Other", 0)], Ok("MM1")),
        (mms("", file("picture")), [row("MM1", "", 1), row("SM2", "Look", 0)], Ok("MM1")),
        # It was only just made, and Twilio has not fetched the file yet.
        (mms("", file("picture")), [row("MM1", "", 0)], Ok("MM1")),
        (mms("", file("picture")), [row("SM2", "Look", 0)], Absent()),
        (mms("Look"), [row("MM1", "Look", 1)], Absent()),
        (mms("Look"), [row("SM1", "Look", 0)], Ok("SM1")),
    ],
)
def test_an_attempt_with_a_file_is_looked_up(asked: Message, rows: list[dict[str, Any]], found: Found) -> None:
    claimed = replace(asked, claimed_at=1_789_000_000_000 - 86_400_000)
    page = replied(200, {"messages": rows, "page_size": 100})
    assert twilio.look_up(claimed, ACCOUNTS["twilio"], Api(page)) == found


@pytest.mark.parametrize(
    ("code", "reason"),
    [(11751, Reason.FILE_TOO_BIG), (12300, Reason.FILE_KIND), (30011, Reason.FILE_KIND), (21620, Reason.REFUSED)],
)
def test_twilio_says_what_is_wrong_with_a_file(code: int, reason: Reason) -> None:
    answer = replied(400, {"code": code, "message": "why", "status": 400})
    assert twilio.send(mms(file=file("picture")), ACCOUNTS["twilio"], Api(answer)) == Refused(
        reason, f"{code} why"
    )


# ---------------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("surprise", [NotTaken(SIGNED), replied(500, b"")])
def test_the_address_is_in_no_outcome_and_in_no_repr(channel: str, surprise: Reply | Exception) -> None:
    outcome: Outcome = Ambiguous("")
    for takes in next(iter(CHANNELS[channel].CAPABILITIES.values())).files:
        asked = message(channel, "512345678", "Look", sender="1", file=file(takes.kind))
        assert "5ecret" not in repr(asked)
        outcome = CHANNELS[channel].send(asked, ACCOUNTS[channel], Reading(surprise))
        assert "5ecret" not in repr(outcome)


@pytest.mark.parametrize(
    ("channel", "medium", "mime", "size", "kind"),
    [
        ("telegram", "telegram", "image/png", 10_000_000, "photo"),
        ("telegram", "telegram", "image/png", 10_000_001, "document"),
        ("telegram", "telegram", "application/zip", 50_000_000, "document"),
        ("telegram", "telegram", "application/zip", 50_000_001, ""),
        ("telegram", "telegram", "image/svg+xml", 10, "document"),
        ("telegram", "telegram", "audio/ogg", 10, "voice"),
        ("whatsapp", "whatsapp", "image/jpeg", 5_000_000, "image"),
        ("whatsapp", "whatsapp", "image/jpeg", 5_000_001, ""),
        ("whatsapp", "whatsapp", "audio/ogg", 10, "voice"),
        ("whatsapp", "whatsapp", "audio/mp4", 10, "audio"),
        ("whatsapp", "whatsapp", "application/pdf", 100_000_000, "document"),
        ("whatsapp", "whatsapp", "text/html", 10, ""),
        ("twilio", "sms", "image/gif", 5_000_000, "picture"),
        ("twilio", "sms", "application/pdf", 500_000, "file"),
        ("twilio", "sms", "application/pdf", 500_001, ""),
        ("twilio", "whatsapp", "image/gif", 10, ""),
        ("twilio", "whatsapp", "video/mp4", 16_000_000, "film"),
        ("twilio", "whatsapp", "application/pdf", 16_000_000, "file"),
        ("twilio", "rcs", "image/gif", 16_000_000, "file"),
        ("twilio", "rcs", "application/zip", 10, ""),
    ],
)
def test_each_medium_takes_these(channel: str, medium: str, mime: str, size: int, kind: str) -> None:
    can = CHANNELS[channel].CAPABILITIES[medium]
    assert next((each.kind for each in can.files if each.fits(mime, size)), "") == kind
