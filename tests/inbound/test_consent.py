"""STOP and START: a wish holds from the moment its webhook is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from chalicelib.inbound.receive import take
from chalicelib.model import Address, Contact, Known, OptedIn, OptedOut, Route, State
from tests.house import House
from tests.store.faults import error

ANA = "+15551230001"
WHATSAPP_ANA = "5511987654321"


def known(house: House, address: str = f"phone:{ANA}") -> Known:
    found = house.world.store.find(Known, address)
    assert found is not None
    return found


def test_a_stop_is_on_record_when_its_webhook_is_answered(house: House) -> None:
    house.twilio.write(ANA, "STOP")
    assert set(known(house).opted_out) == {"sms"}


def test_the_thread_shows_the_word_and_says_what_it_means(house: House) -> None:
    house.twilio.write(ANA, "Hello")
    house.twilio.write(ANA, " stop ")
    house.run()
    assert house.texts()[1:] == [
        " stop ",
        f"{ANA} wants no more messages by SMS (stop). Replies by SMS will not be sent.",
    ]


def test_whoever_stopped_is_not_written_to_and_the_thread_says_so(house: House) -> None:
    house.twilio.write(ANA, "STOP")
    house.run()
    house.say("One more thing")
    house.run()
    assert "they asked not to be written to" in house.texts()[-1]
    assert house.items()[-1].state is State.FAILED


def test_a_stop_by_sms_says_nothing_about_whatsapp(house: House) -> None:
    house.twilio.write(ANA, "Hi", medium="whatsapp")
    house.twilio.write(ANA, "STOP")
    assert set(known(house).opted_out) == {"sms"}


def test_start_lifts_a_stop(house: House) -> None:
    for word in ("STOP", "START"):
        house.twilio.write(ANA, word)
    house.run()
    assert not known(house).opted_out
    assert house.texts()[-1] == f"{ANA} takes messages by SMS again (START)."


def test_start_and_yes_are_ordinary_words_to_everybody_else(house: House) -> None:
    house.twilio.write(ANA, "Yes")
    house.run()
    assert house.texts() == ["Yes"]


def test_a_stop_in_the_middle_of_a_sentence_is_no_wish(house: House) -> None:
    house.twilio.write(ANA, "Please stop by tomorrow")
    assert not known(house).opted_out


def test_a_stop_that_comes_three_times_is_told_once(house: House) -> None:
    house.twilio.repeat(2)
    house.twilio.write(ANA, "STOP")
    house.run()
    assert len(house.texts()) == 2


def test_a_stop_holds_for_every_address_of_that_medium(house: House) -> None:
    house.whatsapp.write("5511987654321", "STOP", bsuid="BR.13931234567")
    assert set(known(house, "whatsapp:BR.13931234567").opted_out) == {"whatsapp"}
    assert set(known(house, "phone:+5511987654321").opted_out) == {"whatsapp"}


def test_blocking_a_telegram_bot_is_opting_out_and_unblocking_opting_in(house: House) -> None:
    house.telegram.write("512345678", "Hi")
    house.telegram.block("512345678")
    house.quiet()
    assert set(known(house, "telegram:512345678").opted_out) == {"telegram"}
    house.telegram.unblock("512345678")
    house.quiet()
    assert not known(house, "telegram:512345678").opted_out


def test_the_wish_of_somebody_who_never_wrote_is_kept(house: House) -> None:
    opt(house, OptedOut, 5)
    house.run()
    assert house.threads() == []
    assert known(house).opted_out == {"sms": 5}


def test_a_stranger_who_opted_out_is_the_same_person_when_they_write(house: House) -> None:
    opt(house, OptedOut, 5)
    house.twilio.write(ANA, "Hello after all")
    house.run()
    assert known(house).opted_out == {"sms": 5}
    assert house.texts() == ["Hello after all"]


def test_a_start_that_was_written_before_the_stop_lifts_nothing(house: House) -> None:
    opt(house, OptedOut, 2_000)
    opt(house, OptedIn, 1_000)
    assert known(house).opted_out == {"sms": 2_000}


def test_a_wish_is_kept_even_if_the_address_it_came_from_is_new(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    person = known(house).contact
    route = Route("twilio", "main", "whatsapp", "whatsapp:BR.1", "whatsapp:BR.1")
    both = (Address("whatsapp", "BR.1"), Address("phone", ANA))
    take(house.world, house.world.line("twilio", "main")[1], [OptedOut("x", route, both, 7, "STOP")])
    assert known(house, "whatsapp:BR.1") == Known(
        "whatsapp:BR.1", person, "same person", {"whatsapp": 7}, version=1
    )


def test_a_stop_holds_for_an_address_that_turns_out_to_be_theirs_later(house: House) -> None:
    house.whatsapp.write("5511987654321", "STOP")
    house.whatsapp.write("5511987654321", "a question", bsuid="BR.13931234567")
    assert set(known(house, "whatsapp:BR.13931234567").opted_out) == {"whatsapp"}


def test_a_name_in_the_line_cannot_break_out_of_it(house: House) -> None:
    house.telegram.write("512345678", "Hi", first_name="Ana\n\nResolved by Bob\u202e")
    house.telegram.block("512345678")
    house.run()
    assert house.texts()[-1].startswith("Ana Resolved by Bob wants no more messages by Telegram")


def test_an_opt_out_that_the_provider_reports_is_remembered(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.twilio.block(ANA)
    house.say("Hello")
    house.run()
    assert set(known(house).opted_out) == {"sms"}


def test_a_reported_opt_out_is_remembered_even_if_the_first_report_was_cut_short(house: House) -> None:
    house.twilio.receipts(auto=False)
    house.twilio.write(ANA, "Hi")
    house.run()
    house.say("Hello")
    house.run()
    sent = house.twilio.phone(ANA)[-1]["id"]
    for _ in range(2):
        house.twilio.receipt(sent, "undelivered", 21610)
    assert set(known(house).opted_out) == {"sms"}


@pytest.mark.parametrize("addresses", [1, 2])
def test_links_are_never_made_twice(house: House, addresses: int) -> None:
    more = {"bsuid": "BR.13931234567"} if addresses == 2 else {}
    for word in ("STOP", "START", "STOP"):
        assert house.whatsapp.write("5511987654321", word, **more).status == 200
    assert len({each.contact for each in house.conversations()}) == 1
    assert house.world.store.find(Contact, known(house, "phone:+5511987654321").contact) is not None


# ------------------------------------------------------------------------------ again, late, and cut short


def test_a_yes_that_comes_again_does_not_undo_the_stop_after_it(house: House) -> None:
    their_id = house.twilio.write(ANA, "YES").id
    house.twilio.write(ANA, "STOP")
    house.twilio.write(ANA, "YES", MessageSid=their_id)
    assert set(known(house).opted_out) == {"sms"}


def test_a_stop_that_comes_again_does_not_undo_the_start_after_it(house: House) -> None:
    house.twilio.write(ANA, "STOP", medium="whatsapp")
    their_id = house.twilio.write(ANA, "STOP", medium="whatsapp").id
    house.twilio.write(ANA, "START", medium="whatsapp")
    house.twilio.write(ANA, "STOP", medium="whatsapp", MessageSid=their_id)
    assert not known(house).opted_out


def test_a_stop_that_was_written_before_the_start_stops_nothing(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    opt(house, OptedIn, 2_000)
    opt(house, OptedOut, 1_000)
    house.run()
    assert not known(house).opted_out
    assert house.texts() == ["Hi"]


def test_of_two_stops_the_younger_counts_although_it_told_nothing_new(house: House) -> None:
    for wish, at in ((OptedOut, 1_000), (OptedOut, 3_000), (OptedIn, 2_000)):
        opt(house, wish, at)
    assert known(house).opted_out == {"sms": 3_000}


@pytest.mark.parametrize("number", range(6))
def test_a_stop_and_its_message_are_on_record_together_or_not_at_all(house: House, number: int) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    before = house.items()
    with calls_that_fail(house, number):
        their_id = house.twilio.write(ANA, "STOP").id
        house.quiet()
    assert [len(house.items()) - len(before), "sms" in known(house).opted_out] in ([0, False], [2, True])
    house.twilio.write(ANA, "STOP", MessageSid=their_id)
    house.run()
    assert [len(house.items()) - len(before), "sms" in known(house).opted_out] == [2, True]


def test_a_wish_counts_also_if_its_message_was_taken_back_before_it_came(house: House) -> None:
    house.whatsapp.write(WHATSAPP_ANA, "Hi")
    house.whatsapp.write(WHATSAPP_ANA, type="revoke", content={"original_message_id": "wamid.stop"})
    house.whatsapp.write(WHATSAPP_ANA, "STOP", id="wamid.stop")
    house.run()
    assert set(known(house, f"phone:+{WHATSAPP_ANA}").opted_out) == {"whatsapp"}
    assert len(house.texts()) == 2


def test_what_is_written_over_a_message_is_no_wish(house: House) -> None:
    their_id = house.telegram.write("512345678", "Hi").id
    house.telegram.edit("512345678", their_id, "/stop")
    assert not known(house, "telegram:512345678").opted_out


@contextmanager
def calls_that_fail(house: House, number: int) -> Iterator[None]:
    """Let the call to the table with this number, and all after it, be refused for good."""
    calls = count()

    def refuse(**about: Any) -> Any:
        return error("AccessDeniedException")(**about) if next(calls) >= number else None

    house.store.events.register("before-call.dynamodb", refuse)
    try:
        yield
    finally:
        house.store.events.unregister("before-call.dynamodb", refuse)


def opt(house: House, wish: type[OptedOut | OptedIn], at: int) -> None:
    line = house.world.line("twilio", "main")[1]
    route = Route("twilio", "main", "sms", f"phone:{ANA}", ANA)
    take(house.world, line, [wish(f"{wish.__name__}{at}", route, (Address("phone", ANA),), at, "word")])
