"""Files the whole way: from a customer's phone into the thread, and from the thread to the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.acting import answer, bubble, choose, draft, meet, message, phone, thread
from tests.page.files import is_drawn, pick, png, some


def pictures(page: Page) -> Locator:
    return phone(page).get_by_role("log").get_by_role("img", name="Photo")


@pytest.mark.parametrize("medium", ["SMS", "WhatsApp", "Telegram", "RCS", "WhatsApp by Twilio"])
def test_pictures_go_both_ways_with_their_words(page: Page, medium: str) -> None:
    meet(page, f"Both {medium}", f"A question on {medium}", medium)
    draft(page).fill("Is this the right one?")
    choose(page, "Send a photo", "Attach")
    sent = bubble(page, "Is this the right one?")
    expect(sent).to_contain_text("delivered")
    is_drawn(sent.get_by_role("img", name="Photo"), 320)
    expect(draft(page)).to_have_value("")
    asked = message(thread(page), "Is this the right one?").get_by_role("list", name="Files").get_by_role("img")
    is_drawn(asked, 320)
    pick(thread(page), some("this one.png", "image/png", png()))
    answer(page).fill("Rather this one")
    answer(page).press("Enter")
    expect(bubble(page, "Rather this one")).to_be_in_viewport(ratio=0.9)
    expect(pictures(page)).to_have_count(2)
    is_drawn(pictures(page).last, 64)


def test_a_photo_needs_no_words_and_an_album_is_one_post(page: Page) -> None:
    meet(page, "Alma Album", "A question of choice", "Telegram")
    choose(page, "Send a photo", "Attach")
    is_drawn(pictures(page), 320)
    is_drawn(thread(page).get_by_role("list", name="Files").get_by_role("img"), 320)
    draft(page).fill("Which of these?")
    choose(page, "Send 3 photos", "Attach")
    post = message(thread(page), "Which of these?")
    expect(post.get_by_role("list", name="Files").get_by_role("img")).to_have_count(3)


def test_a_paper_reaches_the_phone_under_its_name(page: Page) -> None:
    meet(page, "Paula Paper", "My bill, please", "WhatsApp")
    pick(thread(page), some("Bill 1042.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"))
    answer(page).press("Enter")
    paper = phone(page).get_by_role("log").get_by_role("link", name="Bill 1042.pdf")
    with page.expect_download() as saved:
        paper.click()
    assert saved.value.path().read_bytes() == b"%PDF-1.4\n%%EOF\n"


def test_a_customers_picture_stands_on_the_card(page: Page) -> None:
    meet(page, "Tia Telegram", "Hello", "Telegram")
    card = thread(page).get_by_role("img", name="A picture of Tia Telegram")
    expect(card).to_be_visible()
    is_drawn(card, 160)
