"""What a phone makes of the marks in a text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

SHOW = """
async (text) => {
  const { whatsAppWords } = await import("/phone/marks.js");
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
        ("*a* or *b*", "<strong>a</strong> or <strong>b</strong>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("`x * y` is code", "<code>x * y</code> is code"),
        ("```two\nlines```", "<code>two\nlines</code>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("2 * not bold *", "2 * not bold *"),
        (
            "> said *before*\n> twice\nnow",
            '<blockquote class="ph-quote">said <strong>before</strong>\ntwice</blockquote>now',
        ),
        ("- one\n* two", '<ul class="ph-list"><li>one</li><li>two</li></ul>'),
        ("4. four\n5. five\n", '<ol class="ph-list"><li value="4">four</li><li value="5">five</li></ol>'),
        ("```- code\n- is code```", "<code>- code\n- is code</code>"),
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


TELEGRAM = """
async ([text, entities]) => {
  const { telegramWords } = await import("/phone/marks.js");
  const place = document.createElementNS("http://www.w3.org/1999/xhtml", "p");
  place.append(...telegramWords(text, entities));
  return [place.innerHTML, place.textContent];
}
"""


def mark(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "entities", "shown"),
    [
        ("👋 bold *x*", [mark("bold", 3, 4)], "👋 <strong>bold</strong> *x*"),
        ("all of it", [mark("italic", 4, 2), mark("bold", 0, 9)], "<strong>all <em>of</em> it</strong>"),
        ("<b> code", [mark("pre", 4, 4)], "&lt;b&gt; <code>code</code>"),
        ("nothing", [mark("mystery", 0, 3), mark("bold", 0, 0)][:1], "nothing"),
        (
            "our shop",
            [mark("text_link", 4, 4, url="https://x.y/")],
            'our <a href="https://x.y/" target="_blank" rel="noreferrer noopener">shop</a>',
        ),
        ("our shop", [mark("text_link", 4, 4, url="javascript:1")], "our <a>shop</a>"),
        ("a b", [mark("bold", 0, 99)], "<strong>a b</strong>"),
    ],
)
def test_telegrams_marks_stand_beside_the_text(
    blank: Page, text: str, entities: list[dict[str, object]], shown: str
) -> None:
    assert blank.evaluate(TELEGRAM, [text, entities]) == [shown, text]


LINKS = """
async (text) => {
  const { linked } = await import("/phone/marks.js");
  const nodes = linked(text);
  return nodes.filter((node) => node.nodeType).map((node) => [node.textContent, node.getAttribute("href")]);
}
"""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("(https://a.example/x_(y))", [["https://a.example/x_(y)", "https://a.example/x_(y)"]]),
        ("*https://a.example*", [["https://a.example", "https://a.example"]]),
        ("HTTPS://A.EXAMPLE", [["HTTPS://A.EXAMPLE", "HTTPS://A.EXAMPLE"]]),
        ("(415) 555-0100", [["(415) 555-0100", "tel:4155550100"]]),
        ("+44 20 7946 0000.", [["+44 20 7946 0000", "tel:+442079460000"]]),
        ("2026-11-22 10:00, order 12345678, 1.2.3.4, part0001", []),
        ("javascript:alert(1) data:text/html,x https:// file:///etc x@y", []),
    ],
)
def test_only_what_can_be_followed_safely_is_a_link(blank: Page, typed: str, shown: list[list[str]]) -> None:
    assert blank.evaluate(LINKS, typed) == shown


@pytest.mark.parametrize(
    "nasty", ["https://" * 8_000, "a@" * 30_000, "a." * 30_000, "1 " * 30_000, "+1(" * 20_000]
)
def test_no_text_has_too_many_links(blank: Page, nasty: str) -> None:
    show = SHOW.replace("whatsAppWords", "linked")
    assert blank.evaluate(show, nasty)[1] == nasty
