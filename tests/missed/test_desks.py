"""What the team typed while Slack's events did not reach us: it goes on record, and out, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.missed import desks, threads
from chalicelib.missed.watch import EVERY
from chalicelib.model import Ambiguous, Busy, Kind, Reason, Refused, Watch
from chalicelib.operate import operate
from infra.local.slack.team import BOB, JUN, OTHER_BOT, SUPPORT
from tests.house import House
from tests.missed.test_lines import unread

ANA, BEN = "+15551230001", "+15551230002"
LINE = f"slack/{SUPPORT}"
MINUTE, HOUR, DAY = 60, 3600, 86_400
EVER = 10_000


@pytest.fixture
def ana(house: House) -> House:
    """A house that has looked before, with Ana's thread."""
    house.later(0)
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def rounds(house: House, count: int = 1) -> None:
    """Let it be time to ask so many times, with a minute for each turn of it."""
    for _ in range(count):
        house.later(EVERY / 1000 + 1)
        for _ in range(3):
            house.later(MINUTE)


def say_unheard(house: House, text: str, number: int = -1, **more: Any) -> str:
    """Let somebody type while no event reaches us."""
    house.slack.drop_events(EVER)
    try:
        return house.say(text, number, **more)
    finally:
        house.slack.drop_events(0)


def sms(house: House, who: str = ANA) -> list[str]:
    return house.on_phone(house.twilio.phone(who))


def watch(house: House) -> Watch:
    found = house.world.store.find(Watch, LINE)
    assert found is not None
    return found


def calls(house: House, method: str) -> int:
    return sum(name == method for name, _ in house.slack.calls)


# ------------------------------------------------------------------------------ replies


def test_a_reply_that_no_event_told_of_goes_out_once(ana: House) -> None:
    say_unheard(ana, "Yes")
    rounds(ana, 2)
    assert sms(ana) == ["Yes"]


def test_the_thread_says_that_it_went_out_so_late(ana: House) -> None:
    say_unheard(ana, "Yes")
    say_unheard(ana, "and no")
    rounds(ana, 2)
    assert [text for text in ana.texts() if text.startswith("Slack told")] == [
        "Slack told Threadline of a reply above only now, long after it was typed."
    ]


def test_replies_go_out_in_the_order_in_which_they_were_typed(ana: House) -> None:
    for number in range(5):
        say_unheard(ana, str(number))
    rounds(ana)
    assert sms(ana) == ["0", "1", "2", "3", "4"]


def test_a_day_without_events_loses_nothing(ana: House) -> None:
    for hour in range(0, 24, 4):
        say_unheard(ana, f"It is {hour}")
        ana.clock.ahead += 4 * HOUR - 10 * MINUTE
    rounds(ana, 2)
    assert sms(ana) == [f"It is {hour}" for hour in range(0, 24, 4)]


def test_a_reply_goes_out_although_a_later_one_has_gone_before_it(ana: House) -> None:
    say_unheard(ana, "First")
    ana.say("Second")
    ana.run()
    rounds(ana, 2)
    assert sms(ana) == ["Second", "First"]
    assert ana.texts()[-1].startswith("Slack told Threadline of a reply above only now")


def test_an_event_that_comes_after_all_changes_nothing(ana: House) -> None:
    ana.slack.hold_events()
    ana.say("Yes")
    for _ in range(3):
        ana.clock.ahead += EVERY / 1000
        ana.bells.rung.clear()
        desks.look_at_desk(ana.world, watch(ana))
        ana.run_bells()
    assert sms(ana) == ["Yes"]
    ana.slack.release_events()
    ana.run()
    assert sms(ana) == ["Yes"]


def test_an_event_has_two_minutes_to_come_by_itself(ana: House) -> None:
    ana.clock.ahead += EVERY / 1000 - MINUTE
    say_unheard(ana, "Yes")
    ana.later(MINUTE + 1)
    assert sms(ana) == []
    rounds(ana)
    assert sms(ana) == ["Yes"]


def test_a_note_that_no_event_told_of_stays_inside(ana: House) -> None:
    say_unheard(ana, "// she is angry")
    rounds(ana, 2)
    assert sms(ana) == []
    assert [item.kind for item in ana.items()] == [Kind.MESSAGE, Kind.NOTE]


