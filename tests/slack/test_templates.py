"""Templates: offered where free text may not go, filled in, and sent through the providers' real wire formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.model import Reason, State, Template
from chalicelib.outbound.templates import LARGEST, kept, templates_of
from chalicelib.slack.asked import By, Press
from chalicelib.slack.desk.answers import Say
from chalicelib.slack.desk.tables import PRESSES
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SECRETS, House
from tests.slack.test_saved_replies import home, open_form, top

ANA, PHONE = "5511987654321", "+15551230001"
DAY = 24 * 3600


@pytest.fixture
def ana(house: House) -> House:
    """Ana wrote by WhatsApp more than a day ago."""
    house.whatsapp.write(ANA, "Where is it?", name="Ana Souza")
    house.run()
    house.clock.ahead += DAY + 3600
    return house


@pytest.fixture
def twilio(house: House) -> House:
    """Ana wrote by WhatsApp through Twilio more than a day ago."""
    house.twilio.write(PHONE, "Where is it?", medium="whatsapp", name="Ana Souza")
    house.run()
    house.clock.ahead += DAY + 3600
    return house


def phone(house: House) -> list[str]:
    return [*house.on_phone(house.whatsapp.phone(ANA)), *house.on_phone(house.twilio.phone(PHONE))]


def open_templates(house: House) -> None:
    """Bob's reply cannot go out any more, and he presses what its verdict offers."""
    house.say("It left this morning.")
    house.run()
    house.slack.press(BOB, SUPPORT, house.thread()[-1]["ts"], "template")
    house.run()


def choose(house: House, typed: str, number: int = 0) -> dict[str, Any]:
    """Bob takes a template; the form as it then is."""
    found = house.slack.look(BOB, "template_choice", typed)
    house.slack.press_in_view(BOB, "template_choice", found[number]["value"])
    return top(house)


def fields(house: House) -> list[str]:
    return [block["block_id"] for block in top(house)["blocks"] if block["type"] == "input"]


def hand_in(house: House, *values: str) -> None:
    house.slack.submit(BOB, dict(zip(fields(house), values, strict=True)))
    house.run()


def labels(house: House, typed: str = "") -> list[str]:
    return [each["text"]["text"] for each in house.slack.look(BOB, "template_choice", typed)]


# ------------------------------------------------------------------------------ the way there


def test_a_reply_after_the_window_offers_a_template(ana: House) -> None:
    ana.say("It left this morning.")
    ana.run()
    buttons = [block["elements"] for block in ana.thread()[-1]["blocks"] if block["type"] == "actions"]
    assert [each["text"]["text"] for each in buttons[0]] == ["Send a template…", "Send again"]


def test_a_medium_without_a_window_offers_none(house: House) -> None:
    house.twilio.write(PHONE, "Hi")
    house.run()
    house.twilio.write(PHONE, "STOP")
    house.run()
    house.say("Hello?")
    house.run()
    assert "template" not in str(house.thread()[-1]["blocks"])


def test_the_form_for_a_reply_shows_templates_only_where_the_window_is_over(ana: House) -> None:
    open_form(ana)
    ana.run()
    assert "only a template may go there" in str(top(ana))
    assert fields(ana) == []
    assert "Order Update" not in labels(ana)


def test_the_form_opens_at_once_and_is_filled_behind_the_bell(ana: House) -> None:
    ana.say("Hello")
    ana.run()
    before = len(ana.whatsapp.calls)
    ana.slack.press(BOB, SUPPORT, ana.thread()[-1]["ts"], "template")
    assert "One moment" in str(top(ana))
    assert len(ana.whatsapp.calls) == before
    ana.run()
    assert "Choose a template" in str(top(ana))


# ------------------------------------------------------------------------------ WhatsApp Cloud API


def test_a_template_is_filled_in_and_reaches_the_customer(ana: House) -> None:
    open_templates(ana)
    view = str(choose(ana, "order en_US"))
    assert "Hello {{1}}, your order comes on {{2}}." in view
    assert "'… Hello {{1}}, your order comes on {{2}}. *Please be at home.* Threadline …'" in view
    hand_in(ana, "17", "Ana", "Monday")
    words = "Order 17\nHello Ana, your order comes on Monday. *Please be at home.*\nThreadline Parcels"
    assert phone(ana) == [words]
    assert ana.texts()[-1] == words
    assert "Template “order_update”" in str(ana.thread()[-1]["blocks"])
    assert [item.state for item in ana.items()][-1] is State.DELIVERED


