"""What an engineer does on the page besides: watch the line in between, and pull the switches."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.page.acting import Customer, channel, message, phone, thread
from tests.page.conftest import Running


def take_up(page: Page, name: str) -> None:
    """Take up somebody's phone."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")


def open_thread(page: Page, known_as: str) -> None:
    """Open the thread of a customer by what their card calls them."""
    card = message(channel(page), known_as).first
    card.get_by_role("button", name="Last reply").click()
    expect(message(thread(page), known_as).first).to_be_visible()


def line(page: Page) -> Locator:
    return page.get_by_role("log", name="What happened")


def told(page: Page, words: str, station: str = "", *, since: str = "") -> Locator:
    """The steps of the line that say this: perhaps at one station only, or since a switch was pulled."""
    steps = f'[data-station="{station}"]' if station else "[data-station]"
    pulled = f'[data-station="fault"]:has-text("You make it go wrong: {since}") ~ ' if since else ""
    return line(page).locator(pulled + steps).filter(has_text=words)


def about(steps: Locator, what: str, name: str) -> Locator:
    """Those of the steps that bear an id: others may be at work in the same stack."""
    return steps.filter(has=steps.page.get_by_role("button", name=f"Copy {what} {name}", exact=True))


def last_text(stack: Running, customer: Customer, provider: str = "twilio") -> str:
    """The provider's id of the last message on a customer's phone."""
    who = customer.number if provider == "twilio" else customer.digits
    return str(stack.pull(provider, "phone", who=who)[-1]["id"])


def open_line(page: Page) -> None:
    page.get_by_role("button", name="What happens in between").click()
    expect(line(page)).to_be_visible()
    _drawn(page)


def _drawn(page: Page) -> None:
    """Wait until the line has caught up: of what happened before, each frame draws a few."""
    line(page).evaluate(
        """async (log) => {
          for (let before = -1; before !== log.childElementCount; ) {
            before = log.childElementCount;
            for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
          }
        }"""
    )


def open_switches(page: Page) -> Locator:
    """Open the switches, and give them."""
    page.get_by_role("button", name="Make things go wrong").click()
    switches = page.get_by_role("region", name="Make things go wrong")
    expect(switches).to_be_visible()
    _drawn(page)
    return switches


def switch(page: Page, title: str) -> Locator:
    return page.get_by_role("switch", name=title, exact=True)


def planned(page: Page, title: str) -> Locator:
    """What stands beside a switch: how much is still to go wrong."""
    return page.locator(".switch-line").filter(has=switch(page, title)).locator(".switch-state")


def pull(page: Page, *titles: str, provider: str = "") -> None:
    """Pull switches, and see that each stands the other way then."""
    if provider:
        page.get_by_role("group", name="Which provider").get_by_role("button", name=provider).click()
    for title in titles:
        one = switch(page, title)
        expect(one).not_to_have_attribute("aria-disabled", "true")
        wanted = "false" if one.get_attribute("aria-checked") == "true" else "true"
        one.click()
        expect(one).to_have_attribute("aria-checked", wanted)


def bubbles(page: Page, words: str) -> Locator:
    return phone(page).get_by_role("log").get_by_role("listitem").filter(has_text=words)