@pytest.mark.parametrize("first", ["Helo", "// she is angry"])
def test_what_was_edited_before_we_heard_of_it_may_have_been_a_note_and_is_not_sent(
    ana: House, first: str
) -> None:
    ts = say_unheard(ana, first)
    ana.slack.drop_events(EVER)
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.slack.drop_events(0)
    rounds(ana, 2)
    assert sms(ana) == []
    (told,) = [text for text in ana.texts() if "edited before we heard of it" in text]
    assert told.endswith("if it was not a note, send it.")
    assert not [text for text in ana.texts() if text.startswith("Slack told")]


def test_what_was_held_back_goes_out_when_a_person_sends_it(ana: House) -> None:
    test_what_was_edited_before_we_heard_of_it_may_have_been_a_note_and_is_not_sent(ana, "Helo")
    (verdict,) = [post["ts"] for post in ana.thread() if "edited before" in post["text"]]
    assert ana.slack.press(BOB, SUPPORT, verdict, "send_again") == 200
    ana.run()
    rounds(ana, 2)
    assert sms(ana) == ["Hello"]


def test_an_edit_of_what_was_held_back_sends_nothing(ana: House) -> None:
    test_what_was_edited_before_we_heard_of_it_may_have_been_a_note_and_is_not_sent(ana, "Helo")
    ts = next(post["ts"] for post in ana.thread() if post["text"] == "Hello")
    ana.clock.ahead += 1
    ana.slack.edit(SUPPORT, ts, "Hello!")
    ana.run()
    rounds(ana)
    assert sms(ana) == []


def test_an_edit_that_no_event_told_of_is_told_to_be_too_late(ana: House) -> None:
    ts = ana.say("Helo")
    ana.run()
    ana.slack.drop_events(EVER)
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.slack.drop_events(0)
    rounds(ana, 2)
    assert sms(ana) == ["Helo"]
    assert [text for text in ana.texts() if text.startswith("Changed here only")] != []


def test_bots_and_strangers_are_not_relayed(ana: House) -> None:
    say_unheard(ana, "beep", user=OTHER_BOT)
    rounds(ana, 2)
    assert sms(ana) == []


def test_a_reply_shown_in_the_channel_as_well_goes_out_once(ana: House) -> None:
    say_unheard(ana, "Yes", broadcast=True)
    rounds(ana, 2)
    assert sms(ana) == ["Yes"]


def test_what_is_said_in_a_thread_of_the_teams_own_is_none_of_our_business(ana: House) -> None:
    ana.slack.drop_events(EVER)
    root = ana.slack.say(BOB, SUPPORT, "Lunch?")
    ana.slack.say(JUN, SUPPORT, "Yes", root)
    ana.slack.drop_events(0)
    rounds(ana, 2)
    assert len(ana.items()) == 1
    assert ana.world.store.kept(f"{SUPPORT}:{root}") == []


# ------------------------------------------------------------------------------ its cost, and how far we have come


def test_an_idle_desk_costs_one_call_in_ten_minutes(ana: House) -> None:
    rounds(ana)
    before = len(ana.slack.calls)
    for _ in range(20):
        ana.later(MINUTE)
    assert [name for name, _ in list(ana.slack.calls)[before:]] in (
        ["conversations.history"],
        ["conversations.history"] * 2,
    )


@pytest.mark.each_once
@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
@pytest.mark.parametrize("how", [{"status": 500}, {"status": 429, "retry_after": 30}, {"error": "missing_scope"}])
def test_a_list_that_slack_does_not_give_moves_nothing(ana: House, method: str, how: dict[str, Any]) -> None:
    say_unheard(ana, "Yes")
    before = watch(ana).upto
    ana.slack.fail(method, how, 1)
    ana.later(EVERY / 1000 + 1)
    assert (sms(ana), watch(ana).upto) == ([], before)
    rounds(ana)
    assert sms(ana) == ["Yes"]
    assert watch(ana).upto > before


