"""What customers look like: asked of their provider once, kept, and shown beside their words and on the card."""

from __future__ import annotations

import base64
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from chalicelib import logs
from chalicelib.carry import picture
from chalicelib.model import Contact, Link
from infra.local.slack.team import BOB, SUPPORT
from infra.local.telegram import faces
from tests.house import SECRETS, House

ANA = 5
FACE = faces.png(ANA, 160)
DAY = 86_400


def given(data: bytes = FACE, **more: Any) -> dict[str, Any]:
    return {"data": base64.b64encode(data).decode(), **more}


def contact(house: House) -> Contact:
    found = house.store.find(Contact, house.conversations()[-1].contact)
    assert found is not None
    return found


def asked(house: House) -> int:
    return sum(call.path.endswith("/getUserProfilePhotos") for call in house.telegram.calls)


def head(house: House) -> dict[str, Any]:
    return house.slack.thread(SUPPORT, house.threads()[-1])[0]


def pictured(house: House) -> list[dict[str, Any]]:
    return [block["accessory"] for block in head(house)["blocks"] if "accessory" in block]


def follow(url: str) -> tuple[int, dict[str, str]]:
    """Ask our door as Slack does, and see where it leads."""
    there = urlsplit(url)
    with closing(HTTPConnection(there.netloc, timeout=10)) as door:
        door.request("GET", there.path)
        answer = door.getresponse()
        return answer.status, dict(answer.headers)


def test_their_picture_stands_beside_what_they_write_and_on_the_card(house: House) -> None:
    house.telegram.know(ANA, first_name="Ana", face=True)
    house.telegram.write(ANA, "Hello", first_name="Ana")
    house.run()
    house.telegram.write(ANA, "Anybody there?", first_name="Ana")
    house.run()
    url = f"{house.gateway.url}/files/{contact(house).picture}"
    last = house.thread()[-1]
    assert (last["username"], last["icons"]) == ("Ana · Telegram", {"image_48": url})
    assert pictured(house) == [{"type": "image", "image_url": url, "alt_text": "A picture of Ana"}]


def test_the_door_shows_a_picture_as_what_it_is_and_for_good(house: House) -> None:
    house.telegram.write(ANA, "Hello", face=True)
    house.run()
    house.clock.ahead += 400 * DAY
    status, headers = follow(f"{house.gateway.url}/files/{contact(house).picture}")
    assert (status, headers["X-Content-Type-Options"]) == (302, "nosniff")
    with urlopen(headers["Location"]) as shown:  # noqa: S310 - our own bucket
        assert shown.read() == FACE
        assert (shown.headers["Content-Type"], shown.headers["Content-Disposition"]) == ("image/png", "inline")


def test_the_providers_address_is_told_to_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.telegram.write(ANA, "Hello", face=True)
    house.run()
    token = SECRETS["TELEGRAM_BOT_TOKEN"]
    link = house.store.find(Link, contact(house).picture)
    assert contact(house).picture
    seen = repr((link, contact(house), house.conversations(), house.slack.messages(SUPPORT)))
    formatter = logs._JsonLines()
    said = "\n".join(formatter.format(record) for record in caplog.records)
    assert "picture.kept" in said
    assert token not in seen + said + repr(house.slack.calls)


def test_a_picture_is_asked_for_once_however_much_they_write(house: House) -> None:
    house.telegram.know(ANA, face=True)
    for _ in range(3):
        house.telegram.write(ANA, "Hello")
        house.run()
    assert asked(house) == 1


def test_whoever_shows_none_keeps_the_badge_and_is_asked_again_with_the_next_conversation(house: House) -> None:
    house.telegram.write(ANA, "Hello")
    house.run()
    house.telegram.write(ANA, "Hello?")
    house.run()
    assert (asked(house), contact(house).picture, pictured(house)) == (1, "", [])
    assert [post["icons"] for post in house.thread()] == [{"emoji": ":large_blue_circle:"}] * 2
    house.slack.press(BOB, SUPPORT, house.threads()[-1], "resolve")
    house.run()
    house.clock.ahead += 400 * DAY
    house.telegram.write(ANA, "Me again", face=True)
    house.run()
    assert (asked(house), len(house.conversations()), len(pictured(house))) == (2, 2, 1)


def test_a_new_conversation_bears_the_picture_from_its_first_word(house: House) -> None:
    house.telegram.write(ANA, "Hello", face=True)
    house.run()
    house.slack.press(BOB, SUPPORT, house.threads()[-1], "resolve")
    house.run()
    house.clock.ahead += 400 * DAY
    house.telegram.write(ANA, "Me again")
    house.run()
    assert asked(house) == 1
    assert "image_48" in house.thread()[0]["icons"]
    assert len(pictured(house)) == 1


@pytest.mark.parametrize(
    "face",
    [
        given(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        given(b"<html>"),
        given(b"GIF89a"),
        given(size=2**20 + 1),
    ],
)
def test_what_is_no_small_picture_is_not_kept(house: House, face: dict[str, Any]) -> None:
    house.telegram.write(ANA, "Hello", face=face)
    house.run()
    assert (asked(house), contact(house).picture, pictured(house)) == (1, "", [])
    assert house.texts() == ["Hello"]


@pytest.mark.parametrize("on", ["getUserProfilePhotos", "getFile", "/file/"])
@pytest.mark.parametrize("error", [400, 401, 404, 429, 500])
def test_a_picture_that_cannot_be_had_is_nothing_to_the_team(house: House, on: str, error: int) -> None:
    house.telegram.fail({"error": error}, on=on)
    house.telegram.write(ANA, "Hello", face=True)
    house.run()
    assert (asked(house), contact(house).picture, house.texts()) == (1, "", ["Hello"])
    assert house.slack.messages("C0SALES") == []


def test_a_group_has_no_face(house: House) -> None:
    house.telegram.write(ANA, "Hello", chat={"id": -77, "type": "group", "title": "Family"})
    house.run()
    assert asked(house) == 0


def test_a_bell_for_what_is_not_there_does_nothing(house: House) -> None:
    picture(house.world, "01ARZ3NDEKTSV4RRFFQ69G5FAV.01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert house.conversations() == []
