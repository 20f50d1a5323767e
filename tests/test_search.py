"""Customers are found by the beginnings of their names and addresses, however they are typed."""

from __future__ import annotations

import pytest

from chalicelib.finding import sought
from chalicelib.model import Address, Contact, Known, Route
from chalicelib.search import find_people
from chalicelib.slack.asked import By, Looked
from chalicelib.slack.desk.tables import SEARCHES
from chalicelib.store import Put
from tests.house import House
from tests.test_contacts import BSUID, PHONE, person, written

ANA = "Ana Müller-Y\N{LATIN SMALL LETTER DOTLESS I}lmaz"


def found(house: House, typed: str) -> list[str]:
    return [each.name for each in find_people(house.store, typed, 10)]


@pytest.fixture
def town(house: House) -> House:
    house.telegram.write("7001", "Hi", first_name="Ana", last_name="Müller-Y\N{LATIN SMALL LETTER DOTLESS I}lmaz")
    house.telegram.write("7002", "Hi", first_name="ANASTASIA", last_name="Müller")
    house.whatsapp.write(PHONE, "Hi", bsuid=BSUID, name="José Ángel")
    house.run()
    return house


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ana", [ANA, "ANASTASIA Müller"]),
        ("anas", ["ANASTASIA Müller"]),
        ("mull an", [ANA, "ANASTASIA Müller"]),
        ("MULLER yil", [ANA]),
        ("müller", [ANA, "ANASTASIA Müller"]),
        ("jose angel", ["José Ángel"]),
        ("+55 11 98765", ["José Ángel"]),
        ("0055(11)98", ["José Ángel"]),
        ("5511", ["José Ángel"]),
        ("BR.139", ["José Ángel"]),
        ("7001", [ANA]),
        ("nobody", []),
        ("ana nobody", []),
        ("", []),
        ("   ", []),
        ("%_*", []),
    ],
)
def test_a_customer_is_found_by_the_beginning_of_a_name_or_an_address(
    town: House, typed: str, names: list[str]
) -> None:
    assert sorted(found(town, typed)) == sorted(names)


def test_the_shortest_match_comes_first(town: House) -> None:
    assert found(town, "ana")[0] == ANA


def test_an_address_typed_in_full_finds_its_one_customer(house: House) -> None:
    written(house, "Hi", Address("email", "Ana.Lima+1@Example.com"))
    assert [each.addresses for each in find_people(house.store, "ana.lima+1@ex", 5)] == [
        ("email:Ana.Lima+1@Example.com",)
    ]


def test_a_new_name_is_found_as_well_as_the_old_one(house: House) -> None:
    for name in ("Ana", "Bea"):
        house.telegram.write("7", "Hi", first_name=name)
        house.run()
    assert (found(house, "bea"), found(house, "ana")) == (["Bea"], ["Bea"])


def test_an_address_that_comes_later_is_found_too(house: House) -> None:
    house.whatsapp.write(BSUID, "hidden", name="Ana")
    house.whatsapp.write(PHONE, "shown", bsuid=BSUID, name="Ana")
    assert found(house, "551198") == ["Ana"]


def test_a_customer_on_record_from_before_there_was_a_search_is_found_once_they_write(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    (before,) = find_people(house.store, "ana", 5)
    house.store.write(Put(Contact(before.id, "Ana", before.current)))
    for row in house.store._row.scan(house.store._row.kind == "entry"):
        row.delete()
    assert found(house, "ana") == []
    house.telegram.write("7", "Hello", first_name="Ana")
    assert [each.addresses for each in find_people(house.store, "ana", 5)] == [("telegram:7",)]


def test_somebody_who_only_said_stop_is_found(house: House) -> None:
    house.twilio.write("+15551230001", "STOP")
    assert [each.addresses for each in find_people(house.store, "1555", 5)] == [("phone:+15551230001",)]


def test_what_is_typed_is_cut_before_it_is_looked_for() -> None:
    assert [len(word) for word in sought("a" * 5_000)] == [60]
    assert len(sought(" ".join(str(number) + "x" for number in range(100)))) == 8


def test_whoever_types_is_shown_names_with_addresses(town: House) -> None:
    answer = SEARCHES["customer"](town.world, Looked(By("T", "U"), "customer", "jos"))
    who = person(town, f"phone:+{PHONE}")
    assert list(answer.found) == [(f"José Ángel · +{PHONE}, {BSUID}", who)]


def test_somebody_without_a_name_is_called_by_their_addresses(house: House) -> None:
    house.twilio.write("+15551230001", "Hi")
    (answer,) = SEARCHES["customer"](house.world, Looked(By("T", "U"), "customer", "1555")).found
    assert answer[0] == "+15551230001"


# ------------------------------------------------------------------ what a contact knows of itself


def contact(house: House, address: str) -> Contact:
    known = house.store.find(Known, address)
    assert known is not None
    found = house.store.find(Contact, known.contact)
    assert found is not None
    return found


def test_a_contact_names_its_addresses_and_the_ways_on_which_it_wrote(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    house.whatsapp.write(PHONE, "by WhatsApp", bsuid=BSUID)
    house.run()
    ana = contact(house, f"phone:+{PHONE}")
    assert ana.addresses == (f"phone:+{PHONE}", f"whatsapp:{BSUID}")
    assert [route.medium for route in ana.routes] == ["sms", "whatsapp"]
    (home,) = house.conversations()
    assert home.routes == ana.routes


def test_a_way_that_is_known_costs_no_write(house: House) -> None:
    for text in ("one", "two"):
        house.telegram.write("7", text, first_name="Ana")
        house.run()
    assert contact(house, "telegram:7").version == 1


def test_a_new_conversation_begins_with_the_way_it_came_by(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    ana, (home,) = contact(house, "telegram:7"), house.conversations()
    route = Route("telegram", "main", "telegram", "telegram:7", "7", home.routes[0].sender)
    assert ana.routes == home.routes == (route,)
