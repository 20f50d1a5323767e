"""What is said to those who listen rather than look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import hear, mark, meet, message, reply, thread, until, verdict, write
from tests.page.conftest import Running


@pytest.fixture
def listening(page: Page) -> Callable[..., None]:
    """Expect that words were announced, all of them at once, since the page was opened."""
    heard = hear(page)

    def listen(*words: str) -> None:
        until(heard, lambda said: any(all(one in together for one in words) for together in said))

    return listen


def test_what_is_new_is_announced_on_both_sides(page: Page, listening: Callable[..., None]) -> None:
    hanna = meet(page, "Hanna Hears", "Is anybody there?")
    write(page, "Who speaks?")
    expect(message(thread(page), "Who speaks?")).to_be_visible()
    listening(f"{hanna.number} · SMS: Who speaks?")
    expect(mark(reply(page, "It is us"), "ballot box with check")).to_be_visible()
    listening("Your company on SMS: Bob Brown: It is us")
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def test_what_goes_wrong_is_announced(page: Page, stack: Running, listening: Callable[..., None]) -> None:
    alma = meet(page, "Alma Alarm", "Tell me when it breaks")
    stack.rest()
    stack.pull("twilio", "fail", how={"error": 21211}, on="POST", times=1)
    reply(page, "It breaks")
    expect(verdict(page)).to_be_visible()
    listening(f"Threadline: ⚠️ Not delivered to {alma.number} by SMS: the address does not exist")


def test_of_two_announcements_at_once_both_are_heard(page: Page, listening: Callable[..., None]) -> None:
    page.evaluate(
        "import('./ground/dom.js').then(({ announce }) => { announce('the first'); announce('the second') })"
    )
    listening("the first", "the second")


def test_the_first_words_of_a_customer_are_announced(page: Page, listening: Callable[..., None]) -> None:
    meet(page, "Fanny First", "My very first words")
    listening("My very first words")
