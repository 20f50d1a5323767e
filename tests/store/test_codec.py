from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import Conversation, Current, Item, Kept, Part, Raw, Ref, State, owed
from chalicelib.store import codec
from chalicelib.store.rows import SHAPES, lay, thing_at, to_thing
from tests.store.things import message, ref

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MOMENTS = st.integers(0, 2**47)
ULIDS = st.builds(lambda at: message(at=at).id, MOMENTS)
st.register_type_strategy(str, TEXT)
NAMES = TEXT.filter(bool)
"""DynamoDB takes no empty names, and no empty keys."""
st.register_type_strategy(int, st.one_of(st.integers(-5, 5), st.integers(-(10**37), 10**37)))


MAPS = {
    "headers": st.dictionaries(NAMES, TEXT, max_size=3),
    "current": st.dictionaries(NAMES, st.builds(Current), max_size=3),
    "opted_out": st.dictionaries(NAMES, st.integers(0, 2**47), max_size=3),
}


def things(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any thing of a kind that the flows could make: only what keys are computed from is held to its form."""
    ours: dict[str, st.SearchStrategy[Any]] = {"version": st.integers(0, 10**9)}
    if kind in (Item, Raw):
        ours["id"] = ULIDS
    if kind is Kept:
        ours["ts"] = NAMES
    if kind is Conversation:
        ours["desk"] = NAMES
    if "due" in kind.__dataclass_fields__:
        ours["due"] = st.none() | MOMENTS
    if "expires" in kind.__dataclass_fields__:
        ours["expires"] = st.none() | MOMENTS
    return st.builds(kind, **(ours | {name: each for name, each in MAPS.items() if name in kind.__slots__}))


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
    assert lay(item).row.get("undone") == ({"S": f"{side}#{item.order}"} if side else None)


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
