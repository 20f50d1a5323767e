"""What this browser remembers of the page, when it is too much of it or was written by something else."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.page.acting import draft

HTML = '<img src=x onerror="window.hit=1">'


def remember(page: Page, book: str) -> None:
    """Begin anew with something else in the browser's memory."""
    here = page.url
    page.goto(f"{here}icon.svg")  # the page itself would go on writing into it
    page.evaluate("(book) => localStorage.setItem('threadline', book)", book)
    page.goto(here)
    page.get_by_text("Live", exact=True).wait_for()


def can_be_used(page: Page) -> None:
    expect(page.get_by_role("button", name="Ana Souza")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^support"))).to_be_visible()
    expect(draft(page)).to_be_visible()
    page.get_by_role("button", name="Sam Carter").click()
    expect(page.get_by_role("button", name="Sam Carter", pressed=True)).to_be_visible()


def test_a_memory_that_is_not_the_pages_own_is_forgotten(page: Page) -> None:
    for book in ("not JSON", "null", "[]", '"words"', '{"__proto__": {"people": 5}, "constructor": 1}'):
        remember(page, book)
        can_be_used(page)


def test_a_customer_in_the_memory_who_is_markup_is_only_a_name(page: Page) -> None:
    remember(page, json.dumps({"people": [{"name": HTML, "number": "<script>"}], "person": 1, "tab": "<b>"}))
    can_be_used(page)
    expect(page.get_by_title(HTML)).to_be_attached()


KINDS: list[dict[str, object]] = [
    {"people": 5, "medium": None, "read": None, "removed": 7},
    {"people": [None, 7, {}, {"name": 3, "number": 4}]},
]


def test_a_memory_with_something_of_another_kind_does_not_keep_the_page_from_starting(page: Page) -> None:
    for book in KINDS:
        remember(page, json.dumps(book))
        can_be_used(page)


def test_a_theme_that_does_not_exist_is_that_of_the_system(page: Page) -> None:
    remember(page, '{"theme": "<b>"}')
    expect(page.get_by_role("button", name="Theme")).to_have_text("Theme: system")
