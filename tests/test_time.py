"""A worker's thirty seconds: no call is begun whose end it may not live to see, and no gate is shut for that."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.channels.twilio import listing
from chalicelib.inbound.deliver import deliver
from chalicelib.missed.watch import EVERY, bell_of
from chalicelib.model import NO_TIME, Absent, Claim, Gate, Side, Stamp, new_id
from chalicelib.queues import A_CALL, LIFE, Bell, Shift
from chalicelib.services import slack_base
from chalicelib.slack.blocks import line
from chalicelib.slack.threads import Threads
from chalicelib.web import NoTime, call
from infra.local.server import answer_json
from infra.local.slack.team import SUPPORT
from tests.house import SECRETS, House
from tests.missed.test_lines import LINE, ana, write_unheard  # noqa: F401 - a fixture
from tests.outbound.test_send import lose_what_whatsapp_may_have_taken, reply_of, wa  # noqa: F401 - a fixture
from tests.slack.test_threads import slack

ANA = "+15551230001"


def slow_slack(house: House, seconds: float) -> list[int]:
    """Let each call to Slack take its time; returns when each was begun, to be filled."""
    begun: list[int] = []

    def token() -> str:  # asked for at the beginning of each call
        begun.append(house.clock.ms())
        house.clock.ahead += seconds
        return SECRETS["SLACK_BOT_TOKEN"]

    threads = Threads(token, slack_base(house.slack.url), house.store, house.world.shift.has_time)
    threads.team()
    begun.clear()
    services._made["world"] = house.world = replace(house.world, slack=threads)
    return begun


def turn(house: House, left: int) -> int:
    """Let a worker that has so many ms left take a turn at the one conversation; returns when its life is over."""
    (home,) = house.conversations()
    house.bells.rung.clear()
    now = house.clock.ms()
    house.world.shift.begin(now - LIFE + left)
    deliver(house.world, Bell(home.id, SUPPORT))
    house.world.shift.end()
    return now + left


def test_neither_slack_nor_a_provider_is_called_when_there_is_no_time_for_it(house: House) -> None:
    calls = len(house.slack.calls)
    house.world.shift.begin(house.clock.ms() - LIFE + A_CALL - 1_000)
    try:
        assert house.world.slack.post(SUPPORT, "", line("Hello"), Stamp("claim")) is NO_TIME
        with pytest.raises(NoTime) as error:
            house.world.http("GET", house.twilio.url)
    finally:
        house.world.shift.end()
    assert error.value.outcome is NO_TIME
    assert len(house.slack.calls) == calls


def test_a_door_has_time_whatever_worker_runs_beside_it() -> None:
    shift, told = Shift(lambda: LIFE), []
    shift.begin(0)
    door = threading.Thread(target=lambda: told.append(shift.has_time()))
    door.start()
    door.join()
    assert (told, shift.has_time()) == ([True], False)


def test_what_is_looked_for_on_many_pages_is_looked_for_again_when_the_time_is_over() -> None:
    page = answer_json({"ok": True, "messages": [], "response_metadata": {"next_cursor": "more"}})
    claim = Claim(new_id(1), 1)
    with slack(page, answer_json({"ok": True, "messages": []})) as (threads, script):
        assert threads.find("C0", "1.0", claim) == Absent()
    with slack(page) as (threads, script):
        times = [True, False]
        threads._has_time = lambda: times.pop(0)
        assert threads.find("C0", "1.0", claim) is None
    assert len(script.calls) == 1


@pytest.mark.parametrize("left", [10_500, A_CALL + 1_000])
def test_a_card_is_drawn_only_if_there_is_time_for_it(house: House, left: int) -> None:
    house.twilio.write(ANA, "Hello")
    house.run()
    (home,) = house.conversations()
    house.world.store.change(home, lambda now: replace(now, owner="U0BOB"))
    begun = slow_slack(house, 9.9)
    turn(house, left)
    enough = left > A_CALL
    assert (len(begun), len(house.bells.rung)) == ((1, 0) if enough else (0, 1))
    house.run()
    assert len(begun) == 1
    assert house.conversations()[0].drawn != home.drawn


def test_good_news_its_mark_and_the_card_are_drawn_in_as_many_turns_as_they_need(wa: House) -> None:  # noqa: F811
    lose_what_whatsapp_may_have_taken(wa, "after")
    wa.whatsapp.receipt(wa.whatsapp.phone(reply_of(wa).route.to)[-1]["id"], "delivered")  # type: ignore[union-attr]
    wa.quiet()
    begun = slow_slack(wa, 9.9)
    dies = turn(wa, A_CALL + 100)
    assert (len(begun), wa.clock.ms() < dies) == (1, True)
    assert len(wa.bells.rung) > 0
    assert wa.store.find(Gate, "slack draws", SUPPORT) is None
    wa.run()
    assert wa.texts()[-1] == "This did reach Ana after all."
    assert (reply_of(wa).shown, reply_of(wa).state) == ("delivered", "delivered")


def test_what_there_is_no_time_to_post_is_given_back_and_no_gate_is_shut_for_it(house: House) -> None:
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"})
    house.twilio.write(ANA, "Hello")
    house.quiet()
    begun = slow_slack(house, 9.9)
    dies = turn(house, A_CALL + 1_000)  # enough for the head as it is, and not for the plain one
    (home,) = house.conversations()
    assert (len(begun), home.claim, [bell.about for _, bell in house.bells.rung]) == (1, None, [home.id])
    assert house.clock.ms() < dies
    assert [house.store.find(Gate, system, SUPPORT) for system in ("slack", "slack heads")] == [None, None]
    house.run()
    assert house.texts() == ["Hello"]


def test_an_administrator_is_told_of_what_is_broken_only_if_there_is_time_for_it(house: House) -> None:
    house.slack.fail("chat.postMessage", {"error": "not_in_channel"})
    house.twilio.write(ANA, "Hello")
    house.quiet()
    begun = slow_slack(house, 9.5)
    dies = turn(house, A_CALL + 500)
    assert (len(begun), house.clock.ms() < dies) == (1, True)
    assert house.conversations()[0].claim is None
    assert house.store.find(Gate, "slack", SUPPORT) is not None


def test_a_list_of_pictures_is_asked_for_only_if_there_is_time_for_it(
    ana: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(3):
        write_unheard(ana, f"Look {number}", media=[{"content_type": "image/jpeg", "data": "aGk="}])
    ana.clock.ahead += EVERY / 1000 + 1
    begun: list[int] = []
    seconds = [3.9, 13.0]

    def slow(*what: Any, **how: Any) -> Any:
        begun.append(ana.clock.ms())
        ana.clock.ahead += seconds.pop(0) if seconds else 0
        return call(*what, **how)

    services._made["world"] = ana.world = replace(ana.world, call=slow)
    invoked = ana.clock.ms()
    ana.answer(Side.SLACK, bell_of(LINE))
    assert max(begun) - invoked <= LIFE - A_CALL
    for _ in range(3):
        ana.later(EVERY / 1000 + 1)
    assert sorted(each for each in ana.messages() if each.startswith("Look")) == [f"Look {n}" for n in range(3)]