def test_named_variables_have_names_and_known_ones_are_filled_in(ana: House) -> None:
    open_templates(ana)
    assert "Ana" in str(choose(ana, "call_back")["state"])
    ana.slack.submit(BOB, {fields(ana)[1]: "9:00"})
    ana.run()
    assert phone(ana) == ["Ana, may we call you at 9:00?"]


def test_a_template_without_variables_is_sent_as_it_is(ana: House) -> None:
    open_templates(ana)
    choose(ana, "hello_world")
    hand_in(ana)
    assert phone(ana) == ["Welcome. We are glad that you are here."]


def test_lines_and_blanks_in_a_variable_do_not_make_meta_refuse_it(ana: House) -> None:
    open_templates(ana)
    choose(ana, "pt_BR")
    hand_in(ana, "Ana\n\t Souza", "na      segunda")
    assert phone(ana) == ["Olá Ana Souza, o seu pedido chega na segunda."]


def test_what_is_filled_in_is_no_variable_itself(ana: House) -> None:
    open_templates(ana)
    choose(ana, "pt_BR")
    hand_in(ana, "{{2}}", "hoje")
    assert phone(ana) == ["Olá {{2}}, o seu pedido chega hoje."]


def test_only_what_was_approved_is_offered_and_what_cannot_be_typed_comes_last(ana: House) -> None:
    open_templates(ana)
    assert labels(ana) == [
        "call_back · en_US",
        "hello_world · en_US",
        "order_update · en_US",
        "order_update · pt_BR",
        "sign_in · en_US",
        "spring_sale · en_US",
        "track · en_US",
    ]


@pytest.mark.parametrize(
    ("name", "why"), [("spring", "it needs a picture"), ("track", "one of its buttons"), ("sign_in", "a code")]
)
def test_a_template_that_needs_more_than_words_says_what(ana: House, name: str, why: str) -> None:
    open_templates(ana)
    view = choose(ana, name)
    assert why in str(view)
    assert (fields(ana), "submit" in view and view["submit"]) in (([], None), ([], False))


def test_a_template_that_is_gone_when_it_is_sent_is_said_so(ana: House) -> None:
    open_templates(ana)
    choose(ana, "hello_world")
    ana.whatsapp._graph.templates.clear()
    hand_in(ana)
    assert phone(ana) == []
    assert "the provider refused it" in ana.texts()[-1]
    assert ana.items()[-1].parts[0].reason is Reason.REFUSED
    ana.whatsapp.write(ANA, "Hello?")
    ana.say("Now it goes.")
    ana.run()
    assert phone(ana) == ["Now it goes."]


def test_a_missing_or_endless_value_is_asked_for_again(ana: House) -> None:
    open_templates(ana)
    choose(ana, "pt_BR")
    ana.slack.submit(BOB, dict(zip(fields(ana), ["\u2003", "hoje"], strict=True)))
    assert "Something has to stand here" in str(top(ana)["errors"])
    ana.slack.submit(BOB, dict(zip(fields(ana), ["x" * 500, "y" * 500], strict=True)))
    assert top(ana)["errors"]
    assert phone(ana) == []


def test_a_template_that_is_handed_in_twice_is_sent_once(ana: House) -> None:
    open_templates(ana)
    choose(ana, "hello_world")
    ana.slack.submit(BOB, {})
    ana.slack.again(BOB)
    ana.run()
    assert len(phone(ana)) == 1


def test_who_asked_not_to_be_written_to_gets_no_template_either(ana: House) -> None:
    open_templates(ana)
    choose(ana, "hello_world")
    ana.whatsapp.write(ANA, "STOP")
    hand_in(ana)
    assert phone(ana) == []
    assert "asked not to be written to" in str(top(ana))


# ------------------------------------------------------------------------------ Twilio's Content API


def test_a_template_goes_out_by_twilio_as_its_content(twilio: House) -> None:
    open_templates(twilio)
    assert labels(twilio) == ["delivery · en", "may_we_call · en", "track · en", "catalog · en"]
    choose(twilio, "delivery")
    hand_in(twilio, "Ana", "Monday")
    assert phone(twilio) == ["Hello Ana, your parcel comes on Monday."]
    sent = next(call for call in reversed(twilio.twilio.calls) if call.method == "POST").form()
    assert "Body" not in sent
    assert json.loads(sent["ContentVariables"]) == {"1": "Ana", "2": "Monday"}


