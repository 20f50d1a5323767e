"""What can go wrong on the customers' side: each provider's switches, for all three at once, the customer's.

The stack is in a hurry (hasty.py), so that what takes a minute or five takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import channel, mark, meet, message, reply, thread, until, verdict
from tests.page.conftest import Running
from tests.page.pulling import bubbles, open_switches, open_thread, planned, pull, take_up, told

LONG = 120_000
"""Milliseconds for what has to be waited out."""
MEDIA = {"Twilio": "SMS", "WhatsApp": "WhatsApp", "Telegram": "Telegram"}
BEST = {"Twilio": "ballot box with check", "WhatsApp": "ballot box with check", "Telegram": "heavy check mark"}
"""The mark of a reply that arrived, as far as each provider tells."""


NOBODY_KNOWS = {
    "WhatsApp": "the provider confirms what it takes, and was silent: most likely it never left.",
    "Telegram": "the provider's answer was lost, and there is nobody to ask.",
}
"""What is said of a reply that perhaps was sent, where nobody can be asked."""


@pytest.fixture(scope="module")
def whole_stack(hasty_stack: Running) -> Running:
    return hasty_stack


@pytest.fixture
def board(page: Page, stack: Running) -> Page:
    """The page with the line and the switches open."""
    stack.rest()  # or what is still under way would take what is planned for somebody else
    open_switches(page)
    return page


def answer_all(page: Page, name: str, fault: str, *, already: Collection[str] = ()) -> dict[str, str]:
    """Meet a customer of each provider, pull its switch unless that was done already, and answer.

    Gives what each card calls its customer.
    """
    met = {}
    for provider, medium in MEDIA.items():
        one = meet(page, f"{name} {provider}", f"{name} writes by {provider}", medium)
        met[provider] = one.number if medium == "SMS" else one.name
    for provider, known_as in met.items():
        if provider not in already:
            pull(page, fault.format(provider), provider=provider)
        open_thread(page, known_as)
        reply(page, f"{name} is told by {provider}")
    return met


def arrived_once(page: Page, name: str, met: dict[str, str]) -> None:
    """See that each reply is on its phone once, and marked so in Slack."""
    for provider, known_as in met.items():
        words = f"{name} is told by {provider}"
        take_up(page, f"{name} {provider}")
        expect(bubbles(page, words)).to_have_count(1, timeout=LONG)
        open_thread(page, known_as)
        said = message(thread(page), words).filter(has=page.get_by_role("button", name=re.compile("1 reaction")))
        expect(mark(said, BEST[provider])).to_be_visible(timeout=LONG)


def test_busy_providers_are_waited_for_and_each_reply_is_sent_once(board: Page) -> None:
    met = answer_all(board, "Bus", "{} is too busy")
    for provider in MEDIA:
        expect(told(board, f"{provider} answers 429 to a message: wait 5 s", "send")).not_to_have_count(0)
    waits = told(board, "Not sent yet: they ask us to wait", "send")
    until(waits.count, lambda found: found >= len(MEDIA), LONG)
    arrived_once(board, "Bus", met)
    expect(board.get_by_role("switch", checked=True)).to_have_count(0)


def test_while_providers_are_down_it_asks_them_or_a_person_before_anything_is_sent_again(
    board: Page, stack: Running
) -> None:
    # Asked three times in vain, it would be a person's turn with Twilio, too.
    stack.pull("twilio", "fail", on="POST", how={"status": 503}, times=1)
    met = answer_all(board, "Dow", "{} is down", already=["Twilio"])
    for provider in MEDIA:
        down = f"{provider} answers 503 to a message: perhaps done, perhaps not"
        expect(told(board, down, "send")).not_to_have_count(0)
    expect(told(board, "Perhaps sent: nobody knows", "send")).not_to_have_count(0)
    for provider, words in NOBODY_KNOWS.items():
        open_thread(board, met[provider])
        expect(verdict(board, words)).to_have_count(1, timeout=LONG)
    expect(verdict(board, "").get_by_role("button", name="It arrived")).to_be_visible()
    board.get_by_role("button", name="Put everything right").click()
    expect(board.get_by_role("switch", checked=True)).to_have_count(0)
    for provider in NOBODY_KNOWS:
        open_thread(board, met[provider])
        verdict(board).get_by_role("button", name="Send again").click()
        good_news = re.compile("This (has been sent to|did reach) Dow")
        expect(thread(board).get_by_role("article").filter(has_text=good_news)).to_be_visible(timeout=LONG)
    expect(told(board, "Twilio shows what we sent, to look for the reply", "send")).not_to_have_count(0)
    expect(told(board, "It never went out: so it can be sent again", "send")).not_to_have_count(0)
    arrived_once(board, "Dow", met)


def test_an_answer_that_was_lost_is_found_or_asked_for_and_nothing_is_sent_twice(board: Page) -> None:
    met = answer_all(board, "Los", "{}'s answer is lost")
    for provider in MEDIA:
        lost = f"{provider} does it, but its answer to a message is lost"
        expect(told(board, lost, "send")).to_have_count(1)
    said = verdict(board, "It is not known whether this reached Los Telegram by Telegram")
    expect(said.get_by_role("button", name="Send again")).to_be_visible(timeout=LONG)
    said.get_by_role("button", name="It arrived").click()
    expect(message(thread(board), "This did reach Los Telegram after all.")).to_be_visible()
    arrived_once(board, "Los", met)


def test_a_refused_reply_is_told_below_it_with_the_reason_and_the_way_on(board: Page) -> None:
    met = answer_all(board, "Ref", "{} refuses a message")
    reasons = {
        "Twilio": ("their phone cannot be reached at the moment.", 1),
        "WhatsApp": ("their phone cannot be reached at the moment.", 1),
        "Telegram": ("the address does not exist or cannot be written to.", 0),
    }
    for provider, known_as in met.items():
        open_thread(board, known_as)
        said = verdict(board, f"by {MEDIA[provider]}: {reasons[provider][0]}")
        expect(said).to_contain_text("Not delivered to ")
        expect(said).to_contain_text(f"Ref is told by {provider}”")
        expect(said.get_by_role("button", name="Send again")).to_have_count(reasons[provider][1])
    open_thread(board, met["Twilio"])
    verdict(board).get_by_role("button", name="Send again").click()
    take_up(board, "Ref Twilio")
    expect(bubbles(board, "Ref is told by Twilio").last).to_be_visible()
    expect(verdict(board)).to_have_count(0)


def test_a_message_that_a_provider_tells_twice_stands_in_the_thread_once(board: Page) -> None:
    for provider, medium in MEDIA.items():
        title = f"{provider} tells everything twice"
        pull(board, title, provider=provider)
        meet(board, f"Twi {provider}", f"Twice by {provider}", medium)
        knocks = f"{provider} calls our webhook with a message"
        expect(told(board, knocks, "webhook", since=title)).to_have_count(2)
        expect(told(board, "On record already: nothing is written twice", "record", since=title)).to_have_count(1)
        expect(message(thread(board), f"Twice by {provider}")).to_have_count(1)
    for provider in ("WhatsApp", "Telegram"):
        expect(message(channel(board), f"Twi {provider}")).to_have_count(1)


def test_a_customer_who_blocks_us_gets_nothing_and_the_thread_says_why(board: Page) -> None:
    meet(board, "Bob Blocks", "I shall block you", "Telegram")
    pull(board, "The customer blocks us")
    expect(planned(board, "The customer blocks us")).to_have_text("blocked")
    expect(board.get_by_text("You have blocked this company on Telegram.")).to_be_visible()
    reply(board, "Please do not")
    expect(verdict(board, "they asked not to be written to.")).to_contain_text(
        "Not delivered to Bob Blocks by Telegram"
    )
    expect(bubbles(board, "Please do not")).to_have_count(0)
    pull(board, "The customer blocks us")
    reply(board, "Thank you")
    expect(bubbles(board, "Thank you")).to_have_count(1)
