"""Marks, cards, verdicts and copies: while Slack has no time for them nothing is drawn, and posts go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.gates import DRAWS
from chalicelib.model import Gate, Kind, Stamp, State, owed
from chalicelib.operate.story import what_next
from chalicelib.slack.blocks import line
from chalicelib.store import Put
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, reactions
from tests.inbound.test_receive import Died, watched

ANA, LEO = "+15551230001", "+15551230002"
DRAWINGS = ("reactions.add", "chat.update", "chat.delete")
WINDOW = 30
BUSY = {"status": 429, "retry_after": WINDOW}
MARK = "ballot_box_with_check"


def drawings(house: House) -> list[tuple[str, str]]:
    """Every call that drew something, and what it was about."""
    calls = [(name, args) for name, args in house.slack.calls if name in DRAWINGS]
    return [(name, args.get("timestamp") or args["ts"]) for name, args in calls]


def talk(house: House) -> None:
    """Two customers of one desk, all of whose threads are up to date."""
    for customer in (ANA, LEO):
        house.twilio.write(customer, "first")
        house.run()


def copy_of_first(house: House) -> None:
    item = house.items()[0]
    house.world.slack.post(
        SUPPORT, house.threads()[0], line("first"), Stamp(item.post, item.conversation, item.id)
    )
    house.quiet()


def head(house: House, number: int) -> str:
    return str(house.slack.thread(SUPPORT, house.threads()[number])[0]["blocks"])


def die_having_drawn(house: House) -> None:
    """Let the next worker draw something, and never come to write that down."""
    before, worker = len(drawings(house)), threading.current_thread()

    def see(_call: str) -> None:
        # Not a door, to which Slack may be telling something of its own just then.
        if threading.current_thread() is worker and len(drawings(house)) > before:
            raise Died

    with watched(house, see), pytest.raises(Died):
        house.run()


def due(house: House) -> int | None:
    return house.conversations()[0].due


@pytest.mark.each_once
@pytest.mark.parametrize("lost", [False, True], ids=["bells heard", "bells lost"])
@pytest.mark.parametrize("method", DRAWINGS)
def test_until_slack_has_time_nothing_is_drawn_while_posts_go_on_and_then_everything_once(
    house: House,
    method: str,
    lost: bool,  # noqa: FBT001
) -> None:
    talk(house)
    house.slack.fail(method, BUSY)
    copy_of_first(house)
    house.say("answer", 0)
    house.run()
    tried = drawings(house)
    assert [name for name, _ in tried].count(method) == 1
    house.bells.deaf = lost
    house.twilio.write(ANA, "second")
    house.twilio.write(LEO, "hello?")
    house.say("yes", 1)
    house.bells.deaf = False
    if not lost:
        house.run()
        assert [max(house.texts(number)) for number in (0, 1)] == ["second", "yes"]
    house.later(WINDOW - 10)
    assert drawings(house) == tried

    for _ in range(2):
        house.later(60)
    assert house.texts(0) == ["first", "answer", "second"]
    assert sorted(house.texts(1)) == ["first", "hello?", "yes"]
    assert [reactions(post) for post in house.thread(0)] == [[], [MARK], []]
    assert [reactions(post) for post in house.thread(1) if post["text"] == "yes"] == [[MARK]]
    assert "Waiting since" in head(house, 0)
    marks = [each for each in drawings(house)[len(tried) :] if each[0] != "chat.update"]
    assert len(marks) == len(set(marks))
    assert all(owed(item) is None for item in house.items())
    assert [home.due for home in house.conversations()] == [None, None]


def test_what_waits_is_drawn_once_with_the_first_clock_after_the_gate_has_opened(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", BUSY)
    house.say("answer", 0)
    house.run()
    assert [name for name, _ in drawings(house)] == ["reactions.add"]
    house.later(WINDOW + 1)
    mark, card = ("reactions.add", house.thread(0)[-1]["ts"]), ("chat.update", house.threads()[0])
    assert drawings(house) == [mark, mark, card]
    house.later(600)
    assert drawings(house) == [mark, mark, card]


def test_a_gate_that_shuts_in_the_middle_of_a_turn_ends_its_drawings(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", BUSY)
    for text in ("one", "two", "three"):
        house.say(text, 0)
    house.quiet()
    while house.bells.rung:
        bells = [house.bells.rung.popleft() for _ in range(len(house.bells.rung))]
        for side, bell in bells:
            house.answer(side, bell)
        house.quiet()
    assert [name for name, _ in drawings(house)] == ["reactions.add"]
    house.later(WINDOW + 1)
    assert [reactions(post) for post in house.thread(0)[1:]] == [[MARK]] * 3


def test_nobody_asks_again_and_again_while_the_gate_is_shut(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", {"status": 429, "retry_after": 600})
    house.say("answer", 0)
    house.run()
    opens, version, heard = due(house), house.conversations()[0].version, house.bells.heard
    assert opens is not None
    house.say("another", 0)
    house.run()
    assert (due(house), house.conversations()[0].version) == (opens, version)
    heard = house.bells.heard
    for _ in range(9):
        house.later(60)
    assert house.bells.heard - heard <= 2 * 4  # for each reply, pushed back by 1, 2, 4, 8 minutes
    assert (due(house), len(drawings(house))) == (opens, 1)
    house.later(60)
    assert [reactions(post) for post in house.thread(0)[1:]] == [[MARK], [MARK]]


def test_what_is_met_at_a_gate_that_was_shut_by_another_is_drawn_when_it_opens(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", BUSY)
    house.say("answer", 0)
    house.say("yes", 1)
    house.run()
    assert len(drawings(house)) == 1
    gate = house.world.store.find(Gate, DRAWS, SUPPORT)
    assert gate is not None
    assert [home.due for home in house.conversations()] == [gate.until, gate.until]
    house.later(WINDOW + 1)
    assert [reactions(house.thread(number)[-1]) for number in (0, 1)] == [[MARK], [MARK]]


def test_a_gate_that_shuts_for_longer_is_waited_for_until_it_opens(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", BUSY)
    house.say("answer", 0)
    house.run()
    later = house.clock.ms() + 300_000
    house.world.store.write(Put(Gate(DRAWS, SUPPORT, later, "Slack asks us to wait")))
    house.later(WINDOW + 1)
    assert (len(drawings(house)), due(house)) == (1, later)
    house.later(300)
    assert reactions(house.thread(0)[-1]) == [MARK]


def test_a_card_in_doubt_is_still_drawn_once_more_after_a_gate(house: House) -> None:
    talk(house)
    house.slack.fail("chat.update", {"drop": "before"})
    house.slack.press(BOB, SUPPORT, house.threads()[0], "claim")
    house.run()
    doubt = house.conversations()[0].doubt
    assert doubt
    house.slack.fail("reactions.add", BUSY)
    house.say("answer", 0)
    house.run()
    house.later(WINDOW + 1)
    assert f"<@{BOB}>" in head(house, 0)
    assert (house.conversations()[0].doubt, due(house)) == (doubt, doubt)
    drawn = len(drawings(house))
    house.later(180)
    assert [name for name, _ in drawings(house)[drawn:]] == ["chat.update"]
    assert due(house) is None


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (lambda house: house.twilio.write(ANA, "second"), lambda house: house.say("answer", 0)),
        (lambda house: press(house, "resolve"), lambda house: press(house, "reopen")),
    ],
    ids=["waits and is answered", "is resolved and opened"],
)
def test_a_card_that_is_to_be_as_it_was_is_drawn_where_a_worker_died_that_had_drawn_it_otherwise(
    house: House, there: Callable[[House], Any], back: Callable[[House], Any]
) -> None:
    talk(house)
    house.say("answer", 0)
    house.later(61)
    assert "Answered" in head(house, 0)
    there(house)
    die_having_drawn(house)
    assert "Answered" not in head(house, 0)
    back(house)
    house.later(61)
    house.later(61)
    assert "Answered" in head(house, 0)


def press(house: House, verb: str) -> int:
    return house.slack.press(BOB, SUPPORT, house.threads()[0], verb)


def test_two_gates_of_a_channel_open_each_at_its_time(house: House) -> None:
    talk(house)
    house.slack.fail("chat.update", {"status": 429, "retry_after": 60})
    house.say("answer", 0)
    house.run()
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 120})
    house.twilio.write(ANA, "second")
    house.run()
    house.later(61)
    assert (house.texts(0)[-1], "Answered" in head(house, 0)) == ("answer", False)
    house.later(60)
    assert (house.texts(0)[-1], "Waiting since" in head(house, 0)) == ("second", True)


def failed(house: House) -> dict[str, Any]:
    """A reply that did not arrive; returns the verdict on it."""
    house.twilio.fail({"error": 30003, "status": 400}, on="POST")
    house.say("Hello", 0)
    house.run()
    return house.thread(0)[-1]


def test_a_verdict_that_changed_is_drawn_anew_when_slack_has_time(house: House) -> None:
    talk(house)
    notice = failed(house)
    before = len(drawings(house))
    house.slack.press(BOB, SUPPORT, notice["ts"], "send_again")
    house.slack.fail("chat.update", BUSY)
    house.run()
    house.twilio.write(ANA, "second")
    house.run()
    assert house.texts(0)[-1] == "second"
    assert "Sending it again" in house.thread(0)[-2]["text"]
    assert [ts for _, ts in drawings(house)[before:]] == [notice["ts"]] * 2
    house.later(WINDOW + 1)
    assert "did reach" in house.thread(0)[-2]["text"]
    assert [reactions(post) for post in house.thread(0)] == [[], [MARK], [], []]


def test_a_press_that_slack_has_no_time_to_show_shuts_the_gate_and_is_carried_out(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.slack.fail("chat.update", BUSY)
    before = len(drawings(house))
    house.slack.press(BOB, SUPPORT, notice["ts"], "send_again")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["Hello"]
    assert drawings(house)[before:] == [("chat.update", notice["ts"])]
    house.later(WINDOW + 1)
    assert "did reach" in house.thread(0)[-1]["text"]


def test_a_press_leaves_slack_alone_while_the_gate_is_shut(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.world.store.write(Put(Gate(DRAWS, SUPPORT, house.clock.ms() + 30_000, "Slack asks us to wait")))
    before = len(drawings(house))
    house.slack.press(BOB, SUPPORT, notice["ts"], "send_again")
    house.run()
    assert (drawings(house)[before:], house.on_phone(house.twilio.phone(ANA))) == ([], ["Hello"])
    house.later(91)
    assert "did reach" in house.thread(0)[-1]["text"]


def test_what_waits_to_be_drawn_says_so(house: House) -> None:
    talk(house)
    house.slack.fail("reactions.add", BUSY)
    house.say("answer", 0)
    house.run()
    (reply,) = (item for item in house.items() if item.kind is Kind.REPLY)
    (home, _) = house.conversations()
    assert f"because {DRAWS}/{SUPPORT} is shut" in what_next(house.world, reply, home)


def test_a_post_never_waits_for_the_gate_of_drawings(house: House) -> None:
    house.world.store.write(Put(Gate(DRAWS, SUPPORT, house.clock.ms() + 600_000, "Slack asks us to wait")))
    talk(house)
    notice = failed(house)
    assert notice["text"].startswith("⚠")
    assert [item.state for item in house.items() if not item.outbound] == [State.POSTED] * 2
    assert drawings(house) == []
