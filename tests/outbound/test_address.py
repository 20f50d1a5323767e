"""A reply's address is that of the last customer's post above it, also where that post's answer was lost."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.model import Busy, Kind, Side, State
from chalicelib.outbound.send import LOOKED_AT
from chalicelib.queues import Bell
from chalicelib.sweep import sweep
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, Over
from tests.inbound.test_deliver import event, written

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    """Ana has written by SMS."""
    house.twilio.write(ANA, "By SMS")
    house.run()
    return house


def media(house: House) -> list[str]:
    """The media on which our replies came, in order."""
    return [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"]


def write_by_whatsapp(house: House, **more: float) -> None:
    house.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana", **more)


def lose_the_answer(house: House) -> None:
    """Ana writes by WhatsApp; her post stands in the thread, and we do not know."""
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    write_by_whatsapp(house)
    house.run()
    assert house.texts() == ["By SMS", "By WhatsApp"]


def test_a_reply_waits_for_a_post_above_it_whose_answer_was_lost(ana: House) -> None:
    lose_the_answer(ana)
    ana.say("Hello")
    ana.clock.ahead += 20
    ana.run()
    assert media(ana) == []
    ana.later(50)
    assert media(ana) == ["whatsapp"]


def test_a_reply_does_not_wait_for_a_post_from_the_same_address(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.drop_events(1)
    ana.twilio.write(ANA, "By SMS again")
    ana.run()
    ana.say("Hello")
    ana.run()
    assert media(ana) == ["sms"]


def test_a_reply_does_not_wait_for_a_post_that_was_begun_after_it(ana: House) -> None:
    ana.slack.hold_events()
    ana.say("Hello")
    ana.clock.ahead += 5
    ana.slack.fail("chat.postMessage", {"drop": "before"})
    write_by_whatsapp(ana)
    ana.run_bells()
    ana.slack.release_events()
    ana.run()
    assert media(ana) == ["sms"]


def test_a_reply_does_not_wait_for_a_post_that_follows_one_below_it(ana: House) -> None:
    ana.say("Hello")
    for lost in (0, 1):  # within the two seconds that the reply's bell takes
        ana.quiet()
        ana.slack.fail("chat.postMessage", {"drop": "after"}, times=lost)
        ana.slack.drop_events(lost)
        write_by_whatsapp(ana)
        bell = next(bell for side, bell in ana.bells.rung if side is Side.SLACK)
        ana.bells.rung = deque(rung for rung in ana.bells.rung if rung[0] is Side.CUSTOMER)
        ana.answer(Side.SLACK, bell)
    ana.run()
    assert [item.claim is not None for item in ana.items() if item.kind is Kind.MESSAGE] == [False, False, True]
    assert media(ana) == ["sms"]


@pytest.mark.slow
def test_a_reply_sees_what_is_under_way_behind_a_hundred_that_wait(ana: House) -> None:
    lose_the_answer(ana)
    before = ana.clock.ms() - 1_000
    written(ana, *(event(str(number), before + number) for number in range(LOOKED_AT + 10)))
    ana.bells.rung.clear()
    ana.say("Hello")
    ana.run()
    assert media(ana) == []
    ana.later(70)
    assert media(ana) == ["whatsapp"]


def test_a_post_that_was_never_made_does_not_stand_above_the_reply(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "before"})
    write_by_whatsapp(ana)
    ana.run()
    ana.say("Hello")
    ana.clock.ahead += 20
    ana.run()
    assert media(ana) == []
    ana.later(50)
    assert ana.texts() == ["By SMS", "Hello", "By WhatsApp"]
    assert media(ana) == ["sms"]


def test_a_reply_recorded_before_the_post_above_it_was_goes_to_that_ones_address(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.hold_events()
    write_by_whatsapp(ana)
    ana.run_bells()
    ana.say("Hello")
    ana.slack.release_events(reverse=True)  # the reply's comes first, then that of the post above it
    ana.run()
    assert media(ana) == ["whatsapp"]


def test_what_came_late_does_not_draw_a_reply_away_that_has_a_newer_post_below(ana: House) -> None:
    write_by_whatsapp(ana)
    ana.run()
    late = ana.items()[-1]
    ana.slack.hold_events()
    ts = ana.say("Hello")
    (home,) = ana.conversations()
    assert home.route_ts == late.slack_ts < ts
    ana.clock.ahead += 5
    ana.twilio.write(ANA, "By SMS")
    ana.run_bells()
    ana.slack.release_events()
    ana.run()
    assert media(ana) == ["whatsapp"]


def test_the_address_stays_once_a_reply_was_made_ready(ana: House) -> None:
    ana.twilio.fail({"status": 503}, on="POST")
    ana.say("Hello")
    ana.run()
    (reply,) = [item for item in ana.items() if item.kind is Kind.REPLY]
    assert reply.route is not None
    ana.later(120)
    ana.later(120)
    assert media(ana) == ["sms"]


def test_a_reply_that_waits_for_more_than_a_day_is_given_up(ana: House) -> None:
    ana.slack.fail("conversations.replies", {"status": 500}, times=1_000)
    lose_the_answer(ana)
    ana.say("Hello")
    ana.run()
    for _ in range(6):
        ana.later(5 * 3600)
    (reply,) = [item for item in ana.items() if item.kind is Kind.REPLY]
    assert (reply.state, media(ana)) == (State.FAILED, [])


def test_what_a_person_types_in_a_copy_of_the_thread_is_addressed_alike(house: House) -> None:
    house.slack.scopes.discard("channels:history")
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.hold_events()
    house.twilio.write(ANA, "By SMS")
    house.run()
    house.later(70)
    copy, head = house.threads()
    (home,) = house.conversations()
    assert home.thread_ts == head
    house.slack.say(BOB, SUPPORT, "Typed in the copy", copy)
    house.slack.release_events()
    house.run()
    house.later(70)
    (reply,) = [item for item in house.items() if item.kind is Kind.REPLY]
    assert (reply.conversation, reply.route) == (home.id, home.route)
    assert media(house) == ["sms"]


def lose_the_answer_to_what_comes_late(ana: House) -> None:
    """By WhatsApp, written before the SMS above it; Slack's event of its post is not in yet."""
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.hold_events()
    written(ana, event("By WhatsApp", ana.clock.ms() - 600_000, "whatsapp"))
    ana.run_bells()
    assert ana.texts()[-1] == "By WhatsApp"


