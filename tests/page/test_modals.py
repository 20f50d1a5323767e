"""Modals in the little Slack: their fields, their stack, what is wrong with them, and who has the focus."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.page.acting import answer, become, meet, message, modal, thread, until, verbs, write
from tests.page.sheet import OPTIONS, Json, mrkdwn, plain

SHOW = """([user, stack]) =>
  import("./ground/world.js").then(({ apply }) => apply({ source: "slack", kind: "modal", user, stack }))"""
BOB = "U0BOB"


def view(*blocks: Json, **more: Any) -> Json:
    about = {"id": "V1", "type": "modal", "title": plain("A form"), "submit": plain("Hand in"), "state": {}}
    return {**about, "blocks": list(blocks), "errors": {}, "trouble": "", **more}


def field(name: str, kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": name, **more}
    return {"type": "input", "block_id": name, "label": plain(name.title()), "element": element}


def words(text: str) -> Json:
    return {"type": "section", "block_id": "b1", "text": mrkdwn(text)}


def show(page: Page, *stack: Json) -> Locator:
    """Let the page believe that these views are open before Bob."""
    page.evaluate(SHOW, [BOB, list(stack)])
    return modal(page, "A form")


def asked(page: Page, verb: str, result: Any = 200) -> Callable[[], list[Json]]:
    """Answer in the stand-in's place; gives what gives all that was asked."""
    heard: list[Json] = []

    def reply(route: Route) -> None:
        heard.append(dict(route.request.post_data_json or {}))
        route.fulfill(body=json.dumps({"ok": True, "result": result}), content_type="application/json")

    def told() -> list[Json]:
        page.evaluate("0")  # or nobody would hear of the request meanwhile
        return heard

    page.route(f"**/pull/slack/{verb}", reply)
    return told


