"""Whoever is taken for whom, in whatever order it is done and undone: every address leads to one person."""

from __future__ import annotations

import random

import pytest

from chalicelib.contacts import person
from chalicelib.inbound.joining import join, part
from chalicelib.model import Contact, Conversation, Current, History, Known, Merge, Route, Status, new_id
from chalicelib.store import Insert, Store
from infra.local.slack.team import BOB
from tests.house import House

PEOPLE, STEPS = 5, 24


def settled(house: House) -> list[str]:
    """Five people with an address and a conversation each."""
    ids = [new_id(house.clock.ms() + number) for number in range(PEOPLE)]
    for number, name in enumerate(ids):
        home = Conversation(new_id(house.clock.ms()), name, "support", "C0SUPPORT", "Ana", 0, status=Status.OPEN)
        route = Route("telegram", "main", "telegram", f"telegram:{number}", str(number))
        resolved = None if number % 2 else number + 1
        status = Status.OPEN if resolved is None else Status.RESOLVED
        house.store.write(
            Insert(
                Contact(
                    name,
                    current={"support": Current(home.id, "C0SUPPORT", resolved)},
                    addresses=(route.address,),
                    routes=(route,),
                )
            ),
            Insert(Known(route.address, name)),
            Insert(History(name, home.id, "support", 0)),
            Insert(Conversation(home.id, name, "support", "C0SUPPORT", "Ana", 0, status=status)),
        )
    return ids


def led(store: Store, number: int) -> Contact:
    known = store.find(Known, f"telegram:{number}")
    assert known is not None
    found = person(store, known.contact)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(8))
def test_every_address_leads_to_one_person_who_names_it_and_all_undone_is_as_it_was(
    house: House, seed: int
) -> None:
    chance, store = random.Random(seed), house.store  # noqa: S311 - a test's
    ids = settled(house)
    before = [led(store, number) for number in range(PEOPLE)]
    merges: list[Merge] = []
    for _ in range(STEPS):
        if merges and chance.random() < 0.4:
            part(house.world, merges.pop(chance.randrange(len(merges))).id, BOB)
        else:
            kept, gone = chance.sample(ids, 2)
            done = join(house.world, Merge(new_id(house.clock.ms()), kept, gone, by=BOB))
            merges += [done] if done else []
        people = [led(store, number) for number in range(PEOPLE)]
        for number, each in enumerate(people):
            assert each.addresses.count(f"telegram:{number}") == 1
            assert (
                sum(f"telegram:{number}" in other.addresses for other in {p.id: p for p in people}.values()) == 1
            )
            assert {route.address for route in each.routes} == set(each.addresses)
            assert not each.into
            assert each.current
        assert len({each.id for each in people}) == PEOPLE - len(merges)
    while merges:
        part(house.world, merges.pop(chance.randrange(len(merges))).id, BOB)
    after = [led(store, number) for number in range(PEOPLE)]
    assert [(each.id, each.addresses, each.routes, each.merged) for each in after] == [
        (each.id, each.addresses, each.routes, each.merged) for each in before
    ]
    for old, new in zip(before, after, strict=True):
        assert new.current["support"].conversation == old.current["support"].conversation