def test_a_reply_does_not_wait_for_a_post_that_came_late(ana: House) -> None:
    lose_the_answer_to_what_comes_late(ana)
    ana.say("Hello")
    ana.slack.release_events(reverse=True)
    ana.quiet()
    for side, bell in sorted(ana.bells.rung, key=lambda rung: rung[0] is Side.SLACK):
        ana.answer(side, bell)
    assert media(ana) == ["sms"]


def test_a_reply_that_waited_for_what_was_given_up_goes_out_at_once(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "before"}, times=3)
    ana.slack.hold_events()
    write_by_whatsapp(ana)
    ana.run_bells()
    for _ in range(2):
        ana.clock.ahead += 70
        sweep(ana.world)
        ana.run_bells()
    ana.say("Hello")
    ana.slack.release_events()
    ana.run()
    assert media(ana) == []
    ana.clock.ahead += 70
    (message,) = [item for item in ana.items() if item.text == "By WhatsApp"]
    ana.answer(Side.SLACK, Bell(message.conversation, SUPPORT))
    assert [item.parked != "" for item in ana.items() if item.text == "By WhatsApp"] == [True]
    ana.run()
    assert media(ana) == ["sms"]


def test_a_reply_that_waited_for_a_post_slack_had_no_time_for_goes_out_at_once(ana: House) -> None:
    """The post is begun, a reply is typed meanwhile, and Slack says that it did not take the post."""
    ana.slack.hold_events()
    write_by_whatsapp(ana)
    said: list[str] = []
    post = ana.world.slack.post

    def slow(*what: Any) -> Any:
        said.append(ana.say("Hello"))
        ana.slack.drop_events(0)
        ana.slack.release_events()
        ana.quiet()
        side, bell = next(rung for rung in ana.bells.rung if rung[0] is Side.CUSTOMER)
        ana.bells.rung.remove((side, bell))
        ana.answer(side, bell)
        assert media(ana) == []
        return Busy("Slack asks us to wait", 60_000) if said else post(*what)

    slack: Any = Over(ana.world.slack, post=slow)
    ana.world = services._made["world"] = replace(ana.world, slack=slack)
    ana.answer(*ana.bells.rung.popleft())
    ana.run()
    assert media(ana) == ["sms"]
