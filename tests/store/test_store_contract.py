"""What we rely on from a store, asked of every DynamoDB at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.errors import Lost, TooBig
from chalicelib.inbound.entries import fitted
from chalicelib.inbound.record import record
from chalicelib.model import Attachment, Contact, Gate, Item, MessageReceived, Ref, Route, Saved
from chalicelib.services import World
from chalicelib.store import Insert, Put, Replace, Store
from chalicelib.store.rows import SHAPES
from tests.store.test_codec import ANYTHING
from tests.store.things import ANA, NOW, contact, message, ref


def put(store: Store, thing: Any) -> Any:
    return store.write(Insert(thing))[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_whatever_is_stored_is_found_again(store: Store, thing: Any) -> None:
    stored = store.write(Put(thing))[0]
    found = store.find(type(thing), *SHAPES[type(thing)].ids_of(thing))
    assert found == (replace(stored, due=None) if getattr(thing, "parked", "") else stored)


# --------------------------------------------------------------------------- one thing


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.find(Saved, "settings") is None


def test_an_insert_of_what_is_there_is_lost_and_names_it(store: Store) -> None:
    put(store, Saved("a", "first"))
    second = Saved("a", "second")
    with pytest.raises(Lost) as lost:
        store.write(Insert(second))
    assert lost.value.losers == (second,)
    assert store.find(Saved, "a") == Saved("a", "first", version=1)


def test_a_replace_of_what_was_read_wins_and_counts_up(store: Store) -> None:
    read = put(store, Saved("a", "first"))
    assert store.write(Replace(replace(read, value="second"))) == [Saved("a", "second", version=2)]


def test_a_replace_of_an_older_version_is_lost(store: Store) -> None:
    read = put(store, Saved("a", "first"))
    store.write(Replace(replace(read, value="second")))
    with pytest.raises(Lost):
        store.write(Replace(replace(read, value="third")))
    assert store.find(Saved, "a") == Saved("a", "second", version=2)


def test_a_replace_of_what_is_not_there_is_lost(store: Store) -> None:
    with pytest.raises(Lost):
        store.write(Replace(Saved("a", "b", version=1)))


def test_a_put_writes_over_anything(store: Store) -> None:
    put(store, Gate("slack", "C", 1, "old"))
    store.write(Put(Gate("slack", "C", 2, "new")))
    found = store.find(Gate, "slack", "C")
    assert found is not None
    assert (found.until, found.why) == (2, "new")


def test_what_became_empty_is_gone_from_the_row(store: Store) -> None:
    read = put(store, message(text="secret", their_id="m1", due=NOW))
    store.write(Replace(replace(read, text="", due=None)))
    found = store.find(Item, read.conversation, read.id)
    assert found is not None
    assert (found.text, found.due) == ("", None)


def test_writing_nothing_is_no_work(store: Store) -> None:
    assert store.write() == []


# --------------------------------------------------------------------------- several at once


def test_several_are_written_together(store: Store) -> None:
    stored = store.write(Insert(ref("m1")), Insert(message()), Put(Gate("slack", "C", 1, "")))
    assert [thing.version for thing in stored] == [1, 1, 1]


def test_one_loser_stops_them_all_and_is_named(store: Store) -> None:
    put(store, ref("m1"))
    known, item, gate = ref("m1"), message(), Gate("slack", "C", 1, "")
    with pytest.raises(Lost) as lost:
        store.write(Put(gate), Insert(known), Insert(item))
    assert lost.value.losers == (known,)
    assert store.find_all((Item, (item.conversation, item.id)), (Gate, ("slack", "C"))) == [None, None]


def test_every_loser_is_named(store: Store) -> None:
    put(store, ref("m1"))
    person = contact()
    with pytest.raises(Lost) as lost:
        store.write(Insert(ref("m1")), Insert(ref("m2")), Replace(person))
    assert lost.value.losers == (ref("m1"), person)


def test_a_hundred_things_are_written_at_once(store: Store) -> None:
    store.write(*(Insert(ref(str(number))) for number in range(100)))
    found = store.find_all(*((Ref, ("telegram", "main", str(number))) for number in range(100)))
    assert [each.id for each in found if each] == [str(number) for number in range(100)]


def test_finding_several_keeps_their_order_and_their_gaps(store: Store) -> None:
    first, second = put(store, ref("1")), put(store, contact())
    wanted = [(Contact, (second.id,)), (Ref, ("telegram", "main", "0")), (Ref, ("telegram", "main", "1"))]
    assert store.find_all(*wanted, wanted[0]) == [second, None, first, second]


def test_finding_none_is_no_work(store: Store) -> None:
    assert store.find_all() == []


def test_more_than_a_batch_takes_is_found(store: Store) -> None:
    put(store, ref("149"))
    found = store.find_all(*((Ref, ("telegram", "main", str(number))) for number in range(150)))
    assert found[149].id == "149"
    assert found[:149] == [None] * 149


# --------------------------------------------------------------------------- taking a step


def test_a_change_starts_from_what_the_thing_is_now(store: Store) -> None:
    read = put(store, contact())
    store.write(Replace(replace(read, name="Bea")))
    after = store.change(read, lambda now: replace(now, name=now.name + "!"))
    assert after == replace(read, name="Bea!", version=3)


def test_a_step_of_none_leaves_the_thing(store: Store) -> None:
    read: Contact = put(store, contact())
    assert store.change(read, lambda _: None) is read
    assert store.find(Contact, read.id) == read


def test_a_change_of_what_is_gone_is_lost(store: Store) -> None:
    with pytest.raises(Lost):
        store.change(contact(version=1), lambda now: replace(now, name="Bea"))


def test_what_is_written_with_a_change_is_written_once(store: Store) -> None:
    read = put(store, contact())
    store.write(Replace(replace(read, name="Bea")))
    store.change(read, lambda now: replace(now, name=now.name + "!"), Insert(ref("m1")))
    found = store.find_all((Contact, (read.id,)), (Ref, ("telegram", "main", "m1")))
    assert (found[0].name, found[1].version) == ("Bea!", 1)


def test_a_change_whose_companion_lost_changes_nothing(store: Store) -> None:
    read = put(store, contact())
    put(store, ref("m1"))
    store.write(Replace(replace(read, name="Bea")))
    with pytest.raises(Lost) as lost:
        store.change(read, lambda now: replace(now, name=now.name + "!"), Insert(ref("m1")))
    assert lost.value.losers == (ref("m1"),)
    assert store.find(Contact, read.id) == replace(read, name="Bea", version=2)


# --------------------------------------------------------------------------- sizes


def test_a_thing_just_below_what_a_row_holds_is_stored(store: Store) -> None:
    put(store, Saved("settings", "x" * 408_000))


def test_what_is_owed_lies_in_the_index_too_and_may_be_half_as_big(store: Store) -> None:
    put(store, message(text="x" * 203_000))


@pytest.mark.parametrize("text", ["x" * 420_000, "😀" * 105_000])
def test_a_thing_no_row_can_hold_is_refused_by_name(store: Store, text: str) -> None:
    big = message(text=text)
    with pytest.raises(TooBig) as alone:
        store.write(Insert(big))
    with pytest.raises(TooBig) as together:
        store.write(Insert(ref("m1")), Insert(big))
    assert [error.value.things[0].id for error in (alone, together)] == [big.id, big.id]  # type: ignore[attr-defined]
    assert store.find(Ref, "telegram", "main", "m1") is None


def test_what_the_door_leaves_of_the_largest_message_fits(store: Store, world: World) -> None:
    big = "😀" * 300_000
    route = Route("telegram", "main", "telegram", "telegram:5", big, big)
    files = (Attachment(big, big, big, 5, big),) * 50
    event = fitted(MessageReceived("5:1", route, (ANA,), NOW, big, big, files, 1, big))
    recorded = record(world, world.line("telegram", "main")[1], event)
    assert recorded is not None
    assert recorded.bell is not None
    (item,) = store.items(recorded.bell.about)
    assert item.text.startswith("😀" * 20_000)


@pytest.mark.parametrize("their_id", ["i" * 5000, "😀" * 600])
def test_a_long_id_of_theirs_can_be_stored_and_found(store: Store, their_id: str) -> None:
    stored = put(store, ref(their_id, item="I"))
    assert store.find(Ref, "telegram", "main", their_id) == stored
    with pytest.raises(Lost):
        put(store, ref(their_id))
