"""The table: find things, ask what is undone or due, and write several things at once or not at all.

Every write is conditional. `Insert` expects that the thing is not there yet, `Replace` that it is still the
version that was read; a lost condition raises `Lost` with the things that lost. Only this package knows how
things lie in DynamoDB, and only it imports pynamodb.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Lost
from chalicelib.model import Conversation, Item, Kept, Side, born
from chalicelib.store.rows import PARKED, SHAPES, SHARDS, Row, bind, thing_at, to_row, to_thing

T = TypeVar("T")

TRIES = 8
"""How often a transaction that met another one is repeated before the caller is told (about 1.5 s in all)."""

_MET_ANOTHER = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


@dataclass(frozen=True, slots=True)
class Insert:
    """Write a thing that must not be there yet."""

    thing: Any


@dataclass(frozen=True, slots=True)
class Replace:
    """Write a thing over the very version it was made from."""

    thing: Any


@dataclass(frozen=True, slots=True)
class Put:
    """Write a thing whatever is there: the newest word is the right one."""

    thing: Any


@dataclass(frozen=True, slots=True)
class Due:
    """Something the due index names: which kind of thing, its ids, and when it is due."""

    kind: type[Any]
    ids: tuple[str, ...]
    at: int
    keys: tuple[str, str]


class Store:
    """One table. `endpoint` is for tests that choose their DynamoDB; otherwise the environment decides."""

    def __init__(
        self, table: str, endpoint: str | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._row = bind(table, endpoint)
        self._endpoint = endpoint
        self._pause = pause

    def find(self, kind: type[T], *ids: str) -> T | None:
        """Read one thing as it is now."""
        try:
            row = self._row.get(*SHAPES[kind].keys(*ids), consistent_read=True)
        except DoesNotExist:
            return None
        return to_thing(kind, row)

    def find_all(self, *wanted: tuple[type[Any], tuple[str, ...]]) -> list[Any]:
        """Read several things in one round trip; None stands where there is nothing."""
        keys = [SHAPES[kind].keys(*ids) for kind, ids in wanted]
        rows = {
            (row.pk, row.sk): row for row in self._row.batch_get(list(dict.fromkeys(keys)), consistent_read=True)
        }
        return [
            to_thing(kind, rows[key]) if key in rows else None for (kind, _), key in zip(wanted, keys, strict=True)
        ]

    def undone(self, conversation: str, side: Side, limit: int) -> list[Item]:
        """Tell what a conversation owes to one side, oldest first."""
        rows = self._row.undone_index.query(
            SHAPES[Conversation].keys(conversation)[0],
            self._row.undone.startswith(f"{side}#"),
            consistent_read=True,
            limit=limit,
            page_size=limit,
        )
        return [to_thing(Item, row) for row in rows]

    def items(self, conversation: str, page: int = 25) -> Iterator[Item]:
        """Walk through a conversation's items, newest arrival first."""
        rows = self._row.query(
            SHAPES[Conversation].keys(conversation)[0],
            self._row.sk.startswith("ITEM#"),
            consistent_read=True,
            scan_index_forward=False,
            page_size=page,
        )
        return (to_thing(Item, row) for row in rows)

    def kept(self, thread: str) -> list[Kept]:
        """Tell what was said in a thread before it was known to be ours, oldest first."""
        rows = self._row.query(SHAPES[Kept].keys(thread, "")[0], consistent_read=True)
        return [to_thing(Kept, row) for row in rows]

    def due(self, until: int, limit_per_shard: int) -> list[Due]:
        """Tell what is due; the index may lag, so each is looked at again before anything is done."""
        found = []
        for shard in SHARDS:
            rows = self._row.due_index.query(shard, self._row.due_at <= until, limit=limit_per_shard)
            for row in rows:
                kind, ids = thing_at(row.pk, row.sk)
                found.append(Due(kind, ids, int(row.due_at or 0), (row.pk, row.sk)))
        return sorted(found, key=lambda due: due.at)

    def oldest_undone(self) -> int | None:
        """Tell when the oldest thing that is still owed was recorded, as far as the index knows."""
        ages = [
            born(row.sk.rpartition("#")[2])
            for shard in SHARDS
            for row in self._row.due_index.query(shard, limit=100)
            if row.sk.startswith("ITEM#")
        ]
        return min(ages, default=None)

    def parked(self) -> int:
        """Count what was given up and waits for a person."""
        return self._row.due_index.count(PARKED)

    def postpone(self, due: Due, at: int) -> bool:
        """Push something back, unless somebody has already settled or moved it."""
        row = self._row(*due.keys)
        try:
            row.update(actions=[self._row.due_at.set(at)], condition=self._row.due_at == due.at)
        except UpdateError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def write(self, *writes: Insert | Replace | Put) -> list[Any]:
        """Write all or nothing and return the things as they now are; raises Lost."""
        if len(writes) == 1:
            return [self._save(writes[0])]
        for attempt in range(TRIES):
            try:
                return self._transact(writes)
            except TransactWriteError as error:
                losers = _losers(error, writes)
                if losers or attempt == TRIES - 1 or not _met_another(error):
                    raise (Lost(*losers) if losers else error) from error
            self._pause(random.uniform(0.01, 0.04 * (attempt + 1)))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def change(self, thing: T, step: Callable[[T], T | None], *also: Insert | Replace | Put) -> T | None:
        """Take a step from whatever the thing is now; a step of None leaves it.

        `also` is written with it. Raises Lost if one of those lost, or if the thing is gone.
        """
        for _ in range(TRIES):
            after = step(thing)
            if after is None:
                return thing
            try:
                stored: T = self.write(Replace(after), *also)[0]
            except Lost as lost:
                if lost.losers and lost.losers[0] is not after:
                    raise
                again = self.find(type(thing), *SHAPES[type(thing)].ids_of(thing))
                if again is None:
                    raise
                thing = again
                continue
            return stored
        raise Lost(thing)

    def _save(self, write: Insert | Replace | Put) -> Any:
        row, after = self._row_of(write)
        try:
            row.save(condition=self._condition(write))
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Lost(write.thing) from error
            raise
        return after

    def _transact(self, writes: Sequence[Insert | Replace | Put]) -> list[Any]:
        stored = []
        with TransactWrite(connection=self._connection()) as transaction:
            for write in writes:
                row, after = self._row_of(write)
                transaction.save(row, condition=self._condition(write))
                stored.append(after)
        return stored

    def _row_of(self, write: Insert | Replace | Put) -> tuple[Row, Any]:
        after = replace(write.thing, version=write.thing.version + 1)
        return to_row(self._row, after), after

    def _condition(self, write: Insert | Replace | Put) -> Any:
        match write:
            case Insert():
                return self._row.pk.does_not_exist()
            case Replace(thing):
                return self._row.version == thing.version
            case Put():
                return None

    def _connection(self) -> Connection:
        return self._row._get_connection().connection  # noqa: SLF001 - the transaction takes the model's own client


def _losers(error: TransactWriteError, writes: Sequence[Insert | Replace | Put]) -> list[Any]:
    reasons = error.cancellation_reasons
    return [
        write.thing
        for write, reason in zip(writes, reasons, strict=False)
        if reason is not None and reason.code == "ConditionalCheckFailed"
    ]


def _met_another(error: TransactWriteError) -> bool:
    codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
    return bool(codes & _MET_ANOTHER) or error.cause_response_code == "TransactionInProgressException"
