"""Several messages in one post: when, which, how they look, and that a burst is as safe as a single message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.gates import shut
from chalicelib.health import health
from chalicelib.inbound.bursts import BEHIND, MOST, next_post
from chalicelib.inbound.receive import take
from chalicelib.model import Address, Claim, Gate, Item, Kind, MessageReceived, Ref, Route, Status, Window, new_id
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA = "+15551230001"
HOUR = 3600
NOW = 1_789_000_000_000


def open_thread(house: House) -> None:
    house.twilio.write(ANA, "first")
    house.run()


def fall_behind(house: House, *texts: str) -> None:
    """Let a customer write while nobody answers bells, for longer than we take for keeping pace."""
    for text in texts:
        house.twilio.write(ANA, text)
        house.quiet()
        house.clock.ahead += 1
    house.clock.ahead += BEHIND / 1000


def event(text: str, at: int, medium: str = "sms", **about: Any) -> MessageReceived:
    route = Route("twilio", "main", medium, f"phone:{ANA}", ANA if medium == "sms" else f"whatsapp:{ANA}")
    return MessageReceived(f"{text}{at}", route, (Address("phone", ANA),), at, text=text, **about)


def written(house: House, *events: MessageReceived) -> None:
    take(house.world, house.world.line("twilio", "main")[1], events)


def calls(house: House, method: str = "chat.postMessage") -> int:
    return [name for name, _ in house.slack.calls].count(method)


def press(house: House, action: str) -> None:
    assert house.slack.press(BOB, SUPPORT, house.threads()[-1], action) == 200
    house.run()


# ------------------------------------------------------------------------------ what goes together

SMS = Route("twilio", "main", "sms", f"phone:{ANA}", ANA)
WHATSAPP = replace(SMS, medium="whatsapp", to=f"whatsapp:{ANA}")


def message(text: str = "hi", born: int = NOW - 60_000, **about: Any) -> Item:
    item = Item("C", new_id(born), Kind.MESSAGE, born, "", text=text, route=SMS, author="Ana")
    return replace(item, **about)


def together(*waiting: Item) -> int:
    """How many the next post carries, which are the first ones."""
    chosen = next_post(waiting, NOW)
    assert chosen == list(waiting[: len(chosen)])
    return len(chosen)


TABLE: dict[str, tuple[Sequence[Item], int]] = {
    "alike": ([message(), message(), message()], 3),
    "alone": ([message()], 1),
    "no more than a reader takes in": ([message()] * (MOST + 5), MOST),
    "another person of the same number": ([message(), message(), message(author="Leo")], 2),
    "another medium": ([message(), message(route=WHATSAPP), message()], 1),
    "an edit ends it": ([message(), message(), message(kind=Kind.EDIT), message()], 2),
    "an edit stands alone": ([message(kind=Kind.EDIT), message()], 1),
    "a line stands alone": ([message(kind=Kind.LINE, route=None), message()], 1),
    "a verdict stands alone": ([message(kind=Kind.REPLY), message()], 1),
    "somebody else's claim ends it": ([message(), message(claim=Claim("P", NOW))], 1),
    "no more than its plain text holds": ([message("x" * 1_500)] * 4, 2),
    "what is escaped counts as it is written": ([message("<" * 500)] * 4, 1),
    "a long one stands alone": ([message("x" * 9_000), message()], 1),
    "before a long one": ([message(), message(), message("x" * 9_000)], 2),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_goes_out_as_one_post(case: str) -> None:
    waiting, expected = TABLE[case]
    assert together(*waiting) == expected


def test_while_we_keep_pace_each_message_is_a_post_of_its_own() -> None:
    assert together(message(born=NOW - BEHIND + 1), message(born=NOW)) == 1
    assert together(message(born=NOW - BEHIND), message(born=NOW)) == 2


def test_what_was_claimed_together_stays_together_whatever_came_between() -> None:
    claim = Claim("P", NOW)
    one, two = message("one", claim=claim), message("two", claim=replace(claim, ts="1.0"))
    assert next_post([one, message("late"), two, message("after")], NOW) == [one, two]


# ------------------------------------------------------------------------------ in the thread


def test_a_burst_while_we_are_behind_becomes_one_post(house: House) -> None:
    open_thread(house)
    fall_behind(house, "one", "two", "three")
    house.run()
    assert house.texts() == ["first", "one\ntwo\nthree"]
    assert house.thread()[-1]["username"].endswith(" · SMS")


def test_a_burst_opens_a_thread_too(house: House) -> None:
    fall_behind(house, "one", "two")
    house.run()
    assert house.texts() == ["one\ntwo"]


def test_each_message_of_a_burst_has_its_time_and_is_nothing_but_text(house: House) -> None:
    open_thread(house)
    fall_behind(house, "<!channel> *one*", "two")
    house.run()
    times = [item.at // 1000 for item in house.items()[1:]]
    sections = [block["elements"][0]["elements"] for block in house.thread()[-1]["blocks"]]
    assert [(section[0]["type"], section[0]["timestamp"]) for section in sections] == [
        ("date", times[0]),
        ("date", times[1]),
    ]
    assert [section[-1] for section in sections] == [
        {"type": "text", "text": "<!channel> *one*"},
        {"type": "text", "text": "two"},
    ]


def test_a_pair_typed_quickly_stays_two_posts(house: House) -> None:
    open_thread(house)
    for text in ("one", "two"):
        house.twilio.write(ANA, text)
    house.run()
    assert house.texts() == ["first", "one", "two"]


@pytest.mark.slow
def test_a_long_burst_goes_out_in_posts_of_a_readable_size(house: House) -> None:
    now = house.clock.ms()
    written(house, *(event(str(place), now + place) for place in range(130)))
    house.clock.ahead += 10
    house.run()
    assert [text.count("\n") + 1 for text in house.texts()] == [20, 20, 20, 20, 20, 20, 10]
    assert house.messages() == [str(place) for place in range(130)]


def test_every_message_of_a_burst_is_settled_with_the_one_post(house: House) -> None:
    open_thread(house)
    fall_behind(house, "one", "two")
    house.run()
    ts = house.thread()[-1]["ts"]
    _, one, two = house.items()
    assert [(item.slack_ts, item.claim, item.due) for item in (one, two)] == [(ts, None, None)] * 2
    (team,) = {house.world.slack.team()}
    ref = house.world.store.find(Ref, "slack", str(team), f"{SUPPORT}:{ts}")
    assert ref is not None
    assert (ref.conversation, ref.item) == (one.conversation, one.id)


def test_a_burst_says_the_same_of_its_conversation_as_single_posts(house: House) -> None:
    now = house.clock.ms()
    written(house, event("one", now - 9_000, "whatsapp"), event("two", now - 8_000, "whatsapp"))
    house.clock.ahead += 10
    house.run()
    (home,) = house.conversations()
    assert home.route is not None
    assert (home.waiting_since, home.route.medium) == (now - 9_000, "whatsapp")
    assert (home.route_ts, home.last_ts) == (house.thread()[-1]["ts"],) * 2
    window = house.world.store.find(Window, f"phone:{ANA}", "twilio/main")
    assert window is not None
    assert window.until == now - 8_000 + 24 * HOUR * 1000


def test_late_ones_in_a_burst_are_marked_each(house: House) -> None:
    now = house.clock.ms()
    written(house, event("on time", now))
    house.run()
    written(
        house, event("yesterday", now - 24 * HOUR * 1000), event("earlier", now - HOUR * 1000), event("new", now)
    )
    house.clock.ahead += 10
    house.run()
    marked = ["arrived late" in json.dumps(block) for block in house.thread()[-1]["blocks"]]
    days = [block["elements"][0]["elements"][0]["format"] for block in house.thread()[-1]["blocks"]]
    assert house.texts()[-1] == "yesterday\nearlier\nnew"
    assert marked == [True, True, False]
    assert days == ["{date_short_pretty} at {time}", "{time}", "{time}"]


def test_a_reply_below_a_burst_goes_to_its_customer(house: House) -> None:
    fall_behind(house, "one", "two")
    house.run()
    house.say("answer")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["answer"]


def test_a_repeated_webhook_adds_nothing_to_a_burst(house: House) -> None:
    open_thread(house)
    house.twilio.repeat(2)
    fall_behind(house, "one", "two")
    house.run()
    assert house.texts() == ["first", "one\ntwo"]


def test_a_burst_reopens_a_resolved_thread_and_calls_its_owner_once(house: House) -> None:
    open_thread(house)
    press(house, "claim")
    press(house, "resolve")
    fall_behind(house, "one", "two")
    house.run()
    assert json.dumps(house.thread()[-1]["blocks"]).count(f"Reopened <@{BOB}>") == 1
    assert house.conversations()[0].status is Status.OPEN


def test_a_burst_into_an_thread_without_an_owner_is_seen_by_the_channel(house: House) -> None:
    open_thread(house)
    press(house, "resolve")
    fall_behind(house, "one", "two")
    house.run()
    assert [post.get("subtype") for post in house.thread()[2:]] == ["thread_broadcast"]


# ------------------------------------------------------------------------------ faults

FAULTS = [{"status": 500}, {"drop": "before"}, {"drop": "after"}, {"status": 429, "retry_after": 30}]


@pytest.mark.parametrize("how", FAULTS, ids=str)
def test_a_burst_whose_answer_was_lost_stands_there_once_in_the_end(house: House, how: dict[str, Any]) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", how)
    fall_behind(house, "one", "two")
    house.run()
    house.twilio.write(ANA, "three")
    house.run()
    house.later(70)
    house.later(70)
    assert house.messages() == ["first", "one", "two", "three"]


def test_a_worker_that_died_after_posting_a_burst_has_posted_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_thread(house)
    fall_behind(house, "one", "two")
    post = house.world.slack.post
    with monkeypatch.context() as dying:
        dying.setattr(house.world.slack, "post", lambda *about: (post(*about), 1 / 0))
        house.run()
    house.later(70)
    assert house.texts() == ["first", "one\ntwo"]
    assert {item.slack_ts for item in house.items()[1:]} == {house.thread()[-1]["ts"]}


def test_a_stale_burst_is_looked_up_once_and_tried_again_as_the_same_post(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"})
    fall_behind(house, "one", "two")
    house.run()
    house.later(70)
    names = [args["metadata"]["event_payload"] for name, args in house.slack.calls if name == "chat.postMessage"]
    assert names[-1] == names[-2]
    assert calls(house, "conversations.replies") == 1
    assert house.texts() == ["first", "one\ntwo"]


def test_what_came_late_between_two_of_a_lost_burst_parts_them_in_no_way(house: House) -> None:
    open_thread(house)
    now = house.clock.ms()
    written(house, event("one", now + 1_000), event("three", now + 3_000))
    house.clock.ahead += 10
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.run()
    written(house, event("two", now + 2_000))
    house.run()
    house.later(70)
    house.later(70)
    assert sorted(house.messages()) == ["first", "one", "three", "two"]
    assert "one\nthree" in house.texts()


def test_a_burst_behind_a_gate_is_tried_when_it_opens(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 600})
    fall_behind(house, "one", "two")
    house.run()
    assert shut(house.world.store.find(Gate, "slack", SUPPORT), house.clock.ms())
    assert [item.claim for item in house.items()] == [None] * 3
    house.later(700)
    assert house.texts() == ["first", "one\ntwo"]


def test_a_burst_that_slack_will_not_draw_is_posted_as_plain_text(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"})
    fall_behind(house, "one", "two")
    house.run()
    assert house.texts() == ["first", "one\ntwo"]
    assert "blocks" not in house.thread()[-1]


def test_of_a_refused_burst_nothing_is_given_up_that_slack_takes_alone(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"error": "msg_too_long"}, times=4)  # two together, and the first alone
    fall_behind(house, "refused", "fine")
    house.run()
    assert house.texts()[1] == "fine"
    assert [text for text in house.texts() if "cannot be shown here" in text] == house.texts()[2:]
    assert health(house.world)["parked"] == 1


def test_a_burst_never_seen_in_the_thread_is_tried_one_by_one(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"}, times=3)
    fall_behind(house, "one", "two")
    house.run()
    for _ in range(4):
        house.later(10 * 60)
    assert house.texts() == ["first", "one", "two"]
    assert health(house.world)["parked"] == 0


def test_what_came_in_since_and_is_older_stands_above_a_burst_that_goes_on_one_by_one(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"}, times=3)
    house.later(60)
    older = event("found since", house.clock.ms())
    fall_behind(house, "one", "two")
    house.run()
    house.later(5 * 60)
    written(house, older)
    for _ in range(3):
        house.later(10 * 60)
    assert house.messages() == ["first", "found since", "one", "two"]


def test_a_burst_whose_thread_is_gone_goes_into_a_fresh_one(house: House) -> None:
    open_thread(house)
    for post in reversed(house.slack.messages(SUPPORT)):
        house.slack.delete(SUPPORT, post["ts"])
    fall_behind(house, "one", "two")
    house.run()
    assert house.texts() == ["one\ntwo"]
