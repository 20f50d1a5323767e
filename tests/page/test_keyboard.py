"""The whole story without a mouse: every stop is seen, and no redraw takes the focus away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.acting import bubble, channel, fresh, mark, meet, message, phone, thread, until
from tests.page.pulling import line, switch

SEEN = """() => {
  const focused = document.activeElement ?? document.body;
  const shows = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  const label = focused.closest("label, .box, .ph-write-row");
  const { width, height, right, bottom, left, top } = (label ?? focused).getBoundingClientRect();
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && width > 0 && height > 0;
  const name = focused.ariaLabel || focused.textContent.trim().slice(0, 40);
  const seen = shows(focused) || (label !== null && shows(label));
  return [`${focused.tagName}.${focused.className} ${name}`, inside && seen];
}"""
GUARD = """() => {
  window.lost = [];
  let last = null;
  const look = () => {
    const now = document.activeElement;
    if (now === document.body && last) window.lost.push(`${last.tagName}.${last.className} ${last.ariaLabel}`);
    last = now === document.body ? null : now;
    requestAnimationFrame(look);
  };
  look();
}"""
MANY_STEPS = """() => import("./ground/world.js").then(({ apply }) => {
  for (let n = 0; n < 100; n += 1) {
    apply({ source: "flow", kind: "bell", at: Date.now(), ms: 0, queue: "inbound", about: [`bell-${n}`] });
  }
})"""
WALKED = """(log) => {
  const rows = [...log.children].filter((row) => row.querySelector(".flow-id"));
  return rows.length - 1 - rows.indexOf(document.activeElement.closest(".flow-step"));
}"""
FAR = 80
"""Stops after which what should be reached counts as out of reach; they are as many, whatever happened before."""


@pytest.fixture
def keys(page: Page) -> Iterator[Page]:
    """The page, watched for the moment at which the focus is lost."""
    page.evaluate(GUARD)
    yield page
    assert page.evaluate("window.lost") == []


def on_focus(page: Page) -> str:
    """Name what has the focus; it has to show that it has."""
    name, _ = until(lambda: page.evaluate(SEEN), lambda seen: seen[1])
    return str(name)


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until something is reached, and see at each stop where one is."""
    stops = []
    for _ in range(FAR):
        page.keyboard.press(key)
        stops.append(on_focus(page))
        if wanted.evaluate_all("(all) => all[0] === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is out of reach; on the way: {stops}")


