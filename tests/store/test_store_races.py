"""Many at once, and much of it: what only threads and ten thousand messages show."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Lost
from chalicelib.inbound import receive
from chalicelib.inbound.entries import Recorded
from chalicelib.inbound.record import record
from chalicelib.model import Contact, Conversation, Gate, MessageReceived, Saved, Side, State
from chalicelib.queues import Bell
from chalicelib.services import World
from chalicelib.store import Insert, Replace, Store
from chalicelib.store.rows import lay
from tests.store.conftest import Backend
from tests.store.door import rows, webhook
from tests.store.things import ANA, NOW, ROUTE, contact, message, ref


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Do something in so many threads that start together."""
    start = threading.Barrier(number)

    def run(place: int) -> Any:
        start.wait()
        return act(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


# --------------------------------------------------------------------------- races


def test_one_of_many_inserts_wins(store: Store) -> None:
    def insert(place: int) -> bool:
        try:
            store.write(Insert(Saved("a", str(place))))
        except Lost:
            return False
        return True

    assert sum(at_once(20, insert)) == 1


def test_one_of_many_claims_wins(store: Store) -> None:
    stored = store.write(Insert(message()))[0]

    def claim(place: int) -> bool:
        try:
            store.write(Replace(replace(stored, text=str(place))), Insert(ref(str(place))))
        except Lost:
            return False
        return True

    assert sum(at_once(20, claim)) == 1


def test_changes_at_once_are_all_made(store: Store) -> None:
    store._pause = time.sleep
    person = store.write(Insert(contact(name="")))[0]
    at_once(6, lambda place: store.change(person, lambda now: replace(now, name=now.name + str(place))))
    found = store.find(Contact, person.id)
    assert found is not None
    assert sorted(found.name) == list("012345")


def test_two_first_messages_at_once_make_one_conversation(backend: Backend, world: World) -> None:
    line = world.line("telegram", "main")[1]

    def write(place: int) -> Recorded | None:
        event = MessageReceived(f"5:{place}", ROUTE, (ANA,), NOW, "Ana", f"message {place}")
        while True:
            try:
                return record(world, line, event)
            except Lost:
                continue

    one, other = at_once(2, write)
    assert one.bell == other.bell
    kinds = [len(rows(backend, world.store, kind)) for kind in ("CONVERSATION", "CONTACT", "ITEM#", "ADDRESS")]
    # A conversation and the line of its contact's history.
    assert kinds == [2, 1, 2, 1]


@pytest.mark.slow
def test_a_hundred_webhooks_of_which_half_are_repeats_make_fifty_items(backend: Backend, world: World) -> None:
    answers = at_once(100, lambda place: receive(world, "telegram", "main", webhook(place % 50)))
    assert [answer.status for answer in answers] == [200] * 100
    items = rows(backend, world.store, "ITEM#")
    assert sorted(item["body"]["M"]["text"]["S"] for item in items) == sorted(f"message {n}" for n in range(50))
    assert len({item["PK"]["S"] for item in items}) == 1
    (conversation,) = {item["PK"]["S"].partition("#")[2] for item in items}
    assert len(world.store.undone(conversation, Side.SLACK, 100)) == 50
    rung = [bell for bell in world.queues.rung if not bell.about.startswith("picture:")]  # type: ignore[attr-defined]  # Bells
    assert rung == [Bell(conversation, "C0SUPPORT")] * 50


# --------------------------------------------------------------------------- costs


@contextmanager
def units(store: Store) -> Iterator[dict[str, float]]:
    """Add up the read units that each kind of call is said to have consumed."""
    spent: dict[str, float] = {}

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        given = parsed.get("ConsumedCapacity", [])
        for each in given if isinstance(given, list) else [given]:
            spent[model.name] = spent.get(model.name, 0) + each["CapacityUnits"]

    store.events.register("after-call.dynamodb.*", note)
    try:
        yield spent
    finally:
        store.events.unregister("after-call.dynamodb.*", note)


@pytest.fixture
def long_conversation(backend: Backend, store: Store) -> Iterator[str]:
    """Ten thousand messages, all of them in Slack."""
    table = store._row.Meta.table_name
    posted = message("LONG", text="x" * 200, state=State.POSTED, slack_ts="1789000000.000100")
    pk, _, row = lay(posted)
    for start in range(0, 10_000, 25):
        batch = [
            {"PutRequest": {"Item": {**row, "PK": {"S": pk}, "SK": {"S": f"ITEM#{start + n:026d}"}}}}
            for n in range(25)
        ]
        backend.client.batch_write_item(RequestItems={table: batch})
    yield "LONG"
    backend.new_table()


@pytest.mark.slow
def test_a_bell_in_a_conversation_of_ten_thousand_reads_two_units(store: Store, long_conversation: str) -> None:
    store.write(Insert(message(long_conversation, text="the new one")))
    with units(store) as spent:
        found = store.find_all((Conversation, (long_conversation,)), (Gate, ("slack", "C0SUPPORT")))
        undone = store.undone(long_conversation, Side.SLACK, 50)
    assert (found, [item.text for item in undone]) == ([None, None], ["the new one"])
    assert spent["Query"] <= 2
    assert sum(spent.values()) <= 4
    with units(store) as idle:
        assert store.undone(long_conversation, Side.CUSTOMER, 6) == []
    assert idle["Query"] <= 1
