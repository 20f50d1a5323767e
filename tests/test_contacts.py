"""Who is this? One person across channels, and what may and may not link two of them."""

from __future__ import annotations

import pytest

from chalicelib.contacts import current, opt_out, opted_in, pointed, whereabouts
from chalicelib.inbound.receive import take
from chalicelib.model import (
    DAY,
    Address,
    Contact,
    Conversation,
    Current,
    Known,
    MessageReceived,
    Route,
    Status,
)
from chalicelib.settings import Desk
from chalicelib.store import Replace
from tests.house import House

DESK = Desk("support", "C0SUPPORT", reopen_hours=72)
PHONE, BSUID = "5511987654321", "BR.13931234567"


def person(house: House, address: str) -> str:
    known = house.world.store.find(Known, address)
    assert known is not None
    return known.contact


def test_a_phone_by_sms_and_by_whatsapp_is_one_person_in_one_thread(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.clock.ahead += 1
    house.whatsapp.write(PHONE, "by WhatsApp")
    house.twilio.write(f"+{PHONE}", "by Twilio's WhatsApp", medium="whatsapp")
    house.run()
    assert house.texts() == ["by SMS", "by WhatsApp", "by Twilio's WhatsApp"]
    assert len(house.threads()) == 1


def test_a_reply_goes_to_the_channel_of_the_last_message_above_it(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    house.whatsapp.write(PHONE, "by WhatsApp, in the same second")
    house.run()
    house.say("answer")
    house.run()
    assert house.on_phone(house.whatsapp.phone(PHONE)) == ["answer"]
    assert house.on_phone(house.twilio.phone(f"+{PHONE}")) == []


def test_an_id_that_came_with_a_phone_is_the_same_person_without_it(house: House) -> None:
    house.whatsapp.write(PHONE, "with a phone", bsuid=BSUID)
    house.whatsapp.write(BSUID, "hidden")
    house.run()
    assert person(house, f"phone:+{PHONE}") == person(house, f"whatsapp:{BSUID}")
    assert house.texts() == ["with a phone", "hidden"]


def test_an_id_known_first_learns_its_phone_later(house: House) -> None:
    house.whatsapp.write(BSUID, "hidden")
    house.whatsapp.write(PHONE, "shown", bsuid=BSUID)
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    assert house.texts() == ["hidden", "shown", "by SMS"]


def test_an_event_that_names_two_people_is_recorded_under_the_first(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "one")
    house.whatsapp.write(BSUID, "two")
    house.clock.ahead += 1
    house.whatsapp.write(PHONE, "both", bsuid=BSUID)
    house.run()
    assert (house.texts(0)[:2], house.texts(1)[:1]) == (["one", "both"], ["two"])


def test_strangers_have_threads_of_their_own(house: House) -> None:
    house.twilio.write("+15551230001", "one")
    house.twilio.write("+15551230002", "two")
    house.run()
    assert len(house.threads()) == 2


def written(house: House, text: str, *addresses: Address) -> None:
    route = Route("twilio", "main", "sms", addresses[0].key, addresses[0].value)
    message = MessageReceived(text, route, addresses, house.clock.ms(), text=text)
    take(house.world, house.world.line("twilio", "main")[1], [message])


def test_what_somebody_only_claims_to_be_links_nobody(house: House) -> None:
    written(house, "real", Address("phone", "+15551230001"))
    written(house, "false", Address("email", "x@example.com"), Address("phone", "+15551230001", verified=False))
    house.run()
    assert len(house.threads()) == 2


def test_a_claim_beside_a_proof_is_not_put_on_record(house: House) -> None:
    written(house, "Hi", Address("email", "boss@example.com", verified=False), Address("phone", "+15551230001"))
    assert house.world.store.find(Known, "email:boss@example.com") is None


def test_a_sender_without_any_proof_is_known_by_the_claim(house: House) -> None:
    for text in ("one", "two"):
        written(house, text, Address("email", "x@example.com", verified=False))
    house.run()
    assert house.texts() == ["one", "two"]


def test_an_address_that_comes_twice_in_one_event_is_one(house: House) -> None:
    written(house, "Hi", *[Address("phone", "+15551230001")] * 3)
    assert len(whereabouts(house.world.store, [Address("phone", "+15551230001")]).known) == 1


@pytest.mark.parametrize(("ago", "belongs"), [(0, True), (72 * DAY // 24, True), (72 * DAY // 24 + 1, False)])
def test_a_resolved_conversation_is_current_for_as_long_as_the_desk_says(ago: int, belongs: bool) -> None:  # noqa: FBT001
    pointer = Current("C", "C0SUPPORT", resolved_at=10 * DAY)
    found = current(Contact("P", current={"support": pointer}), [DESK], 10 * DAY + ago)
    assert found == (pointer if belongs else None)


def test_an_open_conversation_is_current_for_ever() -> None:
    pointer = Current("C", "C0SUPPORT")
    assert current(Contact("P", current={"support": pointer}), [DESK], 10**15) == pointer


def test_every_desk_has_a_conversation_of_its_own() -> None:
    assert current(Contact("P", current={"sales": Current("C", "C0SALES")}), [DESK], 0) is None


def test_an_old_conversation_does_not_move_the_pointer_of_a_newer_one() -> None:
    contact = Contact("P", current={"support": Current("new", "C0SUPPORT")})
    assert pointed(contact, Conversation("old", "P", "support", "C0", "", 0), Status.RESOLVED, 5) is None


def test_an_opt_out_that_is_known_costs_no_write(house: House) -> None:
    written(house, "Hi", Address("phone", "+15551230001"))
    route = Route("twilio", "main", "sms", "phone:+15551230001", "+15551230001")
    for at in (5, 6):
        opt_out(house.world.store, route, at)
    known = house.world.store.find(Known, route.address)
    assert known is not None
    assert (dict(known.opted_out), known.version) == ({"sms": 5}, 2)


def test_an_opt_out_that_a_younger_wish_contradicts_costs_no_write(house: House) -> None:
    written(house, "Hi", Address("phone", "+15551230001"))
    route = Route("twilio", "main", "sms", "phone:+15551230001", "+15551230001")
    store = house.world.store
    before = store.find(Known, route.address)
    assert before is not None
    (welcome,) = store.write(Replace(opted_in(before, "sms", 6)))
    opt_out(store, route, 5)
    assert store.find(Known, route.address) == welcome
