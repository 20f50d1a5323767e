"""Buttons, menus and boxes under a message: what is told when they are used, and when that goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.sheet import BUTTON, OPTIONS, Json, draw, mrkdwn, open_sheet, plain


@pytest.fixture(scope="module")
def sheet(browser: Browser, site: str) -> Iterator[Page]:
    with open_sheet(browser, site) as page:
        yield page


ELEMENTS: list[tuple[Json, str, str, Any]] = [
    ({"type": "static_select", "options": OPTIONS}, "select", "l", "l"),
    (
        {"type": "static_select", "option_groups": [{"label": plain("All"), "options": OPTIONS}]},
        "select",
        "l",
        "l",
    ),
    ({"type": "users_select"}, "select", "U2", "U2"),
    ({"type": "channels_select"}, "select", "C1", "C1"),
    ({"type": "conversations_select"}, "select", "C1", "C1"),
    ({"type": "external_select"}, "input", "something", "something"),
    ({"type": "datepicker"}, "input", "2026-05-01", "2026-05-01"),
    ({"type": "timepicker"}, "input", "10:30", "10:30"),
    ({"type": "datetimepicker"}, "input", "2026-03-01T13:00", "1772370000"),
    ({"type": "plain_text_input"}, "input", "words", "words"),
    ({"type": "plain_text_input", "multiline": True}, "textarea", "words", "words"),
    ({"type": "number_input"}, "input", "5", "5"),
    ({"type": "email_text_input"}, "input", "a@b.c", "a@b.c"),
    ({"type": "url_text_input"}, "input", "https://a.b", "https://a.b"),
    ({"type": "checkboxes", "options": OPTIONS}, "label", "Low", ["l"]),
    ({"type": "radio_buttons", "options": OPTIONS}, "label", "Low", "l"),
    ({"type": "multi_static_select", "options": OPTIONS}, "label", "Low", ["l"]),
    ({"type": "multi_users_select"}, "label", "tom", ["U2"]),
    ({"type": "overflow", "options": OPTIONS}, "button", "Low", "l"),
    ({"type": "button", "text": plain("Low"), "value": "v"}, "button", "Low", "v"),
    ({"type": "workflow_button", "text": plain("Low")}, "button", "Low", ""),
]


@pytest.mark.parametrize(
    ("element", "control", "wish", "choice"), ELEMENTS, ids=[str(element["type"]) for element, *_ in ELEMENTS]
)
def test_every_element_can_be_used_and_tells_what_was_chosen(
    sheet: Page, element: Json, control: str, wish: str, choice: Any
) -> None:
    press_anew(sheet, {**element, "action_id": "act"})
    for fold in sheet.locator("main summary").all():
        fold.click()
    if control == "select":
        sheet.locator("main select").select_option(wish)
    elif control in {"label", "button"}:
        sheet.locator(f"main {control}", has_text=wish).click()
    else:
        sheet.locator(f"main {control}").fill(wish)
        sheet.locator(f"main {control}").blur()
    assert sheet.evaluate("window.pressed") == [["act", choice]]


@pytest.mark.parametrize("element", [element for element, *_ in ELEMENTS], ids=lambda one: str(one["type"]))
def test_every_element_has_a_name_for_those_who_listen(sheet: Page, element: Json) -> None:
    press_anew(sheet, {**element, "action_id": "act"})
    for fold in sheet.locator("main summary").all():
        fold.click()
    unnamed = (
        """all => all.filter(one => !(one.getAttribute("aria-label") || one.labels?.length || one.innerText))"""
    )
    assert sheet.locator("main :is(button, input, select, textarea, summary)").evaluate_all(f"{unnamed}") == []


def press_anew(sheet: Page, element: Json) -> None:
    sheet.evaluate("() => { window.pressed = []; }")
    draw(sheet, "blocks", [{"type": "actions", "elements": [element]}])


def test_a_press_is_busy_until_it_is_taken_and_cannot_be_repeated_meanwhile(sheet: Page) -> None:
    press_anew(sheet, BUTTON)
    button = sheet.locator("main button")
    assert button.get_attribute("data-key") == "go"
    button.press("Enter")
    button.press("Enter")
    assert button.get_attribute("aria-busy") == "true"
    assert button.evaluate("one => one === document.activeElement")
    sheet.evaluate("() => window.taken()")
    assert button.get_attribute("aria-busy") is None
    assert sheet.evaluate("window.pressed") == [["go", "7"]]


def test_a_press_that_was_not_taken_says_so_beside_the_button(sheet: Page) -> None:
    press_anew(sheet, BUTTON)
    sheet.locator("main button").click()
    sheet.evaluate("() => window.refused(new Error('Nobody there.'))")
    assert sheet.get_by_role("alert").inner_text() == "⚠️ Nobody there."
    sheet.locator("main button").click()
    assert sheet.get_by_role("alert").count() == 0


def test_a_choice_that_was_not_taken_goes_back(sheet: Page) -> None:
    press_anew(sheet, {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0]})
    assert sheet.locator("main select").input_value() == "h"
    sheet.locator("main select").select_option("l")
    sheet.evaluate("() => window.refused(new Error('No.'))")
    sheet.get_by_role("alert").wait_for()
    assert sheet.locator("main select").input_value() == "h"


def test_a_confirmation_asks_with_its_four_texts(sheet: Page) -> None:
    texts = {
        "title": plain("Sure?"),
        "text": mrkdwn("It is *gone* then."),
        "confirm": plain("Go"),
        "deny": plain("No"),
    }
    press_anew(sheet, {**BUTTON, "text": plain("Delete"), "confirm": {**texts, "style": "danger"}})
    ask = sheet.get_by_role("button", name="Delete")
    dialog = sheet.locator("dialog[aria-label='Sure?']")
    for answer in ("No", "Escape"):
        ask.click()
        assert dialog.locator("strong").inner_text() == "gone"
        if answer == "Escape":
            sheet.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name="No").click()
        dialog.wait_for(state="detached")
        assert sheet.evaluate("window.pressed") == []
    ask.click()
    assert "bk-danger" in (dialog.get_by_role("button", name="Go").get_attribute("class") or "")
    dialog.get_by_role("button", name="Go").click()
    dialog.wait_for(state="detached")
    assert sheet.evaluate("window.pressed") == [["go", "7"]]


@pytest.mark.parametrize(("url", "opened"), [("https://a.b/", True), ("javascript:alert(1)", False)])
def test_a_button_with_a_link_follows_it_and_tells(sheet: Page, url: str, opened: bool) -> None:  # noqa: FBT001
    press_anew(sheet, {**BUTTON, "url": url})
    sheet.locator("main button").click()
    assert sheet.evaluate("window.pressed") == [["open", url]] * opened + [["go", "7"]]


def test_a_moment_stays_true_while_somebody_looks_at_it(browser: Browser, site: str) -> None:
    with open_sheet(browser, site, at_work=True) as sheet:
        draw(sheet, "mrkdwn", "<!date^1773482400^{date_short_pretty} at {time}|then>")
        moment = sheet.locator("main time")
        expect(moment).to_have_text(re.compile("^today at 10:00"))
        sheet.clock.fast_forward("24:00:00")
        expect(moment).to_have_text(re.compile("^yesterday at 10:00"))
