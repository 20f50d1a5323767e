"""The switches: what they promise, what is against them, what one press puts right; and a message's whole way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.page.acting import mark, meet, message, reply, somebody, thread, write
from tests.page.conftest import Running
from tests.page.pulling import about, last_text, line, open_line, open_switches, switch, told


@pytest.fixture
def board(page: Page, stack: Running) -> Iterator[Page]:
    """The page with the switches open, and the channel of the desk as it was, whatever happened."""
    stack.rest()  # or what is still under way would take what is planned for somebody else
    open_switches(page)
    yield page
    stack.pull("slack", "unarchive", channel="support")


def hours(page: Page) -> Locator:
    return page.get_by_role("button", name="Let 25 hours pass")


def wrong(page: Page) -> Locator:
    return page.get_by_role("button", name="Make things go wrong")


def test_why_a_switch_cannot_be_used_stands_beside_it(board: Page) -> None:
    somebody(board, "Nelly New")
    expect(switch(board, "The customer blocks us")).to_have_attribute("aria-disabled", "true")
    expect(board.get_by_text("Nelly New has not written on this channel yet.")).to_be_visible()
    expect(hours(board)).to_have_accessible_description(re.compile("^There is no window here"))
    hours(board).press("Enter")
    expect(board.get_by_role("alert").filter(has_text="There is no window here")).to_be_visible()


def test_25_hours_pass_once_and_the_window_opens_when_the_customer_writes(board: Page) -> None:
    meet(board, "Willa Waits", "Before the hours pass", "WhatsApp")
    expect(hours(board)).to_have_attribute("aria-disabled", "false")
    hours(board).click()
    expect(hours(board)).to_have_attribute("aria-disabled", "true")
    expect(hours(board)).to_have_accessible_description(re.compile("when Willa Waits writes again"))
    expect(board.get_by_text("until they write again", exact=True)).to_be_visible()
    expect(wrong(board)).not_to_contain_text("now")
    write(board, "Here I am")
    expect(hours(board)).to_have_attribute("aria-disabled", "false")


def test_the_channel_of_the_desk_has_its_name_from_slack_and_its_place_from_the_settings(board: Page) -> None:
    board.evaluate(
        """import("./ground/world.js").then(({ world, touch }) => {
          world.about = { ...world.about, desks: ["C0SALES"] };
          touch("about");
        })"""
    )
    expect(switch(board, "#sales is archived")).to_be_visible()


def test_a_service_that_is_away_is_not_called_the_real_one(board: Page) -> None:
    away = """(services) => import("./ground/world.js").then(({ world, touch }) => {
      world.slack = null;
      world.about = { ...world.about, services };
      touch("about");
    })"""
    board.evaluate(away, {"slack": "stand-in"})
    expect(board.get_by_text("Slack cannot be reached just now.")).to_have_count(1)
    board.evaluate(away, {"slack": "real"})
    expect(board.get_by_text("The real Slack is connected, and does what it likes.")).to_have_count(1)
    expect(switch(board, "Slack is down")).to_have_attribute("aria-disabled", "true")


def test_trouble_is_told_in_words_and_goes_once_the_page_is_live_again(board: Page) -> None:
    def nobody(route: Route) -> None:
        route.abort()

    board.route("**/pull/**", nobody)
    switch(board, "Slack is down").click()
    alert = board.get_by_role("alert").filter(has_text="Threadline is not running just now.")
    expect(alert).to_be_visible()
    board.evaluate("""import("./ground/world.js").then(({ touch }) => touch("live"))""")
    expect(alert).to_have_count(0)


def test_only_these_lines_shows_the_whole_way_of_one_message(page: Page, stack: Running) -> None:
    open_line(page)
    wanda = meet(page, "Wanda Way", "One of two")
    write(page, "Two of two")
    expect(message(thread(page), "Two of two")).to_be_visible()
    expect(mark(reply(page, "My answer"), "ballot box with check")).to_be_visible()
    taken = about(told(page, "Twilio takes the message"), "message", last_text(stack, wanda))
    taken.get_by_role("button", name="Copy message").click()
    page.get_by_role("button", name="Only these lines").click()
    expect(page.get_by_text(re.compile("^Only message"))).to_be_visible()
    way = (
        "Slack calls us with a message of Bob Brown",
        "On record: a reply",
        "A bell rings: send takes up 1 conversation",
        "Twilio takes the message",
        "It is sent, and on record",
        "Twilio calls our webhook with a receipt",
        "The reply in Slack is marked",
    )
    for words in way:
        expect(told(page, words)).not_to_have_count(0)
    expect(told(page, "On record: a message")).to_have_count(0)
    expect(told(page, "The conversation has its thread")).to_have_count(0)


def test_what_no_line_bears_any_more_is_forgotten(page: Page) -> None:
    open_line(page)
    sizes = page.evaluate(
        """async () => {
          const { apply } = await import("./ground/world.js");
          const { book } = await import("./flow/log.js");
          for (let round = 0; round < 6; round += 1) {
            for (let n = 0; n < 500; n += 1) {
              const id = `${round}-${n}`;
              apply({ source: "flow", kind: "line", event: "reply.recorded", what: "reply", at: Date.now(),
                conversation: `c-${id}`, item: `i-${id}`, ts: `t-${id}` });
            }
            await new Promise(requestAnimationFrame);
          }
          return [book.homes.size, book.kin.size, book.uses.size];
        }"""
    )
    assert all(size <= 3 * 1000 for size in sizes), sizes
    expect(line(page).get_by_role("button", name="Copy item i-5-499")).to_be_visible()


def test_show_everything_becomes_show_less(page: Page) -> None:
    open_line(page)
    page.get_by_role("button", name="Show everything").click()
    page.get_by_role("button", name="Show less").click()
    expect(page.get_by_role("button", name="Show everything")).to_be_visible()
