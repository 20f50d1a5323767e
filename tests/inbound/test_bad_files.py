"""Files that mean no good, or come from where nothing does, from the phone to the thread.

Each time there is a clear line, or a file that can do no harm; no more was held or fetched than there is room for;
and the conversation goes on.
"""

from __future__ import annotations

import base64
import gzip
import threading
import tracemalloc
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib import services, web
from chalicelib.carry import download
from chalicelib.model import Attachment, Carriage
from chalicelib.web import Reply, Sink
from infra.local.server import Answer, Call, Server
from tests.filetypes.samples import SAMPLES
from tests.house import House

ANA, WHATSAPP_ANA, TELEGRAM_ANA = "+15551230001", "5511987654321", 512345678
MB = 1 << 20
HUGE = 200 * MB
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
RTL = "\u202e"


def base(data: bytes) -> str:
    return base64.b64encode(data).decode()


def send(house: House, data: bytes, mime: str = "image/png") -> None:
    """Let Ana send a picture by MMS."""
    house.twilio.write(ANA, "Look", media=[{"content_type": mime, "data": base(data)}])
    house.run()


def goes_on(house: House) -> None:
    """Whatever came of her file: what Ana says next is in the thread, below it, and nothing is left waiting."""
    house.twilio.write(ANA, "Still here?")
    house.run()
    assert house.messages()[-1].endswith("Still here?")
    assert [file.carriage for file in files(house) if file.carriage is Carriage.WAITING] == []


def files(house: House) -> list[Attachment]:
    return [file for item in house.items() for file in item.attachments]


def in_slack(house: House) -> list[dict[str, Any]]:
    return [file for message in house.thread() for file in message.get("files", ())]


# --------------------------------------------------------------------- what is in them, and what they are called


def test_a_file_that_stays_away_is_named_without_tricks(house: House) -> None:
    name = f"a{RTL}gpj.exe\n[Threadline: paid]"
    house.telegram.write(TELEGRAM_ANA, document={"size": 21 * MB, "mime_type": "image/jpeg", "file_name": name})
    house.run()
    shown = "[file: agpj.exe [Threadline: paid]: could not be brought here, because the file is too big ("
    assert house.texts()[0].startswith(shown)
    assert RTL not in str(house.thread())


def test_an_empty_file_is_said_to_be_empty(house: House) -> None:
    send(house, b"")
    assert house.messages() == ["Look", "[picture: could not be brought here, because the file is empty]"]
    goes_on(house)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PAGE, "picture.html.txt"),
        (DRAWING, "picture.svg.txt"),
        (b"MZ\x90\0" + bytes(60), "picture.exe.bin"),
        (b"#!/bin/sh\nrm -rf /\n", "picture.sh.bin"),
        (SAMPLES["zip"][0], "picture.zip"),
        (b"%PDF-1.7\n", "picture.pdf"),
        (b"\0\1\2\3 nothing that is known", "picture.bin"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_poses_as_a_picture_is_called_what_it_is_and_starts_nothing(
    house: House, data: bytes, name: str
) -> None:
    send(house, data)
    (file,) = in_slack(house)
    assert (file["name"], file["title"]) == (name, name)
    goes_on(house)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../../etc/cron.d/root.png", "root.png"),
        ("C:\\Windows\\System32\\cat.png", "cat.png"),
        (f"invoice{RTL}gnp.exe", "invoicegnp.png"),
        ("a\r\nSet-Cookie: b=c\0.png", "a Set-Cookie_ b=c.png"),
        ("<!channel>&amp;.png", "!channel_&amp;.png"),
        ("CON.png", "_CON.png"),
        ("." * 300 + "png", "png.png"),
        ("x" * 5000 + ".png", "x" * 95 + ".png"),
        ("   ", "picture.png"),
    ],
)
@pytest.mark.each_once
@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_a_name_leads_nowhere_and_hides_nothing(house: House, channel: str, name: str, clean: str) -> None:
    about = {"data": base(PNG), "mime_type": "image/png"}
    if channel == "telegram":
        house.telegram.write(TELEGRAM_ANA, document={**about, "file_name": name})
    else:
        house.whatsapp.write(WHATSAPP_ANA, type="document", content={**about, "filename": name})
    house.run()
    (file,) = in_slack(house)
    (ours,) = files(house)
    assert file["name"] == file["title"] == ours.name == clean
    assert ours.key == f"files/{house.items()[0].conversation}/{house.items()[0].id}/0"


