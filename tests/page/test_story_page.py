"""The whole story through the page, both ways, as a person plays it who sees nothing but the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import (
    become,
    bubble,
    channel,
    mark,
    meet,
    message,
    phone,
    reply,
    somebody,
    thread,
    turn,
    write,
)
from tests.page.conftest import Running
from tests.page.pulling import about, last_text, open_line, told


def test_an_sms_opens_its_thread_and_the_reply_arrives_on_the_phone(page: Page) -> None:
    sam = somebody(page, "Sam Story")
    write(page, "Is my order ready?")
    card = message(channel(page), f"{sam.number} SMS")
    expect(card).to_contain_text("Waiting since")
    expect(card).to_contain_text("Owner: nobody yet")
    said = message(thread(page), "Is my order ready?")
    expect(said).to_contain_text(f"{sam.number} · SMS")
    expect(bubble(page, "Is my order ready?")).to_contain_text("delivered")

    answered = reply(page, "Yes, come by!")
    expect(bubble(page, "Yes, come by!")).to_contain_text("Your company")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    expect(card).to_contain_text("Answered")


def test_a_customer_reads_the_reply_on_whatsapp_and_its_one_mark_stays(page: Page, stack: Running) -> None:
    ana = meet(page, "Ana Reader", "Olá! Vocês entregam?", "WhatsApp")
    expect(message(thread(page), "Olá! Vocês entregam?")).to_contain_text("Ana Reader · WhatsApp")
    answered = reply(page, "Sim, em dois dias.")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    held = page.get_by_role("button", name="Ana Reader")
    expect(held).to_have_accessible_name(re.compile("1 unread"))

    phone(page).get_by_role("button", name="Mark as read").click()
    expect(held).to_have_accessible_name("Ana Reader")
    open_line(page)
    expect(about(told(page, "Receipt: read"), "message", last_text(stack, ana, "whatsapp"))).to_have_count(1)
    expect(answered.get_by_role("button", name=re.compile("1 reaction"))).to_have_count(1)
    expect(mark(answered, "ballot box with check")).to_be_visible()


def test_telegram_goes_both_ways(page: Page) -> None:
    meet(page, "Deniz Both", "Merhaba, kaça kadar?", "Telegram")
    expect(message(thread(page), "Merhaba")).to_contain_text("Deniz Both · Telegram")
    answered = reply(page, "Evet, dokuza kadar.")
    expect(bubble(page, "Evet, dokuza kadar.")).to_be_visible()
    expect(mark(answered, "heavy check mark")).to_be_visible()


@pytest.mark.parametrize("medium", ["RCS", "WhatsApp by Twilio"])
def test_twilios_other_media_go_both_ways(page: Page, medium: str) -> None:
    meet(page, "Rita Cards", f"Over {medium}", medium)
    expect(mark(reply(page, "That it is"), "ballot box with check")).to_be_visible()
    expect(bubble(page, "That it is")).to_be_visible()


def test_a_note_stays_inside(page: Page) -> None:
    meet(page, "Nora Note", "Do you know me?")
    become(page, "Mia Meyer")
    note = reply(page, "// she is a regular")
    expect(note).to_contain_text("Mia Meyer")
    expect(mark(reply(page, "Of course we do!"), "ballot box with check")).to_be_visible()
    expect(note.get_by_role("button", name=re.compile("1 reaction"))).to_have_count(0)
    expect(bubble(page, "Of course we do!")).to_be_visible()
    expect(bubble(page, "she is a regular")).to_have_count(0)


def test_claim_resolve_and_reopen_are_pressed_and_the_card_says_so(page: Page) -> None:
    clara = meet(page, "Clara Card", "Whose am I?")
    become(page, "Mia Meyer")
    card = message(channel(page), clara.number)
    card.get_by_role("button", name="Claim").click()
    expect(card).to_contain_text("Owner: @Mia Meyer")
    expect(card.get_by_role("button", name="Claim")).to_have_count(0)

    card.get_by_role("button", name="Resolve").click()
    expect(card).to_contain_text("Resolved · Owner: @Mia Meyer")
    write(page, "One more thing")
    expect(message(thread(page), "One more thing")).to_contain_text("Reopened")
    expect(card).to_contain_text("Waiting since")

    card.get_by_role("button", name="Resolve").click()
    card.get_by_role("button", name="Reopen").click()
    expect(card.get_by_role("button", name="Resolve")).to_be_visible()


def test_who_goes_on_in_whatsapp_from_the_same_number_stays_in_the_thread(page: Page) -> None:
    pat = meet(page, "Pat Both", "First by SMS")
    turn(page, "WhatsApp")
    write(page, "Then by WhatsApp")
    expect(message(thread(page), "First by SMS")).to_be_visible()
    expect(message(thread(page), "Then by WhatsApp")).to_contain_text("Pat Both · WhatsApp")
    reply(page, "Where you wrote last")
    expect(bubble(page, "Where you wrote last")).to_be_visible()
    turn(page, "SMS")
    expect(bubble(page, "First by SMS")).to_be_visible()
    expect(bubble(page, "Where you wrote last")).to_have_count(0)
    expect(message(channel(page), "Pat Both WhatsApp")).to_contain_text(pat.digits)
