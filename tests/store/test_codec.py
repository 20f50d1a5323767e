from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import Conversation, Current, Item, Kept, Part, Raw, Ref, Side, State, owed
from chalicelib.store import codec
from chalicelib.store.rows import SHAPES, lay, thing_at, to_thing
from tests.store.things import message, ref

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = TEXT.filter(bool)
"""DynamoDB takes no empty names, and no empty keys."""
MOMENTS = st.integers(0, 2**47)
INTS = st.one_of(st.integers(-5, 5), MOMENTS, st.integers(-(10**37), 10**37))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {str: TEXT, int: INTS, bool: st.booleans()}


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, every field of a dataclass included."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (only,) = (each for each in inner if each is not NoneType)
        return st.none() | of(only)
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(NAMES, of(inner[1]), max_size=3)
    if is_dataclass(hint):
        return things(hint)
    return PLAIN[hint] if hint in PLAIN else st.sampled_from(hint)


def things(kind: Any) -> st.SearchStrategy[Any]:
    """Any thing of a kind that the flows could make: only what keys are computed from is held to its form."""
    chosen = {name: of(hint) for name, hint in get_type_hints(kind).items()}
    if kind in (Item, Raw):
        chosen["id"] = st.builds(lambda at: message(at=at).id, MOMENTS)
    if kind is Kept:
        chosen["ts"] = NAMES
    if kind is Conversation:
        chosen |= {"desk": NAMES, "opened_at": MOMENTS}
    for name in {"due", "expires", "waiting_since"} & set(chosen):
        chosen[name] = st.none() | MOMENTS
    if "version" in chosen:
        chosen["version"] = st.integers(0, 10**9)
    return st.builds(kind, **chosen)


ANYTHING = st.sampled_from(sorted(SHAPES, key=lambda kind: kind.__name__)).flatmap(things)


@given(ANYTHING)
def test_what_is_stored_is_what_is_found(thing: Any) -> None:
    parked = getattr(thing, "parked", "")
    found = to_thing(type(thing), lay(thing).row)
    assert found == (replace(thing, due=None) if parked else thing)


@given(ANYTHING)
def test_a_thing_is_found_under_the_keys_it_was_stored_under(thing: Any) -> None:
    shape = SHAPES[type(thing)]
    assert shape.keys(*shape.ids_of(thing)) == lay(thing)[:2]


@given(things(Item))
def test_the_index_says_what_owed_says(item: Item) -> None:
    side = owed(item)
    first = "!" if side is Side.SLACK and item.claim else ""
    assert lay(item).row.get("undone") == ({"S": f"{side}#{first}{item.order}"} if side else None)


@given(st.one_of(things(Item), things(Raw), things(Kept)))
def test_what_is_due_can_be_found_from_its_keys(thing: Any) -> None:
    assert thing_at(*lay(thing)[:2]) == (type(thing), SHAPES[type(thing)].ids_of(thing))


def test_a_field_of_a_type_nobody_can_spell_is_refused() -> None:
    @dataclass(frozen=True)
    class Weighed:
        grams: float

    with pytest.raises(TypeError, match="float"):
        codec.write(Weighed(0.5))


def test_fields_of_a_newer_writer_are_passed_over() -> None:
    row: Any = lay(message(text="hello", parts=(Part("hello"),))).row
    body = row["body"]["M"]
    body |= {"mood": {"S": "happy"}, "weight": {"N": "0.5"}, "tags": {"SS": ["a"]}, "raw": {"B": b"a"}}
    body["parts"]["L"][0]["M"]["colour"] = {"S": "red"}
    found = to_thing(Item, {**row, "mood": {"S": "happy"}})
    assert (found.text, found.parts) == ("hello", (Part("hello"),))


def test_a_due_time_a_newer_writer_gave_to_what_has_none_is_passed_over() -> None:
    row = {**lay(ref()).row, "due_shard": {"S": "0"}, "due_at": {"N": "5"}}
    assert to_thing(Ref, row) == ref()


def test_fields_an_older_writer_did_not_know_have_their_defaults() -> None:
    row = lay(message()).row
    old = {name: row["body"]["M"][name] for name in ("conversation", "id", "kind", "at", "order")}
    found = to_thing(Item, {**row, "body": {"M": old}})
    assert (found.state, found.parts, found.claim, found.parked) == (State.RECORDED, (), None, "")


def test_what_holds_its_default_takes_no_room() -> None:
    assert set(lay(ref()).row["body"]["M"]) == {"system", "account", "id"}


@pytest.mark.parametrize("their_id", ["i" * 901, "😀" * 600, "é" * 1000, "<" + "x" * 5000 + "@mail>"])
def test_a_long_id_makes_a_short_key_of_its_own(their_id: str) -> None:
    laid, other = lay(ref(their_id)), lay(ref(their_id + "!"))
    assert len(laid.pk.encode()) < 1024
    assert laid.pk != other.pk
    assert to_thing(Ref, laid.row).id == their_id


def test_an_ordinary_id_can_be_read_in_its_key() -> None:
    assert lay(ref("wamid.ABC")).pk == "REF#telegram#main#wamid.ABC"


def test_a_pointer_of_a_contact_reads_back_as_it_was() -> None:
    pointer = Current("H", "C0SUPPORT", resolved_at=0)
    assert codec.write(pointer)["resolved_at"] == {"N": "0"}
    assert codec.read(Current, codec.write(pointer)) == pointer
