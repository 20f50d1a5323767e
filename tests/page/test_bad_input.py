"""What people write that should not do anything: it is shown as they wrote it, and nothing of it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.page.acting import (
    answer,
    bubble,
    channel,
    draft,
    meet,
    message,
    phone,
    reply,
    somebody,
    thread,
    until,
    write,
)

HTML = '<img src=x onerror="window.hit=1"><script>window.hit=1</script><b onclick=alert(1)>b</b> &amp; &lt;i&gt;'
MRKDWN = (
    """*bold* and _italic_ and ~gone~ and `code <b>` and ordinary
[a label](https://example.com/a?b=1&c=2) and https://example.org/plain and :tada: and @mia and #sales
[a trap](javascript:window.hit=1) and <javascript:window.hit=1|another> and <!channel> and <b>no markup</b>
> quoted words
- first point
- second point
1. first step
```
block <script>window.hit=1</script>
```
"""
    + HTML
)
OVERFLOWING = """(box) => [box, ...box.querySelectorAll("*")]
  .filter((one) => one.value || [...one.childNodes].some((inside) => inside.nodeType === 3))
  .filter((one) => one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1
    || (one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1))
  .map((one) => `${one.tagName} ${one.className}: ${one.scrollWidth} in ${one.clientWidth}`)"""


@pytest.fixture(autouse=True)
def nothing_runs(page: Page) -> Iterator[None]:
    """Whatever is written, no script of it runs, no window opens, no element is made of it."""
    opened: list[str] = []

    def hear(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", hear)
    page.on("popup", lambda popup: opened.append(popup.url))
    yield
    assert opened == []
    assert page.evaluate("window.hit") is None
    made = page.locator('img[src="x"], script:not([src="main.js"]), a[href^="javascript" i], [onclick], [onerror]')
    expect(made).to_have_count(0)


def everything_fits(page: Page, *said: Locator) -> None:
    """See that everything fits into its box, of these and of the conversation on the phone."""
    boxes = [phone(page).get_by_role("log"), *said]
    for box in boxes:
        expect(box.first).to_be_visible()

    def too_large() -> list[str]:
        return [line for box in boxes for line in box.evaluate_all(f"(all) => all.flatMap({OVERFLOWING})")]

    until(too_large, lambda found: found == [])


def shown(place: Locator, words: str) -> Locator:
    """The element that holds exactly these words."""
    return place.get_by_text(words, exact=True)


def test_a_customers_html_is_shown_as_they_wrote_it(page: Page) -> None:
    meet(page, "Hatem Html", HTML)
    expect(shown(bubble(page, HTML), HTML)).to_be_visible()
    expect(shown(message(thread(page), HTML), HTML)).to_be_visible()


def test_ten_thousand_characters_are_all_there_and_fit(page: Page) -> None:
    words = " ".join(f"word{number:05}" for number in range(1000))
    assert len(words) == 9_999
    somebody(page, "Tolga Thousand", "WhatsApp")
    write(page, words)
    said = message(thread(page), "word00999")
    expect(said).to_be_visible()
    numbers = [f"{number:05}" for number in range(1000)]
    until(lambda: re.findall(r"word(\d{5})", said.inner_text()), lambda found: found == numbers)
    expect(bubble(page, "word00999")).to_be_visible()
    phone(page).get_by_role("button", name="Read more").click()
    expect(phone(page).get_by_role("button", name="Read more")).to_have_count(0)
    everything_fits(page, said)


def test_emoji_of_several_characters_stay_whole(page: Page) -> None:
    words = "👨‍👩‍👧‍👦 🏳️‍🌈 🇹🇷 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👋🏽 👩🏿‍🚀 3️⃣ #️⃣ ❤️‍🔥 ☑️"
    meet(page, "Emil Emoji", words, "Telegram")
    expect(shown(message(thread(page), words), words)).to_be_visible()
    expect(shown(bubble(page, words), words)).to_be_visible()
    answer(page).fill(words)
    answer(page).press("Enter")
    expect(message(thread(page), words)).to_have_count(2)
    expect(bubble(page, words)).to_have_count(2)


def test_right_to_left_words_run_from_right_to_left_on_both_sides(page: Page) -> None:
    words, reply_words = "مرحبًا، هل طلبي رقم 42 جاهز؟", "نعم، هو جاهز."
    meet(page, "ليلى حسن", words, "WhatsApp")
    answered = reply(page, reply_words)
    expect(bubble(page, reply_words)).to_be_visible()
    for place in (bubble(page, words), message(thread(page), words)):
        expect(shown(place, words)).to_have_css("direction", "rtl")
    expect(shown(answered, reply_words)).to_have_css("direction", "rtl")
    expect(bubble(page, reply_words).get_by_text(f"Bob Brown: {reply_words}")).to_have_css("direction", "rtl")
    for field, typed in ((draft(page), words), (answer(page), reply_words)):
        field.fill(typed)
        expect(field).to_have_css("direction", "rtl")
        field.fill("left to right")
        expect(field).to_have_css("direction", "ltr")


def test_an_endless_word_stays_in_its_box(page: Page) -> None:
    endless = "w" * 1000
    meet(page, "E" * 60, endless, "WhatsApp")
    reply(page, f"{endless} https://example.com/{endless} *{endless}*")
    expect(bubble(page, "https://example.com/")).to_be_visible()
    for field in (draft(page), answer(page), channel(page).get_by_role("textbox")):
        field.fill(endless)
    said = thread(page).get_by_role("article")
    everything_fits(page, draft(page), answer(page), message(channel(page), "E" * 60), said)


def test_invisible_and_control_characters_spoil_nothing(page: Page) -> None:
    meet(page, "Ina Invisible", "before")
    write(page, "a\u200bb\u0007c\u001b[31md\u202ee\u2066f\u00adg\ufeffh")
    odd = message(thread(page), re.compile("a.?b.?c"))
    expect(odd).to_be_visible()
    write(page, "\u200b\u2060\u200d")
    expect(message(thread(page), "(an empty message)")).to_be_visible()
    write(page, "after")
    expect(message(thread(page), "after")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def test_blanks_alone_are_not_sent(page: Page) -> None:
    meet(page, "Bianca Blank", "one")
    for field in (draft(page), answer(page)):
        field.fill(" \n\t ")
        field.press("Enter")
        expect(field).to_have_value(" \n\t ")
    expect(message(thread(page), "")).to_have_count(2)


def test_every_construct_of_mrkdwn_becomes_what_slack_shows_and_nothing_more(page: Page) -> None:
    meet(page, "Mark Down", "Write me something nice")
    reply(page, MRKDWN)
    said = message(thread(page), "and ordinary")
    expect(said.get_by_role("strong")).to_have_text("bold")
    expect(said.get_by_role("emphasis")).to_have_text("italic")
    expect(said.get_by_role("code").first).to_have_text("code <b>")
    expect(said.get_by_role("blockquote")).to_have_text("quoted words")
    expect(said.get_by_role("link")).to_have_text(["a label", "https://example.org/plain"])
    expect(said.get_by_role("link", name="a label")).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    expect(said.get_by_role("listitem")).to_have_text(["first point", "second point", "first step"])
    expect(said).to_contain_text("block <script>window.hit=1</script>")
    expect(said).to_contain_text("<b>no markup</b>")
    expect(said.locator("s")).to_have_text("gone")
    expect(said).to_contain_text("@Mia Meyer")
    expect(said).to_contain_text("🎉")
    expect(said).to_contain_text(HTML)


def test_every_construct_of_mrkdwn_reaches_the_phone_as_words(page: Page) -> None:
    meet(page, "Mark Words", "Write me something plain")
    reply(page, MRKDWN)
    told = bubble(page, "no markup")
    expect(told).to_contain_text(HTML)
    expect(told).to_contain_text("block <script>window.hit=1</script>")
    expect(told).to_contain_text("https://example.com/a?b=1&c=2")
    expect(told.locator("b, strong, em, i, s, code, pre, blockquote, ul, img")).to_have_count(0)
    # A phone links addresses, and nothing else.
    expect(told.get_by_role("link")).not_to_have_count(0)
    expect(told.locator('a:not([href^="https://example.com/"], [href^="https://example.org/"])')).to_have_count(0)


def test_a_hostile_name_is_only_a_name(page: Page) -> None:
    name = """<img src=x onerror=hit=1> *E* <@U0BOB> `c` ${hit} </h2>"""
    meet(page, name, "What is in a name?", "WhatsApp")
    expect(page.get_by_role("button", name=name, pressed=True)).to_be_visible()
    said = message(thread(page), "What is in a name?")
    expect(said).to_contain_text(f"{name} · WhatsApp")
    expect(said.get_by_role("strong")).to_have_count(0)
    expect(thread(page).get_by_role("article").first.get_by_role("strong")).to_have_text(name)
    reply(page, "A rose")
    expect(bubble(page, "A rose")).to_be_visible()
    everything_fits(page, said)


def test_a_name_cannot_turn_the_words_around_it(page: Page) -> None:
    meet(page, "Ad\u202eevE", "Which way?", "WhatsApp")
    expect(message(thread(page), "Which way?")).to_contain_text("AdevE · WhatsApp")
