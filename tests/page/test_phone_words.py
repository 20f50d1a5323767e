"""What a phone makes of the marks in a text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

SHOW = """
async (text) => {
  const { whatsAppWords } = await import("/phone/words.js");
  const place = document.createElementNS("http://www.w3.org/1999/xhtml", "p");
  place.append(...whatsAppWords(text));
  return [place.innerHTML, place.textContent];
}
"""


@pytest.fixture(scope="module")
def blank(browser: Browser, site: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{site}/icon.svg")  # the same house, but nothing going on in it
    yield page
    page.close()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "plain"),
        ("*bold*, _italic_ and ~gone~", "<strong>bold</strong>, <em>italic</em> and <s>gone</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("`x * y` is code", "<code>x * y</code> is code"),
        ("```two\nlines```", "<code>two\nlines</code>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("*two\nlines*", "*two\nlines*"),
        ("(*bold*)", "(<strong>bold</strong>)"),
        ("<b>*x*</b>", "&lt;b&gt;<strong>x</strong>&lt;/b&gt;"),
    ],
)
def test_whatsapp_reads_its_own_marks(blank: Page, typed: str, shown: str) -> None:
    assert blank.evaluate(SHOW, typed)[0] == shown


@pytest.mark.parametrize("nasty", ["*a " * 20_000, "_*~" * 20_000, "`" * 60_000, "*" * 60_000])
def test_no_text_is_too_much_and_nothing_typed_is_lost(blank: Page, nasty: str) -> None:
    assert len(blank.evaluate(SHOW, nasty)[1]) == len(nasty)
