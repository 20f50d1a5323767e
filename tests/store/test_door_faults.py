"""A webhook and a table that has a bad moment: answered 2xx all the same, and on record once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.inbound import receive
from chalicelib.services import World
from tests.store.conftest import Backend
from tests.store.door import rows, webhook
from tests.store.faults import error, fault, silence

TRANSACTION = "dynamodb.TransactWriteItems"
CANCELLED = "TransactionCanceledException"
FAULTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "a conflict": (
        f"before-call.{TRANSACTION}",
        error(CANCELLED, "None", "TransactionConflict"),
    ),
    "throttling": (f"before-call.{TRANSACTION}", error("ThrottlingException")),
    "a throttled item": (
        f"before-call.{TRANSACTION}",
        error(CANCELLED, "ThrottlingError", "None"),
    ),
    "an inner error": (f"before-call.{TRANSACTION}", error("InternalServerError")),
    "no answer": (f"before-call.{TRANSACTION}", silence),
    "done, and no answer": (f"before-parse.{TRANSACTION}", silence),
    "a read without an answer": ("before-call.dynamodb.GetItem", silence),
}


@pytest.mark.parametrize("known", [False, True], ids=["first message", "known customer"])
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_webhook_is_answered_and_recorded_once_whatever_happens_to_its_record(
    backend: Backend,
    world: World,
    name: str,
    known: bool,  # noqa: FBT001
) -> None:
    if known:
        receive(world, "telegram", "main", webhook(1))
    event, act = FAULTS[name]
    with fault(world.store, event, act, times=2) as hit:
        answer = receive(world, "telegram", "main", webhook(2))
    repeated = receive(world, "telegram", "main", webhook(2))
    assert (answer.status, repeated.status, len(hit)) == (200, 200, 2)
    texts = [row["body"]["M"]["text"]["S"] for row in rows(backend, world.store, "ITEM#")]
    assert sorted(texts) == (["message 1"] if known else []) + ["message 2"]
    assert len(rows(backend, world.store, "CONTACT")) == 1


def test_a_webhook_that_is_not_recorded_is_not_answered_as_if_it_were(backend: Backend, world: World) -> None:
    with (
        fault(world.store, f"before-call.{TRANSACTION}", error("ThrottlingException"), times=99),
        pytest.raises(Exception, match="Failed to write"),
    ):
        receive(world, "telegram", "main", webhook(1))
    assert rows(backend, world.store, "ITEM#") == []
    assert receive(world, "telegram", "main", webhook(1)).status == 200
    assert len(rows(backend, world.store, "ITEM#")) == 1
