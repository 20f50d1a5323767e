"""Slack's event of our own post is a second witness: it heals lost answers, and shows copies that are too many."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.health import health
from chalicelib.inbound.deliver import COPIES_A_TURN
from chalicelib.model import Item, Kind, Outcome, Ref, Stamp, State, new_id, owed
from chalicelib.slack.blocks import line
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from tests.house import House

ANA = "+15551230001"


def open_thread(house: House) -> None:
    house.twilio.write(ANA, "first")
    house.run()


def called(house: House, method: str) -> int:
    return sum(name == method for name, _ in house.slack.calls)


def lose_answer(house: House, text: str = "second") -> None:
    """A message is posted, the answer is lost, and Slack's event of it has to wait."""
    house.slack.hold_events()
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.twilio.write(ANA, text)
    house.run()


def copies(house: House) -> list[Item]:
    return [item for item in house.items() if item.kind is Kind.COPY]


def message(house: House, text: str) -> Item:
    return next(item for item in house.items() if item.text == text)


# ------------------------------------------------------------------------------ lost answers


def test_a_lost_answer_is_healed_at_once_and_without_looking(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.twilio.write(ANA, "second")
    house.twilio.write(ANA, "third")
    house.run()
    assert house.texts() == ["first", "second", "third"]
    assert [item.slack_ts for item in house.items()] == [post["ts"] for post in house.thread()]
    assert called(house, "conversations.replies") == 0


def test_a_card_whose_answer_was_lost_is_healed_at_once(house: House) -> None:
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.twilio.write(ANA, "first")
    house.run()
    assert (len(house.threads()), house.texts()) == (1, ["first"])
    assert "Waiting since" in json.dumps(house.slack.thread(SUPPORT, house.threads()[0])[0]["blocks"])
    assert called(house, "conversations.history") == 0


def test_a_verdict_whose_answer_was_lost_is_healed_at_once(house: House) -> None:
    open_thread(house)
    house.twilio.fail({"status": 400, "error": 21211})
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.say("Hello")
    house.run()
    reply = message(house, "Hello")
    assert (reply.claim, reply.shown) == (None, State.FAILED)
    assert reply.notice_ts == house.thread()[-1]["ts"]


def test_an_event_that_comes_while_the_answer_is_under_way_changes_nothing(house: House) -> None:
    open_thread(house)
    house.slack.repeat_events(2)
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts() == ["first", "second"]
    assert copies(house) == []


def test_where_the_event_is_lost_too_it_is_looked_up_after_a_minute(house: House) -> None:
    open_thread(house)
    lose_answer(house)
    house.slack.drop_events(1_000)
    house.later(70)
    assert house.texts() == ["first", "second"]
    assert called(house, "conversations.replies") == 1


def test_a_post_that_turns_up_after_it_was_given_up_is_on_record(house: House) -> None:
    open_thread(house)
    house.slack.hold_events()
    house.slack.scopes.discard("channels:history")
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.fail("chat.postMessage", {"drop": "before"}, times=2)
    house.twilio.write(ANA, "second")
    house.run()
    for _ in range(3):
        house.later(600)
    assert health(house.world)["parked"] == 1
    house.slack.release_events()
    house.run()
    assert house.texts()[1] == "second"
    assert message(house, "second").slack_ts == house.thread()[1]["ts"]
    assert health(house.world)["parked"] == 0


# ------------------------------------------------------------------------------ copies


def two_copies(house: House) -> list[str]:
    """Slack neither answers nor lets us look nor tells of it: after a minute a message stands there twice."""
    open_thread(house)
    house.slack.scopes.discard("channels:history")
    lose_answer(house)
    house.later(70)
    assert house.texts() == ["first", "second", "second"]
    return [post["ts"] for post in house.thread()[1:]]


def stands_once(house: House, first: str) -> None:
    assert [post["ts"] for post in house.thread()[1:]] == [first]
    (home,) = house.conversations()
    assert (message(house, "second").slack_ts, home.route_ts, home.last_ts) == (first, first, first)
    ref = house.store.find(Ref, "slack", TEAM_ID, f"{SUPPORT}:{first}")
    assert ref is not None
    assert ref.item == message(house, "second").id
    assert [copy.state for copy in copies(house)] == [State.POSTED]


def test_of_two_copies_the_first_stays(house: House) -> None:
    first, _ = two_copies(house)
    house.slack.release_events()
    house.run()
    stands_once(house, first)


def test_of_two_copies_the_first_stays_when_their_events_come_in_the_wrong_order(house: House) -> None:
    first, _ = two_copies(house)
    house.slack.release_events(reverse=True)
    house.run()
    stands_once(house, first)


def test_two_events_before_anything_is_settled_leave_the_first(house: House) -> None:
    open_thread(house)
    lose_answer(house)
    item = message(house, "second")
    assert item.claim is not None
    stamp = Stamp(item.claim.post, item.conversation, item.id)
    house.world.slack.post(SUPPORT, house.threads()[0], line("second"), stamp)
    first = house.thread()[1]["ts"]
    house.slack.release_events(reverse=True)
    house.run()
    stands_once(house, first)


class Waking:
    """Slack, where an event that was held comes in just before an answer."""

    def __init__(self, house: House) -> None:
        self._house, self._slack = house, house.world.slack

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slack, name)

    def post(self, *what: Any) -> Outcome:
        outcome = self._slack.post(*what)
        self._house.slack.drop_events(0)
        self._house.slack.release_events()
        self._house.slack.quiet()
        return outcome