def test_what_a_button_of_a_content_needs_is_asked_for_as_well(twilio: House) -> None:
    open_templates(twilio)
    choose(twilio, "track")
    hand_in(twilio, "AB12")
    assert phone(twilio) == ["On its way."]


def test_the_answer_to_a_template_is_lost_and_it_is_not_sent_twice(twilio: House) -> None:
    open_templates(twilio)
    choose(twilio, "delivery")
    twilio.twilio.receipts(auto=False)
    twilio.twilio.fail({"drop": "after"}, on="POST")
    hand_in(twilio, "Ana", "Monday")
    for _ in range(4):
        twilio.later(70)
    assert phone(twilio) == ["Hello Ana, your parcel comes on Monday."]
    assert twilio.items()[-1].state is State.SENT


def test_a_list_of_several_pages_is_read_to_its_end(twilio: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.channels.twilio.approved.PAGE", 2)
    found = templates_of(twilio.world, "twilio/main")
    assert isinstance(found, tuple)
    assert len(found) == 4
    monkeypatch.setattr("chalicelib.channels.whatsapp.approved.PAGE", 2)
    found = templates_of(twilio.world, "whatsapp/main")
    assert isinstance(found, tuple)
    assert len(found) == 7


# ------------------------------------------------------------------------------ what is kept, what cannot be had


def test_the_list_is_kept_for_ten_minutes(ana: House) -> None:
    templates_of(ana.world, "whatsapp/main")
    calls = len(ana.whatsapp.calls)
    templates_of(ana.world, "whatsapp/main")
    assert len(ana.whatsapp.calls) == calls
    ana.clock.ahead += 601
    templates_of(ana.world, "whatsapp/main")
    assert len(ana.whatsapp.calls) == calls + 1


def test_a_list_that_is_too_long_for_the_table_is_cut(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps([f"{number:x}" * 40 for number in range(20)])
    endless = tuple(Template(f"t{number}", "en", f"{number * 7919 % 10007} {body}") for number in range(40_000))
    monkeypatch.setattr("chalicelib.channels.whatsapp.templates", lambda *_: endless)
    found = templates_of(ana.world, "whatsapp/main")
    assert isinstance(found, tuple)
    assert 0 < len(found) < len(endless)
    assert kept(ana.world, "whatsapp/main") == found
    assert LARGEST < 400_000


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda house: house.whatsapp.fail({"error": 190}, on="message_templates"), "Invalid OAuth"),
        (lambda house: house.whatsapp.fail({"drop": "before"}, on="message_templates"), "no answer"),
        (lambda house: house.whatsapp.fail({"error": 80007}, on="message_templates"), "Rate limit"),
    ],
)
def test_a_list_that_cannot_be_had_is_said_so(ana: House, spoil: Callable[[House], None], why: str) -> None:
    spoil(ana)
    open_templates(ana)
    assert why in str(top(ana))
    assert "cannot be had" in str(top(ana))


def test_an_account_whose_id_nobody_set_says_what_is_missing(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "WHATSAPP_BUSINESS_ACCOUNT_ID", "")
    open_templates(ana)
    assert "WHATSAPP_BUSINESS_ACCOUNT_ID is not set" in str(top(ana))


def test_a_medium_that_has_none_says_so(house: House) -> None:
    house.telegram.write("512345678", "Hi", first_name="Ana")
    house.run()

    answer = PRESSES["template"](house.world, Press(By("T0THREAD", BOB), "template", home(house)))
    assert isinstance(answer, Say)
    assert "Telegram has no templates" in answer.words


def test_the_list_of_verbs_has_templates_where_their_medium_has_some(ana: House) -> None:
    ana.slack.shortcut(BOB, SUPPORT, ana.threads()[-1])
    ana.slack.press_in_view(BOB, "template")
    ana.run()
    assert "Choose a template" in str(top(ana))
    ana.slack.close_modal(BOB, everything=True)
    ana.twilio.write(PHONE, "Hi")
    ana.run()
    ana.slack.shortcut(BOB, SUPPORT, ana.threads()[-1])
    assert "Template…" not in str(top(ana))
