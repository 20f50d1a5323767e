"""From the record into the thread: order, faults of Slack, workers that die, and what the card says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.gates import shut
from chalicelib.health import health
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.receive import take
from chalicelib.model import (
    Address,
    Gate,
    Item,
    Kind,
    MessageReceived,
    Route,
    Side,
    Stamp,
    State,
    Status,
    Window,
    new_id,
)
from chalicelib.queues import Bell
from chalicelib.settling import claim_after, with_claim
from chalicelib.slack.blocks import line
from chalicelib.store import Insert, Replace
from infra.local.slack.team import BOB, PRIVATE, SALES, SUPPORT
from tests.house import SETTINGS, House, reactions

ANA, LEO = "+15551230001", "+15551230002"
MINUTE, HOUR = 60, 3600
RESOLVED = "Bob Brown resolved this."

TWO_DESKS = SETTINGS.replace('"telegram/main" = "support"', '"telegram/main" = "vip"') + (
    f'[desks.vip]\nslack_channel = "{PRIVATE}"\nnames = "never"\n'
)


def open_thread(house: House) -> None:
    house.twilio.write(ANA, "first")
    house.run()


def head(house: House, number: int = -1) -> dict[str, Any]:
    return house.slack.thread(SUPPORT, house.threads()[number])[0]


def press(house: House, action: str, number: int = -1) -> None:
    assert house.slack.press(BOB, SUPPORT, house.threads()[number], action) == 200
    house.run()


def calls(house: House, method: str) -> int:
    return [name for name, _ in house.slack.calls].count(method)


def told(house: House) -> list[str]:
    return [message["text"] for message in house.slack.messages(SALES) if "cannot use" in message["text"]]


def event(text: str, at: int, medium: str = "sms", **about: Any) -> MessageReceived:
    """A message as a channel would read it, written when we like."""
    route = Route("twilio", "main", medium, f"phone:{ANA}", ANA if medium == "sms" else f"whatsapp:{ANA}")
    return MessageReceived(f"{text}{at}", route, (Address("phone", ANA),), at, text=text, **about)


def written(house: House, *events: MessageReceived) -> None:
    take(house.world, house.world.line("twilio", "main")[1], events)


# ------------------------------------------------------------------------------ order


def test_what_waits_is_posted_in_the_order_it_was_written(house: House) -> None:
    now = house.clock.ms()
    written(house, *(event(str(place), now - 10_000 + place * 1_000) for place in (3, 1, 4, 0, 2)))
    house.run()
    assert house.texts() == ["0", "1", "2", "3", "4"]


def test_messages_of_one_second_follow_their_providers_sequence(house: House) -> None:
    now = house.clock.ms()
    written(house, event("b", now, sequence=2), event("a", now, sequence=1))
    house.run()
    assert house.texts() == ["a", "b"]


def test_what_comes_late_is_posted_at_the_end_and_says_when_it_was_written(house: House) -> None:
    now = house.clock.ms()
    written(house, event("second", now))
    house.run()
    written(house, event("first", now - HOUR * 1000))
    house.run()
    assert house.texts() == ["second", "first"]
    assert "arrived late" in json.dumps(house.thread()[-1]["blocks"])


def test_what_comes_late_does_not_change_the_way_back(house: House) -> None:
    now = house.clock.ms()
    written(house, event("by SMS", now))
    house.run()
    written(house, event("by WhatsApp", now - 60_000, "whatsapp"))
    house.run()
    (home,) = house.conversations()
    assert home.route is not None
    assert (home.route.medium, home.route_ts) == ("sms", house.thread()[0]["ts"])


def test_a_late_message_opens_its_window_and_never_shortens_one(house: House) -> None:
    now = house.clock.ms()
    written(house, event("by SMS", now))
    house.run()
    for minutes in (1, 2):
        written(house, event(f"{minutes} ago", now - minutes * 60_000, "whatsapp"))
        house.run()
    window = house.world.store.find(Window, f"phone:{ANA}", "twilio/main")
    assert window is not None
    assert window.until == now - 60_000 + 24 * HOUR * 1000


def test_a_window_is_counted_from_a_believable_time(house: House) -> None:
    written(house, event("from the future", house.clock.ms() + 10 * 24 * HOUR * 1000, "whatsapp"))
    house.run()
    window = house.world.store.find(Window, f"phone:{ANA}", "twilio/main")
    assert window is not None
    assert window.until <= house.clock.ms() + 24 * HOUR * 1000


def test_a_line_of_ours_does_not_make_a_message_late(house: House) -> None:
    open_thread(house)
    house.clock.ahead += 5
    house.world.store.write(
        Insert(
            replace(
                new_item(Kind.LINE, house.clock.ms(), house.clock.ms(), text="line"),
                conversation=house.conversations()[0].id,
            )
        )
    )
    house.later(70)
    written(house, event("written a little earlier", house.clock.ms() - 72_000))
    house.run()
    assert house.texts()[-2:] == ["line", "written a little earlier"]
    assert "arrived late" not in json.dumps(house.thread()[-1]["blocks"])


def test_within_a_providers_second_nobody_is_late(house: House) -> None:
    now = house.clock.ms()
    written(house, event("at .9", now))
    house.run()
    written(house, event("in the same second, by a coarser clock", now - 900, "whatsapp"))
    house.run()
    (home,) = house.conversations()
    assert "arrived late" not in json.dumps(house.thread()[-1]["blocks"])
    assert home.route_ts == house.thread()[-1]["ts"]


def test_more_posts_than_one_turn_takes_are_all_posted_in_order(house: House) -> None:
    now = house.clock.ms()
    written(house, *(event(str(place), now - 100 + place) for place in range(23)))
    house.run()
    assert house.messages() == [str(place) for place in range(23)]


def test_a_loud_customer_starves_no_quiet_one(house: House) -> None:
    now = house.clock.ms()
    written(house, *(event(str(place), now) for place in range(12)))
    house.twilio.write(LEO, "me too")
    for _ in range(2):
        house.answer(*house.bells.rung.popleft())
    assert house.texts(1) == ["me too"]


# ------------------------------------------------------------------------------ Slack is busy


def test_a_short_wait_is_waited_out_in_place(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 2})
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts() == ["first", "second"]
    assert [pause for pause in house.pauses if pause] == [2.0]


@pytest.mark.parametrize("opened", [False, True], ids=["card", "message"])
def test_a_long_wait_shuts_the_channels_gate_and_the_sweep_delivers_later(house: House, opened: bool) -> None:  # noqa: FBT001
    house.settings_text = TWO_DESKS
    if opened:
        open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    house.twilio.write(ANA, "waits")
    house.telegram.write("7", "goes on")
    house.run()
    assert house.texts(channel=PRIVATE) == ["goes on"]
    assert shut(house.world.store.find(Gate, "slack", SUPPORT), house.clock.ms())
    house.later(90)
    assert house.texts()[-1] == "waits"


def test_a_shut_gate_asks_nothing_of_slack(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 600})
    for text in ("one", "two", "three"):
        house.twilio.write(ANA, text)
        house.run()
    assert calls(house, "chat.postMessage") == 3
    house.later(700)
    assert house.texts() == ["first", "one\ntwo\nthree"]


def test_what_waits_behind_a_gate_is_not_taken_for_a_failed_claim(house: House) -> None:
    for _ in range(5):
        house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 60})
        house.twilio.write(ANA, "patience") if not house.items() else None
        house.later(70)
    house.later(120)
    assert house.texts() == ["patience"]


@pytest.mark.parametrize("method", ["chat.update", "reactions.add"])
def test_a_card_or_mark_that_has_to_wait_holds_up_no_post(house: House, method: str) -> None:
    open_thread(house)
    house.slack.fail(method, {"status": 429, "retry_after": 60}, times=20)
    house.say("answer")
    house.run()
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts() == ["first", "answer", "second"]
    assert not shut(house.world.store.find(Gate, "slack", SUPPORT), house.clock.ms())


def test_a_mark_that_had_to_wait_is_drawn_later(house: House) -> None:
    open_thread(house)
    house.slack.fail("reactions.add", {"status": 429, "retry_after": 60}, times=20)  # as many bells as may ring
    house.say("answer")
    house.run()
    assert reactions(house.thread()[-1]) == []
    house.slack.mend()
    house.later(2 * MINUTE)
    assert reactions(house.thread()[-1]) == ["ballot_box_with_check"]


def delivered(house: House, count: int) -> None:
    """Replies that reached the customer, none of them marked yet."""
    (home,) = house.conversations()
    for number in range(count):
        ts = f"{number:010d}.000000"
        reply = Item(home.id, new_id(number), Kind.REPLY, 0, f"{ts:0>20}#", their_id=ts, state=State.DELIVERED)
        house.world.store.write(Insert(reply))


def test_marks_that_wait_for_long_hide_no_post(house: House) -> None:
    open_thread(house)
    house.slack.fail("reactions.add", {"status": 429, "retry_after": 60}, times=1_000)
    delivered(house, 55)
    house.twilio.write(ANA, "still there?")
    house.run()
    assert house.texts()[-1] == "still there?"


def test_slow_marks_do_not_outlive_the_worker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    open_thread(house)
    delivered(house, 40)
    (home,) = house.conversations()
    mark, began = house.world.slack.mark, house.clock.seconds()

    def slow(*args: str) -> Any:
        house.clock.ahead += 1
        return mark(*args)

    monkeypatch.setattr(house.world.slack, "mark", slow)
    house.answer(Side.SLACK, _bell(home.id))
    assert house.clock.seconds() - began < 30
    house.run()
    assert {item.shown for item in house.items() if item.outbound} == {State.DELIVERED}


def test_a_scope_that_is_missing_for_marks_is_not_asked_for_again(house: House) -> None:
    house.slack.scopes.discard("reactions:write")
    open_thread(house)
    house.say("answer")
    house.run()
    assert house.items()[-1].shown is State.DELIVERED


# ------------------------------------------------------------------------------ the outcome is not known


FAULTS = [{"status": 500}, {"drop": "before"}, {"drop": "after"}, {"error": "internal_error"}]


@pytest.mark.parametrize("how", FAULTS, ids=str)
@pytest.mark.parametrize("opened", [False, True], ids=["card", "message"])
def test_a_post_whose_answer_was_lost_stands_there_once_in_the_end(
    house: House,
    how: dict[str, Any],
    opened: bool,  # noqa: FBT001
) -> None:
    if opened:
        open_thread(house)
    house.slack.fail("chat.postMessage", how)
    house.twilio.write(ANA, "once")
    house.run()
    house.later(70)
    house.later(70)
    assert house.texts() == ["first", "once"][not opened :]
    assert len(house.threads()) == 1


def test_what_follows_a_lost_answer_waits_for_its_turn(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    for text in ("one", "two"):
        house.twilio.write(ANA, text)
        house.run()
    assert house.texts() == ["first", "one"]
    house.later(70)
    assert house.texts() == ["first", "one", "two"]


def test_nobody_home_at_slack_is_waited_for(house: House) -> None:
    there = house.world.slack._base_url
    open_thread(house)
    house.world.slack._made, house.world.slack._base_url = None, "http://127.0.0.1:9/api/"
    house.twilio.write(ANA, "hello?")
    house.run()
    house.world.slack._made, house.world.slack._base_url = None, there
    house.later(70)
    assert house.texts() == ["first", "hello?"]


def recorded(house: House) -> Item:
    """A second message on record, with its bell unanswered."""
    open_thread(house)
    house.twilio.write(ANA, "second")
    return house.items()[-1]


def claimed(house: House) -> Item:
    """A second message, as a worker leaves it that dies in its call."""
    return with_claim(recorded(house), claim_after(None, house.clock.ms()))


def test_a_fresh_claim_of_another_worker_is_not_passed(house: House) -> None:
    house.world.store.write(Replace(claimed(house)))
    house.twilio.write(ANA, "third")
    house.run()
    assert house.texts() == ["first"]


def test_a_worker_that_died_before_posting_is_found_out(house: House) -> None:
    house.world.store.write(Replace(claimed(house)))
    house.later(70)
    assert house.texts() == ["first", "second"]


def test_a_worker_that_died_after_posting_has_posted(house: House) -> None:
    item = claimed(house)
    house.world.store.write(Replace(item))
    assert item.claim is not None
    house.world.slack.post(SUPPORT, house.threads()[0], line("second"), Stamp(item.claim.post))
    house.later(70)
    assert house.texts() == ["first", "second"]
    assert house.items()[-1].slack_ts == house.thread()[-1]["ts"]


def test_a_card_whose_worker_died_is_found_and_drawn_true(house: House) -> None:
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    house.twilio.write(ANA, "first")
    house.run()
    house.later(70)
    assert "Waiting since" in json.dumps(head(house)["blocks"])
    assert len(house.threads()) == 1


def test_where_reading_back_is_not_allowed_it_is_posted_again_after_a_minute(house: House) -> None:
    open_thread(house)
    house.slack.scopes.discard("channels:history")
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.twilio.write(ANA, "second")
    house.run()
    house.later(70)
    assert house.texts() == ["first", "second"]


def test_a_look_up_that_slack_does_not_answer_is_made_again(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    house.slack.fail("conversations.replies", {"status": 500})
    house.twilio.write(ANA, "second")
    house.run()
    house.later(70)
    house.later(140)
    assert house.texts() == ["first", "second"]


@pytest.mark.slow
def test_after_an_hour_without_a_look_a_conversation_goes_on_within_two_minutes(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 500})
    house.slack.fail("conversations.replies", {"status": 500}, times=1_000)
    house.twilio.write(ANA, "second")
    house.run()
    for _ in range(60):
        house.later(60)
    assert house.texts() == ["first"]
    house.slack.mend()
    for _ in range(2):
        house.later(60)
    assert house.texts() == ["first", "second"]


def stamps(house: House) -> list[dict[str, str]]:
    """What each call for a post bore, in order."""
    return [args["metadata"]["event_payload"] for name, args in house.slack.calls if name == "chat.postMessage"]


def test_every_try_of_a_post_bears_the_same_name_and_what_it_was_made_for(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    house.twilio.write(ANA, "second")
    house.run()
    for _ in range(4):
        house.later(70)
    assert house.texts() == ["first", "second"]
    item = house.items()[-1]
    first, *others = stamps(house)[2:]
    assert (first["conversation"], first["item"]) == (item.conversation, item.id)
    assert others == [first, first]


def test_every_try_of_a_card_bears_the_same_name(house: House) -> None:
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    house.twilio.write(ANA, "first")
    house.run()
    for _ in range(4):
        house.later(70)
    card, *others = stamps(house)
    assert (card["conversation"], card["item"]) == (house.conversations()[0].id, "")
    assert others[:2] == [card, card]
    assert house.texts() == ["first"]


def test_what_is_given_back_for_certain_gets_a_new_name(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    house.twilio.write(ANA, "second")
    house.run()
    assert house.items()[-1].claim is None
    house.later(70)
    assert house.texts() == ["first", "second"]


def lose_three_posts(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"}, times=3)
    house.twilio.write(ANA, "never seen")
    house.run()
    for _ in range(3):
        house.later(10 * MINUTE)


def test_three_posts_without_a_trace_are_given_up_counted_and_told(house: House) -> None:
    lose_three_posts(house)
    assert house.texts()[-1] == (
        f"Something that {ANA} wrote cannot be shown here: it was posted three times and never seen in the thread."
    )
    assert health(house.world)["parked"] == 1


@pytest.mark.slow
def test_that_something_was_given_up_is_told_after_an_hour_in_which_slack_took_nothing(house: House) -> None:
    open_thread(house)
    house.say("answer")
    house.run()
    house.slack.fail("chat.postMessage", {"drop": "before"}, times=1_000)
    house.twilio.write(ANA, "never seen")
    house.run()
    for _ in range(20):
        house.later(3 * MINUTE)
    house.slack.mend()
    house.later(10 * MINUTE)
    assert house.texts()[-1].startswith(f"Something that {ANA} wrote cannot be shown here")
    assert health(house.world)["parked"] == 1


def test_what_was_given_up_holds_nothing_up(house: House) -> None:
    lose_three_posts(house)
    house.twilio.write(ANA, "and now?")
    house.run()
    assert house.texts()[-1] == "and now?"


# ------------------------------------------------------------------------------ Slack refuses


def test_what_slack_will_not_draw_is_posted_as_plain_text(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"})
    house.twilio.write(ANA, "plain")
    house.run()
    assert house.texts() == ["first", "plain"]
    assert "blocks" not in house.thread()[-1]


def test_what_slack_will_not_take_at_all_is_told_and_the_next_goes_on(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"error": "msg_too_long"}, times=2)
    house.twilio.write(ANA, "refused")
    house.twilio.write(ANA, "next")
    house.run()
    assert house.texts()[1:] == [
        "next",
        f"Something that {ANA} wrote cannot be shown here: Slack refused it (msg_too_long).",
    ]


def test_a_channel_that_takes_no_card_is_reported_until_it_does(house: House) -> None:
    house.slack.fail("chat.postMessage", {"error": "posting_to_channel_denied"})
    house.twilio.write(ANA, "Hi")
    house.run()
    assert list(health(house.world)["shut"]) == [f"slack/{SUPPORT}"]
    for _ in range(3):
        house.later(10 * MINUTE)
    assert (health(house.world)["ok"], house.texts()) == (True, ["Hi"])


def test_a_thread_that_is_gone_goes_on_in_a_fresh_one(house: House) -> None:
    open_thread(house)
    for message in reversed(house.slack.messages(SUPPORT)):
        house.slack.delete(SUPPORT, message["ts"])
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts() == ["second"]
    house.say("answer")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["answer"]


def test_a_thread_that_goes_while_an_answer_is_lost_does_not_hold_the_message(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.twilio.write(ANA, "second")
    house.run()
    for message in reversed(house.slack.messages(SUPPORT)):
        house.slack.delete(SUPPORT, message["ts"])
    house.later(70)
    assert house.texts() == ["second"]


def test_a_verdict_on_a_reply_finds_a_fresh_thread_too(house: House) -> None:
    open_thread(house)
    house.twilio.fail({"error": 21211})
    house.say("answer")
    house.slack.fail("chat.postMessage", {"error": "thread_not_found"})
    house.run()
    assert len(house.threads()) == 2
    assert house.texts()[0].startswith("⚠️ Not delivered")


def test_a_fresh_thread_keeps_how_long_the_customer_waits(house: House) -> None:
    open_thread(house)
    waiting = house.conversations()[0].waiting_since
    house.clock.ahead += HOUR
    house.slack.fail("chat.postMessage", {"error": "thread_not_found"})
    house.twilio.write(ANA, "second")
    house.run()
    assert house.conversations()[0].waiting_since == waiting


def test_the_next_reply_is_judged_by_its_own_failure(house: House) -> None:
    open_thread(house)
    for code in (21211, 21610):
        house.twilio.fail({"error": code})
        house.say(str(code))
        house.run()
    assert [text[:2] for text in house.texts()] == ["fi", "21", "⚠️", "21", "⚠️"]


# ------------------------------------------------------------------------------ something of ours is broken


def break_and_mend(house: House, what: str) -> tuple[Any, Any]:
    workspace = house.slack._workspace
    return {
        "archived": (lambda: house.slack.archive(SUPPORT), lambda: house.slack.unarchive(SUPPORT)),
        "kicked": (lambda: house.slack.kick(SUPPORT), lambda: house.slack.invite(SUPPORT)),
        "scope": (
            lambda: house.slack.scopes.discard("chat:write.customize"),
            lambda: house.slack.scopes.add("chat:write.customize"),
        ),
        "revoked": (house.slack.revoke, lambda: setattr(workspace, "revoked", False)),
    }[what]


@pytest.mark.parametrize("what", ["archived", "kicked", "scope", "revoked"])
def test_everything_waits_until_ours_is_mended(house: House, what: str) -> None:
    open_thread(house)
    spoil, mend = break_and_mend(house, what)
    spoil()
    house.twilio.write(ANA, "second")
    house.run()
    assert health(house.world)["ok"] is False
    house.later(10 * MINUTE)
    mend()
    house.later(10 * MINUTE)
    assert house.texts()[-1] == "second"


@pytest.mark.parametrize("what", ["archived", "kicked", "scope"])
def test_the_administrators_channel_is_told_once(house: House, what: str) -> None:
    open_thread(house)
    break_and_mend(house, what)[0]()
    house.twilio.write(ANA, "second")
    house.run()
    for _ in range(4):
        house.later(5 * MINUTE)
    assert len(told(house)) == 1
    assert SUPPORT in told(house)[0]


def test_an_administrator_who_could_not_be_told_is_told_when_it_is_possible(house: House) -> None:
    open_thread(house)
    house.slack.archive(SUPPORT)
    house.slack.archive(SALES)
    house.twilio.write(ANA, "second")
    house.run()
    house.slack.unarchive(SALES)
    house.later(10 * MINUTE)
    assert len(told(house)) == 1


def test_a_busy_moment_does_not_make_an_administrator_hear_it_twice(house: House) -> None:
    open_thread(house)
    house.slack.archive(SUPPORT)
    house.twilio.write(ANA, "second")
    house.run()
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 30})
    for _ in range(3):
        house.later(5 * MINUTE)
    assert len(told(house)) == 1


# ------------------------------------------------------------------------------ resolved and open again


def test_a_message_soon_after_resolving_opens_the_thread_again_and_calls_its_owner(house: House) -> None:
    open_thread(house)
    press(house, "claim")
    press(house, "resolve")
    house.twilio.write(ANA, "one more thing")
    house.run()
    assert f"Reopened <@{BOB}>" in json.dumps(house.thread()[-1]["blocks"])
    assert house.conversations()[0].status is Status.OPEN
    assert len(house.threads()) == 1


def test_without_an_owner_the_whole_channel_sees_that_it_is_open_again(house: House) -> None:
    open_thread(house)
    press(house, "resolve")
    house.twilio.write(ANA, "one more thing")
    house.twilio.write(ANA, "and another")
    house.run()
    assert [post.get("subtype") for post in house.thread()[2:]] == ["thread_broadcast", "bot_message"]


def test_reopening_survives_a_lost_answer(house: House) -> None:
    open_thread(house)
    press(house, "resolve")
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    house.twilio.write(ANA, "one more thing")
    house.run()
    house.later(70)
    assert house.conversations()[0].status is Status.OPEN
    assert house.texts() == ["first", RESOLVED, "one more thing"]
    house.clock.ahead += 100 * HOUR
    house.twilio.write(ANA, "much later")
    house.run()
    assert len(house.threads()) == 1


def test_a_message_long_after_resolving_opens_a_thread_that_links_the_old_one(house: House) -> None:
    open_thread(house)
    press(house, "resolve")
    house.clock.ahead += 73 * HOUR
    house.twilio.write(ANA, "hello again")
    house.run()
    assert (house.texts(0), house.texts(1)) == (["first", RESOLVED], ["hello again"])
    assert f"p{house.threads()[0].replace('.', '')}|" in json.dumps(head(house)["blocks"])


def test_the_link_to_the_old_thread_is_asked_for_once(house: House) -> None:
    test_a_message_long_after_resolving_opens_a_thread_that_links_the_old_one(house)
    house.twilio.write(ANA, "and again")
    house.run()
    assert calls(house, "chat.getPermalink") == 1


def test_a_late_message_reopens_as_well_and_waits_for_an_answer(house: House) -> None:
    written(house, event("now", house.clock.ms()))
    house.run()
    press(house, "resolve")
    written(house, event("earlier", house.clock.ms() - HOUR * 1000))
    house.run()
    (home,) = house.conversations()
    assert home.status is Status.OPEN
    assert home.waiting_since is not None


# ------------------------------------------------------------------------------ the card


def test_the_card_says_who_writes_from_where_and_what_can_be_done(house: House) -> None:
    house.whatsapp.write("5511987654321", "Olá", name="Ana")
    house.run()
    card = json.dumps(head(house)["blocks"], ensure_ascii=False)
    assert '"Ana"' in card
    assert "WhatsApp · +5511987654321" in card
    assert "Waiting since" in card
    assert [button["action_id"] for button in head(house)["blocks"][-1]["elements"]] == [
        "claim",
        "resolve",
        "snippets",
        "more",
    ]


def test_an_answer_ends_the_waiting_and_the_next_question_begins_it(house: House) -> None:
    open_thread(house)
    house.say("answer")
    house.run()
    assert "Answered" in json.dumps(head(house)["blocks"])
    house.twilio.write(ANA, "and?")
    house.run()
    assert "Waiting since" in json.dumps(head(house)["blocks"])


def test_the_card_follows_claim_resolve_and_reopen(house: House) -> None:
    open_thread(house)
    seen = []
    for action in ("claim", "resolve", "reopen"):
        press(house, action)
        blocks = json.dumps(head(house)["blocks"])
        seen.append((f"<@{BOB}>" in blocks, "Resolved" in blocks, '"claim"' in blocks))
    assert seen == [(True, False, False), (True, True, False), (True, False, False)]


def test_the_card_is_drawn_only_when_it_changes(house: House) -> None:
    open_thread(house)
    for text in ("second", "third"):
        house.twilio.write(ANA, text)
        house.run()
    assert calls(house, "chat.update") == 0


def test_a_card_that_could_not_be_drawn_is_drawn_later(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.update", {"status": 500})
    press(house, "claim")
    house.later(2 * MINUTE)
    assert f"<@{BOB}>" in json.dumps(head(house)["blocks"])


def test_a_card_is_drawn_later_though_the_turn_that_changed_it_broke(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_thread(house)
    house.say("answer")
    house.run()
    house.later(2 * MINUTE)
    with monkeypatch.context() as broken:
        broken.setattr(house.world.slack, "update", lambda *_: 1 / 0)
        house.twilio.write(ANA, "and?")
        house.run()
    house.later(2 * MINUTE)
    assert "Waiting since" in json.dumps(head(house)["blocks"])


def test_a_drawing_that_takes_effect_after_a_newer_one_does_not_stay(house: House) -> None:
    open_thread(house)
    house.slack.fail("chat.update", {"drop": "before"})
    press(house, "claim")
    press(house, "resolve")
    house.world.slack.update(SUPPORT, house.threads()[0], line("what the lost call said"))
    house.later(5 * MINUTE)
    assert "Resolved" in json.dumps(head(house)["blocks"])
    assert house.conversations()[0].due is None
    # Lost, resolved, ours here, and once the doubt is over; and by whichever bell comes in between.
    assert calls(house, "chat.update") in (4, 5)


def test_a_conversation_without_a_thread_that_owes_nothing_is_not_due(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    house.store.write(Replace(replace(home, thread_ts="", due=house.clock.ms())))
    house.later(2 * MINUTE)
    assert house.conversations()[0].due is None


def test_posts_bear_the_customers_name_and_the_channels_badge(house: House) -> None:
    house.whatsapp.write("5511987654321", "Olá", name="Ana")
    house.run()
    (post,) = house.thread()
    assert (post["username"], post["icons"]) == ("Ana · WhatsApp", {"emoji": ":large_green_circle:"})


def test_a_settled_conversation_owes_nothing_and_is_not_due(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    assert house.world.store.undone(home.id, Side.SLACK, 10) == []
    assert (home.due, house.items()[0].due) == (None, None)


def test_a_bell_too_many_changes_nothing(house: House) -> None:
    open_thread(house)
    (home,) = house.conversations()
    asked = len(house.slack.calls)
    house.world.queues.ring(Side.SLACK, [_bell(home.id)] * 3)
    house.run()
    assert len(house.slack.calls) == asked
    assert house.conversations() == [home]


def _bell(about: str) -> Bell:
    return Bell(about, SUPPORT)


@pytest.mark.parametrize("about", ["01HZZZZZZZZZZZZZZZZZZZZZZZ", "nonsense"])
def test_a_bell_about_nothing_is_answered_quietly(house: House, about: str) -> None:
    assert house.answer(Side.SLACK, _bell(about)) == {"batchItemFailures": []}
