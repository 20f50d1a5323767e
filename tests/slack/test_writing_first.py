"""Writing to a customer first: known or by a number, with words or a template, in one conversation."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.model import Contact, Known, Status
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SECRETS, SETTINGS, House
from tests.slack.test_saved_replies import saved, top

ANA, BEN, MIA = "+15551230001", "+15551230002", "U0MIA"
TYPED = "(555) 123-0001"
WA = "5511987654321"


@pytest.fixture
def house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setitem(SECRETS, "TWILIO_NUMBER", "+14155550100")
    monkeypatch.setitem(SECRETS, "WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
    return house


def begin(house: House, user: str = BOB, customer: str = "", **fields: str) -> None:
    """Somebody says to whom and how."""
    house.slack.command(user, "/threadline write")
    if customer:
        fields["customer"] = house.slack.look(user, "customer", customer)[0]["value"]
    house.slack.submit(user, {"way": "twilio/main sms", **fields})


def say(house: House, words: str, user: str = BOB) -> None:
    name = next(block["block_id"] for block in top(house, user)["blocks"] if block["type"] == "input")
    house.slack.submit(user, {name: words})


def sms(house: House, who: str = ANA) -> list[str]:
    return house.on_phone(house.twilio.phone(who))


def errors(house: House, user: str = BOB) -> str:
    return str(top(house, user)["errors"])


# ------------------------------------------------------------------------------ to somebody nobody knows


def test_a_first_sms_opens_a_thread_and_what_comes_back_stands_in_it(house: House) -> None:
    begin(house, phone="+1 (555) 123-0001", name="Ana Souza")
    assert "To *Ana Souza* by SMS · +15551230001" in str(top(house))
    say(house, "Your watch is mended.")
    assert "On its way to Ana Souza by SMS" in str(top(house))
    house.run()
    assert sms(house) == ["Your watch is mended."]
    house.twilio.write(ANA, "Lovely, thank you!")
    house.run()
    assert house.texts() == ["Your watch is mended.", "Lovely, thank you!"]
    (home,) = house.conversations()
    assert (home.owner, home.desk, home.name) == (BOB, "support", "Ana Souza")
    house.say("See you soon")
    house.run()
    assert sms(house)[-1] == "See you soon"


def test_a_name_that_looks_like_markup_is_only_a_name(house: House) -> None:
    begin(house, phone=ANA, name="*<@U0MIA>* `x`")
    assert "To *(@U0MIA) 'x'* by SMS" in str(top(house))
    say(house, "Hello")
    assert "On its way to (@U0MIA) 'x' by SMS" in str(top(house))


def test_the_global_shortcut_does_the_same(house: House) -> None:
    house.slack.shortcut(BOB, name="threadline_write")
    house.slack.submit(BOB, {"way": "twilio/main sms", "phone": ANA})
    say(house, "Hello")
    house.run()
    assert sms(house) == ["Hello"]


def test_a_first_whatsapp_message_is_a_template(house: House) -> None:
    begin(house, phone=f"+{WA}", name="Ana Souza", way="whatsapp/main whatsapp")
    house.run()
    view = top(house)
    assert "only a template may go there" in str(view)
    found = house.slack.look(BOB, "template_choice", "hello")
    house.slack.press_in_view(BOB, "template_choice", found[0]["value"])
    house.slack.submit(BOB, {})
    house.run()
    assert house.on_phone(house.whatsapp.phone(WA)) == ["Welcome. We are glad that you are here."]
    house.whatsapp.write(WA, "Hi!", name="Ana")
    house.run()
    assert house.texts()[-1] == "Hi!"
    assert len(house.threads()) == 1


def test_a_first_whatsapp_message_by_twilio_goes_from_our_number(house: House) -> None:
    begin(house, phone=ANA, way="twilio/main whatsapp")
    house.run()
    found = house.slack.look(BOB, "template_choice", "call")
    house.slack.press_in_view(BOB, "template_choice", found[0]["value"])
    name = next(block["block_id"] for block in top(house)["blocks"] if block["type"] == "input")
    house.slack.submit(BOB, {name: "Ana"})
    house.run()
    assert sms(house) == ["Ana, may we call you?"]


def test_a_saved_reply_can_be_the_first_word(house: House) -> None:
    saved(house, "Ready", "{first_name}, it is ready. {desk}")
    begin(house, phone=ANA, name="Ana Souza")
    house.slack.press_in_view(BOB, "snippet", house.slack.look(BOB, "snippet", "ready")[0]["value"])
    house.slack.submit(BOB, {})
    house.run()
    assert sms(house) == ["Ana, it is ready. Support"]


@pytest.mark.parametrize(
    "number", ["+1 (555) 123-0001", "0015551230001", "+1.555.123.0001", "+1\u00a0555\u00a0123\u00a00001"]
)
def test_a_number_is_read_as_people_write_it(house: House, number: str) -> None:
    begin(house, phone=number)
    say(house, "Hello")
    house.run()
    assert sms(house) == ["Hello"]


@pytest.mark.parametrize("number", [TYPED, "0532 111 22 33", "+90", "hello", "+0123456789", "+" + "1" * 16])
def test_what_is_no_number_with_its_country_is_said_so(house: House, number: str) -> None:
    begin(house, phone=number)
    assert "with its country" in errors(house)
    assert house.conversations() == []


def test_somebody_has_to_be_named_and_only_once(house: House) -> None:
    begin(house)
    assert "type a number" in errors(house)
    house.slack.close_modal(BOB, everything=True)
    house.twilio.write(ANA, "Hi", medium="whatsapp", name="Ana Souza")
    house.run()
    begin(house, customer="ana", phone=BEN)
    assert "not both" in errors(house)


# ------------------------------------------------------------------------------ where it cannot be


def test_a_bot_cannot_write_first(house: House) -> None:
    begin(house, phone=ANA, way="telegram/main telegram")
    assert "By Telegram nobody can be written to first" in errors(house)


def test_who_wrote_to_the_bot_once_can_be_written_to(house: House) -> None:
    house.telegram.write("512345678", "Hi", first_name="Ana")
    house.run()
    begin(house, customer="ana", way="telegram/main telegram")
    say(house, "Hello again")
    house.run()
    assert house.on_phone(house.telegram.phone("512345678")) == ["Hello again"]


def test_who_asked_not_to_be_written_to_is_not(house: House) -> None:
    house.twilio.write(ANA, "STOP")
    house.run()
    begin(house, phone=ANA)
    assert "asked not to be written to by SMS" in errors(house)


def test_who_opts_out_while_the_form_is_open_is_not_written_to(house: House) -> None:
    begin(house, phone=ANA)
    house.twilio.write(ANA, "STOP")
    house.run()
    before = sms(house)
    say(house, "Hello")
    house.run()
    assert sms(house) == before
    assert "asked not to be written to" in str(top(house))


def test_a_line_whose_number_nobody_knows_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "TWILIO_NUMBER", "")
    begin(house, phone=ANA)
    assert "its own number is not known" in errors(house)


def test_a_line_that_others_have_written_to_is_written_from(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "TWILIO_NUMBER", "")
    house.twilio.write(BEN, "Hi")
    house.run()
    begin(house, phone=ANA)
    say(house, "Hello")
    house.run()
    assert sms(house) == ["Hello"]


def test_a_blocked_customer_is_not_written_to(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    known = house.store.find(Known, f"phone:{ANA}")
    assert known is not None
    contact = house.store.find(Contact, known.contact)
    assert contact is not None
    house.store.change(contact, lambda now: type(now)(**{**_fields(now), "blocked_at": 1}))
    begin(house, phone=ANA)
    assert "is blocked" in errors(house)


def _fields(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in contact.__dataclass_fields__}


def test_a_desk_to_which_no_answer_can_come_is_not_offered_as_one(house: House) -> None:
    house.settings_text = SETTINGS + '[desks.sales]\nslack_channel = "C0SALES"\n'
    begin(house, phone=ANA, desk="sales")
    assert "What they answer there comes to support" in errors(house)


# ------------------------------------------------------------------------------ who is known already


def test_a_number_that_is_known_leads_to_its_open_conversation(house: House) -> None:
    house.twilio.write(ANA, "Hi", medium="whatsapp", name="Ana Souza")
    house.run()
    begin(house, phone=ANA)
    say(house, "By SMS now")
    house.run()
    assert len(house.threads()) == 1
    assert sms(house) == ["By SMS now"]
    house.say("and this as well")
    house.run()
    out = [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"]
    assert out == ["sms", "sms"]
    assert any("turned to SMS" in text for text in house.texts())


def test_a_resolved_conversation_is_opened_again(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.press(BOB, SUPPORT, house.threads()[0], "resolve")
    house.run()
    begin(house, phone=ANA)
    say(house, "One more thing")
    house.run()
    (home,) = house.conversations()
    assert home.status is Status.OPEN
    assert house.texts()[-1] == "One more thing"
    house.twilio.write(ANA, "Yes?")
    house.run()
    assert len(house.threads()) == 1


def test_two_people_who_write_at_once_write_in_one_thread(house: House) -> None:
    begin(house, phone=ANA)
    begin(house, MIA, phone=ANA)
    say(house, "From Bob")
    say(house, "From Mia", MIA)
    house.run()
    assert len(house.conversations()) == 1
    assert sorted(sms(house)) == ["From Bob", "From Mia"]


def test_a_customer_who_writes_at_the_same_moment_is_in_the_same_thread(house: House) -> None:
    begin(house, phone=ANA)
    house.twilio.write(ANA, "Hi there")
    say(house, "Hello")
    house.run()
    assert len(house.conversations()) == 1
    assert sorted(house.texts()) == ["Hello", "Hi there"]


def test_a_form_that_is_handed_in_twice_begins_one_conversation(house: House) -> None:
    begin(house, phone=ANA)
    say(house, "Hello")
    house.slack.again(BOB)
    house.run()
    assert len(house.conversations()) == 1
    assert sms(house) == ["Hello"]
    house.slack.again(BOB)
    house.run()
    assert sms(house) == ["Hello"]


def test_who_was_written_to_first_is_found_by_name(house: House) -> None:
    begin(house, phone=ANA, name="Ana Souza")
    say(house, "Hello")
    house.run()
    house.slack.close_modal(BOB, everything=True)
    begin(house, customer="souza")
    assert "To *Ana Souza* by SMS" in str(top(house))