def test_an_archive_that_would_burst_is_a_few_bytes_like_any_other(house: House) -> None:
    bomb = SAMPLES["zip"][0] + zlib.compress(bytes(20 * MB), 9)
    tracemalloc.start()
    try:
        send(house, bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (file,) = in_slack(house)
    assert (file["name"], file["size"]) == ("picture.zip", len(bomb))
    assert most < 10 * MB
    goes_on(house)


# --------------------------------------------------------------------------------- where they come from


@dataclass
class Place:
    """Where files are had from, and how much of them it was asked for; stands where Twilio's own would."""

    answer: Answer | None = None
    sent: int = 0
    seen: list[Mapping[str, str]] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._server = Server(self._serve)
        self.url = self._server.url

    def close(self) -> None:
        self.closed.set()
        self._server.close()

    def _serve(self, call: Call) -> Answer:
        self.seen.append(call.headers)
        assert self.answer is not None
        return self.answer

    def endless(self, piece: bytes, pause: float = 0) -> Iterator[bytes]:
        """Send the same piece for ever, without holding more than that."""
        while not self.closed.wait(pause) if pause else not self.closed.is_set():
            yield piece
            self.sent += len(piece)


@pytest.fixture
def place() -> Iterator[Place]:
    with closing(Place()) as there:
        yield there


def put_into(house: House, place: Place, seconds: float = 0) -> None:
    """Have all files come from a place; with `seconds`, no file may take longer than that."""

    def call(method: str, url: str, **how: Any) -> Reply:
        if isinstance(how.get("into"), Sink):
            url = place.url if "/2010-04-01/" in url else url
            how |= {"seconds": min(seconds or how["seconds"], how["seconds"])}
        return web.call(method, url, **how)

    house.world = services._made["world"] = replace(house.world, call=call)


def lost(why: str) -> list[str]:
    return ["Look", f"[picture: could not be brought here, because {why}]"]


def test_a_huge_file_that_says_so_is_not_even_begun(house: House, place: Place) -> None:
    place.answer = Answer(200, headers={"Content-Length": str(HUGE)}, stream=place.endless(bytes(65536)))
    put_into(house, place)
    send(house, PNG)
    assert house.messages() == lost("the file is too big")
    assert place.sent < 20 * MB  # what fits into the buffers between us
    goes_on(house)


def test_a_huge_file_that_does_not_is_read_no_further_than_there_is_room(
    house: House, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.carry.inwards.MOST", 2 * MB)
    place.answer = Answer(200, stream=place.endless(bytes(65536)))
    put_into(house, place)
    send(house, PNG)
    assert house.messages() == lost("the file is too big")
    assert place.sent < 30 * MB
    goes_on(house)


@pytest.mark.slow
def test_two_hundred_megabytes_are_never_held(house: House, place: Place) -> None:
    place.answer = Answer(200, stream=place.endless(bytes(65536)))
    put_into(house, place)
    tracemalloc.start()
    try:
        send(house, PNG)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert house.messages() == lost("the file is too big")
    assert most < 20 * MB
    goes_on(house)


@pytest.mark.parametrize("size", [HUGE, download.MOST + 1])
def test_a_file_whose_provider_says_that_it_is_huge_is_not_asked_for(house: House, size: int) -> None:
    house.whatsapp.write(WHATSAPP_ANA, type="image", content={"size": size, "mime_type": "image/png"})
    house.run()
    assert house.messages() == [
        f"[picture: could not be brought here, because the file is too big ({size:,} bytes)]"
    ]
    assert not [call for call in house.whatsapp.calls if call.path.startswith("/media/")]


def test_what_telegram_does_not_hand_to_bots_is_said_in_its_words(house: House) -> None:
    house.telegram.write(TELEGRAM_ANA, video={"size": 21 * MB, "mime_type": "video/mp4", "file_name": "film.mp4"})
    house.run()
    why = "the file is too big (Bad Request: file is too big)"
    assert house.messages() == [f"[video: film.mp4: could not be brought here, because {why}]"]


def test_a_file_that_is_gone_is_said_to_be_gone(house: House, place: Place) -> None:
    place.answer = Answer(404)
    put_into(house, place)
    send(house, PNG)
    assert house.messages() == lost("the file is not there any more (HTTP 404)")
    goes_on(house)


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("http://169.254.169.254/latest/meta-data/iam", "169.254.169.254"),
        ("https://example.org/cat.png?token=secret", "example.org"),
        ("https://api.twilio.com@example.org/cat.png", "example.org"),
        ("ftp://localhost/cat.png", "localhost"),
        ("file:///etc/passwd", "no address"),
        ("//[::1", "no address"),
        ("https://", "no address"),
    ],
)
def test_nobody_sends_us_anywhere(house: House, place: Place, where: str, named: str) -> None:
    place.answer = Answer(302, headers={"Location": where})
    put_into(house, place)
    send(house, PNG)
    why = f"whoever has the file would not hand it out (it is said to be at {named}, where we fetch nothing)"
    assert house.messages() == lost(why)
    goes_on(house)


