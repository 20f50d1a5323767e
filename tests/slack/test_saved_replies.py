"""Saved replies: written, found and changed in Slack; chosen, filled in, looked at and sent."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.model import Kind, Snippet
from chalicelib.slack.asked import By, HandedIn, Press, Seen
from chalicelib.slack.desk.answers import Say, Show
from chalicelib.slack.desk.tables import FORMS, PRESSES
from chalicelib.store import Insert, Put
from chalicelib.team import renamed
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from tests.house import SETTINGS, House, reactions

ANA, MIA = "+15551230001", "U0MIA"
PARCEL = "Hello {first_name}, your parcel is on its way. {agent}, {desk}"


@pytest.fixture
def ana(house: House) -> House:
    """Ana wrote by WhatsApp, so her name is known; two replies are saved; Bob's name is known."""
    house.twilio.write(ANA, "Where is it?", medium="whatsapp", name="Ana Souza")
    saved(house, "Parcel on its way", PARCEL)
    saved(house, "Opening hours", "We are there from 9 to 5.")
    house.store.write(Put(renamed(house.world, BOB, "Bobby")))
    house.run()
    return house


def saved(house: House, title: str, text: str) -> str:
    name = f"01SNIPPET{title.upper().replace(' ', '')}"[:26].ljust(26, "0")
    house.store.write(Insert(Snippet(name, title, text)))
    return name


def snippets(house: House) -> list[tuple[str, str]]:
    return [(each.title, each.text) for each in house.store.listed(Snippet, "") if not each.deleted_at]


def home(house: House) -> str:
    return house.conversations()[-1].id


def open_form(house: House, user: str = BOB) -> None:
    """Somebody opens the form for the newest conversation, from the list of verbs."""
    card = house.threads()[-1]
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "snippets"}
    row = {"type": "actions", "elements": [{**button, "value": home(house)}]}
    house.world.slack._ask("chat.update", json={"channel": SUPPORT, "ts": card, "text": "x", "blocks": [row]})
    house.slack.press(user, SUPPORT, card, "snippets")


def choose(house: House, typed: str, user: str = BOB, **typed_so_far: str) -> None:
    """Somebody looks for a saved reply and takes the first."""
    if typed_so_far:
        house.slack.fill(user, typed_so_far)
    first = house.slack.look(user, "snippet", typed)[0]
    house.slack.press_in_view(user, "snippet", first["value"])


def top(house: House, user: str = BOB) -> dict[str, Any]:
    """The modal that somebody sees."""
    view = house.slack.modal(user)
    assert view is not None
    return view


def field(house: House, user: str = BOB) -> tuple[str, str]:
    """The field for the words, and what stands in it."""
    view = top(house, user)
    block = next(each for each in view["blocks"] if each["type"] == "input")
    values: dict[str, Any] = view["state"]["values"].get(block["block_id"], {})
    typed: dict[str, Any] = next(iter(values.values()), {})
    return block["block_id"], typed.get("value") or ""


def shown(house: House, user: str = BOB) -> str:
    return str(top(house, user))


