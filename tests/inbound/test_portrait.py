"""What the card is drawn from: the customer's other ways, where they live, and until when they may be answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from chalicelib.model import Contact, Route
from chalicelib.slack.words import when
from chalicelib.store import Insert
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ISTANBUL = "905321112233"
DAY = 86_400_000


def lines(house: House) -> list[str]:
    head = house.slack.thread(SUPPORT, house.threads()[-1])[0]
    return [block["elements"][0]["text"] for block in head["blocks"] if block["type"] == "context"]


def know(house: House, **more: Any) -> None:
    """Let more be known of the only customer, and the card be drawn anew."""
    (home,) = house.conversations()
    contact = house.store.find(Contact, home.contact)
    assert contact is not None
    house.store.change(contact, lambda now: replace(now, **more))
    house.store.change(home, lambda now: replace(now, drawn=""))
    house.slack.press(BOB, SUPPORT, house.threads()[-1], "claim")
    house.run()


def test_a_new_card_says_where_they_live_and_until_when_they_may_be_answered(house: House) -> None:
    house.whatsapp.write(ISTANBUL, "Merhaba", name="Deniz")
    house.run()
    (item,) = house.items()
    _, course, person = lines(house)
    assert course == f"Free replies until {when(item.at + DAY)}"
    assert person.startswith("Istanbul: 9:00 there is <!date^")
    nine = int(person.split("^")[1])
    assert dt.datetime.fromtimestamp(nine, dt.UTC).hour == 6


def test_a_card_names_the_other_ways_and_marks_the_present_one(house: House) -> None:
    house.twilio.write("+15551230001", "Hello")
    house.run()
    telegram = Route("telegram", "main", "telegram", "telegram:5", "5")
    (home,) = house.conversations()
    assert home.route is not None
    know(
        house, routes=(telegram, home.route), addresses=("phone:+15551230001", "telegram:5", "phone:+41791112233")
    )
    assert lines(house)[-1].startswith("Also Telegram, +41791112233")


def test_a_card_shows_what_is_known_of_the_person_they_turned_out_to_be(house: House) -> None:
    house.twilio.write("+15551230001", "Hello")
    house.run()
    kept = Contact("01HZZZZZZZZZZZZZZZZZZZZZZZ", "Ana", locale="pt-BR", tags=("vip",), zone="America/Sao_Paulo")
    house.store.write(Insert(kept))
    know(house, into=kept.id)
    assert lines(house)[1] == "`vip`"
    assert lines(house)[2].startswith("Portuguese (pt-BR)  ·  Sao Paulo: 9:00 there is")


def test_a_zone_that_nobody_knows_is_left_out(house: House) -> None:
    house.twilio.write("+15551230001", "Hello")
    house.run()
    know(house, zone="Nowhere/Atall")
    assert len(lines(house)) == 1


def test_a_phone_tells_the_language_of_whoever_writes(house: House) -> None:
    house.telegram.write("5", "Olá", first_name="Ana", language_code="pt-br")
    house.run()
    assert lines(house)[1] == "Portuguese (pt-BR)"


def test_a_card_counts_the_conversations_before_and_links_the_last(house: House) -> None:
    for _ in range(3):
        house.twilio.write("+15551230001", "Hello")
        house.run()
        house.slack.press(BOB, SUPPORT, house.threads()[-1], "resolve")
        house.run()
        house.clock.ahead += 80 * 3600
    head = house.threads()[1].replace(".", "")
    assert lines(house)[-1].startswith("2 earlier conversations, <")
    assert f"p{head}" in lines(house)[-1]
