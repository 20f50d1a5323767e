"""A file from the customer's phone to the thread, and what the thread says where it does not come."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services, web
from chalicelib.bucket import Bucket
from chalicelib.model import Carriage, Kind, Side, State
from chalicelib.sweep import sweep
from chalicelib.web import Reply
from tests.house import House

ANA, WHATSAPP_ANA, TELEGRAM_ANA = "+15551230001", "5511987654321", "7"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
DATA = base64.b64encode(PNG).decode()

SEND: dict[str, Callable[[House, str], object]] = {
    "twilio": lambda house, text: house.twilio.write(
        ANA, text, media=[{"content_type": "image/png", "data": DATA}]
    ),
    "whatsapp": lambda house, text: house.whatsapp.write(
        WHATSAPP_ANA, type="image", content={"caption": text, "mime_type": "image/png", "data": DATA}
    ),
    "telegram": lambda house, text: house.telegram.write(
        TELEGRAM_ANA, photo=[{"data": DATA, "width": 9, "height": 9}], caption=text
    ),
}


def files_in(house: House, post: dict[str, Any]) -> list[bytes]:
    return [house.slack._workspace.cabinet.files[file["id"]].blob.data for file in post.get("files", ())]


def kept(house: House) -> list[str]:
    """List what lies in the bucket of this house's files."""
    places = [f"files/{item.conversation}/{item.id}/" for item in house.items()]
    client = house.bucket._client
    listed = client.list_objects_v2(Bucket=house.bucket._name, Prefix="files/").get("Contents", ())
    return [each["Key"] for each in listed if each["Key"].startswith(tuple(places))]


def without_media(house: House) -> None:
    """Let nobody hand out any bytes."""

    def call(method: str, url: str, **how: Any) -> Any:
        return web.call(method, "http://127.0.0.1:1/" if how.get("into") else url, **how)

    house.world = services._made["world"] = replace(house.world, call=call)


def with_media(house: House) -> None:
    house.world = services._made["world"] = replace(house.world, call=web.call)


@pytest.mark.parametrize("channel", sorted(SEND))
def test_a_picture_stands_in_the_thread_with_its_words(house: House, channel: str) -> None:
    SEND[channel](house, "Look at this")
    house.run()
    (post,) = house.thread()
    assert files_in(house, post) == [PNG]
    assert "Look at this" in str(post["blocks"])


@pytest.mark.parametrize("channel", sorted(SEND))
def test_what_was_said_after_a_picture_stands_after_it(house: House, channel: str) -> None:
    SEND[channel](house, "First")
    house.twilio.write(ANA, "Second")
    house.whatsapp.write(WHATSAPP_ANA, "Second")
    house.telegram.write(TELEGRAM_ANA, "Second")
    house.run()
    number = next(n for n, _ in enumerate(house.threads()) if len(house.thread(n)) == 2)
    first, second = house.thread(number)
    assert ("First" in str(first), bool(first.get("files")), "Second" in str(second)) == (True, True, True)


def test_a_picture_that_comes_late_follows_its_message(house: House) -> None:
    without_media(house)
    SEND["telegram"](house, "Look at this")
    house.run()
    assert house.thread() == []
    house.later(21)
    assert [bool(post.get("files")) for post in house.thread()] == [False]
    assert "still on its way" in house.texts()[0]
    with_media(house)
    house.later(70)
    _, late = house.thread()
    assert files_in(house, late) == [PNG]


@pytest.mark.parametrize("seen", ["shown", "underway"])
def test_a_picture_that_comes_late_goes_with_its_message_when_that_is_taken_back(house: House, seen: str) -> None:
    without_media(house)
    taken_back = house.whatsapp.write(
        WHATSAPP_ANA, type="image", content={"caption": "my secret", "mime_type": "image/png", "data": DATA}
    )
    house.run()
    house.later(21)
    with_media(house)
    if seen == "underway":
        house.slack.hold_events()
        house.clock.ahead += 70
        sweep(house.world)
        house.run_bells()
        assert [bool(item.claim) for item in house.items() if item.kind is Kind.LATE_FILE] == [True]
    else:
        house.later(70)
        assert "my secret" in str(house.thread()[1])
    house.whatsapp.delete(WHATSAPP_ANA, taken_back.id)
    if seen == "underway":
        house.run_bells()
        house.slack.release_events()
    house.run()
    house.later(70)
    assert house.texts() == ["(Ana Souza took this back.)"] * 2
    assert [file.deleted for file in house.slack._workspace.cabinet.files.values()] == [True]
    assert "secret" not in f"{house.thread()} {house.items()}"
    assert kept(house) == []
    house.later(100)
    assert house.store.due(house.clock.ms() + 10**9, 100) == []


