"""Files at the three providers' stand-ins: what they fetch, take and refuse, and what a phone then shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.local.lines import AC, ANA, ANA_ON_TELEGRAM, ANA_ON_WHATSAPP, PNG, TOKEN, US, Json, Lines, opened

KB = 1024
MB = 1024 * KB


@pytest.fixture(scope="module")
def house() -> Iterator[Lines]:
    with opened() as found:
        yield found


@pytest.fixture
def lines(house: Lines) -> Lines:
    house.begin()
    return house


def png(width: int, height: int) -> bytes:
    return PNG[:8] + b"\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")


def last(phone: list[Json]) -> tuple[str, list[str], list[int]]:
    """What the last entry of a phone says, and the types and sizes of its files."""
    media = phone[-1].get("media", [])
    return phone[-1]["text"], [each["kind"] for each in media], [each["size"] for each in media]


# Twilio


def test_twilio_fetches_what_it_is_to_send(lines: Lines) -> None:
    link = lines.shelve("/a.png", PNG, "image/png")
    assert lines.ask_twilio({"Body": "Look", "MediaUrl": link}).json()["num_media"] == "1"
    entry = lines.twilio.phone(ANA)[-1]
    assert last([entry]) == ("Look", ["image/png"], [len(PNG)])
    assert requests.get(lines.twilio.url + entry["media"][0]["url"], timeout=5).content == PNG


@pytest.mark.parametrize(
    ("to", "data", "kind", "error"),
    [
        ("+4915155501234", PNG, "image/png", 30011),
        (ANA, None, "", 11200),
        (ANA, b"MZ", "application/x-msdownload", 12300),
        (ANA, bytes(501 * KB), "application/pdf", 30019),
        (ANA, PNG + bytes(5 * MB), "image/png", 30019),
        (f"whatsapp:{ANA}", None, "", 63019),
        (f"whatsapp:{ANA}", b"a,b", "text/csv", 12300),
    ],
)
def test_twilio_tells_later_of_files_that_do_not_arrive(
    lines: Lines, to: str, data: bytes | None, kind: str, error: int
) -> None:
    link = f"{lines.url}/none" if data is None else lines.shelve("/file", data, kind)
    sender = f"whatsapp:{US}" if to.startswith("whatsapp:") else US
    form = {"To": to, "From": sender, "MediaUrl": link, "StatusCallback": f"{lines.url}/twilio"}
    assert lines.ask_twilio(form).status_code == 201
    lines.twilio.quiet()
    told = lines.forms()[-1]
    assert (told["MessageStatus"], told["ErrorCode"]) == ("failed", str(error))


def test_twilio_takes_one_file_a_message_for_whatsapp(lines: Lines) -> None:
    link = lines.shelve("/a.png", PNG, "image/png")
    form = {"To": f"whatsapp:{ANA}", "From": f"whatsapp:{US}", "MediaUrl": [link, link]}
    assert lines.ask_twilio(form).json()["code"] == 21623
    assert lines.ask_twilio({"MediaUrl": [link, link]}).status_code == 201


def test_twilio_sends_words_with_pictures_and_drops_them_with_papers_in_whatsapp(lines: Lines) -> None:
    chat = {"To": f"whatsapp:{ANA}", "From": f"whatsapp:{US}", "Body": "Look"}
    for name, kind in (("/a.png", "image/png"), ("/a.pdf", "application/pdf")):
        lines.ask_twilio({**chat, "MediaUrl": lines.shelve(name, PNG, kind)})
    assert [entry["text"] for entry in lines.twilio.phone(ANA)[-2:]] == ["Look", ""]


def test_twilio_fetches_from_this_machine_alone(lines: Lines) -> None:
    form = {"MediaUrl": "https://example.com/a.png", "StatusCallback": f"{lines.url}/twilio"}
    assert lines.ask_twilio(form).status_code == 201
    lines.twilio.quiet()
    assert lines.forms()[-1]["ErrorCode"] == "11200"


def test_a_customers_file_at_twilio_can_be_as_long_as_wanted(lines: Lines) -> None:
    lines.twilio.write(ANA, "", media=[{"content_type": "image/png", "size": 3 * MB, "announced": 9}])
    url = lines.forms()[-1]["MediaUrl0"].replace("https://api.twilio.com", lines.twilio.url)
    got = requests.get(url, auth=(AC, TOKEN), timeout=10)
    assert got.headers["Content-Length"] == "9"


def test_a_reply_to_one_of_our_messages_names_it_in_whatsapp(lines: Lines) -> None:
    sent = lines.ask_twilio({"To": f"whatsapp:{ANA}", "From": f"whatsapp:{US}", "Body": "Which?"}).json()["sid"]
    lines.twilio.write(ANA, "This", medium="whatsapp", reply_to=sent)
    assert lines.forms()[-1]["OriginalRepliedMessageSid"] == sent
    assert lines.twilio.phone(ANA)[-1]["reply_to"] == sent


# WhatsApp


def test_whatsapp_fetches_a_link(lines: Lines) -> None:
    link = lines.shelve("/a.pdf", b"%PDF", "application/pdf") + "?X-Amz-Signature=hush"
    lines.files["/a.pdf"] = lines.files["/a.pdf"]
    answer = lines.ask_whatsapp(
        type="document", document={"link": link, "filename": "Ü 1.pdf", "caption": "The bill"}
    )
    assert answer.status_code == 200
    [entry] = lines.whatsapp.phone(ANA_ON_WHATSAPP)[-1:]
    assert last([entry]) == ("The bill", ["application/pdf"], [4])
    assert entry["media"][0]["name"] == "Ü 1.pdf"
    assert "hush" not in json.dumps([lines.whatsapp.state(), lines.whatsapp.changes()])


@pytest.mark.parametrize(
    ("kind", "data", "mime"),
    [
        ("image", None, ""),
        ("image", b"GIF89a", "image/gif"),
        ("image", PNG + bytes(5 * MB), "image/png"),
        ("document", b"MZ", "application/x-msdownload"),
        ("audio", b"", "audio/ogg"),
    ],
)
def test_whatsapp_tells_later_of_a_link_that_is_no_good(
    lines: Lines, kind: str, data: bytes | None, mime: str
) -> None:
    link = f"{lines.url}/none" if data is None else lines.shelve("/file", data, mime)
    before = len(lines.whatsapp.phone(ANA_ON_WHATSAPP))
    assert lines.ask_whatsapp(type=kind, **{kind: {"link": link}}).status_code == 200
    [status] = lines.statuses()
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131053)
    assert len(lines.whatsapp.phone(ANA_ON_WHATSAPP)) == before


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("audio", {"caption": "a"}),
        ("sticker", {"caption": "a"}),
        ("image", {"filename": "a"}),
        ("video", {"voice": 1}),
    ],
)
def test_whatsapp_refuses_what_does_not_belong_beside_a_file(lines: Lines, kind: str, extra: Json) -> None:
    answer = lines.ask_whatsapp(type=kind, **{kind: {"link": f"{lines.url}/a", **extra}})
    assert answer.json()["error"]["code"] == 100


def test_a_customers_files_at_whatsapp_have_their_names_and_sizes(lines: Lines) -> None:
    voice = {"data": b"OggS", "voice": True}
    lines.whatsapp.write(ANA_ON_WHATSAPP, type="audio", content=voice)
    paper = {"size": 2 * MB, "filename": "a.pdf", "caption": "Bill"}
    lines.whatsapp.write(ANA_ON_WHATSAPP, type="document", content=paper)
    audio, document = (message[message["type"]] for message in lines.messages()[-2:])
    assert (audio["voice"], audio["mime_type"]) == (True, "audio/ogg; codecs=opus")
    assert (document["filename"], document["caption"], document["mime_type"]) == (
        "a.pdf",
        "Bill",
        "application/pdf",
    )
    assert last(lines.whatsapp.phone(ANA_ON_WHATSAPP)) == ("Bill", ["application/pdf"], [2 * MB])


# Telegram


@pytest.mark.parametrize(
    ("method", "field", "name", "data", "kind"),
    [
        ("sendPhoto", "photo", "a.png", png(9, 9), "image/png"),
        ("sendDocument", "document", "Grüße.pdf", b"%PDF", "application/pdf"),
        ("sendVideo", "video", "a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
        ("sendAudio", "audio", "a.mp3", b"ID3", "audio/mpeg"),
        ("sendVoice", "voice", "a.ogg", b"OggS", "audio/ogg"),
        ("sendAnimation", "animation", "a.gif", b"GIF89a", "image/gif"),
        ("sendSticker", "sticker", "a.webp", b"RIFF....WEBP", "image/webp"),
    ],
)
def test_telegram_takes_uploads(lines: Lines, method: str, field: str, name: str, data: bytes, kind: str) -> None:
    caption = {} if field == "sticker" else {"caption": "<b>Look</b>", "parse_mode": "HTML"}
    answer = lines.ask_telegram(method, {field: (name, data, "application/octet-stream")}, **caption)
    assert answer["ok"], answer
    [entry] = lines.telegram.phone(ANA_ON_TELEGRAM)[-1:]
    assert last([entry])[1:] == ([kind], [len(data)])
    assert requests.get(lines.telegram.url + entry["media"][0]["url"], timeout=5).content == data
    if caption:
        assert (entry["text"], entry["entities"][0]["type"]) == ("Look", "bold")
    if field == "document":
        assert (entry["media"][0]["name"], answer["result"]["document"]["file_name"]) == (name, name)


@pytest.mark.parametrize(
    ("method", "field", "data", "why"),
    [
        ("sendPhoto", "photo", b"no picture", "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(1, 400), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", png(9000, 1001), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        ("sendDocument", "document", b"", "Bad Request: file must be non-empty"),
        ("sendDocument", "document", bytes(50 * MB + 1), "Request Entity Too Large"),
    ],
)
def test_telegram_refuses_uploads(lines: Lines, method: str, field: str, data: bytes, why: str) -> None:
    assert lines.ask_telegram(method, {field: ("a.png", data)})["description"] == why


def test_a_photo_may_be_ten_megabytes(lines: Lines) -> None:
    answer = lines.ask_telegram("sendPhoto", {"photo": ("a.png", png(9, 9) + bytes(10 * MB))})
    assert "too big for a photo" in answer["description"]


def test_a_caption_has_its_own_limit(lines: Lines) -> None:
    answer = lines.ask_telegram("sendDocument", {"document": ("a", b"a")}, caption="a" * 1025)
    assert answer["description"] == "Bad Request: message caption is too long"


def test_what_is_no_voice_arrives_as_a_document(lines: Lines) -> None:
    answer = lines.ask_telegram("sendVoice", {"voice": ("a.wav", b"RIFF")})
    assert "document" in answer["result"]


def test_telegram_fetches_an_address(lines: Lines) -> None:
    link = lines.shelve("/a.png", png(9, 9), "image/png")
    sent = lines.ask_telegram("sendPhoto", photo=link)["result"]
    assert last(lines.telegram.phone(ANA_ON_TELEGRAM))[1] == ["image/png"]
    assert lines.ask_telegram("sendPhoto", photo=sent["photo"][0]["file_id"])["ok"]


@pytest.mark.parametrize(
    ("method", "data", "kind", "why"),
    [
        ("sendPhoto", None, "", "failed to get HTTP URL content"),
        ("sendPhoto", b"<html>", "text/html", "wrong type of the web page content"),
        ("sendPhoto", png(9, 9) + bytes(5 * MB), "image/png", "failed to get HTTP URL content"),
        ("sendDocument", b"a,b", "text/csv", "wrong type of the web page content"),
    ],
)
def test_telegram_refuses_addresses(lines: Lines, method: str, data: bytes | None, kind: str, why: str) -> None:
    link = f"{lines.url}/none" if data is None else lines.shelve("/file", data, kind)
    answer = lines.ask_telegram(method, **{method.removeprefix("send").lower(): link})
    assert answer["description"] == f"Bad Request: {why}"


def group(*kinds: str) -> tuple[Json, str]:
    items = [{"type": kind, "media": f"attach://f{place}"} for place, kind in enumerate(kinds)]
    items[0]["caption"] = "Two"
    return {f"f{place}": (f"{place}.png", png(9, 9)) for place in range(len(kinds))}, json.dumps(items)


def test_telegram_sends_albums(lines: Lines) -> None:
    files, media = group("photo", "photo")
    sent = lines.ask_telegram("sendMediaGroup", files, media=media)["result"]
    assert len({message["media_group_id"] for message in sent}) == 1
    shown = lines.telegram.phone(ANA_ON_TELEGRAM)[-2:]
    assert [entry["text"] for entry in shown] == ["Two", "[photo]"]
    assert shown[0]["album"] == shown[1]["album"]


@pytest.mark.parametrize("kinds", [("photo",), ("photo", "document"), ("voice", "voice"), ("photo",) * 11])
def test_some_albums_there_are_not(lines: Lines, kinds: tuple[str, ...]) -> None:
    files, media = group(*kinds)
    assert not lines.ask_telegram("sendMediaGroup", files, media=media)["ok"]


def test_a_customers_album_is_an_update_for_each(lines: Lines) -> None:
    photos: list[dict[str, Any]] = [{"photo": [{"data": PNG, "width": 9, "height": 9}]} for _ in range(3)]
    written = lines.telegram.album(ANA_ON_TELEGRAM, photos, "Three")
    messages = [update["message"] for update in lines.updates()[-3:]]
    assert [str(message["message_id"]) for message in messages] == list(written.ids)
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["Three", None, None]


def test_a_customers_file_can_be_too_big_for_a_bot(lines: Lines) -> None:
    lines.telegram.write(ANA_ON_TELEGRAM, document={"size": 21 * MB, "file_name": "a.zip"})
    document = lines.updates()[-1]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("a.zip", 21 * MB)
    answer = lines.ask_telegram("getFile", file_id=document["file_id"])
    assert answer["description"] == "Bad Request: file is too big"
