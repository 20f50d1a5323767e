"""An agent's day, from the first message in the morning to the last thread that is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.page.acting import (
    add,
    become,
    bubble,
    channel,
    command,
    fresh,
    meet,
    message,
    modal,
    thread,
    verbs,
    write,
)
from tests.page.conftest import Running, visiting


@pytest.fixture
def day(browser: Browser, desks_stack: Running) -> Iterator[Page]:
    desks_stack.close_modals()
    with visiting(browser, desks_stack.url) as page:
        page.get_by_text("Live", exact=True).wait_for()
        yield page


def head(page: Page) -> Locator:
    """The card at the head of the open thread."""
    return message(thread(page), re.compile("Owner:|Resolved"))


def choose(page: Page, typed: str, label: str, of: Locator) -> None:
    """Look for something in a menu whose choices come from the app, and take it."""
    of.fill(typed)
    page.get_by_role("option", name=re.compile(label)).click()


def test_a_conversation_is_claimed_answered_put_aside_and_resolved(day: Page) -> None:
    meet(day, "Ana Souza", "Where is my parcel?", "WhatsApp")
    head(day).get_by_role("button", name="Claim", exact=True).click()
    expect(head(day)).to_contain_text("Owner: @Bob Brown")
    expect(message(thread(day), re.compile("Bob Brown.*claimed"))).to_be_visible()
    write_a_saved_reply(day)
    send_it(day)
    leave_a_note(day)
    snooze_until_they_write(day)
    head(day).get_by_role("button", name="Resolve", exact=True).click()
    expect(head(day)).to_contain_text("Resolved")
    expect(head(day).get_by_role("button", name="Reopen")).to_be_visible()


def write_a_saved_reply(day: Page) -> None:
    head(day).get_by_role("button", name="Saved reply…").click()
    modal(day, "Reply").get_by_role("button", name="Edit saved replies…").click()
    saved = modal(day, "Saved replies")
    saved.get_by_role("button", name="New…").click()
    form = modal(day, "New saved reply")
    form.get_by_label("Title").fill("Parcel on its way")
    form.get_by_label("Words").fill("Hello {first_name}, your parcel is on its way.")
    form.get_by_role("button", name="Save").click()
    expect(saved).to_contain_text("“Parcel on its way” is saved.")
    saved.get_by_role("button", name="Close").last.click()
    expect(saved).not_to_contain_text("is saved.")  # it is the one below, as it was
    saved.get_by_role("button", name="Close").last.click()
    expect(modal(day, "Reply")).to_be_visible()


def send_it(day: Page) -> None:
    form = modal(day, "Reply")
    choose(day, "parcel", "Parcel on its way", form.get_by_role("combobox"))
    words = form.get_by_label("What you say")
    expect(words).to_have_value("Hello Ana, your parcel is on its way.")
    words.press("End")
    words.press_sequentially(" It comes today.")
    form.get_by_role("button", name="Send", exact=True).click()
    expect(day.get_by_role("dialog")).to_have_count(0)
    said = "Hello Ana, your parcel is on its way. It comes today."
    expect(bubble(day, said)).to_be_visible()
    expect(message(thread(day), said)).to_contain_text("Bob Brown")


def leave_a_note(day: Page) -> None:
    listed = verbs(day, message(thread(day), "Where is my parcel?"))
    listed.get_by_role("button", name="Note…").click()
    modal(day, "Note").get_by_label("Note").fill("The courier was told twice")
    modal(day, "Note").get_by_role("button", name="Save").click()
    expect(message(thread(day), "The courier was told twice")).to_be_visible()
    expect(bubble(day, "The courier was told twice")).to_have_count(0)


def snooze_until_they_write(day: Page) -> None:
    expect(day.get_by_role("dialog")).to_have_count(0)
    head(day).get_by_role("button", name="More…").click()
    modal(day, "Threadline").get_by_role("button", name="Snooze…").click()
    form = modal(day, "Snooze")
    form.get_by_label("Until", exact=True).select_option("In an hour")
    form.get_by_role("button", name="Snooze", exact=True).click()
    expect(head(day)).to_contain_text("Snoozed until")
    write(day, "It is here, thank you!")
    expect(message(thread(day), "It is here, thank you!")).to_be_visible()
    expect(head(day)).not_to_contain_text("Snoozed")


def test_two_customers_turn_out_to_be_one_and_after_all_are_two(day: Page) -> None:
    rita = meet(day, "Rita Rosa", "Here I am by SMS")
    meet(day, "Rita Work", "And here by WhatsApp", "WhatsApp")
    listed = verbs(day, message(thread(day), "And here by WhatsApp"))
    listed.get_by_role("button", name="Same person as…").click()
    form = modal(day, "Same person as …")
    choose(day, rita.digits, re.escape(rita.number), form.get_by_role("combobox"))
    form.get_by_role("button", name="Same person", exact=True).click()
    expect(day.get_by_role("dialog")).to_have_count(0)
    line = message(thread(day), re.compile("one person|same person", re.IGNORECASE))
    undo = line.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    undo.click()
    expect(message(thread(day), re.compile("two people", re.IGNORECASE))).to_be_visible()


def test_somebody_is_written_to_first_and_all_that_was_said_is_found_again(day: Page) -> None:
    wilma = fresh("Wilma First")
    command(day, "/threadline write")
    form = modal(day, "Write to a customer")
    form.get_by_label("Or a number").fill(wilma.number)
    form.get_by_label("What they are called").fill(wilma.name)
    form.get_by_label("By", exact=True).select_option("SMS (Twilio)")
    form.get_by_role("button", name="Next").click()
    reply = modal(day, "Reply")
    reply.get_by_label("What you say").fill("Your table is ready, Wilma")
    reply.get_by_role("button", name="Send", exact=True).click()
    said = modal(day, "Threadline")
    expect(said).to_contain_text("On its way to Wilma First by SMS.")
    said.get_by_role("button", name="Close").last.click()
    add(day, wilma)
    expect(bubble(day, "Your table is ready, Wilma")).to_be_visible()
    card = message(channel(day), wilma.name)
    card.get_by_role("button", name="More…").click()
    modal(day, "Threadline").get_by_role("button", name="History…").click()
    history = modal(day, "History")
    expect(history).to_contain_text("Your table is ready, Wilma")
    history.get_by_label("Find in all that was said").fill("chair")
    history.get_by_role("button", name="Search").click()
    expect(history).to_contain_text("nothing found")
    history.get_by_label("Find in all that was said").fill("table")
    history.get_by_role("button", name="Search").click()
    history.get_by_role("link", name="Open").click()
    expect(day.get_by_role("dialog")).to_have_count(0)
    expect(message(thread(day), "Your table is ready, Wilma")).to_be_visible()


def test_a_conversation_moves_to_another_desk_and_is_found_on_the_home(day: Page) -> None:
    zoe = meet(day, "Zoe Zips", "What does it cost?", "WhatsApp")
    listed = verbs(day, message(thread(day), "What does it cost?"))
    listed.get_by_role("button", name="Move to another desk…").click()
    form = modal(day, "Move to another desk")
    form.get_by_label("It goes to").select_option("The sales desk")
    form.get_by_role("button", name="Move", exact=True).click()
    expect(day.get_by_role("dialog")).to_have_count(0)
    expect(message(thread(day), re.compile("moved this to the sales desk"))).to_be_visible()

    become(day, "Jun Ito")
    day.get_by_role("button", name="Threadline", exact=True).click()
    home = day.get_by_role("region", name="Threadline, Home")
    home.get_by_label("Choose").nth(1).select_option("Sales")
    row = home.locator(".form-block").filter(has_text=zoe.name).first
    expect(row).to_contain_text("Sales")
    row.get_by_role("button", name="Open").click()
    expect(channel(day, "#sales")).to_be_visible()
    expect(head(day)).to_contain_text(zoe.name)
