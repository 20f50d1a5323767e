"""How people reach for the app in the little Slack: the command, the shortcuts, its Home, and who may not."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.page.acting import answer, become, channel, command, do, meet, message, modal, thread
from tests.page.conftest import Running


def test_the_command_is_suggested_and_its_answer_is_for_one_person_only(page: Page) -> None:
    field = channel(page).get_by_role("textbox", name="Message #support")
    field.fill("/thr")
    expect(page.get_by_role("option", name=re.compile("threadline .write"))).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("/threadline ")
    field.press_sequentially("help")
    field.press("Enter")
    said = message(channel(page), "/threadline finds a customer")
    expect(said).to_contain_text("Only visible to you")
    become(page, "Mia Meyer")
    expect(said).to_have_count(0)
    become(page, "Bob Brown")
    said.get_by_role("button", name="Dismiss message").click()
    expect(said).to_have_count(0)


def test_in_a_thread_slack_takes_no_command_and_says_so(page: Page) -> None:
    meet(page, "Thea Thread", "Is this a thread?")
    answer(page).fill("/threadline help")
    answer(page).press("Enter")
    said = message(thread(page), "/threadline is not supported in threads. Sorry!")
    expect(said).to_contain_text("Slackbot")
    expect(said).to_contain_text("Only visible to you")
    expect(answer(page)).to_have_value("")


def test_the_command_alone_finds_a_customer_and_shows_what_can_be_done(page: Page) -> None:
    finn = meet(page, "Finn Found", "Find me", "WhatsApp")
    command(page, "/threadline")
    form = modal(page, "Find a customer")
    form.get_by_role("combobox", name="Customer").fill("finn")
    page.get_by_role("option", name=re.compile(finn.name)).click()
    form.get_by_role("button", name="Show").click()
    expect(modal(page, "Threadline")).to_contain_text(finn.name)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(channel(page).locator(":focus")).to_have_count(1)


def test_a_shortcut_is_chosen_where_one_writes(page: Page) -> None:
    button = channel(page).get_by_role("button", name="Shortcuts")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name=re.compile("Write to a customer"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(modal(page, "Write to a customer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_menu_of_a_message_is_walked_through_by_keyboard_and_leaves_no_trace(page: Page) -> None:
    meet(page, "Kai Keys", "By keyboard")
    said = message(thread(page), "By keyboard")
    said.focus()
    page.keyboard.press("m")
    expect(page.get_by_role("menuitem", name=re.compile("Threadline…"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(said.locator(":focus").or_(said.and_(page.locator(":focus")))).to_have_count(1)


def test_outsiders_see_the_buttons_and_nothing_else_of_the_app(page: Page) -> None:
    become(page, "Olga Outsider")
    expect(channel(page, "#shared")).to_be_visible()
    expect(page.get_by_role("button", name="Threadline", exact=True)).to_be_hidden()
    expect(channel(page, "#shared").get_by_role("button", name="Shortcuts")).to_be_hidden()
    become(page, "Bob Brown")
    expect(page.get_by_role("button", name="Threadline", exact=True)).to_be_visible()


def test_everybody_has_a_home_of_their_own_with_one_click_into_each_thread(page: Page) -> None:
    hana = meet(page, "Hana Home", "Who has me?", "WhatsApp")
    message(thread(page), hana.name).first.get_by_role("button", name="Claim", exact=True).click()
    expect(message(thread(page), "Owner: @Bob Brown")).to_be_visible()
    page.get_by_role("button", name="Threadline", exact=True).click()
    home = page.get_by_role("region", name="Threadline, Home")
    home.get_by_role("combobox").first.select_option(label="Yours")
    row = home.locator(".form-block").filter(has_text=hana.name).first
    expect(row).to_be_visible()
    become(page, "Mia Meyer")
    expect(home.get_by_role("button", name="Look again")).to_be_visible()
    become(page, "Bob Brown")
    expect(home.get_by_role("combobox").first).to_have_value("mine")
    row.get_by_role("button", name="Open").click()
    expect(home).to_be_hidden()
    expect(message(thread(page), "Who has me?")).to_be_visible()


def test_a_shortcut_that_took_too_long_is_answered_in_the_thread_for_its_doer_only(
    page: Page, stack: Running
) -> None:
    meet(page, "Nora Noone", "Anybody there?")
    stack.rest()
    stack.pull("slack", "fail", method="views.open", how={"error": "expired_trigger_id"}, times=1)
    do(message(thread(page), "Anybody there?"), "More actions")
    page.get_by_role("menuitem", name=re.compile("Threadline…")).click()
    said = message(thread(page), "longer than the three seconds")
    expect(said).to_contain_text("Only visible to you")
    expect(page.get_by_role("dialog")).to_have_count(0)
    said.get_by_role("button", name="Dismiss message").click()
    expect(said).to_have_count(0)
