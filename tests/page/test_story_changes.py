"""Edits and reactions the whole way, from the phone into the thread and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.acting import bubble, do, meet, message, reply, thread, write
from tests.page.test_page_changes import BOTH, act, reaction


@pytest.mark.parametrize("medium", BOTH)
def test_a_reaction_goes_both_ways_and_is_taken_back(page: Page, medium: str) -> None:
    meet(page, f"Nod {medium}", f"Nodding on {medium}", medium)
    answered = reply(page, "Of course")
    act(page, "Of course", "React 🙏")
    expect(reaction(page, "Of course")).to_contain_text("You reacted: 🙏")
    expect(answered.get_by_role("button", name=re.compile("^pray, 1 reaction, from Threadline"))).to_be_visible()
    act(page, "Of course", "React 👍")
    expect(reaction(page, "Of course")).to_contain_text("You reacted: 👍")
    act(page, "Of course", "Take 👍 back")
    expect(reaction(page, "Of course")).to_have_count(0)
    expect(answered.get_by_role("button", name=re.compile("^(pray|\\+1)"))).to_have_count(0)
    do(message(thread(page), "Nodding on"), "Add a reaction")
    page.get_by_role("dialog", name="Choose an emoji").get_by_role("button", name="tada", exact=True).click()
    expect(reaction(page, "Nodding on")).to_contain_text("Your company reacted: 🎉")


def test_what_either_side_changes_is_changed_on_the_other(page: Page) -> None:
    meet(page, "Mira Mends", "I need two of them", "Telegram")
    said = reply(page, "They come at nine")
    expect(bubble(page, "They come at nine")).to_be_visible()
    do(said, "Edit message")
    field = thread(page).get_by_role("textbox", name="Edit message")
    field.fill("They come at ten")
    field.press("Enter")
    expect(bubble(page, "They come at ten")).to_contain_text("edited")
    act(page, "I need two of them", "Edit")
    write(page, "I need three of them")
    expect(message(thread(page), "I need three of them").first).to_contain_text("Edited")
