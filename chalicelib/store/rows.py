"""How each thing lies in the table: its keys, the index keys derived from it, and its fields as a map."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import MAP
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection, LocalSecondaryIndex
from pynamodb.models import Model

from chalicelib.model import (
    Ask,
    Contact,
    Conversation,
    Entry,
    Gate,
    History,
    Item,
    Kept,
    Known,
    Link,
    Merge,
    Pair,
    Person,
    Raw,
    Ref,
    Saved,
    Side,
    Snippet,
    Status,
    Watch,
    Window,
    born,
    owed,
    parked_at,
)
from chalicelib.store.codec import Wire, read, write

T = TypeVar("T")

SHARDS = tuple(str(number) for number in range(8))
PARKED, UNREAD = "parked", "unread"
"""Shards of the due index where `sweep` never looks: what was given up, and raw bodies that wait for a fix."""

FOUND_BY = 2
"""Characters of a word that name its partition; fewer find nothing."""

Keys = tuple[str, str]

CLAIMED = "!"
"""Before all digits: a post that is claimed has to be cleared up first, whatever was written before it."""

LONGEST_ID = 900
"""A key has 2048 bytes; a provider's id longer than this many is replaced by its digest."""


class Body(Attribute[dict[str, Any]]):
    """A thing's fields as a native map, readable in the console; the codec has spelled them already."""

    attr_type = MAP

    def serialize(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    def deserialize(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class UndoneIndex(LocalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb left it bare
    class Meta:
        index_name = "undone"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    undone = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb left it bare
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class BoardIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # pynamodb left it bare
    class Meta:
        index_name = "board"
        projection = KeysOnlyProjection()

    board = UnicodeAttribute(hash_key=True)
    waiting = NumberAttribute(range_key=True)


class Row(Model):
    """One row, of whatever kind: what conditions and queries speak of. What it holds is the codec's business."""

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    kind = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    undone = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    board = UnicodeAttribute(null=True)
    waiting = NumberAttribute(null=True)
    ttl = NumberAttribute(null=True)
    body = Body(null=True)

    undone_index = UndoneIndex()
    due_index = DueIndex()
    board_index = BoardIndex()


def bind(table: str, endpoint: str | None) -> type[Row]:
    """Tie rows to a table; the timeouts fit a door that has to answer within a second or two."""

    class Bound(Row):
        class Meta:
            table_name = table
            host = endpoint
            connect_timeout_seconds = 1
            read_timeout_seconds = 3
            max_retry_attempts = 0  # tries.py knows better

    return Bound


class Laid(NamedTuple):
    """A thing as it lies in the table."""

    pk: str
    sk: str
    row: dict[str, Wire]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a kind of thing lies: which of its fields name it, and the keys those make."""

    name: str
    fields: tuple[str, ...]
    keys: Callable[..., Keys]

    def ids_of(self, thing: Any) -> tuple[str, ...]:
        return tuple(getattr(thing, field) for field in self.fields)


def _short(their_id: str) -> str:
    spelled = their_id.encode()
    return f"sha256:{hashlib.sha256(spelled).hexdigest()}" if len(spelled) > LONGEST_ID else their_id


def _raw_keys(raw_id: str) -> Keys:
    day = dt.datetime.fromtimestamp(born(raw_id) / 1000, dt.UTC).date()
    return f"RAW#{day}#{zlib.crc32(raw_id.encode()) % 10}", raw_id


SHAPES: dict[type[Any], Shape] = {
    Known: Shape("address", ("address",), lambda key: (f"ADDRESS#{_short(key)}", "ADDRESS")),
    Window: Shape("window", ("address", "line"), lambda key, line: (f"ADDRESS#{_short(key)}", f"WINDOW#{line}")),
    Contact: Shape("contact", ("id",), lambda key: (f"CONTACT#{key}", "CONTACT")),
    History: Shape("history", ("contact", "conversation"), lambda a, b: (f"CONTACT#{a}", f"CONVERSATION#{b}")),
    Conversation: Shape("conversation", ("id",), lambda key: (f"CONVERSATION#{key}", "CONVERSATION")),
    Item: Shape("item", ("conversation", "id"), lambda a, b: (f"CONVERSATION#{a}", f"ITEM#{b}")),
    Ref: Shape("ref", ("system", "account", "id"), lambda a, b, c: (f"REF#{a}#{b}#{_short(c)}", "REF")),
    Kept: Shape("kept", ("thread", "ts"), lambda thread, ts: (f"KEPT#{thread}", ts)),
    Raw: Shape("raw", ("id",), _raw_keys),
    Link: Shape("link", ("token",), lambda token: (f"LINK#{token}", "LINK")),
    Gate: Shape("gate", ("system", "name"), lambda a, b: (f"GATE#{a}#{b}", "GATE")),
    Watch: Shape("watch", ("line",), lambda line: (f"WATCH#{line}", "WATCH")),
    Person: Shape("person", ("user",), lambda user: (f"PERSON#{user}", "PERSON")),
    Snippet: Shape("snippet", ("id",), lambda key: ("SNIPPETS", f"SNIPPET#{key}")),
    Entry: Shape("entry", ("word", "contact"), lambda word, key: (f"FIND#{word[:FOUND_BY]}", f"{word}#{key}")),
    Merge: Shape("merge", ("id",), lambda key: (f"MERGE#{key}", "MERGE")),
    Pair: Shape("pair", ("contacts",), lambda two: (f"PAIR#{two}", "PAIR")),
    Ask: Shape("ask", ("id",), lambda key: (f"ASK#{key}", "ASK")),
    Saved: Shape("saved", ("name",), lambda name: (f"SAVED#{name}", "SAVED")),
}

_DUE_KINDS: dict[str, tuple[type[Any], Callable[[str, str], tuple[str, ...]]]] = {
    "ITEM": (Item, lambda pk, sk: (pk.partition("#")[2], sk.partition("#")[2])),
    "CONVERSATION": (Conversation, lambda pk, _: (pk.partition("#")[2],)),
    "MERGE": (Merge, lambda pk, _: (pk.partition("#")[2],)),
}


def thing_at(pk: str, sk: str) -> tuple[type[Any], tuple[str, ...]] | None:
    """Tell from a row's keys what it is, as far as things that can be due go; None if it is none we know."""
    if pk.startswith("RAW#"):
        return Raw, (sk,)
    if pk.startswith("KEPT#"):
        return Kept, (pk.partition("#")[2], sk)
    known = _DUE_KINDS.get(sk.partition("#")[0])
    return known and (known[0], known[1](pk, sk))


def lay(thing: Any) -> Laid:
    """Lay a thing out: keys, what the indexes need, and the rest as its body."""
    shape = SHAPES[type(thing)]
    pk, sk = shape.keys(*shape.ids_of(thing))
    body = write(thing)
    body.pop("version", None)
    due = body.pop("due", None)
    row: dict[str, Wire] = {
        "kind": {"S": shape.name},
        "version": {"N": str(thing.version)},
        "body": {"M": body},
    }
    if due is not None and "N" in due:
        row |= {"due_shard": {"S": _shard(pk + sk)}, "due_at": due}
    if "expires" in body:
        row["ttl"] = {"N": str(thing.expires // 1000)}
    if isinstance(thing, Item):
        row |= _index_item(thing)
    elif isinstance(thing, Raw) and thing.unread and thing.due is None:
        row |= {"due_shard": {"S": UNREAD}, "due_at": {"N": str(born(thing.id))}}
    elif isinstance(thing, Conversation) and thing.status is not Status.RESOLVED:
        row |= {"board": {"S": thing.desk}, "waiting": {"N": str(thing.waiting_since or thing.opened_at)}}
    return Laid(pk, sk, row)


def _index_item(item: Item) -> dict[str, Wire]:
    side = owed(item)
    if side is not None:
        first = CLAIMED if side is Side.SLACK and item.claim is not None else ""
        return {"undone": {"S": f"{side}#{first}{item.order}"}}
    if item.parked:
        return {"due_shard": {"S": PARKED}, "due_at": {"N": str(parked_at(item))}}
    return {}


def _shard(key: str) -> str:
    return SHARDS[zlib.crc32(key.encode()) % len(SHARDS)]


def to_thing(kind: type[T], row: Mapping[str, Wire]) -> T:
    """Read a row back into the thing it was."""
    due = int(row["due_at"]["N"]) if "due_at" in row and row["due_shard"]["S"] in SHARDS else None
    body, version = row.get("body", {"M": {}}), row.get("version", {"N": "0"})
    return read(kind, body["M"], version=int(version["N"]), due=due)


def keys_of(row: Mapping[str, Wire]) -> Keys:
    """Name a row."""
    return row["PK"]["S"], row["SK"]["S"]
