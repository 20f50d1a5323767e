"""What no stand-in does by itself: conflicts, throttling, lost answers, keys there was no time for.

`before-call` answers in the table's place, `before-parse` after it has committed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pynamodb.exceptions import GetError, PutError, QueryError, TransactWriteError

from chalicelib.errors import Lost
from chalicelib.model import Contact, Item, Saved, Side, State
from chalicelib.store import Insert, Put, Replace, Store
from tests.store.faults import deaf, error, fault, silence
from tests.store.things import NOW, contact, message, ref

CALLS = ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems")
THROTTLES = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")


def every_call(store: Store) -> None:
    """Make each kind of call once, and see that each did what it should."""
    person, item = store.write(Insert(contact()), Insert(message(due=NOW)))
    assert store.find(Contact, person.id) == person
    assert store.find_all((Contact, (person.id,))) == [person]
    assert store.undone("H", Side.SLACK, 5) == list(store.items("H")) == [item]
    assert store.kept("C:1") == []
    assert store.parked() == []
    assert store.oldest_undone() == NOW
    (due,) = store.due(NOW, 5)
    assert store.postpone(due, NOW + 1)
    assert store.write(Replace(replace(person, name="Bea")))[0].version == 2
    assert store.write(Put(Saved("a", "b"))) == [Saved("a", "b", version=1)]


LOST = [
    *(("before-call", act) for act in (silence, deaf, error("InternalServerError"))),
    ("before-parse", silence),
]
CONFLICTS = [
    ("PutItem", error("TransactionConflictException")),
    ("UpdateItem", error("TransactionConflictException")),
    ("TransactWriteItems", error("TransactionCanceledException", "None", "TransactionConflict")),
    ("TransactWriteItems", error("TransactionCanceledException", "ThrottlingError", "None")),
    ("TransactWriteItems", error("TransactionInProgressException")),
]


@pytest.mark.parametrize(("call", "act"), CONFLICTS)
def test_a_write_in_anothers_way_is_repeated_after_a_pause(
    store: Store, pauses: list[float], call: str, act: Callable[..., Any]
) -> None:
    with fault(store, f"before-call.dynamodb.{call}", act, times=3) as hit:
        every_call(store)
    assert hit == [call] * 3
    assert len(pauses) == 3
    assert all(0.01 <= pause <= 0.2 for pause in pauses)


@pytest.mark.parametrize("code", THROTTLES)
@pytest.mark.parametrize("call", CALLS)
def test_a_throttled_call_is_repeated(store: Store, call: str, code: str) -> None:
    with fault(store, f"before-call.dynamodb.{call}", error(code), times=2) as hit:
        every_call(store)
    assert hit == [call] * 2


@pytest.mark.parametrize(("when", "act"), LOST)
@pytest.mark.parametrize("call", CALLS)
def test_a_lost_answer_is_asked_for_again_and_nothing_is_doubled(
    store: Store, call: str, when: str, act: Callable[..., Any]
) -> None:
    with fault(store, f"{when}.dynamodb.{call}", act, times=2) as hit:
        every_call(store)
    assert hit == [call] * 2
    assert len(list(store.items("H"))) == 1


def test_a_repeated_transaction_carries_the_same_token(store: Store) -> None:
    tokens = []

    def note(params: dict[str, Any], **_: Any) -> None:
        tokens.append(json.loads(params["body"])["ClientRequestToken"])

    call = "dynamodb.TransactWriteItems"
    with fault(store, f"before-parse.{call}", silence), fault(store, f"before-call.{call}", note, times=9):
        store.write(Insert(ref("m1")), Insert(message()))
        store.write(Insert(ref("m2")), Insert(message()))
    assert tokens[0] == tokens[1] != tokens[2]


def test_an_insert_that_lost_to_somebody_else_is_lost_even_after_a_silence(store: Store) -> None:
    store.write(Insert(Saved("a", "theirs")))
    with fault(store, "before-call.dynamodb.PutItem", silence), pytest.raises(Lost):
        store.write(Insert(Saved("a", "ours")))


def test_a_claim_whose_answer_was_lost_is_ours(store: Store) -> None:
    read = store.write(Insert(message()))[0]
    with fault(store, "before-parse.dynamodb.PutItem", silence):
        mine = store.write(Replace(replace(read, text="claimed")))[0]
    assert store.find(Item, "H", read.id) == mine


def test_a_change_whose_answer_was_lost_is_made_once(store: Store) -> None:
    read = store.write(Insert(contact(name="")))[0]
    with fault(store, "before-parse.dynamodb.PutItem", silence):
        store.change(read, lambda now: replace(now, name=now.name + "!"))
    found = store.find(Contact, read.id)
    assert found is not None
    assert found.name == "!"


def test_conflicts_without_end_are_told_in_the_end(store: Store, pauses: list[float]) -> None:
    act = error("TransactionCanceledException", "TransactionConflict", "None")
    with (
        fault(store, "before-call.dynamodb.TransactWriteItems", act, times=99) as hit,
        pytest.raises(TransactWriteError),
    ):
        store.write(Insert(ref("m1")), Insert(message()))
    assert (len(hit), len(pauses)) == (8, 7)
    assert sum(pauses) < 1.2


@pytest.mark.parametrize(
    ("call", "act", "told"),
    [
        ("GetItem", lambda store: store.find(Saved, "a"), GetError),
        ("Query", lambda store: store.undone("H", Side.SLACK, 1), QueryError),
        ("PutItem", lambda store: store.write(Insert(Saved("a", ""))), PutError),
    ],
)
def test_a_table_that_never_answers_is_given_up_after_three_timeouts(
    store: Store, call: str, act: Callable[[Store], object], told: type[Exception]
) -> None:
    with fault(store, f"before-call.dynamodb.{call}", silence, times=99) as hit, pytest.raises(told):
        act(store)
    assert len(hit) == 3


def test_what_is_wrong_for_good_is_told_at_once(store: Store) -> None:
    with (
        fault(store, "before-call.dynamodb.PutItem", error("ValidationException"), times=99) as hit,
        pytest.raises(PutError),
    ):
        store.write(Insert(Saved("a", "")))
    with (
        fault(store, "before-call.dynamodb.GetItem", error("AccessDeniedException"), times=99) as denied,
        pytest.raises(GetError),
    ):
        store.find(Saved, "a")
    assert (len(hit), len(denied)) == (1, 1)


def test_a_lost_race_is_told_at_once_even_beside_a_conflict(store: Store) -> None:
    act = error("TransactionCanceledException", "ConditionalCheckFailed", "TransactionConflict")
    with (
        fault(store, "before-call.dynamodb.TransactWriteItems", act, times=99) as hit,
        pytest.raises(Lost) as lost,
    ):
        store.write(Insert(ref("m1")), Insert(message()))
    assert (len(hit), lost.value.losers) == (1, (ref("m1"),))


def test_keys_there_was_no_time_for_are_asked_for_again(store: Store, pauses: list[float]) -> None:
    stored = store.write(*(Insert(ref(str(number))) for number in range(3)))
    table = store._row.Meta.table_name

    def half(parsed: dict[str, Any], **_: Any) -> None:
        left = parsed["Responses"][table].pop()
        parsed["UnprocessedKeys"] = {table: {"Keys": [{"PK": left["PK"], "SK": left["SK"]}]}}

    wanted = [(type(each), ("telegram", "main", each.id)) for each in stored]
    with fault(store, "after-call.dynamodb.BatchGetItem", half, times=2):
        assert store.find_all(*wanted) == stored
    assert len(pauses) == 2


def test_settled_and_lost_answers_leave_the_index_true(store: Store) -> None:
    read = store.write(Insert(message()))[0]
    with fault(store, "before-parse.dynamodb.PutItem", silence, times=2):
        store.write(Replace(replace(read, state=State.POSTED)))
    assert store.undone("H", Side.SLACK, 1) == []