def test_a_picture_that_comes_for_what_was_taken_back_is_shown_to_nobody(house: House) -> None:
    without_media(house)
    taken_back = house.whatsapp.write(
        WHATSAPP_ANA, type="image", content={"caption": "my secret", "mime_type": "image/png", "data": DATA}
    )
    house.run()
    house.later(21)
    with_media(house)
    house.bells.lost.add(Side.SLACK)
    house.later(70)
    house.bells.lost.clear()
    assert [item.state for item in house.items() if item.kind is Kind.LATE_FILE] == [State.RECORDED]
    assert len(kept(house)) == 1
    house.whatsapp.delete(WHATSAPP_ANA, taken_back.id)
    house.run()
    house.later(70)
    assert house.texts() == ["(Ana Souza took this back.)"]
    assert "secret" not in str(house.items())
    assert kept(house) == []


def test_a_picture_goes_from_the_bucket_with_the_message_that_is_taken_back(house: House) -> None:
    taken_back = house.whatsapp.write(WHATSAPP_ANA, type="image", content={"mime_type": "image/png", "data": DATA})
    house.run()
    assert len(kept(house)) == 1
    house.whatsapp.delete(WHATSAPP_ANA, taken_back.id)
    house.run()
    assert kept(house) == []


def test_a_picture_that_is_taken_back_before_it_is_shown_is_kept_nowhere(house: House) -> None:
    taken_back = house.whatsapp.write(WHATSAPP_ANA, type="image", content={"mime_type": "image/png", "data": DATA})
    house.bells.lost.add(Side.SLACK)
    house.run()
    assert len(kept(house)) == 1
    house.whatsapp.delete(WHATSAPP_ANA, taken_back.id)
    house.bells.lost.clear()
    house.later(70)
    assert house.texts() == ["(Ana Souza took this back.)"]
    assert kept(house) == []


def test_a_picture_goes_from_the_bucket_when_that_can_be_reached_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_back = house.whatsapp.write(WHATSAPP_ANA, type="image", content={"mime_type": "image/png", "data": DATA})
    house.run()
    with monkeypatch.context() as outage:
        outage.setattr(Bucket, "delete", lambda *_: 1 / 0)
        house.whatsapp.delete(WHATSAPP_ANA, taken_back.id)
        house.run()
        assert house.texts() == ["(Ana Souza took this back.)"]
        assert len(kept(house)) == 1
    house.later(130)
    assert kept(house) == []


def test_a_file_that_takes_the_place_of_another_is_brought_as_well(house: House) -> None:
    written = house.telegram.write(TELEGRAM_ANA, photo=[{"data": DATA, "width": 9, "height": 9}], caption="My cat")
    house.run()
    pdf = b"%PDF-1.7 " + bytes(100)
    document = {"data": base64.b64encode(pdf).decode(), "file_name": "cat.pdf", "mime_type": "application/pdf"}
    house.telegram.edit(TELEGRAM_ANA, written.id, "My cat", document=document)
    house.run()
    house.later(5)
    first, told, new = house.thread()
    assert [files_in(house, post) for post in (first, told, new)] == [[PNG], [], [pdf]]
    assert "cat.pdf" in str(told["blocks"])
    assert "The file “cat.pdf” that now stands in " in str(new["blocks"])
    house.telegram.edit(TELEGRAM_ANA, written.id, "My old cat")
    house.run()
    assert [len(post.get("files", ())) for post in house.thread()] == [1, 0, 1, 0]


def test_another_picture_with_other_words_is_brought_and_the_same_one_is_not(house: House) -> None:
    picture = {"data": DATA, "width": 9, "height": 9}
    written = house.telegram.write(TELEGRAM_ANA, photo=[picture], caption="My cat")
    house.run()
    other = PNG + b"other"
    size = {**picture, "data": base64.b64encode(other).decode()}
    house.telegram.edit(TELEGRAM_ANA, written.id, "My dog", photo=[size])
    house.run()
    house.later(5)
    assert [files_in(house, post) for post in house.thread()] == [[PNG], [], [other]]
    house.telegram.edit(TELEGRAM_ANA, written.id, "My good dog")
    house.run()
    house.later(5)
    assert [len(post.get("files", ())) for post in house.thread()] == [1, 0, 1, 0]


def test_a_picture_in_the_place_of_another_that_never_comes_is_told(house: House) -> None:
    written = house.telegram.write(TELEGRAM_ANA, photo=[{"data": DATA, "width": 9, "height": 9}], caption="My cat")
    house.run()
    without_media(house)
    other = base64.b64encode(PNG + b"other").decode()
    house.telegram.edit(TELEGRAM_ANA, written.id, "My cat", photo=[{"data": other, "width": 8, "height": 8}])
    for _ in range(10):
        house.later(600)
    said = str(house.thread()[-1]["blocks"])
    assert "The picture that now stands in " in said
    assert "“My cat”" in said
    assert "could not be brought here" in said


