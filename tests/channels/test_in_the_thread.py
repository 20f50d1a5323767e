"""What channels make of rarer things, from the phone to the thread."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.filetypes.samples import SAMPLES
from tests.house import House

ANA, WHATSAPP_ANA, TELEGRAM_ANA = "+15551230001", "5511987654321", 512345678
MAP = "https://www.google.com/maps/search/?api=1&query=-23.55,-46.63"
SPOT = {"latitude": -23.55, "longitude": -46.63}


def sample(kind: str, **about: Any) -> dict[str, Any]:
    return {"data": base64.b64encode(SAMPLES[kind][0]).decode(), **about}


def titles(house: House) -> list[list[str]]:
    """What the files of each post are called."""
    return [[file["title"] for file in message.get("files", ())] for message in house.thread()]


def elements(post: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [part for block in post["blocks"] for part in block["elements"]]
    return [element for part in parts for element in part.get("elements", ())]


def send_place(house: House, channel: str) -> None:
    if channel == "telegram":
        house.telegram.write(TELEGRAM_ANA, location=SPOT)
    elif channel == "whatsapp":
        house.whatsapp.write(WHATSAPP_ANA, type="location", content=SPOT)
    else:
        house.twilio.write(ANA, medium="whatsapp", Latitude="-23.55", Longitude="-46.63")
    house.run()


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "twilio"])
def test_a_place_opens_as_a_map(house: House, channel: str) -> None:
    send_place(house, channel)
    [post] = house.thread()
    assert {"type": "link", "url": MAP} in elements(post)


def test_an_album_of_telegrams_is_one_post_in_its_order(house: House) -> None:
    still, film, other = [sample("jpg")], sample("mp4", file_name="film.mp4"), [sample("png")]
    album: list[dict[str, Any]] = [{"photo": still}, {"video": film}, {"photo": other}]
    house.telegram.album(TELEGRAM_ANA, album, "Look")
    house.run()
    assert titles(house) == [["picture.jpg", "film.mp4", "picture.png"]]


def test_a_message_with_several_files_is_one_post(house: House) -> None:
    media = [{"content_type": f"image/{kind}", "data": sample(kind)["data"]} for kind in ("png", "gif", "webp")]
    house.twilio.write(ANA, "Look", media=media)
    house.run()
    assert titles(house) == [["picture.png", "picture.gif", "picture.webp"]]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ({"voice": sample("ogg")}, "voice message.ogg"),
        ({"video_note": sample("mp4")}, "video message.mp4"),
        ({"sticker": sample("webp", emoji="👋")}, "👋.webp"),
        ({"animation": sample("mp4", file_name="funny.gif.mp4")}, "funny.gif.mp4"),
    ],
)
def test_what_has_no_name_is_called_what_it_is(house: House, content: dict[str, Any], title: str) -> None:
    house.telegram.write(TELEGRAM_ANA, **content)
    house.run()
    assert titles(house) == [[title]]


def test_a_kind_that_nobody_knows_is_named(house: House) -> None:
    house.telegram.write(TELEGRAM_ANA, hologram={"colour": "blue"})
    house.run()
    assert house.texts() == ["[hologram: a kind of message that cannot be shown here yet]"]


def test_what_was_passed_on_keeps_its_looks_and_says_so(house: House) -> None:
    house.whatsapp.write(WHATSAPP_ANA, "*read* this", context={"forwarded": True})
    house.run()
    [post] = house.thread()
    assert "[forwarded]" in post["text"]
    assert {"type": "text", "text": "read", "style": {"bold": True}} in elements(post)
