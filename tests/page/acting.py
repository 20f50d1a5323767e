"""What people do on the page, by the names they see: the customer on a phone, the team in Slack."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from re import Pattern
from typing import TypeVar

from playwright.sync_api import Error, Locator, Page, expect

from tests.page.conftest import PATIENCE

T = TypeVar("T")

OFTEN = 0.1
"""Seconds between two looks."""
HEAR = """() => {
  window.heard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const place = (target.closest ? target : target.parentElement).closest("[aria-live=polite]");
      if (place) window.heard.push(place.textContent);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
NUMBERS: Iterator[int] = count(1)
"""Tests share a stack, so that each customer gets a number nobody had before."""


def until(look: Callable[[], T], holds: Callable[[T], object], patience: int = PATIENCE) -> T:
    """Look until what is seen holds: the page may be drawing just now, and the stack be at work.

    The look has to ask the page for something: what hears of its requests is called meanwhile only.
    """
    end = time.monotonic() + patience / 1000
    while True:
        is_last = time.monotonic() > end
        try:
            value = look()
        except Error as error:
            seen = error.message
        else:
            if holds(value):
                return value
            seen = repr(value)
        assert not is_last, f"seen for too long: {seen}"
        time.sleep(OFTEN)


def hear(page: Page) -> Callable[[], list[str]]:
    """Listen from now on; gives what gives all that was announced, which the page itself forgets after seconds."""
    page.evaluate(HEAR)
    return lambda: list(page.evaluate("window.heard"))


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    digits: str

    @property
    def number(self) -> str:
        return f"+{self.digits}"


def fresh(name: str) -> Customer:
    """Think of somebody nobody has met."""
    return Customer(name, f"1555200{next(NUMBERS):04}")


def add(page: Page, customer: Customer, medium: str = "SMS", language: str = "Not said") -> None:
    """Add a customer to the row, and take up their phone on a medium."""
    page.get_by_role("button", name="Add a customer").click()
    dialog = page.get_by_role("dialog", name="Add a customer")
    dialog.get_by_label("Name", exact=True).fill(customer.name)
    dialog.get_by_label("Phone number").fill(customer.number)
    dialog.get_by_label("Language").select_option(language)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name=customer.name, pressed=True)).to_be_visible()
    turn(page, medium)


def somebody(page: Page, name: str, medium: str = "SMS") -> Customer:
    """Add a customer whom nobody has met."""
    customer = fresh(name)
    add(page, customer, medium)
    return customer


def turn(page: Page, medium: str) -> None:
    """Open another medium on the phone in hand."""
    tab = page.get_by_role("tab", name=medium)
    (tab.first if medium == "WhatsApp" else tab).click()


def phone(page: Page) -> Locator:
    return page.get_by_role("tabpanel")


def bubble(page: Page, words: str) -> Locator:
    """What the phone shows of one message."""
    return phone(page).get_by_role("log").get_by_role("listitem").filter(has_text=words)


def draft(page: Page) -> Locator:
    return phone(page).get_by_role("textbox", name="Message")


def write(page: Page, words: str) -> None:
    """Write as the customer whose phone is in hand."""
    draft(page).fill(words)
    phone(page).get_by_role("button", name="Send", exact=True).click()


def choose(page: Page, words: str, menu: str = "More on this phone") -> None:
    """Choose something in a menu of the phone."""
    phone(page).get_by_role("button", name=menu).click()
    phone(page).get_by_role("menuitem", name=words).click()


def become(page: Page, name: str) -> None:
    """Look at Slack as another person."""
    page.get_by_role("radiogroup", name="Viewing as").get_by_text(name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()


def channel(page: Page, name: str = "#support") -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def thread(page: Page) -> Locator:
    return page.get_by_role("region", name="Thread", exact=True)


def message(pane: Locator, words: str | Pattern[str]) -> Locator:
    """What Slack shows of one message."""
    return pane.get_by_role("article").filter(has_text=words)


def answer(page: Page) -> Locator:
    return thread(page).get_by_role("textbox", name="Reply…")


def reply(page: Page, words: str) -> Locator:
    """Reply in the open thread, as whoever's Slack it is; gives the message there."""
    answer(page).fill(words)
    answer(page).press("Enter")
    return message(thread(page), words)


def do(said: Locator, action: str) -> None:
    """Press a button of the bar that comes over a message."""
    said.hover()
    said.get_by_role("toolbar").get_by_role("button", name=action).click()


def mark(said: Locator, name: str) -> Locator:
    """The one reaction that Threadline puts on a reply."""
    return said.get_by_role("button", name=f"{name}, 1 reaction, from Threadline")


def verdict(page: Page, words: str = "") -> Locator:
    """What the thread says became of a reply; the card has its warnings, too."""
    return (
        thread(page).get_by_role("article", name=re.compile(r"^Threadline at .{4,12}: ⚠️")).filter(has_text=words)
    )


def meet(page: Page, name: str, words: str, medium: str = "SMS") -> Customer:
    """Add a customer, let them write, and wait until their thread is open."""
    customer = somebody(page, name, medium)
    write(page, words)
    expect(message(thread(page), words)).to_be_visible()
    return customer


def modal(page: Page, name: str) -> Locator:
    """The modal before whoever's Slack it is."""
    return page.get_by_role("dialog", name=name, exact=True)


def verbs(page: Page, said: Locator) -> Locator:
    """Open, from a message's menu, the list of all that can be done."""
    do(said, "More actions")
    page.get_by_role("menuitem", name="Threadline…").click()
    return modal(page, "Threadline")


def command(page: Page, words: str, name: str = "#support") -> None:
    """Type a slash command in a channel."""
    field = channel(page, name).get_by_role("textbox", name=f"Message {name}")
    field.fill(words)
    field.press("Escape")  # the suggestions
    field.press("Enter")