@pytest.mark.parametrize("error", ["invalid_arguments", "of_tomorrow", "internal_error"])
def test_a_thread_that_slack_will_not_list_now_is_asked_for_again(ana: House, error: str) -> None:
    say_unheard(ana, "Yes")
    ana.slack.fail("conversations.replies", {"error": error}, 1)
    rounds(ana, 2)
    assert sms(ana) == ["Yes"]


def test_a_thread_that_is_gone_is_not_asked_for_again(ana: House) -> None:
    say_unheard(ana, "Yes")
    before, asked = watch(ana).upto, calls(ana, "conversations.replies")
    ana.slack.fail("conversations.replies", {"error": "thread_not_found"}, 1)
    rounds(ana, 4)
    assert calls(ana, "conversations.replies") == asked + 1
    assert watch(ana).upto > before


@pytest.mark.slow
@pytest.mark.parametrize("error", ["invalid_arguments", "internal_error"])
def test_a_thread_that_slack_never_lists_holds_up_no_other_and_is_given_up_after_a_day(
    ana: House, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    older, younger = crowd(ana, 2)
    for number in (-2, -1):
        say_unheard(ana, "Hello", number)
    before, thread, replies = watch(ana).upto, ana.threads()[-1], ana.world.slack.replies

    def refused(channel: str, ts: str, *args: Any) -> Any:
        if ts != thread:
            return replies(channel, ts, *args)
        return Refused(Reason.REFUSED, error) if error == "invalid_arguments" else Ambiguous(error)

    monkeypatch.setattr(ana.world.slack, "replies", refused)
    rounds(ana, 2)
    say_unheard(ana, "News", -2)
    rounds(ana)
    assert (sms(ana, older), sms(ana, younger), watch(ana).upto) == (["Hello", "News"], [], before)
    ana.clock.ahead += DAY
    rounds(ana, 4)
    assert watch(ana).upto > before


def test_a_turn_looks_for_the_oldest_open_conversation_once(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.slack.threads.LISTED", 2)
    crowd(ana, 8)
    rounds(ana)
    board, asked = ana.store.board, list[str]()

    def ask(desk: str, limit: int) -> list[str]:
        asked.append(desk)
        return board(desk, limit)

    monkeypatch.setattr(ana.store, "board", ask)
    before = calls(ana, "conversations.history")
    rounds(ana, 6)
    assert calls(ana, "conversations.history") - before > 6 + 3  # one of the askings was far
    assert len(asked) == 1


@pytest.mark.slow
def test_more_threads_than_a_turn_reads_come_with_the_next_minutes(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "CALLS", 3)
    people = [f"+1555999{number:04}" for number in range(7)]
    for who in people:
        ana.twilio.write(who, "Hi")
        ana.run()
    for number in range(7):
        say_unheard(ana, f"Hello {number}", number - 7)
    ana.later(EVERY / 1000 + 1)
    assert 0 < sum(bool(sms(ana, who)) for who in people) < 7
    for _ in range(6):
        ana.later(MINUTE)
    assert [sms(ana, who) for who in people] == [[f"Hello {number}"] for number in range(7)]
    assert (watch(ana).place, watch(ana).goal) == ("", 0)


def crowd(house: House, count: int) -> list[str]:
    """Let so many people write, each in a thread of their own."""
    people = [f"+1555999{number:04}" for number in range(count)]
    for who in people:
        house.clock.ahead += 1
        house.twilio.write(who, "Hi")
        house.run()
    return people


@pytest.mark.slow
def test_threads_behind_the_first_page_are_read_once_an_hour(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.slack.threads.LISTED", 2)
    crowd(ana, 5)
    rounds(ana)
    say_unheard(ana, "Old", 0)
    rounds(ana, 2)
    assert sms(ana) == []
    rounds(ana, 5)
    assert sms(ana) == ["Old"]


@pytest.mark.slow
def test_a_far_asking_that_was_cut_short_goes_on_where_it_was(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.slack.threads.LISTED", 2)
    monkeypatch.setattr(desks, "CALLS", 4)
    crowd(ana, 8)
    rounds(ana)
    say_unheard(ana, "Old", 0)
    rounds(ana, 8)
    assert sms(ana) == ["Old"]


@pytest.mark.slow
def test_what_is_new_does_not_wait_for_the_end_of_a_far_asking(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.slack.threads.LISTED", 2)
    people = crowd(ana, 24)
    rounds(ana)
    monkeypatch.setattr(desks, "CALLS", 4)
    say_unheard(ana, "Old", 0)
    ana.later(HOUR)
    assert (watch(ana).goes_far, sms(ana)) == (True, [])
    say_unheard(ana, "New")
    ana.later(EVERY / 1000 + 3 * MINUTE)
    assert (watch(ana).goes_far, sms(ana), sms(ana, people[-1])) == (True, [], ["New"])
    near = watch(ana).upto
    rounds(ana, 2)
    assert (watch(ana).goes_far, sms(ana)) == (False, ["Old"])
    assert watch(ana).upto >= near


def test_heads_that_took_the_whole_turn_do_not_count_as_looked_at(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_unheard(ana, "Yes")
    before, heads = watch(ana).upto, ana.world.slack.heads

    def slow(channel: str, place: str) -> Any:
        ana.clock.ahead += 13
        return heads(channel, place)

    monkeypatch.setattr(ana.world.slack, "heads", slow)
    ana.later(EVERY / 1000 + 1)
    monkeypatch.undo()
    assert (sms(ana), watch(ana).upto) == ([], before)
    rounds(ana)
    assert sms(ana) == ["Yes"]


@pytest.mark.slow
def test_a_turn_that_slack_cut_short_goes_on_where_it_was(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    people = crowd(ana, 8)
    for number in range(8):
        say_unheard(ana, f"Hello {number}", number - 8)
    replies, asked = ana.world.slack.replies, [0]

    def limited(*args: Any) -> Any:
        asked[0] += 1
        return Busy("Slack asks us to wait", 30_000) if asked[0] % 4 == 0 else replies(*args)

    monkeypatch.setattr(ana.world.slack, "replies", limited)
    ana.later(EVERY / 1000 + 1)
    for _ in range(4):
        ana.later(MINUTE)
    assert [sms(ana, who) for who in people] == [[f"Hello {number}"] for number in range(8)]
    assert asked[0] < 15


@pytest.mark.slow
def test_a_thread_that_is_too_long_for_a_turn_is_read_by_several(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.slack.threads.LISTED", 2)
    monkeypatch.setattr(desks, "CALLS", 3)
    for number in range(13):
        say_unheard(ana, str(number))
    before = watch(ana).upto
    ana.later(EVERY / 1000 + 1)
    assert (sms(ana), watch(ana).upto) == (["0", "1", "2"], before)  # behind our own post
    for _ in range(5):
        ana.later(MINUTE)
    assert sms(ana) == [str(number) for number in range(13)]
    assert watch(ana).upto > before


def test_threads_in_a_channel_that_their_desk_has_left_are_still_read(ana: House) -> None:
    rounds(ana)
    ana.settings_text = ana.settings_text.replace(SUPPORT, "C0ELSE")
    say_unheard(ana, "Yes")
    rounds(ana)
    assert sms(ana) == ["Yes"]


def test_a_channel_that_its_desk_left_long_ago_is_not_asked(ana: House) -> None:
    rounds(ana)
    ana.settings_text = ana.settings_text.replace(SUPPORT, "C0ELSE")
    ana.clock.ahead += 31 * DAY
    before = len(ana.slack.calls)
    rounds(ana)
    asked = [given["channel"] for name, given in list(ana.slack.calls)[before:] if name == "conversations.history"]
    assert SUPPORT not in asked


def test_a_reply_that_was_typed_more_than_a_day_ago_waits_for_a_person(ana: House) -> None:
    say_unheard(ana, "Yes")
    ana.clock.ahead += DAY
    rounds(ana)
    assert sms(ana) == []
    assert "Not delivered" in " ".join(ana.texts())


def test_one_message_that_breaks_us_holds_up_no_other(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    say_unheard(ana, "Broken")
    say_unheard(ana, "Whole")
    before, act = watch(ana).upto, threads.__dict__["act"]

    def break_at(world: Any, event: Any) -> str:
        if event.text == "Broken":
            raise RuntimeError
        return str(act(world, event))

    monkeypatch.setattr(threads, "act", break_at)
    rounds(ana)
    assert (sms(ana), watch(ana).upto) == (["Whole"], before)
    monkeypatch.undo()
    rounds(ana)
    assert sms(ana) == ["Whole", "Broken"]


@pytest.mark.slow
def test_one_message_that_breaks_us_holds_up_no_later_turn_and_nothing_newer(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "CALLS", 4)
    people = crowd(ana, 4)
    for number in range(4):
        say_unheard(ana, f"Hello {number}", number - 4)
    before, act = watch(ana).upto, threads.__dict__["act"]

    def break_at(world: Any, event: Any) -> str:
        if event.text == "Hello 3":  # in the first thread that is read
            raise RuntimeError
        return str(act(world, event))

    monkeypatch.setattr(threads, "act", break_at)
    rounds(ana, 2)
    say_unheard(ana, "News", -4)
    rounds(ana, 2)
    assert [sms(ana, who) for who in people] == [["Hello 0", "News"], ["Hello 1"], ["Hello 2"], []]
    assert watch(ana).upto == before
    monkeypatch.undo()
    rounds(ana, 2)
    assert sms(ana, people[-1]) == ["Hello 3"]
    assert watch(ana).upto > before


def test_what_breaks_us_first_after_an_outage_of_hours_is_tried_again(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_unheard(ana, "Yes")
    ana.clock.ahead += 3 * HOUR
    act, calls = threads.__dict__["act"], list[Any]()

    def break_once(*given: Any) -> str:
        calls.append(given)
        if len(calls) == 1:
            raise RuntimeError
        return str(act(*given))

    monkeypatch.setattr(threads, "act", break_once)
    rounds(ana, 2)
    assert (unread(ana), sms(ana)) == ([], ["Yes"])


@pytest.mark.slow
def test_one_message_that_always_breaks_us_is_kept_after_an_hour_and_holds_up_nothing(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_unheard(ana, "Broken")
    before = watch(ana).upto

    def breaks(*_: Any) -> str:
        raise RuntimeError("Broken, says Bob")

    monkeypatch.setattr(threads, "act", breaks)
    rounds(ana, 3)
    assert (watch(ana).upto, unread(ana)) == (before, [])
    rounds(ana, 4)
    monkeypatch.undo()
    rounds(ana, 9)
    assert watch(ana).upto > before
    (why,) = unread(ana)
    assert why.startswith("it broke: RuntimeError at test_desks.py:")
    operate(ana.world, {"do": "replay"})
    ana.run()
    assert sms(ana) == ["Broken"]
    assert unread(ana) == []


@pytest.mark.parametrize("odd", [{"subtype": "of_tomorrow"}, {"files": "?"}], ids=["strange", "malformed"])
def test_what_is_listed_in_a_form_nobody_knows_is_kept_once(
    ana: House, monkeypatch: pytest.MonkeyPatch, odd: dict[str, Any]
) -> None:
    say_unheard(ana, "A form of tomorrow")
    before, replies = watch(ana).upto, ana.world.slack.replies

    def listed(*args: Any) -> Any:
        leaf: Any = replies(*args)
        return replace(leaf, messages=tuple({**each, **odd} for each in leaf.messages))

    monkeypatch.setattr(ana.world.slack, "replies", listed)
    rounds(ana, 9)
    assert watch(ana).upto > before
    assert len(unread(ana)) == 1


def test_a_reply_is_told_to_be_late_also_if_the_worker_dies_right_after_it(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_unheard(ana, "Yes")
    act = threads.__dict__["act"]

    def act_and_die(*args: Any) -> None:
        act(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(threads, "act", act_and_die)
    with pytest.raises(KeyboardInterrupt):
        ana.later(EVERY / 1000 + 1)
    monkeypatch.undo()
    rounds(ana)
    assert sms(ana) == ["Yes"]
    assert [text for text in ana.texts() if text.startswith("Slack told")] != []


def test_a_revoked_token_breaks_nothing(ana: House) -> None:
    ana.slack.revoke()
    before = watch(ana).upto
    rounds(ana)
    assert watch(ana).upto == before