def test_the_list_opens_from_a_message_and_gives_the_focus_back_when_it_closes(page: Page) -> None:
    meet(page, "Mo Modal", "What can be done with me?")
    opener = message(thread(page), "What can be done with me?")
    listed = verbs(page, opener)
    expect(listed.get_by_role("button", name="Claim")).to_be_visible()
    expect(listed.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(thread(page).locator(":focus")).to_have_count(1)


def test_the_focus_stays_in_a_modal_and_what_lies_under_it_is_out_of_reach(page: Page) -> None:
    form = show(page, view(field("first", "plain_text_input"), field("last", "plain_text_input")))
    expect(form.get_by_label("First")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        expect(form.locator(":focus")).to_have_count(1)
    expect(page.locator(".rooms")).to_have_attribute("inert", "")
    become(page, "Mia Meyer")
    expect(form).to_have_count(0)
    become(page, "Bob Brown")
    expect(form).to_be_visible()
    expect(page.get_by_role("radio", name="Bob Brown")).to_be_focused()


def test_what_was_typed_stays_while_somebody_looks_elsewhere_and_while_another_view_lies_on_it(page: Page) -> None:
    below = view(field("note", "plain_text_input", multiline=True))
    form = show(page, below)
    form.get_by_label("Note").fill("half a thought")
    become(page, "Mia Meyer")
    expect(form).to_have_count(0)
    become(page, "Bob Brown")
    expect(form.get_by_label("Note")).to_have_value("half a thought")
    show(page, below, view(words("Above"), id="V2"))
    expect(form).to_contain_text("Above")
    show(page, below)
    expect(form.get_by_label("Note")).to_have_value("half a thought")


def test_nothing_that_is_being_typed_is_drawn_anew_when_the_view_changes(page: Page) -> None:
    form = show(page, view(words("Before"), field("note", "plain_text_input", initial_value="one three")))
    note = form.get_by_label("Note")
    expect(note).to_have_value("")  # what stands there is in the state, not in the element
    note.fill("one three")
    note.evaluate("(one) => one.setSelectionRange(4, 4)")
    show(page, view(words("After"), {**field("note", "plain_text_input"), "hint": plain("A hint")}))
    expect(form).to_contain_text("After")
    expect(form).to_contain_text("A hint")
    expect(note).to_be_focused()
    page.keyboard.type("two ")
    expect(note).to_have_value("one two three")


def test_a_field_by_another_name_begins_with_what_the_app_put_there(page: Page) -> None:
    form = show(page, view(field("text", "plain_text_input")))
    form.get_by_label("Text").fill("mine")
    state = {"values": {"text#1": {"text#1": {"type": "plain_text_input", "value": "theirs"}}}}
    fresh = field("text#1", "plain_text_input", initial_value="theirs")
    show(page, view({**fresh, "label": plain("Text")}, state=state))
    expect(form.get_by_label("Text")).to_have_value("theirs")


FIELDS: list[tuple[Json, str, Any]] = [
    (field("it", "plain_text_input"), "words", "words"),
    (field("it", "plain_text_input", multiline=True), "words", "words"),
    (field("it", "number_input", is_decimal_allowed=False), "5", "5"),
    (field("it", "email_text_input"), "a@b.c", "a@b.c"),
    (field("it", "url_text_input"), "https://a.b", "https://a.b"),
    (field("it", "datepicker"), "2026-05-01", "2026-05-01"),
    (field("it", "timepicker"), "10:30", "10:30"),
    (field("it", "static_select", options=OPTIONS), "l", "l"),
    (field("it", "users_select"), "U0MIA", "U0MIA"),
    (field("it", "channels_select"), "C0SALES", "C0SALES"),
    (field("it", "checkboxes", options=OPTIONS), "Low", ["l"]),
    (field("it", "radio_buttons", options=OPTIONS), "Low", "l"),
]


@pytest.mark.parametrize(
    ("block", "wish", "value"), FIELDS, ids=[str(one["element"]["type"]) for one, *_ in FIELDS]
)
def test_every_field_is_wanted_and_handed_in_as_it_stands(page: Page, block: Json, wish: str, value: Any) -> None:
    handed = asked(page, "submit")
    form = show(page, view(block))
    form.get_by_role("button", name="Hand in").click()
    expect(form.get_by_role("alert").filter(has_text="Please complete this required field.")).to_be_visible()
    control = form.locator(".bk-input :is(input, textarea, select)").first
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(control).to_be_focused()
    if "options" in block["element"] and block["element"]["type"] != "static_select":
        form.get_by_label(wish).check()
    elif control.evaluate("(one) => one.tagName") == "SELECT":
        control.select_option(wish)
    else:
        control.fill(wish)
    expect(form.get_by_text("Please complete")).to_have_count(0)
    form.get_by_role("button", name="Hand in").click()
    until(handed, lambda heard: heard == [{"user": BOB, "values": {"it": value}}])


def test_what_the_app_finds_wrong_stands_under_its_field_until_it_is_changed(page: Page) -> None:
    block = {**field("name", "plain_text_input"), "optional": True}
    form = show(page, view(block))
    form.get_by_role("button", name="Hand in").focus()
    show(page, view(block, errors={"name": "Somebody is called that already."}))
    alert = form.get_by_role("alert").filter(has_text="Somebody is called that already.")
    expect(alert).to_be_visible()
    expect(form.get_by_label("Name")).to_be_focused()
    expect(form.get_by_label("Name")).to_have_accessible_description("Somebody is called that already.")
    page.keyboard.type("x")
    expect(alert).to_have_count(0)


def test_trouble_is_told_in_the_modal_which_stays(page: Page) -> None:
    form = show(page, view(field("name", "plain_text_input")))
    form.get_by_label("Name").fill("kept")
    show(page, view(field("name", "plain_text_input"), trouble="We had some trouble connecting. Try again?"))
    expect(form.get_by_role("alert").filter(has_text="trouble connecting")).to_be_visible()
    expect(form.get_by_label("Name")).to_have_value("kept")


FOUND = [
    {"text": plain("Ana Souza"), "value": "A", "description": plain("+5511")},
    {"text": plain("Anatol"), "value": "B"},
]


def test_choices_come_from_the_app_while_one_types_and_are_taken_by_keyboard(page: Page) -> None:
    looked = asked(page, "look", FOUND)
    handed = asked(page, "submit")
    form = show(page, view(field("customer", "external_select", min_query_length=2)))
    box = form.get_by_role("combobox", name="Customer")
    expect(box).to_be_focused()
    page.keyboard.type("a")
    expect(page.get_by_text("Type at least 2 letters.").first).to_be_visible()
    page.keyboard.insert_text("na")
    expect(page.get_by_role("option")).to_have_count(2)
    until(looked, lambda heard: heard == [{"user": BOB, "field": "customer", "typed": "ana"}])
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Anatol")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Anatol")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(form).to_be_visible()
    form.get_by_role("button", name="Hand in").click()
    until(handed, lambda heard: heard == [{"user": BOB, "values": {"customer": "B"}}])


def test_what_is_typed_and_not_chosen_is_nothing(page: Page) -> None:
    asked(page, "look", [])
    form = show(page, view(field("customer", "external_select", min_query_length=1)))
    box = form.get_by_role("combobox", name="Customer")
    box.fill("nobody")
    expect(page.get_by_text("Nothing found.").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_value("")


def test_a_button_in_a_form_sends_along_what_is_typed_there(page: Page) -> None:
    pressed = asked(page, "press_in_view")
    button = {"type": "button", "text": plain("Preview"), "action_id": "preview", "value": "7"}
    form = show(
        page, view(field("note", "plain_text_input"), {"type": "actions", "block_id": "b9", "elements": [button]})
    )
    form.get_by_label("Note").fill("as it stands")
    form.get_by_role("button", name="Preview").click()
    wanted = {"user": BOB, "values": {"note": "as it stands"}, "action_id": "preview", "choice": "7"}
    until(pressed, lambda heard: heard == [wanted])


def test_a_button_that_is_pressed_just_now_is_drawn_anew_when_it_is_let_go(page: Page) -> None:
    def button(text: str) -> Json:
        one = {"type": "button", "text": plain(text), "action_id": "preview", "value": "7"}
        return {"type": "actions", "block_id": "b9", "elements": [one]}

    pressed = asked(page, "press_in_view")
    form = show(page, view(button("Old"), words("Before")))
    form.get_by_role("button", name="Old").hover()
    page.mouse.down()
    show(page, view(button("New"), words("After")))
    expect(form).to_contain_text("After")
    expect(form.get_by_role("button", name="Old")).to_be_visible()
    page.mouse.up()
    expect(form.get_by_role("button", name="New")).to_be_visible()
    until(pressed, lambda heard: [one["action_id"] for one in heard] == ["preview"])


def test_a_modal_that_opens_while_somebody_is_at_the_phone_leaves_them_there(page: Page) -> None:
    meet(page, "Pia Phone", "One moment")
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.focus()
    form = show(page, view(field("note", "plain_text_input")))
    expect(form).to_be_visible()
    expect(box).to_be_focused()
    write(page, "Still here")
    show(page)
    expect(message(thread(page), "Still here")).to_be_visible()
    expect(answer(page)).to_be_enabled()


def test_close_goes_one_view_back_and_the_cross_closes_all_of_them(page: Page) -> None:
    meet(page, "Cora Close", "Open and close")
    said = message(thread(page), "Open and close")
    listed = verbs(page, said)
    listed.get_by_role("button", name="Note…").click()
    note = modal(page, "Note")
    note.get_by_role("button", name=re.compile("Cancel|Close")).last.click()
    expect(listed).to_be_visible()
    listed.get_by_role("button", name="Note…").click()
    note.get_by_role("button", name="Close", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
