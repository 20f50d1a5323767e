"""The team in Slack, through the page: reactions, edits, drafts, unread marks, and who sees what."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.page.acting import answer, become, bubble, channel, do, mark, meet, message, reply, thread


def test_a_reaction_is_given_added_to_and_taken_back(page: Page) -> None:
    meet(page, "Rea Reacts", "You are wonderful")
    become(page, "Mia Meyer")
    said = message(thread(page), "You are wonderful")
    do(said, "Add a reaction")
    picker = page.get_by_role("dialog", name="Choose an emoji")
    picker.get_by_role("searchbox").fill("tada")
    picker.get_by_role("button", name="tada", exact=True).click()
    pill = said.get_by_role("button", name=re.compile("^tada"))
    expect(pill).to_have_accessible_name("tada, 1 reaction, from you")

    become(page, "Bob Brown")
    pill.click()
    expect(pill).to_have_accessible_name("tada, 2 reactions, from Mia Meyer, you")
    pill.click()
    expect(pill).to_have_accessible_name("tada, 1 reaction, from Mia Meyer")
    expect(pill).to_have_attribute("aria-pressed", "false")


def test_ones_own_message_is_edited_and_deleted_where_it_stands(page: Page) -> None:
    meet(page, "Edda Edit", "What did you say?")
    note = reply(page, "// a fist draft")
    do(note, "Edit message")
    field = thread(page).get_by_role("textbox", name="Edit message")
    field.fill("// a first draft")
    field.press("Enter")
    better = message(thread(page), "// a first draft")
    expect(better).to_contain_text("(edited)")

    do(better, "Delete message")
    page.get_by_role("dialog", name="Delete message").get_by_role("button", name="Cancel").click()
    expect(better).to_be_visible()
    do(better, "Delete message")
    page.get_by_role("dialog", name="Delete message").get_by_role("button", name="Delete").click()
    expect(better).to_have_count(0)


def test_nobody_edits_what_somebody_else_wrote(page: Page) -> None:
    meet(page, "Otto Own", "Is this mine?")
    said = reply(page, "// mine, says Bob")
    become(page, "Mia Meyer")
    said.hover()
    bar = said.get_by_role("toolbar")
    expect(bar.get_by_role("button", name="Add a reaction")).to_be_visible()
    expect(bar.get_by_role("button", name="Edit message")).to_have_count(0)
    expect(bar.get_by_role("button", name="Delete message")).to_have_count(0)


def test_a_reply_edited_after_it_has_left_is_said_to_be_changed_here_only(page: Page) -> None:
    meet(page, "Lara Late", "Where is it?")
    answered = reply(page, "It is on the track")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    do(answered, "Edit message")
    field = thread(page).get_by_role("textbox", name="Edit message")
    field.fill("It is on the truck")
    field.press("Enter")
    expect(message(thread(page), "It is on the truck")).to_contain_text("(edited)")
    expect(message(thread(page), "Changed here only")).to_be_visible()
    expect(bubble(page, "It is on the track")).to_be_visible()


def test_every_member_writes_under_their_own_name_and_keeps_their_own_draft(page: Page) -> None:
    meet(page, "Dora Drafts", "Who is there?")
    answer(page).fill("Bob was about to say")
    become(page, "Jun Ito")
    expect(answer(page)).to_have_value("")
    expect(reply(page, "Jun is here")).to_contain_text("Jun Ito")
    become(page, "Bob Brown")
    expect(answer(page)).to_have_value("Bob was about to say")
    expect(bubble(page, "Jun is here")).to_be_visible()


def test_the_outsider_sees_only_what_is_shared_with_her(page: Page) -> None:
    meet(page, "Olga Out", "Is this between us?")
    become(page, "Olga Outsider")
    rooms = page.get_by_role("navigation", name="Slack").get_by_role("listitem")
    expect(rooms).to_have_count(1)
    expect(rooms).to_contain_text("shared")
    expect(channel(page, "#shared")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="Is this between us?")).to_have_count(0)


def test_each_person_has_unread_marks_of_their_own(page: Page) -> None:
    meet(page, "Una Unread", "Who has seen this?")
    room = page.get_by_role("navigation", name="Slack").get_by_role("button", name=re.compile("^sales"))
    become(page, "Jun Ito")
    room.click()
    field = channel(page, "#sales").get_by_role("textbox", name="Message #sales")
    field.fill("Jun tells sales, and @bob above all")
    field.press("Enter")
    expect(message(channel(page, "#sales"), "Jun tells sales")).to_be_visible()
    expect(room).to_have_accessible_name("sales")

    page.get_by_role("button", name=re.compile("^support")).click()
    become(page, "Bob Brown")
    expect(room).to_have_accessible_name(re.compile("unread, 1 mention"))
    room.click()
    expect(room).to_have_accessible_name("sales")


def test_a_reply_also_sent_to_the_channel_stands_in_both_and_reaches_the_customer(page: Page) -> None:
    meet(page, "Bea Broadcast", "Shall all hear this?")
    thread(page).get_by_role("checkbox", name="Also send to #support").check()
    said = reply(page, "All may hear this")
    expect(said).to_contain_text("Also sent to #support")
    expect(message(channel(page), "All may hear this")).to_contain_text("replied to a thread")
    expect(bubble(page, "All may hear this")).to_be_visible()
    expect(mark(said, "ballot box with check")).to_be_visible()
    expect(thread(page).get_by_role("checkbox")).not_to_be_checked()


def test_a_deleted_reply_that_has_gone_out_is_said_to_be_on_the_phone(page: Page) -> None:
    meet(page, "Dela Deleted", "And now?")
    answered = reply(page, "Forget this at once")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    do(answered, "Delete message")
    page.get_by_role("dialog", name="Delete message").get_by_role("button", name="Delete").click()
    expect(message(thread(page), "Deleted here only")).to_be_visible()
    expect(bubble(page, "Forget this at once")).to_be_visible()


def test_a_closed_thread_is_opened_again_from_the_channel(page: Page) -> None:
    clo = meet(page, "Clo Closes", "Open me")
    thread(page).get_by_role("button", name="Close thread").click()
    expect(thread(page)).to_be_hidden()
    message(channel(page), clo.number).get_by_role("button", name="1 reply").click()
    expect(message(thread(page), "Open me")).to_be_visible()