def phone(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


# ------------------------------------------------------------------------------ choosing and sending


def test_a_saved_reply_stands_filled_in_and_goes_as_it_reads(ana: House) -> None:
    open_form(ana)
    assert "To *Ana Souza* by WhatsApp · +15551230001 · free text until" in shown(ana)
    choose(ana, "parcel")
    name, words = field(ana)
    assert words == "Hello Ana, your parcel is on its way. Bobby, Support"
    ana.slack.submit(BOB, {name: f"{words}!"})
    ana.run()
    assert phone(ana) == [f"{words}!"]
    assert (ana.thread()[-1]["username"], ana.slack.modal(BOB)) == ("Bobby", None)
    assert reactions(ana.thread()[-1]) == ["ballot_box_with_check"]


def test_the_form_can_be_written_in_without_a_saved_reply(ana: House) -> None:
    open_form(ana)
    ana.slack.submit(BOB, {field(ana)[0]: "On my way :wave:"})
    ana.run()
    assert phone(ana) == ["On my way 👋"]


def test_another_choice_takes_the_place_of_the_one_before(ana: House) -> None:
    open_form(ana)
    choose(ana, "parcel")
    choose(ana, "hours")
    assert field(ana)[1] == "We are there from 9 to 5."


def test_what_was_typed_already_stays_above_what_is_chosen(ana: House) -> None:
    open_form(ana)
    name, _ = field(ana)
    choose(ana, "hours", **{name: "Good morning!"})
    assert field(ana)[1] == "Good morning!\nWe are there from 9 to 5."


def test_what_does_not_fit_below_leaves_what_was_typed(ana: House) -> None:
    saved(ana, "Long", "x" * 2_500)
    open_form(ana)
    name, _ = field(ana)
    choose(ana, "long", **{name: "y" * 600})
    assert field(ana)[1] == "y" * 600
    assert "does not fit" in shown(ana)


def test_a_name_that_slack_has_not_told_yet_is_asked_for_behind_the_bell(ana: House) -> None:
    open_form(ana, MIA)
    ana.world.slack._names._known.clear()
    before = len(ana.slack.calls)
    choose(ana, "parcel", MIA)
    assert [name for name, _ in ana.slack.calls[before:]] == ["views.update"]
    ana.run()
    assert field(ana, MIA)[1].startswith("Hello Ana, your parcel is on its way. Mia")


def test_a_placeholder_that_nobody_can_fill_is_named_and_has_to_be_written_over(ana: House) -> None:
    saved(ana, "Delay", "{first_name}, order {order number} comes on {day}.")
    open_form(ana)
    choose(ana, "delay")
    name, words = field(ana)
    assert words == "Ana, order {order number} comes on {day}."
    assert "{order number}, {day}: nobody but you knows" in shown(ana)
    ana.slack.submit(BOB, {name: "Ana, order 17 comes on {day}."})
    assert "{day}: nobody but you knows" in str(top(ana, BOB)["errors"])
    ana.slack.submit(BOB, {name: "Ana, order 17 comes on Monday."})
    ana.run()
    assert phone(ana) == ["Ana, order 17 comes on Monday."]


def test_a_customer_of_whom_only_a_number_is_known_has_no_name(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    saved(house, "Hello", "Hello {name}!")
    open_form(house)
    choose(house, "hello")
    assert field(house)[1] == "Hello {name}!"
    assert "{name}: nobody but you knows" in shown(house)


def test_a_form_that_is_handed_in_twice_sends_once(ana: House) -> None:
    open_form(ana)
    ana.slack.submit(BOB, {field(ana)[0]: "Once."})
    ana.slack.again(BOB)
    ana.run()
    assert phone(ana) == ["Once."]


def test_who_has_written_in_another_way_meanwhile_is_not_answered_unseen(ana: House) -> None:
    open_form(ana)
    ana.twilio.write(ANA, "By SMS now")
    ana.run()
    ana.slack.submit(BOB, {field(ana)[0]: "Hello again"})
    ana.run()
    assert phone(ana) == []
    assert "by SMS" in shown(ana)
    assert "another way meanwhile" in shown(ana)
    assert field(ana)[1] == "Hello again"
    ana.slack.submit(BOB, {})
    ana.run()
    assert [m["medium"] for m in ana.twilio.phone(ANA) if m["direction"] == "to_customer"] == ["sms"]


def test_who_asked_not_to_be_written_to_is_not(ana: House) -> None:
    open_form(ana)
    ana.twilio.write(ANA, "STOP", medium="whatsapp", name="Ana Souza")
    ana.run()
    ana.slack.submit(BOB, {field(ana)[0]: "But wait"})
    ana.run()
    assert phone(ana) == []
    assert "Ana Souza asked not to be written to by WhatsApp" in shown(ana)
    ana.slack.close_modal(BOB, everything=True)


def test_a_window_that_closed_meanwhile_lets_no_free_text_out(ana: House) -> None:
    open_form(ana)
    ana.clock.ahead += 25 * 3600
    ana.slack.submit(BOB, {field(ana)[0]: "Hello?"})
    assert "only templates" in str(top(ana, BOB)["errors"])


def test_nothing_is_markup_of_a_customers_name(house: House) -> None:
    house.twilio.write(ANA, "Hi", medium="whatsapp", name="<!here> *Ana*")
    house.run()
    open_form(house)
    assert "<!here>" not in shown(house)


def test_a_conversation_that_is_gone_is_said_so(house: House) -> None:
    by = By(TEAM_ID, BOB)
    assert isinstance(PRESSES["snippets"](house.world, Press(by, "snippets", "01" + "A" * 24)), Say)
    seen = Seen("V1", "h", "reply", {"conversation": "01" + "A" * 24}, {"words": ("Hi",)})
    assert isinstance(FORMS["reply"](house.world, HandedIn(by, seen)), Say)


def test_a_saved_reply_that_was_deleted_meanwhile_leaves_what_was_typed(ana: House) -> None:
    open_form(ana)
    name, _ = field(ana)
    first = ana.slack.look(BOB, "snippet", "hours")[0]
    there = ana.store.find(Snippet, first["value"])
    assert there is not None
    PRESSES["forget_saved"](ana.world, Press(By(TEAM_ID, BOB), "forget_saved", there.id))
    ana.slack.fill(BOB, {name: "Good morning"})
    ana.slack.press_in_view(BOB, "snippet", first["value"])
    assert field(ana)[1] == "Good morning"
    assert "not there any more" in shown(ana)


# ------------------------------------------------------------------------------ writing them


def test_a_saved_reply_is_written_and_found_by_its_words(house: House) -> None:
    house.slack.command(BOB, "/threadline replies")
    house.slack.press_in_view(BOB, "new_saved")
    house.slack.submit(BOB, {"title": "Refund", "text": "Your money is on its way, {first_name}."})
    assert snippets(house) == [("Refund", "Your money is on its way, {first_name}.")]
    assert "“Refund” is saved." in shown(house)
    found = house.slack.look(BOB, "saved_one", "money way")
    assert [each["text"]["text"] for each in found] == ["Refund"]
    assert house.slack.look(BOB, "saved_one", "parrot") == []


def test_titles_come_before_texts_in_what_is_found(house: House) -> None:
    saved(house, "Away", "There is a refund.")
    saved(house, "Refund", "Sorry.")
    house.slack.command(BOB, "/threadline replies")
    found = house.slack.look(BOB, "saved_one", "refund")
    assert [each["text"]["text"] for each in found] == ["Refund", "Away"]


def test_a_saved_reply_is_changed(ana: House) -> None:
    ana.slack.command(BOB, "/threadline replies")
    ana.slack.press_in_view(BOB, "saved_one", ana.slack.look(BOB, "saved_one", "hours")[0]["value"])
    ana.slack.submit(BOB, {"text": "We are there from 8 to 6."})
    assert ("Opening hours", "We are there from 8 to 6.") in snippets(ana)
    assert len(snippets(ana)) == 2


def test_two_who_change_one_at_once_do_not_undo_each_other(ana: House) -> None:
    for user in (BOB, MIA):
        ana.slack.command(user, "/threadline replies")
        ana.slack.press_in_view(user, "saved_one", ana.slack.look(user, "saved_one", "hours")[0]["value"])
    ana.slack.submit(BOB, {"text": "From 8."})
    ana.slack.submit(MIA, {"text": "From 10."})
    assert ("Opening hours", "From 8.") in snippets(ana)
    assert "Somebody has changed it meanwhile" in str(top(ana, MIA)["errors"])


def test_a_new_one_that_is_handed_in_twice_is_there_once(house: House) -> None:
    house.slack.command(BOB, "/threadline replies")
    house.slack.press_in_view(BOB, "new_saved")
    house.slack.submit(BOB, {"title": "Refund", "text": "Yes."})
    house.slack.again(BOB)
    assert snippets(house) == [("Refund", "Yes.")]


def test_a_saved_reply_is_deleted_and_can_be_put_back(ana: House) -> None:
    ana.slack.command(BOB, "/threadline replies")
    ana.slack.press_in_view(BOB, "saved_one", ana.slack.look(BOB, "saved_one", "hours")[0]["value"])
    ana.slack.press_in_view(BOB, "forget_saved")
    assert [title for title, _ in snippets(ana)] == ["Parcel on its way"]
    assert ana.slack.look(BOB, "saved_one", "hours") == []
    ana.slack.press_in_view(BOB, "keep_saved")
    assert len(snippets(ana)) == 2


def test_nothing_to_be_seen_is_no_saved_reply(house: House) -> None:
    house.slack.command(BOB, "/threadline replies")
    house.slack.press_in_view(BOB, "new_saved")
    house.slack.submit(BOB, {"title": "\u200b", "text": "x"})
    assert "title" in top(house, BOB)["errors"]
    assert snippets(house) == []


def test_the_list_stands_upon_the_form_from_which_it_was_opened(ana: House) -> None:
    answer: Any = PRESSES["saved"](ana.world, Press(By(TEAM_ID, BOB), "saved", home(ana)))
    assert isinstance(answer, Show)
    assert answer.over


def test_words_that_were_said_count_as_a_reply_in_the_record(ana: House) -> None:
    open_form(ana)
    ana.slack.submit(BOB, {field(ana)[0]: "Hello"})
    assert [item.kind for item in ana.items()][-1] is Kind.SAID
    ana.run()
    assert [item.kind for item in ana.items()][-1] is Kind.REPLY


def test_the_form_says_that_a_name_is_put_before_the_words(ana: House) -> None:
    ana.settings_text = SETTINGS.replace('names = "never"', 'names = "always"')
    open_form(ana)
    assert "Your name goes before it." in shown(ana)
    ana.slack.submit(BOB, {field(ana)[0]: "On its way"})
    ana.run()
    assert phone(ana) == ["Bobby: On its way"]
