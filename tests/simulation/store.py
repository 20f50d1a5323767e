"""The table of one simulation: every call takes effect in one moment, as the weather will have it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.store import Store
from tests.embedded import TABLE, ask, embedded, empty
from tests.simulation.clock import Clock
from tests.simulation.diary import Diary
from tests.simulation.weather import End, Weather

SILENCE = 3.0
"""Seconds until the application's own client gives up."""

Json = dict[str, Any]


Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Commit:
    """A row as it was from a moment on."""

    at: float
    key: Key
    row: Json
    by: str
    looked: float
    """When whoever wrote it last looked at what the conversation owes."""


@dataclass
class Table:
    """The table of one simulation: what the weather does to its calls, and when each row was written."""

    clock: Clock
    diary: Diary
    weather: Weather
    rows: dict[Key, Json] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)
    due: dict[Key, tuple[str, int]] = field(default_factory=dict)
    """The index `due` as it can be seen, which is a while behind."""
    shown: dict[Key, int] = field(default_factory=dict)
    looks: dict[tuple[str, str], float] = field(default_factory=dict)
    """When each worker last looked at what each conversation owes."""
    tokens: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def open(self) -> Store:
        empty()
        here = embedded()
        here.pause, here.answer = self.clock.sleep, self.answer
        return here.store

    def answer(self, action: str, body: bytes) -> tuple[int, bytes]:
        """Carry out one call of the application's, as the weather will have it."""
        if self.clock.me() is None:  # a check that looks at what is there
            return ask(action, body)
        fate = self.weather.fate("dynamodb", action)
        if fate.end is not End.DONE:
            conflict = b"TransactionConflict" in fate.answer.body or None
            self.diary.note("table", call=action, end=fate.end, conflict=conflict)
        self.clock.sleep(fate.before)
        if fate.end is End.UNREACHED:
            raise EndpointConnectionError(endpoint_url="http://dynamodb")
        if fate.end is End.LOST:
            self.clock.sleep(SILENCE)
            raise ReadTimeoutError(endpoint_url="http://dynamodb")
        if fate.end is End.REFUSED:
            self.clock.sleep(fate.after)
            return fate.answer.status, fate.answer.body
        status, answer = self._carry_out(action, body)
        if fate.end in (End.SILENT, End.RESET):
            self.clock.sleep(SILENCE if fate.end is End.SILENT else fate.after)
            raise ReadTimeoutError(endpoint_url="http://dynamodb")
        self.clock.sleep(fate.after)
        return (500, fate.answer.body) if fate.end is End.BROKEN else (status, answer)

    def _carry_out(self, action: str, body: bytes) -> tuple[int, bytes]:
        asked = json.loads(body)
        if action == "Query" and asked.get("IndexName") == "due":
            return 200, json.dumps(self._due(asked)).encode()
        if action == "Query" and asked.get("IndexName") == "undone":
            home = next(each["S"] for each in asked["ExpressionAttributeValues"].values() if "CONVER" in each["S"])
            self.looks[self.diary.who(), home] = self.clock.now
        token = asked.get("ClientRequestToken", "")
        if token in self.tokens:
            return self.tokens[token]
        answered = ask(action, body)
        if answered[0] == 200:
            if token:
                self.tokens[token] = answered
            for key, row in WRITES[action](asked) if action in WRITES else ():
                self._written(key, row)
        return answered

    def _written(self, key: Key, row: Json | None) -> None:
        """Note a row as it is now; the index follows when it gets to it."""
        if row is None:
            _, found = ask("GetItem", json.dumps({"TableName": TABLE, "Key": _named(key)}).encode())
            row = json.loads(found).get("Item")
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row
        by = self.diary.who()
        self.commits.append(
            Commit(self.clock.now, key, row or {}, by, self.looks.get((by, key[0]), self.clock.now))
        )
        seen = (row["due_shard"]["S"], int(row["due_at"]["N"])) if row and "due_shard" in row else None
        number = len(self.commits)
        if self.weather.lag:
            self.clock.at(self.clock.now + self.weather.lag, lambda: self._see(key, seen, number))
        else:
            self._see(key, seen, number)

    def _see(self, key: Key, seen: tuple[str, int] | None, number: int) -> None:
        """Let the index show what a commit changed, unless it shows a later one already."""
        if self.shown.get(key, 0) > number:
            return
        self.shown[key] = number
        self.due.pop(key, None)
        if seen is not None:
            self.due[key] = seen

    def _due(self, asked: Json) -> Json:
        """Ask the index: one shard, perhaps up to a moment."""
        values = list(asked["ExpressionAttributeValues"].values())
        shard = next(each["S"] for each in values if "S" in each)
        until = min((int(each["N"]) for each in values if "N" in each), default=None)
        found = sorted(
            (at, key) for key, (home, at) in self.due.items() if home == shard and (until is None or at <= until)
        )[: asked.get("Limit")]
        if asked.get("Select") == "COUNT":
            return {"Count": len(found), "ScannedCount": len(found)}
        items = [{**_named(key), "due_shard": {"S": shard}, "due_at": {"N": str(at)}} for at, key in found]
        return {"Items": items, "Count": len(items), "ScannedCount": len(items)}

    def next_due(self) -> float:
        """Tell when the next thing is due, in seconds; a sweep before that finds nothing."""
        return min((at / 1000 for shard, at in self.due.values() if shard[-1:].isdigit()), default=float("inf"))

    def pending(self) -> list[Key]:
        """Name what is still owed to somebody."""
        return [key for key, row in self.rows.items() if "undone" in row]

    def expire(self) -> int:
        """Take out what has outlived its time, as DynamoDB does within days."""
        over = [key for key, row in self.rows.items() if "ttl" in row and int(row["ttl"]["N"]) < self.clock.now]
        for key in over:
            ask("DeleteItem", json.dumps({"TableName": TABLE, "Key": _named(key)}).encode())
            self._written(key, None)
        return len(over)


def _named(key: Key) -> Json:
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}


def _key(row: Json) -> Key:
    return row["PK"]["S"], row["SK"]["S"]


def _put(asked: Json) -> tuple[Key, Json | None]:
    row = asked.get("Item")
    return _key(row or asked["Key"]), row


def _transacted(asked: Json) -> list[tuple[Key, Json | None]]:
    return [_put(next(iter(each.values()))) for each in asked["TransactItems"]]


WRITES: dict[str, Callable[[Json], list[tuple[Key, Json | None]]]] = {
    "PutItem": lambda asked: [_put(asked)],
    "UpdateItem": lambda asked: [_put(asked)],
    "DeleteItem": lambda asked: [_put(asked)],
    "TransactWriteItems": _transacted,
}
"""The calls that write: the keys of what they write, and the rows where the call says all of it."""
