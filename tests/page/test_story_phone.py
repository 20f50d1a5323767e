"""The customer's phone, through the page: ticks, first words, photos, and all that keeps words from arriving."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import (
    add,
    bubble,
    choose,
    draft,
    fresh,
    mark,
    meet,
    message,
    phone,
    reply,
    somebody,
    thread,
    until,
    verdict,
    write,
)


def test_a_suggested_first_message_begins_the_story(page: Page) -> None:
    add(page, fresh("Chip Starts"), language="Português")
    phone(page).get_by_role("button", name="Oi! Meu pedido está pronto?").click()
    expect(bubble(page, "Oi! Meu pedido está pronto?")).to_contain_text("delivered")
    expect(message(thread(page), "Oi! Meu pedido está pronto?")).to_be_visible()
    suggested = phone(page).get_by_role("group", name="Suggested first messages")
    expect(suggested.get_by_role("button")).to_have_count(0)


def test_the_form_for_a_new_customer_says_what_is_missing(page: Page) -> None:
    page.get_by_role("button", name="Add a customer").click()
    dialog = page.get_by_role("dialog", name="Add a customer")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("Enter a name")).to_be_visible()
    expect(dialog.get_by_text("Enter a phone number")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("Second Sam")
    dialog.get_by_label("Phone number").fill("+1 (555) 013-4000")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("This is the number of Sam Carter.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_an_added_customer_is_taken_off_the_row_again(page: Page) -> None:
    somebody(page, "Remo Removed")
    choose(page, "Remove Remo Removed")
    expect(page.get_by_role("button", name="Remo Removed")).to_have_count(0)


@pytest.mark.parametrize("medium", ["SMS", "WhatsApp", "Telegram"])
def test_the_same_words_twice_are_two_messages_each_marked_as_its_app_does(page: Page, medium: str) -> None:
    somebody(page, f"Tia {medium}", medium)
    for _ in range(2):
        write(page, "Tick, tick")
    marked = ["delivered.*Tick, tick.*✓✓"] * 2 if medium != "SMS" else ["delivered.*k$", "delivered.*Delivered$"]
    expect(bubble(page, "Tick, tick")).to_have_text([re.compile(words) for words in marked])
    expect(message(thread(page), "Tick, tick")).to_have_count(2)


def test_who_writes_stop_is_not_written_to_until_they_write_start(page: Page) -> None:
    meet(page, "Stan Stop", "Enough of this")
    choose(page, "Text STOP")
    expect(phone(page)).to_contain_text("You texted STOP.")
    expect(message(thread(page), "wants no more messages by SMS (STOP)")).to_be_visible()
    reply(page, "Are you sure?")
    expect(verdict(page, "Not delivered to")).to_contain_text("they asked not to be written to")
    expect(bubble(page, "Are you sure?")).to_have_count(0)

    phone(page).get_by_role("button", name="START", exact=True).click()
    expect(message(thread(page), "takes messages by SMS again (START)")).to_be_visible()
    expect(mark(reply(page, "Welcome back!"), "ballot box with check")).to_be_visible()
    expect(bubble(page, "Welcome back!")).to_be_visible()


def test_a_reply_beyond_the_window_is_refused_in_words_and_sent_again_once_it_is_open(page: Page) -> None:
    meet(page, "Wendy Window", "Back tomorrow", "WhatsApp")
    expect(phone(page)).to_contain_text("may reply until")
    choose(page, "Let 25 hours pass")
    expect(phone(page)).to_contain_text("The 24-hour window is closed")
    reply(page, "Still there?")
    refused = verdict(page, "Not delivered to Wendy Window by WhatsApp")
    expect(refused).to_contain_text("more than 24 hours have passed")
    expect(bubble(page, "Still there?")).to_have_count(0)

    write(page, "I am back")
    expect(phone(page)).to_contain_text("may reply until")
    refused.get_by_role("button", name="Send again").click()
    expect(bubble(page, "Still there?")).to_be_visible()
    expect(message(thread(page), "This did reach Wendy Window after all.")).to_be_visible()
    expect(verdict(page)).to_have_count(0)


def test_who_blocks_the_company_is_not_reached_and_cannot_write(page: Page) -> None:
    meet(page, "Blanca Blocks", "I am leaving", "WhatsApp")
    choose(page, "Block your company")
    expect(phone(page)).to_contain_text("You have blocked this company on WhatsApp.")
    draft(page).fill("One more word")
    expect(phone(page)).to_contain_text("Unblock them to write on WhatsApp.")
    draft(page).press("Enter")
    expect(draft(page)).to_have_value("One more word")
    reply(page, "Please come back")
    expect(verdict(page, "Not delivered to Blanca Blocks")).to_be_visible()
    expect(bubble(page, "Please come back")).to_have_count(0)


def test_a_text_too_long_for_the_channel_arrives_in_order_in_several_messages(page: Page) -> None:
    meet(page, "Lola Long", "Tell me everything")
    reply(page, " ".join(f"part{number:04}" for number in range(300)))
    expect(bubble(page, "part0000")).to_be_visible()
    expect(bubble(page, "part0299")).to_be_visible()
    told = bubble(page, "part0")
    expect(told).to_have_count(2)
    parts = [f"{number:04}" for number in range(300)]
    until(lambda: re.findall(r"part(\d{4})", "".join(told.all_text_contents())), lambda found: found == parts)


def test_the_phone_says_what_is_too_long_before_it_goes(page: Page) -> None:
    somebody(page, "Mona Much", "RCS")
    draft(page).fill("x" * 3073)
    expect(phone(page)).to_contain_text("Too long by 1: RCS takes 3,072 characters at most.")
    draft(page).press("Enter")
    expect(draft(page)).to_have_value("x" * 3073)
    expect(bubble(page, "xxx")).to_have_count(0)
