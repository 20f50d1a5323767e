"""Files on the page: sent and received on a phone, dropped into a thread, shown as what they are, never opened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.acting import answer, bubble, choose, draft, meet, message, phone, somebody, thread, turn, until
from tests.page.conftest import Running
from tests.page.files import MP4, SVG, Company, drop, is_drawn, pick, png, some
from tests.page.test_access import is_for_everyone

MB = 1024 * 1024


def log(page: Page) -> Locator:
    return phone(page).get_by_role("log")


def enclosed(page: Page) -> Locator:
    """The files that are to go with what is being written in the thread."""
    return thread(page).get_by_role("list", name="Files to be sent").get_by_role("listitem")


# The customer sends


def test_a_voice_message_can_be_played(page: Page) -> None:
    somebody(page, "Vera Voice")
    sound = log(page).locator("audio")
    for medium in ("WhatsApp", "Telegram"):
        turn(page, medium)
        choose(page, "Send a voice message", "Attach")
        expect(sound).to_be_visible()
        until(lambda: sound.evaluate("(it) => it.duration"), lambda seconds: seconds == pytest.approx(3, abs=0.1))


@pytest.mark.parametrize(("medium", "messages"), [("SMS", 1), ("WhatsApp", 3), ("Telegram", 3)])
def test_three_photos_go_as_each_medium_takes_them(page: Page, medium: str, messages: int) -> None:
    somebody(page, f"Alba {medium}", medium)
    draft(page).fill("Three of them")
    choose(page, "Send 3 photos", "Attach")
    expect(log(page).get_by_role("img", name="Photo")).to_have_count(3)
    expect(log(page).locator(".ph-line", has_text="delivered")).to_have_count(messages)
    expect(bubble(page, "Three of them").get_by_role("img", name="Photo").first).to_be_visible()


def test_picked_files_are_shown_as_what_they_are(page: Page) -> None:
    somebody(page, "Fila Files", "WhatsApp")
    pick(
        phone(page),
        some("a.png", "image/png", png()),
        some("Bill 1042.pdf", "application/pdf", b"%PDF-1.4"),
        some("drawing.svg", "image/svg+xml", SVG),
        some("film.mp4", "video/mp4", MP4),
    )
    expect(log(page).locator("video")).to_be_visible()
    is_drawn(log(page).get_by_role("img", name="Photo"), 64)
    paper = log(page).get_by_role("link", name="Bill 1042.pdf")
    expect(paper).to_have_attribute("download", "Bill 1042.pdf")
    with page.expect_download() as saved:
        paper.click()
    assert saved.value.path().read_bytes() == b"%PDF-1.4"
    # A drawing could do something: it is a name to save it by, as any other paper.
    expect(log(page).get_by_role("link", name="drawing.svg")).to_be_visible()
    expect(log(page).get_by_role("img")).to_have_count(1)


def test_files_can_be_dropped_onto_the_phone(page: Page) -> None:
    somebody(page, "Dora Drop", "Telegram")
    drop(page.locator(".ph-inside"), some("a.txt", "text/plain", b"hello"))
    expect(log(page).get_by_role("link", name="a.txt")).to_contain_text("5 bytes")


@pytest.mark.parametrize(("size", "why"), [(0, "is empty"), (20 * MB + 1, "is larger than 20 MB")])
def test_a_file_that_cannot_go_is_named_and_the_words_stay(
    page: Page, tmp_path: Path, size: int, why: str
) -> None:
    somebody(page, f"Nina {size}")
    draft(page).fill("With these words")
    file = tmp_path / "a.bin"
    with file.open("wb") as opened:
        opened.truncate(size)
    phone(page).locator("input[type=file]").set_input_files(file)
    expect(phone(page).get_by_role("alert")).to_contain_text(f"a.bin {why}")
    expect(draft(page)).to_have_value("With these words")


# The customer receives


def test_a_phone_shows_every_kind_of_file_it_gets(page: Page, stack: Running) -> None:
    customer = meet(page, "Rita Receives", "Hello", "Telegram")
    company = Company(stack, customer)
    company.telegram("sendPhoto", {"photo": ("a.png", png())}, caption="The parcel")
    company.telegram("sendVoice", {"voice": ("a.ogg", b"OggS")})
    company.telegram("sendDocument", {"document": ("Grüße.pdf", b"%PDF")}, caption="Your bill")
    company.telegram("sendDocument", {"document": ("page.html", b"<script>document.title = 1</script>")})
    is_drawn(bubble(page, "The parcel").get_by_role("img", name="Photo"), 64)
    expect(log(page).locator("audio")).to_be_visible()
    expect(bubble(page, "Your bill").get_by_role("link", name="Grüße.pdf")).to_have_attribute(
        "download", "Grüße.pdf"
    )
    link = log(page).get_by_role("link", name="page.html")
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "page.html"
    expect(page).to_have_title("Threadline")
    is_for_everyone(page, "#customers")


# The team


def test_somebody_drops_files_into_a_thread(page: Page) -> None:
    meet(page, "Tess Thread", "Which one is mine?")
    pick(thread(page), some("receipt.png", "image/png", png()), some("not this.txt", "text/plain", b"no"))
    drop(answer(page), some("Bill.pdf", "application/pdf", b"%PDF"), some("logo.svg", "image/svg+xml", SVG))
    expect(enclosed(page)).to_have_count(4)
    thread(page).get_by_role("button", name="Take not this.txt away").click()
    expect(answer(page)).to_be_focused()
    answer(page).fill("This one")
    answer(page).press("Enter")
    said = message(thread(page), "This one")
    files = said.get_by_role("list", name="Files").get_by_role("listitem")
    expect(files).to_have_count(3)
    is_drawn(files.get_by_role("img", name="receipt.png"), 64)
    expect(files.get_by_role("img")).to_have_count(1)
    expect(files.get_by_role("link", name="logo.svg")).to_contain_text("SVG")
    with page.expect_download() as saved:
        files.get_by_role("link", name="Bill.pdf").click()
    assert saved.value.path().read_bytes() == b"%PDF"
    expect(enclosed(page)).to_have_count(0)
    is_for_everyone(page, ".team")


def test_files_need_no_words(page: Page) -> None:
    meet(page, "Wendy Wordless", "Send it, please")
    send = thread(page).get_by_role("button", name="Send now")
    expect(send).to_be_disabled()
    pick(thread(page), some("film.mp4", "video/mp4", MP4))
    expect(enclosed(page)).to_contain_text("film.mp4")
    send.click()
    expect(thread(page).get_by_role("figure", name="film.mp4").locator("video")).to_be_visible()


def test_files_that_could_not_be_sent_are_still_there(page: Page) -> None:
    meet(page, "Kim Kept", "Are you there?")
    pick(thread(page), some("a.txt", "text/plain", b"a"))
    expect(enclosed(page)).to_have_count(1)
    page.route("**/pull/slack/say", lambda route: route.abort())
    answer(page).press("Enter")
    expect(thread(page).get_by_role("alert")).to_contain_text("Not sent.")
    expect(enclosed(page)).to_contain_text("a.txt")
    page.unroute("**/pull/slack/say")
    answer(page).press("Enter")
    expect(thread(page).get_by_role("link", name="a.txt")).to_be_visible()


def test_what_became_of_a_file_is_said_in_its_place(page: Page, stack: Running) -> None:
    meet(page, "Gus Gone", "Where is it?")
    pick(thread(page), some("gone.txt", "text/plain", b"a"))
    expect(enclosed(page)).to_have_count(1)
    answer(page).press("Enter")
    file = thread(page).get_by_role("link", name="gone.txt")
    expect(file).to_be_visible()
    found = until(lambda: re.search(r"F0FILE\d+", file.get_attribute("href") or ""), bool)
    assert found
    stack.pull("slack", "delete_file", file=found[0])
    expect(thread(page).get_by_text("This file was deleted.")).to_be_visible()
    expect(file).to_have_count(0)
