"""Who does not see the page as most do: axe finds nothing, in light, dark, small and with colours of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from slack_sdk import WebClient

from infra.local.stack import MADE_UP
from tests.page.acting import (
    channel,
    choose,
    do,
    draft,
    mark,
    meet,
    message,
    reply,
    thread,
    turn,
    until,
    verdict,
    write,
)
from tests.page.conftest import Running, visiting
from tests.page.pulling import open_line, open_switches

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RUN = """async ([where, forced]) => {
  // Where colours are forced, axe still reads those of the page: there the contrast is the system's.
  const rules = { "color-contrast": { enabled: forced === "none" } };
  const { violations } = await axe.run(where ?? document, { resultTypes: ["violations"], rules });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) =>
    `${id}: ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`));
}"""
LARGE, SMALL = {"width": 1440, "height": 900}, {"width": 1024, "height": 768}
Look = tuple[str, dict[str, int], Literal["light", "dark"], Literal["active", "none"]]
COLOURS: list[Look] = [("light", LARGE, "light", "none"), ("dark", LARGE, "dark", "none")]
PART: list[Look] = [("small", SMALL, "light", "none"), *COLOURS]
LOOKS: list[Look] = [
    ("small and dark", SMALL, "dark", "none"),
    ("forced colours", LARGE, "dark", "active"),
    *PART,
]
"""The large one last: who goes on after it finds everything in its usual place."""


def is_for_everyone(page: Page, where: str | None = None, looks: Sequence[Look] = ()) -> None:
    """See that axe says nothing against the page in any of its looks; of a part, in those that differ most."""
    page.evaluate(AXE)
    these = looks or (PART if where else LOOKS)
    until(lambda: complaints(page, where, these), lambda found: not found)


def complaints(page: Page, where: str | None, looks: Sequence[Look]) -> dict[str, list[str]]:
    found = {}
    for look, size, scheme, forced in looks:
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.emulate_media(color_scheme=scheme, forced_colors=forced)
        said = page.evaluate(RUN, [where, forced])
        if said:
            found[look] = said
    return found


@pytest.fixture(scope="module")
def tale(browser: Browser, whole_stack: Running) -> Iterator[Page]:
    """Much has happened: a card, replies, a reaction, a verdict with its button; the drawer open."""
    with visiting(browser, whole_stack.url) as page:
        tell(page, whole_stack)
        yield page


@pytest.fixture
def told_tale(tale: Page) -> Page:
    """The same page for all who look at it, in the look that most see."""
    tale.set_viewport_size({"width": LARGE["width"], "height": LARGE["height"]})
    tale.emulate_media(color_scheme="light", forced_colors="none")
    return tale


def tell(page: Page, stack: Running) -> None:
    meet(page, "Axel Axe", "Is it ready? https://example.com 🎉", "WhatsApp")
    write(page, "I need it *today*")
    reply(page, "Yes: *today*, see [here](https://example.com)")
    expect(mark(message(thread(page), "Yes: today, see here"), "ballot box with check")).to_be_visible()
    stack.pull("whatsapp", "fail", how={"error": 131026}, on="/messages", times=1)
    reply(page, "And this fails")
    expect(verdict(page, "Not delivered to Axel Axe").get_by_role("button", name="Send again")).to_be_visible()
    do(message(thread(page), "Is it ready?"), "Add a reaction")
    page.get_by_role("dialog", name="Choose an emoji").get_by_role("button", name="tada", exact=True).click()
    open_switches(page)


def test_axe_finds_nothing_before_anything_has_happened(browser: Browser, site: str, page: Page) -> None:
    with visiting(browser, site) as away:
        expect(away.get_by_text("Slack is away.")).to_be_visible()
        is_for_everyone(away)
    page.get_by_role("button", name="Sam Carter").click()
    is_for_everyone(page, "#customers")


def test_axe_finds_nothing_in_a_channel_where_nobody_has_written(page: Page) -> None:
    page.get_by_role("button", name="Other channels").click()
    page.get_by_role("button", name=re.compile("^private")).click()
    expect(page.get_by_text("Nobody has written here yet.")).to_be_visible()
    is_for_everyone(page, "#team")


def test_axe_finds_nothing_in_the_whole_story_with_the_drawer_open(told_tale: Page) -> None:
    is_for_everyone(told_tale)


def test_axe_finds_nothing_in_what_only_one_person_sees(page: Page, stack: Running) -> None:
    app = WebClient(MADE_UP["SLACK_BOT_TOKEN"], base_url=f"http://127.0.0.1:{stack.port + 1}/api/")
    app.chat_postEphemeral(channel="C0SUPPORT", user="U0BOB", text="For Bob's eyes alone")
    alone = message(channel(page), "For Bob's eyes alone")
    expect(alone.get_by_role("button", name="Dismiss message")).to_be_visible()
    is_for_everyone(page, "#team")
    alone.get_by_role("button", name="Dismiss message").click()


def add_customer(page: Page) -> Locator:
    page.get_by_role("button", name="Add a customer").click()
    dialog = page.get_by_role("dialog", name="Add a customer")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("Enter a name")).to_be_visible()
    return dialog


def emoji(page: Page) -> Locator:
    thread(page).get_by_role("button", name="Emoji").click()
    return page.get_by_role("dialog", name="Choose an emoji")


def confirm(page: Page) -> Locator:
    do(reply(page, "// to be deleted"), "Delete message")
    return page.get_by_role("dialog", name="Delete message")


@pytest.mark.parametrize("open_dialog", [add_customer, emoji, confirm], ids=["add a customer", "emoji", "confirm"])
def test_axe_finds_nothing_in_the_dialog(page: Page, open_dialog: Callable[[Page], Locator]) -> None:
    meet(page, "Dia Dialog", f"Anybody there, {open_dialog.__name__}?")
    expect(open_dialog(page)).to_be_visible()
    is_for_everyone(page, "[role=dialog], dialog[open]")


def test_axe_finds_nothing_in_the_look_of_any_medium(page: Page) -> None:
    meet(page, "Mel Media", "By every medium", "WhatsApp")
    choose(page, "Let 25 hours pass")
    for medium in ("SMS", "Telegram", "RCS", "WhatsApp by Twilio", "WhatsApp"):
        turn(page, medium)
        if medium != "WhatsApp":
            write(page, f"By {medium}")
        draft(page).fill("a draft")
        is_for_everyone(page, "#customers", PART if medium == "WhatsApp" else COLOURS)


def test_the_page_says_what_it_is_and_its_headings_are_in_order(told_tale: Page) -> None:
    expect(told_tale).to_have_title("Threadline")
    expect(told_tale.locator("html")).to_have_attribute("lang", "en")
    headings = told_tale.locator("h1, h2, h3, h4")
    levels = [int(name[1]) for name in headings.evaluate_all("all => all.map(h => h.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_it_is_dark_where_the_system_is_and_when_told_so_and_remembers(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    light = background(page)
    page.emulate_media(color_scheme="dark")
    dark = background(page)
    assert light != dark
    theme, body = page.get_by_role("button", name="Theme:"), page.locator("body")
    expect(theme).to_have_text("Theme: system")
    theme.click()
    expect(theme).to_have_text("Theme: light")
    expect(body).to_have_css("background-color", light)
    page.emulate_media(color_scheme="light")
    theme.click()
    expect(theme).to_have_text("Theme: dark")
    expect(body).to_have_css("background-color", dark)
    page.reload()
    expect(theme).to_have_text("Theme: dark")
    expect(body).to_have_css("background-color", dark)


PARTS = (
    "html, body, header, main, nav, .team section, .between section, form, [role=tablist], [role=log], [role=feed]"
)
OVERFLOWING = """(parts) => [...document.querySelectorAll(parts)]
  .filter((one) => one.clientWidth && !one.closest(".unseen, .skips") && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth} > ${one.clientWidth}`)"""


def everything_fits(page: Page, parts: str = PARTS) -> None:
    until(lambda: page.evaluate(OVERFLOWING, parts), lambda found: found == [])


def test_nothing_is_cut_off_where_there_is_little_room(told_tale: Page) -> None:
    told_tale.set_viewport_size({"width": 1024, "height": 768})
    everything_fits(told_tale)
    told_tale.get_by_role("button", name="Make things go wrong").click()
    expect(told_tale.get_by_role("region", name="Make things go wrong")).to_be_hidden()
    everything_fits(told_tale)
    for field in ("Message", "Reply…"):
        expect(told_tale.get_by_role("textbox", name=field, exact=True)).to_be_in_viewport(ratio=1)
    open_switches(told_tale)


def test_a_long_row_of_customers_leaves_their_side_as_wide_as_it_is(page: Page) -> None:
    many = ", ".join(f'{{ name: "Row {one}", number: "+155523{one:05}" }}' for one in range(40))
    page.evaluate(f"import('./ground/view.js').then(({{ look }}) => look({{ people: [{many}] }}))")
    expect(page.get_by_role("button", name="Row 39")).to_be_attached()
    everything_fits(page)


def test_twice_as_large_on_a_large_screen_everything_is_within_reach(browser: Browser, stack: Running) -> None:
    with visiting(browser, stack.url, viewport={"width": 1024, "height": 600}, device_scale_factor=2) as page:
        meet(page, "Lupe Large", "Everything twice as large")
        open_line(page)
        for field in ("Message", "Reply…"):
            expect(page.get_by_role("textbox", name=field, exact=True)).to_be_in_viewport(ratio=1)
        for opener in ("What happens in between", "Make things go wrong", "Add a customer", "Theme:"):
            expect(page.get_by_role("button", name=opener)).to_be_in_viewport(ratio=1)
        everything_fits(page)


def test_nothing_moves_for_who_wants_nothing_to_move(told_tale: Page) -> None:
    write(told_tale, "Does anything move?")
    expect(message(thread(told_tale), "Does anything move?")).to_be_visible()
    moving = "document.getAnimations().filter(({ playState }) => playState === 'running').length"
    assert told_tale.evaluate(moving) == 0