@pytest.mark.parametrize("item", ["second", ""], ids=["post", "head"])
def test_a_copy_seen_while_another_try_was_answered_is_taken_out(house: House, item: str) -> None:
    if item:
        open_thread(house)
    house.slack.scopes.discard("channels:history")
    lose_answer(house, item or "first")
    house.clock.ahead += 70
    slack: Any = Waking(house)
    house.world = services._made["world"] = replace(house.world, slack=slack)
    house.later(0)
    if item:
        assert house.texts() == ["first", "second"]
    assert len(house.threads()) == 1
    assert {copy.state for copy in copies(house)} == {State.POSTED}


def test_a_copy_that_somebody_deleted_is_done_with(house: House) -> None:
    first, later = two_copies(house)
    house.slack.delete(SUPPORT, later)
    house.slack.release_events()
    house.run()
    stands_once(house, first)


def test_a_copy_waits_where_slack_is_busy_and_holds_nothing_up(house: House) -> None:
    first, _ = two_copies(house)
    house.slack.fail("chat.delete", {"status": 429, "retry_after": 30}, times=50)
    house.slack.release_events()
    house.run()
    house.twilio.write(ANA, "third")
    house.run()
    assert house.texts() == ["first", "second", "second", "third"]
    house.slack.mend()
    for _ in range(3):
        house.later(150)
    assert house.texts() == ["first", "second", "third"]
    assert message(house, "second").slack_ts == first


def test_many_copies_hold_up_nothing(house: House) -> None:
    open_thread(house)
    settled = message(house, "first")
    for _ in range(COPIES_A_TURN + 2):
        stamp = Stamp(settled.post, settled.conversation, settled.id)
        house.world.slack.post(SUPPORT, house.threads()[0], line("first"), stamp)
    house.quiet()
    house.bells.rung.clear()
    house.twilio.write(ANA, "second")
    house.quiet()
    house.answer(*house.bells.rung.popleft())
    assert called(house, "chat.delete") == COPIES_A_TURN
    assert house.texts()[-1] == "second"
    house.later(70)
    assert house.texts() == ["first", "second"]


def test_a_copy_that_slack_will_not_delete_stays_and_is_told_of(house: House) -> None:
    two_copies(house)
    house.slack.fail("chat.delete", {"error": "cant_delete_message"})
    house.slack.release_events()
    house.run()
    assert house.texts() == ["first", "second", "second"]
    assert [copy.state for copy in copies(house)] == [State.POSTED]


def test_of_two_verdicts_the_first_stays_and_says_what_is_true(house: House) -> None:
    open_thread(house)
    house.twilio.fail({"status": 400, "error": 21211})
    house.slack.scopes.discard("channels:history")
    house.slack.hold_events()
    house.slack.fail("chat.postMessage", {"drop": "after"})
    ts = house.say("Hello")
    house.slack.release_events()
    house.slack.quiet()
    house.slack.hold_events()
    house.run()
    house.later(70)
    assert len(house.thread()) == 4  # two verdicts
    house.slack.release_events()
    house.run()
    assert len(house.thread()) == 3
    reply = message(house, "Hello")
    assert (reply.their_id, reply.notice_ts) == (ts, house.thread()[-1]["ts"])


def test_a_verdict_that_moved_to_its_copy_is_drawn_also_where_slack_was_busy(house: House) -> None:
    open_thread(house)
    house.slack.scopes.discard("channels:history")
    house.twilio.fail({"status": 400, "error": 21211})
    house.say("Hello")
    house.quiet()
    house.slack.hold_events()
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.run()
    house.later(70)
    house.slack.fail("chat.update", {"status": 429, "retry_after": 30}, times=3)
    house.slack.release_events()
    house.run()
    for _ in range(4):
        house.later(120)
    assert len([post for post in house.thread() if post["text"].startswith("⚠")]) == 1
    assert owed(message(house, "Hello")) is None


# ------------------------------------------------------------------------------ copies of a thread's head


def two_heads(house: House) -> tuple[str, str]:
    house.slack.scopes.discard("channels:history")
    lose_answer(house, "first")
    house.later(70)
    first, later = house.threads()
    (home,) = house.conversations()
    assert home.thread_ts == later
    return first, later


def test_of_two_heads_the_settled_one_stays(house: House) -> None:
    _, later = two_heads(house)
    house.slack.release_events()
    house.run()
    assert house.threads() == [later]
    assert house.texts() == ["first"]


def test_what_was_said_under_the_other_head_reaches_the_customer(house: House) -> None:
    first, later = two_heads(house)
    house.slack.say(BOB, SUPPORT, "typed early", first)
    house.slack.release_events(reverse=True)
    house.run()
    house.later(70)
    house.slack.say(BOB, SUPPORT, "typed late", first)
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["typed early", "typed late"]
    (home,) = house.conversations()
    assert home.thread_ts == later


def test_a_head_that_turns_up_before_another_is_made_is_the_head(house: House) -> None:
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    house.twilio.write(ANA, "first")
    house.run()
    (home,) = house.conversations()
    assert home.claim is None
    house.world.slack.post(SUPPORT, "", line("card"), Stamp(new_id(house.clock.ms()), home.id))
    house.run()
    house.later(70)
    assert len(house.threads()) == 1
    assert house.texts() == ["first"]


def test_the_event_of_a_post_of_nothing_on_record_does_nothing(house: House) -> None:
    house.world.slack.post(SUPPORT, "", line("?"), Stamp(*[new_id(house.clock.ms())] * 3))
    house.run()
    assert house.items() == []


def test_what_is_told_to_administrators_is_no_post_of_a_conversation(house: House) -> None:
    house.world.slack.post(SUPPORT, "", line("?"), Stamp(new_id(house.clock.ms())))
    house.run()
    assert house.items() == []
