"""Who does not see the desk as most do: axe finds nothing in its forms, its list and the Home."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.acting import command, meet, message, modal, thread, verbs
from tests.page.test_access import is_for_everyone


def test_axe_finds_nothing_in_a_form_with_its_menu_and_what_is_wrong_or_in_the_home(page: Page) -> None:
    command(page, "/threadline write")
    form = modal(page, "Write to a customer")
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_role("alert").filter(has_text="Choose somebody")).to_be_visible()
    form.get_by_role("combobox", name="Customer").fill("nobody at all")
    expect(page.get_by_text("Nothing found.").first).to_be_visible()
    is_for_everyone(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Threadline", exact=True).click()
    expect(page.get_by_role("button", name="Look again")).to_be_visible()
    is_for_everyone(page)


def test_axe_finds_nothing_in_the_list_of_all_that_can_be_done(page: Page) -> None:
    meet(page, "Lia List", "What can you do with this?")
    verbs(page, message(thread(page), "What can you do with this?"))
    is_for_everyone(page)
    page.keyboard.press("Escape")
