"""The page goes on by itself: news without reloading, a stack that goes and comes, a page nobody looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.acting import (
    add,
    answer,
    become,
    bubble,
    channel,
    draft,
    fresh,
    meet,
    message,
    phone,
    reply,
    thread,
    turn,
    write,
)
from tests.page.conftest import FIRST_PORT, Running, start, visiting

AWAY = "Threadline is not running. Start it with make run; this page goes on by itself."
LOOK_AWAY = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def live(page: Page) -> None:
    page.get_by_text("Live", exact=True).wait_for()


@pytest.fixture
def second(browser: Browser, stack: Running) -> Iterator[Page]:
    """Another window on the same stack."""
    with visiting(browser, stack.url) as page:
        live(page)
        yield page


def test_what_happens_elsewhere_shows_without_reloading(page: Page, stack: Running) -> None:
    page.evaluate("window.same = true")
    who = fresh("Curt Elsewhere")
    stack.pull("whatsapp", "write", who=who.digits, text="Written with curl", name=who.name)
    page.get_by_role("button", name=who.name).click()
    expect(bubble(page, "Written with curl")).to_contain_text("delivered")
    said = message(thread(page), "Written with curl")
    expect(said).to_contain_text("Curt Elsewhere · WhatsApp")
    ts = said.get_attribute("data-ts")
    assert ts is not None
    stack.pull("slack", "react", user="jun", channel="support", ts=ts, name="eyes")
    expect(said.get_by_role("button", name="eyes, 1 reaction, from Jun Ito")).to_be_visible()
    stack.pull("slack", "react", user="jun", channel="support", ts=ts, name="eyes")
    expect(said.get_by_role("button", name=re.compile("^eyes"))).to_have_count(0)
    assert page.evaluate("window.same")


def test_two_windows_see_the_same(page: Page, second: Page) -> None:
    twin = meet(page, "Tina Twice", "Seen by two", "Telegram")
    expect(message(thread(second), "Seen by two")).to_be_visible()
    become(second, "Mia Meyer")
    reply(second, "Answered by Mia")
    expect(message(thread(page), "Answered by Mia")).to_contain_text("Mia Meyer")
    second.get_by_role("button", name=twin.name).click()
    for window in (page, second):
        expect(bubble(window, "Answered by Mia")).to_be_visible()


def test_a_page_nobody_looks_at_gives_its_line_back_and_catches_up(page: Page, stack: Running) -> None:
    who = fresh("Hidden Hanna")
    with page.expect_event("requestfailed", lambda request: "/live?" in request.url):
        page.evaluate(LOOK_AWAY, True)
    stack.pull("whatsapp", "write", who=who.digits, text="Nobody looks", name=who.name)
    stack.rest()
    expect(page.get_by_role("button", name=who.name)).to_have_count(0)
    with page.expect_request("**/live?*"):
        page.evaluate(LOOK_AWAY, False)
    expect(message(thread(page), "Nobody looks")).to_be_visible()
    page.get_by_role("button", name=who.name).click()
    expect(bubble(page, "Nobody looks")).to_be_visible()


def test_reloading_keeps_the_person_the_medium_the_thread_and_the_theme(page: Page, stack: Running) -> None:
    held = meet(page, "Kay Keeps", "Keep this open", "Telegram")
    become(page, "Mia Meyer")
    answer(page).fill("x")
    answer(page).fill("")
    stack.pull("whatsapp", "write", who=fresh("Nobody").digits, text="A newer thread", name="Nobody")
    theme = page.get_by_role("button", name="Theme")
    theme.click()
    theme.click()
    page.reload()
    live(page)
    expect(page.get_by_role("button", name=held.name, pressed=True)).to_be_visible()
    expect(page.get_by_role("tab", name="Telegram")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("radio", name="Mia Meyer")).to_be_checked()
    expect(message(thread(page), "Keep this open")).to_be_visible()
    expect(theme).to_have_text("Theme: dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_stack_that_ends_and_starts_again_is_gone_on_with_by_itself(browser: Browser) -> None:
    port = FIRST_PORT + 30
    running = start(port)
    try:
        with visiting(browser, running.url) as page:
            live(page)
            late = meet(page, "Rosa Restart", "Before the end")
            running.end()
            expect(page.get_by_role("status").filter(has_text=AWAY)).to_be_visible()
            write(page, "Written in between")
            expect(phone(page).get_by_role("alert")).to_contain_text("Threadline is not running just now.")
            expect(draft(page)).to_have_value("Written in between")
            field = channel(page).get_by_role("textbox", name="Message #support")
            field.fill("Told the others in between")
            field.press("Enter")
            expect(channel(page).get_by_role("alert")).to_contain_text("Nothing of yours is lost")
            expect(field).to_have_value("Told the others in between")

            running = start(port)
            live(page)
            expect(channel(page).get_by_role("article")).to_have_count(0)
            expect(thread(page)).to_be_hidden()
            expect(page.get_by_role("button", name=late.name, pressed=True)).to_be_visible()
            expect(bubble(page, "Before the end")).to_have_count(0)
            expect(draft(page)).to_have_value("Written in between")
            expect(field).to_have_value("Told the others in between")
            draft(page).press("Enter")
            expect(message(thread(page), "Written in between")).to_be_visible()
            field.press("Enter")
            expect(message(channel(page), "Told the others in between")).to_be_visible()
    finally:
        running.end()


def test_where_slack_is_the_real_one_the_page_says_where_to_look(browser: Browser) -> None:
    running = start(
        FIRST_PORT + 40,
        THREADLINE_SLACK_URL="http://127.0.0.1:9",
        SLACK_BOT_TOKEN="xoxb-theirs",
        SLACK_SIGNING_SECRET="theirs",
    )
    try:
        with visiting(browser, running.url) as page:
            live(page)
            team = page.get_by_role("region", name="The team, in Slack")
            expect(team).to_contain_text("The team is in your own Slack.")
            expect(team).to_contain_text("look into your support channel there")
            add(page, fresh("Rea Real"))
            turn(page, "Telegram")
            write(page, "To a real Slack")
            expect(bubble(page, "To a real Slack")).to_contain_text("delivered")
    finally:
        running.end()
