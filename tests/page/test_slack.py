"""The little Slack: where one stays, which channels are at hand, what is unread, and what is a command."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.page.acting import answer, become, bubble, channel, meet, message, reply, somebody, thread, until, write
from tests.page.conftest import Running


def side(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Slack")


def test_the_newest_thread_opens_by_itself_until_somebody_works_in_one(page: Page) -> None:
    meet(page, "Nell Newest", "First of all")
    meet(page, "Nat Newer", "Then I")
    answer(page).click()
    later = somebody(page, "Nina Newest")
    write(page, "Here I am too")
    card = message(channel(page), later.number)
    expect(card.get_by_role("button", name=re.compile("1 reply 1 new"))).to_be_visible()
    expect(message(thread(page), "Then I")).to_be_visible()


def test_the_channels_that_are_there_to_be_tried_are_folded_away(page: Page) -> None:
    others = side(page).get_by_role("button", name="Other channels")
    archived = side(page).get_by_role("button", name=re.compile("^archived"))
    elsewhere = side(page).get_by_role("button", name=re.compile("^elsewhere"))
    expect(others).to_have_attribute("aria-expanded", "false")
    expect(side(page).get_by_role("list", name="Channels", exact=True).get_by_role("listitem")).to_have_count(3)
    expect(archived.or_(elsewhere)).to_have_count(0)
    others.press("Enter")
    expect(others).to_have_attribute("aria-expanded", "true")
    expect(elsewhere).to_be_visible()
    archived.click()
    expect(channel(page, "#archived")).to_contain_text("Nobody has written here yet.")
    others.click()
    expect(elsewhere).to_have_count(0)
    expect(archived).to_be_visible()  # the one that is open stays


def test_a_reply_is_no_news_in_the_channel_but_a_mention_is(page: Page) -> None:
    uma = meet(page, "Uma Unread", "Who answers?")
    support = side(page).get_by_role("button", name=re.compile("^support"))
    side(page).get_by_role("button", name=re.compile("^sales")).click()
    write(page, "Hello?")
    expect(bubble(page, "Hello?")).to_be_visible()
    become(page, "Mia Meyer")
    support.click()
    message(channel(page), uma.number).get_by_role("button", name=re.compile(r"^\d+ repl")).click()
    expect(message(thread(page), "Hello?")).to_be_visible()
    reply(page, "// ask @bob about it")
    expect(message(thread(page), "about it")).to_be_visible()
    side(page).get_by_role("button", name=re.compile("^sales")).click()
    become(page, "Bob Brown")
    expect(support).to_have_accessible_name("support, 1 mention")


def test_a_button_hears_its_click_though_its_message_changes_under_the_finger(page: Page, stack: Running) -> None:
    paul = meet(page, "Paul Presses", "Who takes me?")
    card = message(channel(page), paul.number)
    card.get_by_role("button", name="Claim").hover()
    page.mouse.down()
    stack.pull("twilio", "write", who=paul.number, text="Anybody?")
    expect(message(thread(page), "Anybody?")).to_be_visible()
    expect(card.get_by_role("button", name="1 reply")).to_be_visible()
    page.mouse.up()
    expect(card).to_contain_text("Owner: @Bob Brown")
    expect(card.get_by_role("button", name="1 reply")).to_have_count(0)


def test_what_begins_like_a_command_is_not_sent_but_a_note_is(page: Page) -> None:
    meet(page, "Cora Command", "Say something")
    answer(page).fill("/giphy hello")
    answer(page).press("Enter")
    expect(thread(page).get_by_role("alert")).to_contain_text("/giphy is not a valid command.")
    expect(answer(page)).to_have_value("/giphy hello")
    expect(reply(page, "// only for us")).to_be_visible()


def test_a_message_is_read_aloud_in_words(page: Page) -> None:
    meet(page, "Lena Listens", "Read to me")
    reply(page, "*Let* me look :eyes:")
    expect(message(thread(page), "Let me look")).to_have_accessible_name(
        re.compile(r"^Bob Brown at \d+:\d\d.*: Let me look eyes$")
    )


def test_a_narrow_window_scrolls_to_slack_and_cuts_nothing_off(page: Page) -> None:
    page.set_viewport_size({"width": 720, "height": 450})
    field = channel(page).get_by_role("textbox", name="Message #support")
    answer(page).or_(field).last.scroll_into_view_if_needed()
    until(lambda: page.evaluate("document.documentElement.scrollWidth"), lambda width: width <= 720)
