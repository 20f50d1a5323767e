"""What is said to those who listen rather than look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import mark, meet, message, reply, thread, write
from tests.page.conftest import Running


@pytest.fixture
def heard(page: Page) -> Callable[[], str]:
    """All that was announced since the page was opened."""
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver((changes) => {
            for (const { target } of changes) {
              const place = (target.closest ? target : target.parentElement).closest("[aria-live=polite]");
              if (place) window.heard.push(place.textContent);
            }
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    return lambda: "\n".join(page.evaluate("window.heard"))


def test_what_is_new_is_announced_on_both_sides(page: Page, heard: Callable[[], str]) -> None:
    hanna = meet(page, "Hanna Hears", "Is anybody there?")
    write(page, "Who speaks?")
    expect(message(thread(page), "Who speaks?")).to_be_visible()
    assert f"{hanna.number} · SMS: Who speaks?" in heard()
    expect(mark(reply(page, "It is us"), "ballot box with check")).to_be_visible()
    assert "Your company on SMS: It is us" in heard()
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def test_what_goes_wrong_is_announced(page: Page, stack: Running, heard: Callable[[], str]) -> None:
    alma = meet(page, "Alma Alarm", "Tell me when it breaks")
    stack.pull("twilio", "fail", how={"error": 21211}, on="POST", times=1)
    reply(page, "It breaks")
    expect(message(thread(page), "⚠️")).to_be_visible()
    assert f"Threadline: ⚠️ Not delivered to {alma.number} by SMS: the address does not exist" in heard()


def test_of_two_announcements_at_once_both_are_heard(page: Page) -> None:
    page.evaluate(
        "import('./ground/dom.js').then(({ announce }) => { announce('the first'); announce('the second') })"
    )
    expect(page.locator("[aria-live=polite]").filter(has_text="the second")).to_have_count(1)
    assert "the first" in page.locator("[aria-live=polite]").all_text_contents()[-1]


def test_the_first_words_of_a_customer_are_announced(page: Page, heard: Callable[[], str]) -> None:
    meet(page, "Fanny First", "My very first words")
    assert "My very first words" in heard()
