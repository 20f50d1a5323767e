"""Answering the bells of a batch."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from chalicelib.queues import LONG_WORK_BEFORE, NO_NEW_WORK_AFTER, REMEMBERED, SQS_APART, Bell, Rounds, answer


def record(message: str, about: str, group: str) -> dict[str, Any]:
    return {"messageId": message, "body": about, "attributes": {"MessageGroupId": group}}


class Worker:
    """Does the work of bells: notes them, breaks at some, and takes its time."""

    def __init__(self, *breaks_at: str, seconds: float = 0) -> None:
        self.did: list[str] = []
        self.rang: list[Bell] = []
        self.now = 1000.0
        self._breaks_at, self._seconds = breaks_at, seconds

    def work(self, bell: Bell) -> None:
        self.now += self._seconds
        if bell.about in self._breaks_at:
            raise ValueError("a customer's words")
        self.did.append(bell.about)

    def answer(self, *records: dict[str, Any]) -> list[str]:
        return answer(records, self.work, self.rang.append, lambda: self.now)


def test_the_bells_of_a_batch_are_answered_in_order() -> None:
    worker = Worker()
    assert worker.answer(record("1", "a", "g"), record("2", "b", "h"), record("3", "c", "g")) == []
    assert worker.did == ["a", "b", "c"]


def test_bells_of_one_conversation_count_once() -> None:
    worker = Worker()
    assert worker.answer(record("1", "a", "g"), record("2", "b", "g"), record("3", "a", "g")) == []
    assert worker.did == ["a", "b"]


def test_a_broken_group_is_held_back_and_others_go_on() -> None:
    worker = Worker("b")
    failed = worker.answer(
        record("1", "a", "g"),
        record("2", "b", "g"),
        record("3", "c", "h"),
        record("4", "d", "g"),
        record("5", "e", "i"),
    )
    assert (failed, worker.did) == (["2", "4"], ["a", "c", "e"])


@pytest.mark.parametrize("long", ["missed:twilio/main", "raw:01K0"])
def test_long_work_is_begun_only_while_there_is_time_for_all_of_it(long: str) -> None:
    worker = Worker(seconds=LONG_WORK_BEFORE + 1)
    assert worker.answer(record("1", "raw:01K1", "g"), record("2", long, "h"), record("3", "b", "g")) == []
    assert worker.did == ["raw:01K1", "b"]
    assert worker.rang == [Bell(long, "h")]
    assert worker.answer(record("4", long, "h")) == []
    assert worker.did == ["raw:01K1", "b", long]


def test_long_work_comes_before_what_rang_earlier_or_it_would_go_round_while_there_is_much_to_do() -> None:
    worker = Worker(seconds=LONG_WORK_BEFORE + 1)
    assert worker.answer(record("1", "a", "g"), record("2", "missed:twilio/main", "h")) == []
    assert (worker.did, worker.rang) == (["missed:twilio/main", "a"], [])


def test_every_message_of_a_bell_that_broke_comes_again() -> None:
    worker = Worker("a")
    assert worker.answer(record("1", "a", "g"), record("2", "a", "g")) == ["1", "2"]


def test_after_twenty_seconds_what_is_left_rings_again_at_the_tail() -> None:
    worker = Worker(seconds=NO_NEW_WORK_AFTER / 2 + 1)
    records = [record(str(place), str(place), "g") for place in range(4)]
    assert worker.answer(*records) == []
    assert worker.did == ["0", "1"]
    assert worker.rang == [Bell("2", "g"), Bell("3", "g")]


def test_what_is_held_back_does_not_ring_again_as_well() -> None:
    worker = Worker("0", seconds=NO_NEW_WORK_AFTER + 1)
    assert worker.answer(record("1", "0", "g"), record("2", "1", "g"), record("3", "2", "h")) == ["1", "2"]
    assert worker.rang == [Bell("2", "h")]


def test_what_broke_is_logged_without_a_word_of_it(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("threadline.events")
    logger.addHandler(caplog.handler)
    try:
        Worker("a").answer(record("1", "a", "g"))
    finally:
        logger.removeHandler(caplog.handler)
    (line,) = caplog.records
    ids = line.__dict__["ids"]
    assert (line.getMessage(), ids["bell"], ids["error"]) == ("bell.broke", "a", "ValueError")
    assert "customer's words" not in str(ids)


def test_an_empty_batch_is_no_work() -> None:
    assert Worker().answer() == []


def test_where_a_group_is_a_whole_desk_a_broken_bell_is_let_go() -> None:
    worker = Worker("b")
    records = [record("1", "a", "desk"), record("2", "b", "desk"), record("3", "c", "desk")]
    assert answer(records, worker.work, worker.rang.append, lambda: worker.now, hold=False) == []
    assert (worker.did, worker.rang) == (["a", "c"], [])


def test_bells_of_one_conversation_rang_when_the_last_of_them_did() -> None:
    heard: list[Bell] = []
    records = [record(str(rang), "a", "g") for rang in (3, 9, 6)]
    for each in records:
        each["attributes"]["SentTimestamp"] = each["messageId"]
    answer(records, heard.append, lambda _: None)
    assert [bell.rang for bell in heard] == [9]


def rang(moment: int) -> Bell:
    return Bell("a", "g", moment)


def test_a_bell_that_rang_before_the_last_round_has_been_answered() -> None:
    rounds = Rounds()
    rounds.seen_to("a", 100_000)
    assert rounds.answered(rang(100_000 - SQS_APART - 1))
    assert not rounds.answered(Bell("b", "g", 1))


@pytest.mark.parametrize("moment", [0, 100_000 - SQS_APART, 100_000, 200_000])
def test_a_bell_that_may_have_rung_after_a_round_began_is_answered(moment: int) -> None:
    rounds = Rounds()
    rounds.seen_to("a", 100_000)
    assert not rounds.answered(rang(moment))


def test_a_worker_keeps_a_bounded_number_of_rounds_in_mind() -> None:
    rounds = Rounds()
    for number in range(REMEMBERED + 1):
        rounds.seen_to(str(number), 100_000)
    assert len(rounds._began) <= REMEMBERED
