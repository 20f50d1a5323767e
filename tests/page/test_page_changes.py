"""Edits, deletions, reactions and replies on the phone, from either side, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.acting import bubble, choose, draft, meet, phone, reply, somebody, thread, write
from tests.page.conftest import Running
from tests.page.files import Company, png
from tests.page.test_access import is_for_everyone

BOTH = ["WhatsApp", "Telegram"]


def act(page: Page, words: str, deed: str) -> None:
    """Choose something in the menu of one message."""
    said = bubble(page, words)
    said.hover()
    said.get_by_role("button", name="What to do with").click()
    said.get_by_role("menuitem", name=deed, exact=True).click()


def reaction(page: Page, words: str) -> Locator:
    return bubble(page, words).locator(".ph-reaction")


@pytest.mark.parametrize("medium", BOTH)
def test_a_customer_edits_one_of_their_messages(page: Page, medium: str) -> None:
    somebody(page, f"Edda {medium}", medium)
    write(page, "I need two")
    write(page, "By Friday")
    act(page, "I need two", "Edit")
    expect(draft(page)).to_have_value("I need two")
    write(page, "I need three")
    expect(bubble(page, "I need three")).to_contain_text("edited")
    expect(bubble(page, "I need two")).to_have_count(0)
    expect(bubble(page, "By Friday")).not_to_contain_text("edited")
    choose(page, "Edit my last message")
    write(page, "By Monday")
    expect(bubble(page, "By Monday")).to_contain_text("edited")
    expect(bubble(page, "By Friday")).to_have_count(0)


@pytest.mark.parametrize("medium", BOTH)
def test_a_customer_deletes_one_of_their_messages(page: Page, medium: str) -> None:
    somebody(page, f"Dela {medium}", medium)
    write(page, "Never mind")
    act(page, "Never mind", "Delete")
    expect(bubble(page, "This message was deleted.")).to_be_visible()
    expect(bubble(page, "Never mind")).to_have_count(0)
    expect(bubble(page, "deleted").get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("medium", [*BOTH, "WhatsApp by Twilio"])
def test_a_customer_answers_one_message(page: Page, medium: str) -> None:
    meet(page, f"Ansa {medium}", f"Answering on {medium}", medium)
    reply(page, "Which one?")
    act(page, "Which one?", "Reply")
    expect(phone(page).locator(".ph-changing")).to_contain_text("Answering Bob Brown: Which one?")
    draft(page).press("Escape")
    expect(phone(page).locator(".ph-changing")).to_be_hidden()
    act(page, "Which one?", "Reply")
    write(page, "The blue one")
    said = bubble(page, "The blue one")
    expect(said.locator(".ph-quoted")).to_contain_text("In reply to Your companyBob Brown: Which one?")
    expect(phone(page).locator(".ph-changing")).to_be_hidden()
    write(page, "Thanks")
    expect(bubble(page, "Thanks").locator(".ph-quoted")).to_have_count(0)


def test_where_a_medium_knows_no_such_things_no_message_has_a_menu(page: Page) -> None:
    somebody(page, "Sara Short")
    write(page, "Hello")
    expect(bubble(page, "Hello")).to_contain_text("Delivered")
    expect(bubble(page, "Hello").get_by_role("button")).to_have_count(0)


def test_the_company_edits_deletes_reacts_and_answers_on_telegram(page: Page, stack: Running) -> None:
    customer = meet(page, "Tilda Telegram", "Which colour?", "Telegram")
    company = Company(stack, customer)
    asked = next(
        entry
        for entry in stack.pull("telegram", "phone", who=int(customer.digits[-9:]))
        if entry["text"] == "Which colour?"
    )["id"]
    company.telegram("setMessageReaction", message_id=int(asked), reaction=[{"type": "emoji", "emoji": "❤"}])
    expect(reaction(page, "Which colour?")).to_contain_text("Your company reacted: ❤")
    sent = company.telegram("sendMessage", text="Blu", reply_parameters={"message_id": int(asked)})["message_id"]
    expect(bubble(page, "Blu").locator(".ph-quoted")).to_contain_text("In reply to YouWhich colour?")
    company.telegram("editMessageText", message_id=sent, text="Blue")
    expect(bubble(page, "Blue")).to_contain_text("edited")
    photo = company.telegram("sendPhoto", {"photo": ("a.png", png())}, caption="Like tis")["message_id"]
    company.telegram("editMessageCaption", message_id=photo, caption="Like this")
    expect(bubble(page, "Like this").get_by_role("img", name="Photo")).to_be_visible()
    is_for_everyone(page, "#customers")
    company.telegram("deleteMessage", message_id=sent)
    expect(bubble(page, "This message was deleted.")).to_be_visible()


def test_the_company_reacts_on_whatsapp(page: Page, stack: Running) -> None:
    customer = meet(page, "Wilma WhatsApp", "Thank you!", "WhatsApp")
    asked = stack.pull("whatsapp", "phone", who=customer.digits)[-1]["id"]
    Company(stack, customer).whatsapp(type="reaction", reaction={"message_id": asked, "emoji": "🎉"})
    expect(reaction(page, "Thank you!")).to_contain_text("Your company reacted: 🎉")


def test_the_menus_of_all_messages_are_one_stop_of_the_tab_key(page: Page) -> None:
    somebody(page, "Kay Keyboard", "Telegram")
    for words in ("The first", "The second", "The third"):
        write(page, words)
        expect(bubble(page, words)).to_contain_text("delivered")
    log = phone(page).get_by_role("log")
    log.focus()
    page.keyboard.press("Tab")
    expect(bubble(page, "The third").get_by_role("button", name="What to do with: The third")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(bubble(page, "The first").get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    menu = bubble(page, "The first").get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="React 👍")).to_be_focused()
    is_for_everyone(page, "#customers")
    page.keyboard.press("Escape")
    expect(bubble(page, "The first").get_by_role("button", name="What to do with")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(phone(page).get_by_role("button", name="Attach")).to_be_focused()


def test_what_changes_about_a_message_shows_once_its_menu_is_closed(page: Page, stack: Running) -> None:
    customer = meet(page, "Olaf Open", "Look at me", "Telegram")
    asked = stack.pull("telegram", "phone", who=int(customer.digits[-9:]))[-1]["id"]
    said = bubble(page, "Look at me")
    said.hover()
    said.get_by_role("button", name="What to do with").click()
    company = Company(stack, customer)
    company.telegram("setMessageReaction", message_id=int(asked), reaction=[{"type": "emoji", "emoji": "❤"}])
    company.telegram("sendMessage", text="I do")
    expect(bubble(page, "I do")).to_be_visible()
    expect(said.get_by_role("menuitem", name="React 👍")).to_be_focused()
    expect(reaction(page, "Look at me")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(reaction(page, "Look at me")).to_contain_text("Your company reacted: ❤")
    expect(said.get_by_role("button", name="What to do with")).to_be_focused()


def test_a_sound_goes_on_while_something_else_about_its_message_changes(page: Page, stack: Running) -> None:
    customer = meet(page, "Lou Listens", "Hear this", "Telegram")
    choose(page, "Send a voice message", "Attach")
    said = phone(page).get_by_role("log").get_by_role("listitem").filter(has=page.locator("audio"))
    expect(said).to_contain_text("delivered")
    said.locator("audio").evaluate("(it) => Object.assign(it, { loop: true, muted: true, mine: true }).play()")
    spoken = stack.pull("telegram", "phone", who=int(customer.digits[-9:]))[-1]["id"]
    heart = [{"type": "emoji", "emoji": "❤"}]
    Company(stack, customer).telegram("setMessageReaction", message_id=int(spoken), reaction=heart)
    expect(said.locator(".ph-reaction")).to_be_visible()
    expect(said.locator("audio")).to_have_js_property("mine", True)
    expect(said.locator("audio")).to_have_js_property("paused", False)


def test_a_message_that_is_new_keeps_its_menu_open(page: Page) -> None:
    meet(page, "Mena Menu", "Are there menus?", "Telegram")
    reply(page, "It is")
    said = bubble(page, "It is")
    expect(said).to_contain_text("new")
    said.hover()
    said.get_by_role("button", name="What to do with").click()
    expect(said.get_by_role("menu")).to_be_visible()
    expect(thread(page)).to_be_visible()
    said.get_by_role("menuitem", name="React 👍").click()
    expect(reaction(page, "It is")).to_contain_text("👍")
