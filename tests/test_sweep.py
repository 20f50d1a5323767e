"""The table is the outbox: what is due rings, whatever became of its bell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model import Item, Kept, Side, State, new_id
from chalicelib.patience import MINUTE
from chalicelib.store import Due, Insert, Replace
from chalicelib.sweep import sweep
from infra.local.slack.team import SUPPORT
from tests.house import House

ANA = "+15551230001"


def lost(house: House, text: str = "Hi") -> Item:
    """A message on record whose bell nobody heard."""
    house.bells.deaf = True
    house.twilio.write(ANA, text)
    house.bells.deaf = False
    return house.items()[-1]


def pass_time(house: House, ms: int) -> list[tuple[Side, str]]:
    """Let time pass and tell what the sweep rings."""
    house.clock.ahead += ms / 1000
    house.bells.rung.clear()
    sweep(house.world)
    return [(side, bell.about) for side, bell in house.bells.rung]


def test_a_lost_bell_rings_again(house: House) -> None:
    lost(house)
    house.later(70)
    assert house.texts() == ["Hi"]


def test_a_lost_bell_of_a_reply_rings_again(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.bells.deaf = True
    house.say("answer")
    house.quiet()
    house.bells.deaf = False
    house.later(70)
    assert house.on_phone(house.twilio.phone(ANA)) == ["answer"]


def test_what_is_not_due_yet_does_not_ring(house: House) -> None:
    lost(house)
    assert pass_time(house, 50_000) == []


def test_many_things_of_one_conversation_ring_once(house: House) -> None:
    for text in ("1", "2", "3"):
        item = lost(house, text)
    assert pass_time(house, 70_000) == [(Side.SLACK, item.conversation)]


def test_what_stays_undone_is_asked_for_after_1_2_4_and_then_every_8_minutes(house: House) -> None:
    item = lost(house)
    (home,) = house.conversations()
    house.world.store.write(Replace(replace(home, due=None)))
    rung = [minute for minute in range(35) if (Side.SLACK, item.conversation) in pass_time(house, MINUTE + 10)]
    assert [minute + 1 for minute in rung] == [1, 2, 4, 8, 16, 24, 32]


def test_a_thing_that_is_settled_while_the_index_lags_does_not_ring(house: House) -> None:
    item = lost(house)
    (row,) = [due for due in house.world.store.due(house.clock.ms() + MINUTE * 2, 10) if due.kind is Item]
    house.run()
    house.later(70)
    assert house.world.store.postpone(row, house.clock.ms()) is False
    assert house.items()[0].due is None
    assert house.items()[0].id == item.id


def test_a_lagging_index_rings_for_nothing(house: House) -> None:
    lost(house)
    house.later(70)
    lagging = Lagging(house.world.store, house.items()[0])
    sweep(replace(house.world, store=lagging))  # type: ignore[arg-type]
    assert not house.bells.rung


class Lagging:
    """A table whose index still names what has been settled."""

    def __init__(self, store: Any, item: Item) -> None:
        self._store = store
        self._item = item

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def due(self, until: int, _limit: int) -> list[Due]:
        keys = (f"CONVERSATION#{self._item.conversation}", f"ITEM#{self._item.id}")
        return [Due(Item, (self._item.conversation, self._item.id), until - 1, keys)]


def test_one_thing_that_breaks_the_sweep_holds_nothing_else_up_for_long(house: House) -> None:
    item = lost(house)
    broken = house.world.store._row(
        "CONVERSATION#x", f"ITEM#{new_id(0)}", kind="item", due_shard="0", due_at=1, body={"nonsense": {"N": "1"}}
    )
    broken.save()
    with pytest.raises(TypeError):
        pass_time(house, 70_000)
    assert pass_time(house, MINUTE) == [(Side.SLACK, item.conversation)]


def test_bells_ring_for_what_was_found_before_the_sweep_broke(house: House) -> None:
    item = lost(house)
    house.world.store._row(
        "CONVERSATION#x",
        f"ITEM#{new_id(0)}",
        kind="item",
        due_shard="0",
        due_at=house.clock.ms() + MINUTE + 1_000,
        body={"nonsense": {"N": "1"}},
    ).save()
    with pytest.raises(TypeError):
        pass_time(house, 70_000)
    assert [bell.about for _, bell in house.bells.rung] == [item.conversation]


def test_a_reply_in_a_thread_we_do_not_know_is_asked_for_less_and_less(house: House) -> None:
    now = house.clock.ms()
    ts = f"{now / 1000:.6f}"
    house.world.store.write(Insert(Kept(f"{SUPPORT}:1.0", ts, "{}", due=now + MINUTE)))
    for minutes, rings in ((1, 1), (1, 1), (1, 0), (1, 1), (3, 0), (1, 1)):
        assert len(pass_time(house, minutes * MINUTE + 100)) == rings


def test_a_bell_that_nobody_hears_again_is_no_loss(house: House) -> None:
    lost(house)
    house.bells.deaf = True
    house.later(70)
    house.bells.deaf = False
    house.later(70)
    assert house.texts() == ["Hi"]


def test_a_sweep_with_nothing_to_do_writes_nothing(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    assert pass_time(house, 8 * MINUTE) == []


def test_a_sent_reply_stops_waiting_for_its_receipt(house: House) -> None:
    house.twilio.receipts(auto=False)
    house.twilio.write(ANA, "Hi")
    house.run()
    house.say("answer")
    house.run()
    house.later(70)
    item = house.items()[-1]
    assert (item.state, item.awaits, item.shown, item.due) == (State.SENT, False, State.SENT, None)
