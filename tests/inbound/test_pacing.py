"""How fast we go: Slack's word on waiting is kept to the second, and nobody waits longer than that for us."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.gates import WAIT_IN_PLACE
from chalicelib.inbound.deliver import deliver
from chalicelib.inbound.turn import WATCHED
from chalicelib.model import Gate, Side
from chalicelib.queues import A_CALL, LIFE, Bell
from chalicelib.store import Put
from infra.bench.wire import counting
from infra.local.slack.team import SUPPORT
from tests.house import House, Over

ANA, LEO = "+15551230001", "+15551230002"


def open_thread(house: House) -> None:
    house.twilio.write(ANA, "first")
    house.run()


def posts(house: House) -> int:
    return [name for name, _ in house.slack.calls].count("chat.postMessage")


@pytest.mark.parametrize("seconds", [1, WAIT_IN_PLACE // 1000, 6, 10, WATCHED // 1000])
def test_some_seconds_are_waited_out_to_the_second_and_without_the_clock_that_rings(
    house: House, seconds: int
) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": seconds})
    house.twilio.write(ANA, "second")
    tried = posts(house)
    house.run()
    assert house.texts() == ["first", "second"]
    assert posts(house) == tried + 2
    assert sum(house.pauses) == pytest.approx(seconds, abs=0.5)


def slow_slack(house: House, seconds: float) -> list[int]:
    """Let each post take its time; returns when each was begun, to be filled."""
    begun: list[int] = []
    post = house.world.slack.post

    def slow(*what: Any) -> Any:
        begun.append(house.clock.ms())
        house.clock.ahead += seconds
        return post(*what)

    slack: Any = Over(house.world.slack, post=slow)
    house.world = services._made["world"] = replace(house.world, slack=slack)
    return begun


@pytest.mark.parametrize("refusal", [{"status": 429, "retry_after": 5}, {"error": "invalid_blocks"}, None])
@pytest.mark.parametrize("seconds", [pytest.param(3, marks=pytest.mark.slow), 9])
def test_no_post_is_begun_whose_end_its_worker_may_not_see(
    house: House, seconds: float, refusal: dict[str, Any] | None
) -> None:
    who = [f"+1555123000{number}" for number in range(8)]
    for each in who:
        house.twilio.write(each, "Hello")
    house.quiet()
    if refusal:
        house.slack.fail("chat.postMessage", refusal, times=7)
    begun, invoked = slow_slack(house, seconds), []
    while house.bells.rung:
        bells = [house.bells.rung.popleft()[1] for _ in range(min(10, len(house.bells.rung)))]
        invoked.append(house.clock.ms())
        house.answer_all(Side.SLACK, bells)
        assert max(begun[-1:], default=0) - invoked[-1] <= LIFE - A_CALL
        assert len(invoked) < 50
    house.later(65)
    assert sorted(text for number in range(len(who)) for text in house.texts(number)) == ["Hello"] * len(who)


def test_a_gate_is_not_waited_for_at_the_end_of_a_workers_life(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    house.world.store.write(Put(Gate("slack", SUPPORT, house.clock.ms() + 4_000, "Slack asks us to wait")))
    house.pauses.clear()
    house.world.shift.begin(house.clock.ms() - LIFE + A_CALL)
    deliver(house.world, Bell(home.id, SUPPORT))
    house.world.shift.end()
    assert (house.pauses, [bell.about for _, bell in house.bells.rung]) == ([], [home.id])


def test_slack_that_goes_on_asking_for_seconds_is_given_them_each_time(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 10}, times=5)
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts() == ["first", "second"]
    assert sum(house.pauses) == pytest.approx(50, abs=0.5)


def test_slack_that_does_not_say_how_long_is_left_alone_until_the_clock_rings(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"error": "message_limit_exceeded"}, times=1_000)
    house.twilio.write(ANA, "second")
    tried = posts(house)
    house.run()
    for _ in range(10):
        house.later(60)
    assert posts(house) - tried == 1 + 10
    house.slack.mend()
    house.later(480)
    assert house.texts() == ["first", "second"]


def test_a_conversation_that_met_a_shut_gate_goes_on_with_the_first_clock_after_it(house: House) -> None:
    open_thread(house)
    now = house.clock.ms()
    house.world.store.write(Put(Gate("slack", SUPPORT, now + 15 * 60_000 - 5_000, "Slack asks us to wait")))
    house.twilio.write(ANA, "second")
    house.run()
    for _ in range(14):
        house.later(60)
    assert house.texts() == ["first"]
    house.later(60)
    assert house.texts() == ["first", "second"]


def test_a_gate_met_again_and_again_is_written_down_once(house: House) -> None:
    open_thread(house)
    house.world.store.write(Put(Gate("slack", SUPPORT, house.clock.ms() + 600_000, "Slack asks us to wait")))
    house.twilio.write(ANA, "second")
    house.run()
    version = house.conversations()[0].version
    house.twilio.write(ANA, "third")
    house.run()
    assert house.conversations()[0].version == version


def test_a_bell_that_has_been_answered_with_a_later_one_costs_nothing(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    rang = house.clock.ms()
    house.clock.ahead += 10
    house.answer(Side.SLACK, Bell(home.id, SUPPORT))
    with counting((house.store.events,)) as made:
        house.answer(Side.SLACK, Bell(home.id, SUPPORT, rang))
    assert made == []


def test_a_turn_that_had_to_stop_answers_no_earlier_bells(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.twilio.write(ANA, "second")
    rang = house.clock.ms()
    house.clock.ahead += 10
    house.run()
    with counting((house.store.events,)) as made:
        house.answer(Side.SLACK, Bell(home.id, SUPPORT, rang))
    assert made == ["BatchGetItem", "Query"]


@pytest.mark.slow
def test_a_loud_customers_bells_leave_the_turn_to_a_quiet_one(house: House) -> None:
    open_thread(house)
    for number in range(100):
        house.twilio.write(ANA, str(number))
    house.twilio.write(LEO, "me too")
    house.quiet()
    for place, (side, bell) in enumerate(house.bells.rung):
        house.bells.rung[place] = (side, replace(bell, rang=house.clock.ms()))
    house.clock.ahead += 10
    for _ in range(101):
        house.answer(*house.bells.rung.popleft())
    assert house.texts(1) == ["me too"]
    assert len(house.messages(0)) == 1 + 60
    house.run()
    assert house.messages(0)[1:] == [str(number) for number in range(100)]