def test_the_whole_story_is_played_without_a_mouse(keys: Page) -> None:
    kim = fresh("Kim Keys")
    press = keys.keyboard.press
    tab_to(keys, keys.get_by_role("button", name="Add a customer"))
    press("Enter")
    keys.keyboard.type(kim.name)
    press("Tab")
    keys.keyboard.type(kim.number)
    press("Enter")
    expect(keys.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    on_focus(keys)
    keys.keyboard.type("Written without a mouse")
    press("Enter")
    expect(bubble(keys, "Written without a mouse")).to_contain_text("delivered")

    card = message(channel(keys), kim.number)
    expect(message(thread(keys), "Written without a mouse")).to_be_visible()
    tab_to(keys, card)
    press("Enter")
    answer = thread(keys).get_by_role("textbox", name="Reply…")
    expect(answer).to_be_focused()
    keys.keyboard.type("Answered without one")
    press("Enter")
    expect(answer).to_be_focused()
    answered = message(thread(keys), "Answered without one")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    expect(answer).to_be_focused()

    tab_to(keys, answered, "Shift+Tab")
    press("r")
    expect(keys.get_by_role("searchbox", name="Search all emoji")).to_be_focused()
    keys.keyboard.type("tada")
    press("Enter")
    expect(answered.get_by_role("button", name=re.compile("^tada, 1 reaction, from you"))).to_be_visible()
    on_focus(keys)
    press("Home")
    expect(thread(keys).get_by_role("article").first).to_be_focused()
    tab_to(keys, thread(keys).get_by_role("button", name="Claim"))
    press("Enter")
    expect(thread(keys).get_by_role("article").first).to_contain_text(re.compile("Owner: @bob", re.IGNORECASE))
    on_focus(keys)

    opener = keys.get_by_role("button", name="Make things go wrong")
    tab_to(keys, opener)
    press("Enter")
    twice = switch(keys, "Slack tells everything twice")
    expect(twice).to_be_visible()
    tab_to(keys, twice)
    press("Space")
    expect(twice).to_be_checked()
    on_focus(keys)
    press("Escape")
    expect(line(keys)).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_first_stops_lead_past_everything(keys: Page) -> None:
    for name, place in (
        ("The customers", "customers"),
        ("The team", "team"),
        ("What happens in between", "between"),
    ):
        keys.keyboard.press("Tab")
        expect(keys.get_by_role("link", name=name)).to_be_focused()
        on_focus(keys)
        keys.keyboard.press("Enter")
        expect(keys.locator(f"#{place}")).to_be_focused()
        keys.keyboard.press("Tab")
        expect(keys.locator(f"#{place} :focus")).to_have_count(1)
        keys.get_by_role("link", name=name).focus()


def test_the_ids_on_the_line_are_walked_through_with_the_arrow_keys_and_never_out_of_sight(keys: Page) -> None:
    meet(keys, "Wim Walks", "Something to walk through")
    opener = keys.get_by_role("button", name="What happens in between")
    tab_to(keys, opener)
    keys.keyboard.press("Enter")
    expect(line(keys)).to_be_visible()
    tab_to(keys, line(keys))

    def walk() -> list[int]:
        """Give how many rows each key led away from the last one; meanwhile another may have come."""
        seen = []
        for key in ("End", "ArrowUp", "ArrowUp", "ArrowDown"):
            keys.keyboard.press(key)
            seen.append(line(keys).evaluate(WALKED))
        return seen

    until(walk, lambda seen: seen == [0, 1, 2, 1])
    keys.evaluate(MANY_STEPS)
    expect(line(keys).get_by_role("button", name="Copy conversation bell-99")).to_have_count(1)
    expect(line(keys).locator(".flow-id:focus")).to_be_in_viewport(ratio=1)
    on_focus(keys)


def test_people_and_media_are_chosen_by_keyboard(keys: Page) -> None:
    tab_to(keys, keys.get_by_role("tab", selected=True))
    keys.keyboard.press("ArrowRight")
    tab = keys.get_by_role("tab", selected=True)
    expect(tab).to_be_focused()
    on_focus(keys)
    bob = keys.get_by_role("radio", name="Bob Brown")
    tab_to(keys, bob)
    keys.keyboard.press("ArrowDown")
    expect(keys.get_by_role("radio", name="Mia Meyer")).to_be_checked()
    on_focus(keys)


def test_what_the_arrow_keys_reach_in_a_menu_shows_its_focus_as_well(keys: Page) -> None:
    keys.get_by_role("button", name="More on this phone").focus()
    keys.keyboard.press("Enter")
    keys.keyboard.press("End")
    expect(phone(keys).get_by_role("menuitem").last).to_be_focused()
    on_focus(keys)


def test_all_customers_are_one_stop_of_the_tab_key_and_the_arrow_keys_lead_through_them(keys: Page) -> None:
    row = keys.get_by_role("list", name="Customers").get_by_role("button")
    tab_to(keys, row.first)
    keys.keyboard.press("ArrowRight")
    expect(row.nth(1)).to_be_focused()
    on_focus(keys)
    keys.keyboard.press("End")
    expect(row.last).to_be_focused()
    on_focus(keys)
    keys.keyboard.press("Tab")
    expect(keys.get_by_role("button", name="Add a customer")).to_be_focused()
    keys.keyboard.press("Shift+Tab")
    expect(row.last).to_be_focused()
    keys.keyboard.press("Home")
    keys.keyboard.press("ArrowRight")
    keys.keyboard.press("Enter")
    expect(row.nth(1)).to_have_attribute("aria-pressed", "true")
