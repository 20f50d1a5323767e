"""What is owed, kept, due and parked, asked of every DynamoDB at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model import (
    Claim,
    Conversation,
    Entry,
    History,
    Item,
    Kept,
    Kind,
    Merge,
    Raw,
    Side,
    Snippet,
    State,
    Step,
    new_id,
)
from chalicelib.store import FIRST, Due, Insert, Replace, Store
from tests.store.things import NOW, answer, contact, conversation, message


def put(store: Store, thing: Any) -> Any:
    return store.write(Insert(thing))[0]


# --------------------------------------------------------------------------- what is undone


def test_what_is_owed_is_told_oldest_first(store: Store) -> None:
    late, early = message(at=NOW + 5), message(at=NOW - 5)
    other = message("ANOTHER")
    store.write(*map(Insert, (late, early, other)))
    assert [item.id for item in store.undone("H", Side.SLACK, 10)] == [early.id, late.id]


def test_what_is_claimed_towards_slack_is_told_first(store: Store) -> None:
    claim = Claim(new_id(NOW), NOW)
    early, late = message(at=NOW - 5), message(at=NOW + 5, claim=claim)
    store.write(*map(Insert, (early, late, answer(at=NOW - 5), sent := answer(at=NOW + 5, claim=claim))))
    assert [item.id for item in store.undone("H", Side.SLACK, 10)] == [late.id, early.id]
    assert [item.id for item in store.undone("H", Side.CUSTOMER, 10)][-1] == sent.id
    assert [item.kind for item in store.undone("H", None, 10)] == [*[Kind.MESSAGE] * 2, *[Kind.REPLY] * 2]


def test_each_side_is_told_what_it_is_owed(store: Store) -> None:
    store.write(Insert(message()), Insert(mine := answer()))
    assert [item.id for item in store.undone("H", Side.CUSTOMER, 10)] == [mine.id]


def test_what_is_settled_is_no_longer_owed(store: Store) -> None:
    read = put(store, message())
    store.write(Replace(replace(read, state=State.POSTED)))
    assert store.undone("H", Side.SLACK, 10) == []


def test_no_more_is_told_than_asked_for(store: Store) -> None:
    items = [message(at=NOW + place) for place in range(7)]
    store.write(*map(Insert, items))
    assert [item.id for item in store.undone("H", Side.SLACK, 3)] == [item.id for item in items[:3]]


def test_a_conversation_is_walked_through_from_one_item_on(store: Store) -> None:
    items = [message(at=NOW + place) for place in range(7)]
    store.write(*map(Insert, items))
    for page in (1, 3, 25):
        found = [item.id for item in store.items("H", page, items[4].id)]
        assert found == [item.id for item in reversed(items[:4])]
    assert list(store.items("H", before=items[0].id)) == []


def test_things_of_a_kind_are_listed_by_how_their_keys_begin(store: Store) -> None:
    words = [Entry("ana", "A"), Entry("anabel", "B"), Entry("an", "C"), Entry("bea", "A")]
    homes = [History("A", name, "support", NOW) for name in ("1", "2", "3")]
    store.write(*map(Insert, (*words, *homes, contact(id="A"), Snippet("S", "Hi", "Hello"))))
    assert [each.contact for each in store.listed(Entry, "an")] == ["C", "A", "B"]
    assert [each.contact for each in store.listed(Entry, "ana")] == ["A", "B"]
    assert [each.contact for each in store.listed(Entry, "ana", limit=1)] == ["A"]
    assert store.listed(Entry, "anabella") == []
    assert [each.conversation for each in store.listed(History, "A", limit=2, back=True)] == ["3", "2"]
    assert [each.title for each in store.listed(Snippet)] == ["Hi"]


def test_a_merge_that_is_to_be_done_is_due(store: Store) -> None:
    order = Merge(new_id(NOW), "A", "B", due=NOW)
    store.write(Insert(order))
    (due,) = store.due(NOW, 10)
    assert (due.kind, due.ids) == (Merge, (order.id,))


def test_a_conversation_is_walked_through_newest_first(store: Store) -> None:
    items = [message(at=NOW + place) for place in range(7)]
    store.write(Insert(conversation(id="H")), *map(Insert, items))
    for page in (1, 3, 7, 25):
        assert [item.id for item in store.items("H", page)] == [item.id for item in reversed(items)]


def test_what_was_kept_for_a_thread_is_told_in_the_order_it_was_typed(store: Store) -> None:
    for ts in ("1789000002.000100", "1789000001.000100"):
        put(store, Kept("C:1", ts, "{}"))
    put(store, Kept("C:2", "1789000000.000100", "{}"))
    assert [kept.ts for kept in store.kept("C:1")] == ["1789000001.000100", "1789000002.000100"]


# --------------------------------------------------------------------------- what is due


def test_what_is_due_is_told_by_kind_and_ids_oldest_first(store: Store) -> None:
    item, home = message(due=NOW + 2), conversation(due=NOW + 1)
    raw = Raw(new_id(NOW), "telegram", "main", "many", "POST", {}, due=NOW)
    store.write(*map(Insert, (item, home, raw, message(due=NOW + 3))))
    told = [(due.kind, due.ids, due.at) for due in store.due(NOW + 2, 10)]
    assert told == [
        (Raw, (raw.id,), NOW),
        (Conversation, (home.id,), NOW + 1),
        (Item, ("H", item.id), NOW + 2),
    ]


def test_what_only_a_newer_writer_knows_is_passed_over(store: Store, backend: Any) -> None:
    put(store, item := message(due=NOW))
    keys = {"PK": {"S": "CAMPAIGN#1"}, "SK": {"S": "STEP#1"}}
    row = {**keys, "due_shard": {"S": "0"}, "due_at": {"N": "1"}}
    backend.client.put_item(TableName=store._row.Meta.table_name, Item=row)
    assert [due.ids for due in store.due(NOW, 10)] == [("H", item.id)]


def test_what_is_pushed_back_is_due_later(store: Store) -> None:
    put(store, message(due=NOW))
    (due,) = store.due(NOW, 10)
    assert store.postpone(due, NOW + 60)
    assert store.due(NOW, 10) == []
    assert [again.at for again in store.due(NOW + 60, 10)] == [NOW + 60]


def test_what_was_settled_meanwhile_is_not_pushed_back(store: Store) -> None:
    read = put(store, message(due=NOW))
    (due,) = store.due(NOW, 10)
    store.write(Replace(replace(read, state=State.POSTED, due=None)))
    assert not store.postpone(due, NOW + 60)
    assert store.due(NOW + 60, 10) == []


def test_what_is_gone_is_not_brought_back_by_pushing(store: Store) -> None:
    assert not store.postpone(Due(Item, ("H", "I"), NOW, ("CONVERSATION#H", "ITEM#I")), NOW + 60)
    assert list(store.items("H")) == []


def test_pushing_back_is_in_nobodys_way(store: Store) -> None:
    read = put(store, message(due=NOW))
    store.postpone(store.due(NOW, 10)[0], NOW + 60)
    store.write(Replace(replace(read, text="claimed")))


def test_what_is_parked_is_counted_and_neither_owed_nor_due(store: Store) -> None:
    read = put(store, message(due=NOW))
    store.write(Replace(replace(read, parked="gave up")))
    assert (len(store.parked()), store.undone("H", Side.SLACK, 10), store.due(NOW, 10)) == (1, [], [])
    assert store.oldest_undone() is None


def parked(at: int) -> Item:
    return message(parked="gave up", steps=(Step("parked", at, "gave up"),))


def test_what_is_parked_waits_since_it_was_given_up(store: Store) -> None:
    for at in (NOW + 7, NOW + 5):
        put(store, parked(at))
    assert [due.at for due in store.parked()] == [NOW + 5, NOW + 7]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_what_is_parked_is_told_in_parts_without_a_gap(store: Store, limit: int) -> None:
    things = [put(store, parked(NOW + 1 if 1 <= number <= 4 else NOW + number)) for number in range(6)]
    found: list[str] = []
    place = FIRST
    while batch := store.parked(place, limit):
        assert len(batch) >= min(limit, len(things) - len(found))
        found += [due.ids[-1] for due in batch]
        place = batch[-1].at, batch[-1].ids[-1]
    assert sorted(found) == sorted(thing.id for thing in things)


def test_what_was_parked_can_be_taken_up_again(store: Store) -> None:
    read = put(store, message(parked="gave up"))
    store.write(Replace(replace(read, parked="", due=NOW)))
    assert (len(store.parked()), [due.at for due in store.due(NOW, 10)]) == (0, [NOW])


def test_the_oldest_undone_is_as_old_as_its_recording(store: Store) -> None:
    store.write(Insert(message(at=NOW - 9000, due=NOW + 5)), Insert(message(due=NOW)))
    assert store.oldest_undone() == NOW - 9000