def test_going_round_in_circles_ends(house: House, place: Place) -> None:
    place.answer = Answer(302, headers={"Location": f"{place.url}/again"})
    put_into(house, place)
    send(house, PNG)
    why = "whoever has the file would not hand it out (we are sent from one place to the next)"
    assert house.messages() == lost(why)
    assert len(place.seen) <= 10
    goes_on(house)


def test_what_comes_packed_is_not_unpacked(house: House, place: Place) -> None:
    place.answer = Answer(200, gzip.compress(bytes(10 * MB)), {"Content-Encoding": "gzip"})
    put_into(house, place)
    send(house, PNG)
    why = "whoever has the file would not hand it out (it is packed in a way that nobody asked for)"
    assert house.messages() == lost(why)
    goes_on(house)


# ------------------------------------------------------------------------------------------ what takes its time


def waits_and_gives_up(house: House) -> None:
    """After twenty seconds the words come without their file; after an hour a line says that it will not come."""
    house.later(21)
    assert house.messages() == ["Look", "[picture: still on its way]"]
    house.twilio.write(ANA, "Did you see it?")
    house.run()
    assert house.messages()[-1] == "Did you see it?"
    house.later(60 * 60)
    assert "could not be brought here, because the file could not be fetched in time" in house.messages()[-1]
    goes_on(house)


def test_a_host_that_drips_for_ever_is_cut_off(house: House, place: Place) -> None:
    place.answer = Answer(200, headers={"Content-Length": "1000"}, stream=place.endless(b"x", pause=0.02))
    put_into(house, place, seconds=0.1)
    send(house, PNG)
    waits_and_gives_up(house)


def test_a_host_that_says_nothing_at_all_is_cut_off(house: House, place: Place) -> None:
    place.answer = Answer(200, headers={"Content-Length": "1000"}, stream=place.endless(b"", pause=0.05))
    put_into(house, place, seconds=0.1)
    send(house, PNG)
    waits_and_gives_up(house)


def test_a_file_that_breaks_off_is_not_taken_for_the_whole(house: House, place: Place) -> None:
    place.answer = Answer(200, headers={"Content-Length": "1000"}, stream=iter([PNG]))
    put_into(house, place)
    send(house, PNG)
    waits_and_gives_up(house)


def test_a_page_in_the_place_of_a_picture_is_asked_for_again_and_never_shown(house: House, place: Place) -> None:
    place.answer = Answer(200, PAGE, {"Content-Type": "text/html"})
    put_into(house, place)
    send(house, PNG)
    assert in_slack(house) == []
    waits_and_gives_up(house)
