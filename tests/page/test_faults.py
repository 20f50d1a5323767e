"""What can be made to go wrong, and what one sees of it: nothing lost, nothing doubled, and always a way on.

The stack is in a hurry (hasty.py), so that what takes a minute or three takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import channel, mark, meet, message, reply, somebody, thread, write
from tests.page.conftest import Running
from tests.page.pulling import bubbles, open_switches, open_thread, planned, pull, switch, told

LONG = 120_000
"""Milliseconds for what has to be waited out."""
PROVIDERS = ("Twilio", "WhatsApp", "Telegram")


@pytest.fixture(scope="module")
def whole_stack(hasty_stack: Running) -> Running:
    return hasty_stack


@pytest.fixture
def board(page: Page, stack: Running) -> Iterator[Page]:
    """The page with the line and the switches open, and the channel of the desk as it was, whatever happened."""
    stack.rest()  # or what is still under way would take what is planned for somebody else
    open_switches(page)
    yield page
    stack.pull("slack", "unarchive", channel="support")


SLACK: dict[str, str | re.Pattern[str]] = {
    "Slack is too busy": "3 to go",
    "Slack is down": "1 to go",
    "The line to Slack breaks": "1 to go",
    "Slack's answer is lost": "1 to go",
    "Slack tells everything twice": "twice",
    "Slack holds its events back": re.compile(r"\d+ held"),
    "Slack refuses our token": "until put right",
    "#support is archived": "archived",
}
PROVIDER = {
    "{} is down": "until put right",
    "{} is too busy": "3 to go",
    "{}'s answer is lost": "1 to go",
    "{} refuses a message": "1 to go",
    "{} tells everything twice": "twice",
}


def test_every_switch_says_what_is_planned_until_it_is_turned_back(board: Page) -> None:
    expect(switch(board, "Slack is down")).to_have_accessible_description(re.compile("about a minute"))
    for title, words in SLACK.items():
        pull(board, title)
        expect(planned(board, title)).to_have_text(words)
        pull(board, title)
        expect(planned(board, title)).to_have_text("")
    for provider in PROVIDERS:
        titles = {title.format(provider): words for title, words in PROVIDER.items()}
        pull(board, *titles, provider=provider)
        expect(board.get_by_role("button", name="Make things go wrong")).to_contain_text("5 now")
        for title, words in titles.items():
            expect(planned(board, title)).to_have_text(words)
            pull(board, title)
            expect(planned(board, title)).to_have_text("")
    expect(board.get_by_role("button", name="Make things go wrong")).not_to_contain_text("now")


def test_what_somebody_else_plans_or_mends_shows_too(board: Page, stack: Running) -> None:
    stack.pull("slack", "fail", method="chat.postMessage", how={"retry_after": 5, "status": 429}, times=2)
    expect(switch(board, "Slack is too busy")).to_be_checked()
    expect(planned(board, "Slack is too busy")).to_have_text("2 to go")
    stack.pull("slack", "archive", channel="support")
    expect(switch(board, "#support is archived")).to_be_checked()
    expect(board.get_by_role("navigation", name="Slack").get_by_text("support", exact=True)).to_have_count(0)
    stack.pull("slack", "unarchive", channel="support")
    stack.pull("slack", "mend")
    for title in ("Slack is too busy", "#support is archived"):
        expect(switch(board, title)).not_to_be_checked()
    stack.pull("twilio", "repeat", n=1)
    somebody(board, "Theo Twice")
    expect(switch(board, "Twilio tells everything twice")).to_be_checked()


def test_one_press_puts_everything_right_but_what_a_customer_decided(board: Page) -> None:
    meet(board, "Rita Right", "Is all well?", "WhatsApp")
    pull(board, "Slack refuses our token", "Slack tells everything twice", "Slack holds its events back")
    pull(board, "#support is archived", "The customer blocks us")
    pull(board, "Telegram is down", provider="Telegram")
    expect(board.get_by_role("button", name="Make things go wrong")).to_contain_text("5 now")
    board.get_by_role("button", name="Put everything right").click()
    expect(board.get_by_role("switch", checked=True)).to_have_count(1)
    expect(switch(board, "The customer blocks us")).to_be_checked()
    expect(switch(board, "#support is archived")).not_to_be_checked()
    expect(board.get_by_role("button", name="Make things go wrong")).not_to_contain_text("now")
    expect(told(board, "You put everything right", "fault")).to_have_count(1)


def test_a_busy_slack_is_waited_for_and_then_told_once(board: Page) -> None:
    meet(board, "Bea Busy", "Is anybody there?")
    pull(board, "Slack is too busy")
    write(board, "Posted once, after all")
    expect(told(board, "Slack answers 429 to a post: wait 5 s", "post")).not_to_have_count(0)
    expect(told(board, "The post has to wait, since Slack asks us to", "post")).not_to_have_count(0)
    expect(told(board, "The gate of Slack/#support is closed until", "gate")).not_to_have_count(0)
    expect(message(thread(board), "Posted once, after all")).to_have_count(1, timeout=LONG)
    expect(switch(board, "Slack is too busy")).not_to_be_checked()


@pytest.mark.parametrize(
    ("title", "spoiled", "remedy"),
    [
        ("Slack is down", "Slack answers 500 to a post: perhaps done, perhaps not", "Slack shows the thread"),
        ("The line to Slack breaks", "The line to Slack breaks before a post is done", "Slack shows the thread"),
        (
            "Slack's answer is lost",
            "Slack does it, but its answer to a post is lost",
            "The post was there already",
        ),
    ],
)
def test_slack_gets_a_post_once_though(board: Page, stack: Running, title: str, spoiled: str, remedy: str) -> None:
    words = f"Once, though {title}"
    meet(board, "Once Only", f"Before, {title}")
    stack.rest()
    pull(board, title)
    write(board, words)
    expect(told(board, f"You make it go wrong: {title}.", "fault")).to_have_count(1)
    expect(told(board, spoiled, "post", since=title)).to_have_count(1)
    expect(told(board, "Nobody knows whether Slack has the post", "post", since=title)).to_have_count(1)
    expect(switch(board, title)).not_to_be_checked()
    expect(told(board, remedy, "post", since=title)).to_have_count(1, timeout=LONG)
    expect(message(thread(board), words)).to_have_count(1)
    write(board, f"And on, {title}")
    expect(message(thread(board), f"And on, {title}")).to_have_count(1)
    expect(message(thread(board), words)).to_have_count(1)


def test_a_reply_that_slack_tells_twice_goes_out_once(board: Page) -> None:
    title = "Slack tells everything twice"
    meet(board, "Tessa Twice", "Twice?")
    pull(board, title)
    answered = reply(board, "Only once")
    expect(told(board, "a message of Bob Brown in #support, once more", "reply", since=title)).to_have_count(1)
    expect(told(board, "On record already: nothing is written twice", "record", since=title)).to_have_count(1)
    expect(mark(answered, "ballot box with check")).to_be_visible()
    expect(bubbles(board, "Only once")).to_have_count(1)


def test_replies_that_slack_held_back_go_out_in_their_order(board: Page) -> None:
    meet(board, "Hilda Held", "In which order?")
    pull(board, "Slack holds its events back")
    for number in ("first", "second", "third"):
        expect(reply(board, f"Held {number}")).to_be_visible()
    expect(planned(board, "Slack holds its events back")).to_have_text(re.compile(r"^([3-9]|\d\d) held$"))
    expect(bubbles(board, "Held")).to_have_count(0)
    pull(board, "Slack holds its events back")
    words = bubbles(board, "Held").locator(".ph-words")
    expect(words).to_have_text(["Bob Brown: Held first", "Held second", "Held third"])


def test_a_revoked_token_shuts_the_gate_and_everything_waits_on_record(board: Page) -> None:
    meet(board, "Toni Token", "Before the token goes")
    pull(board, "Slack refuses our token")
    write(board, "While the token is gone")
    expect(told(board, "Slack refuses a post: token_revoked", "post")).not_to_have_count(0)
    expect(
        told(board, "The gate of Slack/#support is closed, tried again every three minutes", "gate")
    ).not_to_have_count(0)
    expect(bubbles(board, "While the token is gone")).to_contain_text("delivered")
    expect(message(thread(board), "While the token is gone")).to_have_count(0)
    pull(board, "Slack refuses our token")
    expect(message(thread(board), "While the token is gone")).to_have_count(1, timeout=LONG)


def test_an_archived_channel_is_told_to_administrators_and_posted_to_once_it_is_back(board: Page) -> None:
    arno = meet(board, "Arno Archive", "Before the channel goes")
    pull(board, "#support is archived")
    expect(board.get_by_text("#support is archived. Nobody can write here.").first).to_be_visible()
    write(board, "While the channel is gone")
    expect(told(board, "Slack refuses a post: is_archived", "post")).not_to_have_count(0)
    admin = board.get_by_role("button", name=re.compile("^threadline-admin"))
    admin.click()
    expect(
        message(channel(board, "#threadline-admin"), "Everything for it waits and nothing is lost").last
    ).to_be_visible()
    pull(board, "#support is archived")
    board.get_by_role("button", name=re.compile("^support")).click()
    open_thread(board, arno.number)
    expect(message(thread(board), "While the channel is gone")).to_have_count(1, timeout=LONG)
