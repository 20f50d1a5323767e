"""One DynamoDB table: finding, asking, writing."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any, TypeVar

from pynamodb.connection import TableConnection
from pynamodb.exceptions import GetError, PutError, TransactWriteError, UpdateError

from chalicelib.errors import Lost
from chalicelib.model import Conversation, Item, Kept, Side, born
from chalicelib.store.codec import Wire
from chalicelib.store.dues import FIRST, Due, Place, dues, some
from chalicelib.store.rows import PARKED, SHAPES, SHARDS, UNREAD, Keys, Laid, Row, bind, keys_of, lay, to_thing
from chalicelib.store.tries import CONDITION_FAILED, TRIES, code_of, repeat
from chalicelib.store.writes import Insert, Put, Replace, Write, refusal

T = TypeVar("T")

Wires = Mapping[str, Wire]
PAGE = 100
"""Keys that one BatchGetItem takes."""
WAITING = 1_000
"""So many are counted of what waits for a person; more is no other news."""


class Store:
    """One table. `endpoint` is for tests that choose their DynamoDB; otherwise the environment decides."""

    def __init__(
        self, table: str, endpoint: str | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._row = bind(table, endpoint)
        self._pause = pause

    @property
    def events(self) -> Any:
        """What botocore tells of each call to the table, for whoever counts or meddles."""
        return self._table().connection.client.meta.events

    def find(self, kind: type[T], *ids: str) -> T | None:
        """Read one thing as it is now."""
        pk, sk = SHAPES[kind].keys(*ids)
        ask = partial(self._table().get_item, pk, range_key=sk, consistent_read=True)
        row = repeat(ask, self._pause).get("Item")
        return to_thing(kind, row) if row else None

    def find_all(self, *wanted: tuple[type[Any], tuple[str, ...]]) -> list[Any]:
        """Read several things in one round trip; None stands where there is nothing."""
        keys = [SHAPES[kind].keys(*ids) for kind, ids in wanted]
        rows = {keys_of(row): row for row in self._rows(list(dict.fromkeys(keys)))}
        return [
            to_thing(kind, rows[key]) if key in rows else None for (kind, _), key in zip(wanted, keys, strict=True)
        ]

    def undone(self, conversation: str, side: Side | None, limit: int) -> list[Item]:
        """Tell what a conversation owes to one side, oldest first; or to Slack, and then to the customer.

        What is claimed towards Slack comes before everything else, so that no limit hides it.
        """
        rows = self._all(
            lambda: self._row.undone_index.query(
                SHAPES[Conversation].keys(conversation)[0],
                self._row.undone.startswith(f"{side}#") if side else None,
                consistent_read=True,
                limit=limit,
                page_size=limit,
            )
        )
        return [to_thing(Item, row) for row in rows]

    def items(self, conversation: str, page: int = 25, before: str = "") -> Iterator[Item]:
        """Walk through a conversation's items, newest arrival first; only those that came before one, if named."""
        last: Any = None
        while True:
            rows, last = repeat(partial(self._page_of_items, conversation, page, last, before), self._pause)
            yield from (to_thing(Item, row) for row in rows if keys_of(row)[1] != f"ITEM#{before}")
            if last is None:
                return

    def listed(self, kind: type[T], *ids: str, limit: int | None = None, back: bool = False) -> list[T]:
        """Find the things of a kind whose keys begin so, in the order of their keys or the other way round."""
        pk, sk = SHAPES[kind].keys(*ids, *[""] * (len(SHAPES[kind].fields) - len(ids)))
        begins = self._row.sk.startswith(sk.rstrip("#")) if sk.rstrip("#") else None
        rows = self._all(
            lambda: self._row.query(
                pk, begins, consistent_read=True, scan_index_forward=not back, limit=limit, page_size=limit
            )
        )
        return [to_thing(kind, row) for row in rows]

    def kept(self, thread: str) -> list[Kept]:
        """Tell what was said in a thread before it was known to be ours, oldest first."""
        return self.listed(Kept, thread)

    def due(self, until: int, limit_per_shard: int) -> list[Due]:
        """Tell what is due; the index may lag, so each is looked at again before anything is done."""
        return dues(self._shards(self._row.due_at <= until, limit_per_shard))

    def oldest_undone(self) -> int | None:
        """Tell when the oldest thing that is still owed was recorded, as far as the index knows."""
        names = [keys_of(row)[1] for row in self._shards(None, PAGE)]
        return min((born(name.rpartition("#")[2]) for name in names if name.startswith("ITEM#")), default=None)

    def parked(self, after: Place = FIRST, limit: int = WAITING) -> list[Due]:
        """Tell what was given up and waits for a person, the longest waiting first."""
        return self._waiting(PARKED, after, limit)

    def unread(self, after: str = "", limit: int = WAITING) -> list[Due]:
        """Tell which raw bodies wait for code that can read them, oldest first; `after` one's id."""
        return self._waiting(UNREAD, (born(after), after) if after else FIRST, limit)

    def board(self, desk: str, limit: int = WAITING) -> list[str]:
        """Name a desk's open conversations, those first that wait the longest."""
        rows = self._all(lambda: self._row.board_index.query(desk, limit=limit))
        return [keys_of(row)[0].partition("#")[2] for row in rows]

    def postpone(self, due: Due, at: int) -> bool:
        """Push something back, unless somebody has already settled or moved it."""
        row = self._row(*due.keys)
        push = partial(row.update, [self._row.due_at.set(at)], condition=self._row.due_at == due.at)
        silences: list[None] = []
        try:
            repeat(push, self._pause, lambda: silences.append(None))
        except UpdateError as error:
            if code_of(error) == f"{CONDITION_FAILED}Exception":
                return bool(silences)  # it was an earlier try of our own
            raise
        return True

    def write(self, *writes: Write) -> list[Any]:
        """Write all or nothing and return the things as they now are; raises Lost, TooBig."""
        after = [replace(write.thing, version=write.thing.version + 1) for write in writes]
        laid = [lay(thing) for thing in after]
        silences: list[None] = []
        try:
            if len(writes) == 1:
                repeat(partial(self._put, writes[0], laid[0]), self._pause, lambda: silences.append(None))
            elif writes:
                # The same token each time: a try that got no answer but was carried out counts as this one.
                repeat(partial(self._transact, writes, laid, uuid.uuid4().hex), self._pause)
        except (PutError, TransactWriteError) as error:
            refused = refusal(error, writes, laid)
            if isinstance(refused, Lost) and silences and self._again(after[0]) == after[0]:
                return after  # lost against an earlier try of our own
            raise (refused or error) from error
        return after

    def change(self, thing: T, step: Callable[[T], T | None], *also: Write) -> T | None:
        """Take a step from whatever the thing is now; a step of None leaves it.

        `also` is written with it. Raises Lost if one of those lost, or if the thing is gone.
        """
        for attempt in range(TRIES):
            after = step(thing)
            if after is None:
                return thing
            try:
                stored: T = self.write(Replace(after), *also)[0]
            except Lost as lost:
                if lost.losers and lost.losers[0] is not after:
                    raise
                again = self._again(thing)
                if again is None:
                    raise
                thing = again
            else:
                return stored
            self._pause(random.uniform(0, 0.02 * attempt))  # noqa: S311 - jitter; the first time nobody waits
        raise Lost(thing)

    def _again(self, thing: T) -> T | None:
        return self.find(type(thing), *SHAPES[type(thing)].ids_of(thing))

    def _rows(self, keys: Sequence[Keys]) -> Iterator[Wires]:
        """Read rows by their keys; what DynamoDB had no time for is asked for again, after a while."""
        table = self._table()
        left: list[Any] = [{"PK": pk, "SK": sk} for pk, sk in keys]
        for attempt in count(1):
            if not left:
                return
            page, left = left[:PAGE], left[PAGE:]
            answer = repeat(partial(table.batch_get_item, page, consistent_read=True), self._pause)
            yield from answer["Responses"].get(table.table_name, ())
            skipped = (answer.get("UnprocessedKeys") or {}).get(table.table_name, {}).get("Keys", [])
            if skipped and attempt >= TRIES:
                raise GetError("DynamoDB has no time for us")
            if skipped:
                self._pause(random.uniform(0.01, 0.04 * attempt))  # noqa: S311 - jitter
            left += [{name: value["S"] for name, value in key.items()} for key in skipped]

    def _page_of_items(self, conversation: str, page: int, last: Any, before: str) -> tuple[list[Wires], Any]:
        among = self._row.sk.between("ITEM#", f"ITEM#{before}") if before else self._row.sk.startswith("ITEM#")
        rows = self._row.query(
            SHAPES[Conversation].keys(conversation)[0],
            among,
            consistent_read=True,
            scan_index_forward=False,
            limit=page,
            page_size=page,
            last_evaluated_key=last,
        )
        return [row.serialize() for row in rows], rows.last_evaluated_key

    def _waiting(self, shard: str, after: Place, limit: int) -> list[Due]:
        query = partial(self._row.due_index.query, shard, self._row.due_at >= after[0], page_size=limit)
        return dues(self._all(lambda: some(query(), after, limit)))

    def _shards(self, condition: Any, limit: int) -> list[Wires]:
        query = self._row.due_index.query
        return [row for shard in SHARDS for row in self._all(partial(query, shard, condition, limit=limit))]

    def _all(self, query: Callable[[], Iterable[Row]]) -> list[Wires]:
        return repeat(lambda: [row.serialize() for row in query()], self._pause)

    def _put(self, write: Write, laid: Laid) -> None:
        pk, sk, row = laid
        self._table().put_item(pk, range_key=sk, attributes=row, condition=self._condition(write))

    def _transact(self, writes: Sequence[Write], laid: Sequence[Laid], token: str) -> None:
        table = self._table()
        puts = [
            table.connection.get_operation_kwargs(
                table.table_name, pk, sk, key="Item", attributes=row, condition=self._condition(write)
            )
            for write, (pk, sk, row) in zip(writes, laid, strict=True)
        ]
        table.connection.transact_write_items([], [], puts, [], client_request_token=token)

    def _condition(self, write: Write) -> Any:
        match write:
            case Insert():
                return self._row.pk.does_not_exist()
            case Replace(thing):
                return self._row.version == thing.version
            case Put():
                return None

    def _table(self) -> TableConnection:
        return self._row._get_connection()  # noqa: SLF001 - the model's own, so that there is one client