def test_a_picture_that_never_comes_is_told_with_its_reason(house: House) -> None:
    without_media(house)
    SEND["twilio"](house, "Look at this")
    house.run()
    for _ in range(10):
        house.later(600)
    assert "still on its way" in house.texts()[0]
    assert "could not be fetched in time" in house.texts()[1]
    assert [file.carriage for item in house.items() for file in item.attachments if item.kind is Kind.MESSAGE] == [
        Carriage.NONE
    ]


def test_a_picture_that_cannot_be_had_does_not_hold_up_its_words(house: House) -> None:
    SEND["twilio"](house, "Before")
    house.twilio.write(ANA, "Look", media=[{"content_type": "image/png", "data": ""}])
    house.twilio.write(ANA, "After")
    house.run()
    posts = house.thread()
    assert ["Before" in str(posts[0]), "Look" in str(posts[1]), "After" in str(posts[2])] == [True] * 3
    assert "the file is empty" in str(posts[1]["blocks"])


BAD = {
    "that is not for us": Reply(403, b'{"error": {"code": 10, "message": "no permission"}}', {}),
    "that keeps them busy": Reply(429, b'{"error": {"code": 4, "message": "busy"}}', {"retry-after": "60"}),
}


@pytest.mark.parametrize("bad", BAD)
def test_one_file_keeps_no_other_even_if_it_looks_as_if_none_could_be_had(house: House, bad: str) -> None:
    SEND["whatsapp"](house, "bad")
    house.quiet()
    (item,) = house.items()
    handle = item.attachments[0].reference

    def call(method: str, url: str, **how: Any) -> Any:
        return BAD[bad] if url.endswith(f"/{handle}") else web.call(method, url, **how)

    house.world = services._made["world"] = replace(house.world, call=call)
    SEND["whatsapp"](house, "good")
    house.run()
    for _ in range(4):
        house.later(65)
    late = [item for item in house.items() if item.kind is Kind.LATE_FILE]
    assert [each.carriage for item in late for each in item.attachments] == [Carriage.KEPT]


def test_one_of_two_files_keeps_no_other(house: House) -> None:
    media = {"content_type": "image/png", "data": DATA}
    house.twilio.write(ANA, "both", media=[media, media])
    house.quiet()
    (item,) = house.items()
    handle = item.attachments[0].reference

    def call(method: str, url: str, **how: Any) -> Any:
        busy = Reply(503, b"", {"retry-after": "60"})
        return busy if url.endswith(handle.rpartition("/")[2]) else web.call(method, url, **how)

    house.world = services._made["world"] = replace(house.world, call=call)
    house.run()
    for _ in range(4):
        house.later(65)
    assert sum(len(post.get("files", ())) for post in house.thread()) == 1


def test_nobody_can_send_us_away_for_days(house: House) -> None:
    gone_wrong = [Reply(503, b"", {"retry-after": "999999"})]

    def call(method: str, url: str, **how: Any) -> Any:
        return gone_wrong.pop() if how.get("into") and gone_wrong else web.call(method, url, **how)

    house.world = services._made["world"] = replace(house.world, call=call)
    SEND["twilio"](house, "Look at this")
    house.run()
    house.later(21)
    house.later(3_600)
    assert [files_in(house, post) for post in house.thread()] == [[], [PNG]]


def test_words_that_are_too_many_for_a_post_stand_in_a_file_below_their_beginning(house: House) -> None:
    text = "".join(f"Word {number}. " for number in range(5_000))
    house.whatsapp.write(WHATSAPP_ANA, text)
    house.run()
    (post,) = house.thread()
    (whole,) = files_in(house, post)
    assert whole.decode() == house.items()[0].text == text
    assert "more characters are in message.txt" in str(post["blocks"])


def test_many_contacts_are_told_as_far_as_there_is_room_and_their_files_have_the_rest(house: House) -> None:
    phones = "".join(f"TEL:{'1' * 190}{number}\r\n" for number in range(12))
    cards = "".join(f"BEGIN:VCARD\r\nFN:Bia {number}\r\n{phones}END:VCARD\r\n" for number in range(20)).encode()
    media = {"content_type": "text/vcard", "data": base64.b64encode(cards).decode()}
    house.twilio.write(ANA, "These are all", media=[media] * 10)
    house.run()
    (post,) = house.thread()
    assert files_in(house, post) == [cards] * 10
    assert str(post["blocks"]).count("[contact: Bia 0") == 10
    house.later(70)
    assert house.store.due(house.clock.ms() + 10**9, 100) == []


def test_nothing_is_left_to_be_done_when_all_files_have_come(house: House) -> None:
    for send in SEND.values():
        send(house, "Look")
    house.run()
    house.later(100)
    assert house.store.due(house.clock.ms() + 10**9, 100) == []
