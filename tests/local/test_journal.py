"""The journal and who follows one: nothing is told twice, nothing is left out, and who fell behind is told so."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.local import journal as module
from infra.local.journal import KEPT, Journal
from infra.local.page import sources
from infra.local.page.sources import Away, Over, Watch, within

PATIENCE = 10
"""Seconds until a test gives up; none of them passes by waiting."""


def filled(number: int) -> Journal:
    journal = Journal()
    for each in range(1, number + 1):
        journal.add("thing", each=each)
    return journal


def each(answer: Any) -> list[int]:
    return [change["each"] for change in answer["changes"]]


def waiting(journal: Journal, *question: Any) -> Any:
    """Ask in a thread, and come back when the question waits for news."""
    there = threading.Event()

    class News(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            there.set()
            return super().wait(timeout)

    journal._news = News()
    answer = ThreadPoolExecutor(1).submit(journal.since, *question)
    assert there.wait(PATIENCE)
    return answer


# --------------------------------------------------------------------------- what is kept


def test_what_came_after_a_number_is_told_in_order() -> None:
    journal = filled(5)
    assert [each(journal.since(number)) for number in range(6)] == [
        [1, 2, 3, 4, 5],
        [2, 3, 4, 5],
        [3, 4, 5],
        [4, 5],
        [5],
        [],
    ]


def test_so_many_changes_are_kept_and_no_more() -> None:
    journal = filled(KEPT + 2)
    found = journal.since(2)
    assert (found["lost"], len(found["changes"]), each(found)[0]) == (False, KEPT, 3)


def test_who_fell_behind_what_is_kept_is_told_that_it_lost_track() -> None:
    journal = filled(KEPT + 2)
    found = journal.since(1)
    assert (found["lost"], found["changes"], found["at"]) == (True, [], KEPT + 2)


def test_who_comes_from_the_future_or_another_life_lost_track() -> None:
    journal = filled(3)
    assert [journal.since(4)["lost"], journal.since(3, 0, "another")["lost"]] == [True, True]


def test_one_change_is_found_without_a_look_at_all_the_others() -> None:
    class Seen(deque[Any]):
        looks = 0

        def __iter__(self) -> Iterator[Any]:
            raise AssertionError("somebody looked at all of them")

        def __reversed__(self) -> Iterator[Any]:
            for change in super().__reversed__():
                Seen.looks += 1
                yield change

    journal = filled(KEPT)
    journal._kept = Seen(list(journal._kept), KEPT)
    assert (each(journal.since(KEPT - 1)), Seen.looks) == ([KEPT], 1)


# --------------------------------------------------------------------------- waiting for news


def test_who_waits_hears_of_the_next_change() -> None:
    journal = filled(2)
    answer = waiting(journal, 2, PATIENCE, journal.boot)
    journal.add("thing", each=3)
    assert each(answer.result(PATIENCE)) == [3]


@pytest.mark.parametrize("named", [True, False], ids=["by its boot", "without one"])
def test_a_journal_begun_anew_wakes_who_stands_at_0(*, named: bool) -> None:
    journal = Journal()
    boot = journal.boot if named else ""
    answer = waiting(journal, 0, module.LONGEST_WAIT, boot)
    journal.reset()
    found = answer.result(PATIENCE)
    assert (found["boot"], found["lost"]) == (journal.boot, named)


def test_a_journal_that_is_closed_lets_everybody_go() -> None:
    journal = filled(1)
    answer = waiting(journal, 1, module.LONGEST_WAIT)
    journal.close()
    assert answer.result(PATIENCE)["changes"] == []


def test_nobody_waits_longer_than_the_longest_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.01)
    answer = ThreadPoolExecutor(1).submit(Journal().since, 0, 3 * PATIENCE)
    assert answer.result(PATIENCE)["changes"] == []


# --------------------------------------------------------------------------- who follows


class Follower:
    """A watch on a journal that may be away, and what it told."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.away = journal, threading.Event()
        self.noticed = threading.Event()
        self.told = Journal()
        self.watch = Watch(
            "it", self.look, lambda _, change: self.told.add(change["kind"], each=change.get("each"))
        )
        self.watch.meet()
        self.watch.start()

    def look(self, since: int, boot: str, wait: float) -> Any:
        if not self.away.is_set():
            found = within(self.journal)(since, boot, wait)
            if not self.away.is_set():
                return found
        self.noticed.set()
        raise Away

    def hears(self, number: int) -> list[Any]:
        """Wait until so many changes were told."""
        while len(found := self.told.since(0)["changes"]) < number:
            assert self.told.since(len(found), PATIENCE)["changes"], f"only {found} was told"
        return [change["each"] or change["kind"] for change in found]

    def leave(self) -> None:
        """Be away, until the watch knows it."""
        self.away.set()
        self.journal.add("thing", each="while away")
        assert self.noticed.wait(PATIENCE)


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Journal], Follower]]:
    monkeypatch.setattr(sources, "AGAIN", 0.01)
    made: list[Follower] = []

    def follow(journal: Journal) -> Follower:
        made.append(Follower(journal))
        return made[-1]

    yield follow
    for each in made:
        each.watch.close()
        each.journal.close()


def test_what_happened_before_the_first_look_is_not_told(follow: Callable[[Journal], Follower]) -> None:
    journal = filled(3)
    follower = follow(journal)
    journal.add("thing", each=4)
    assert follower.hears(1) == [4]


def test_who_comes_back_in_the_same_life_tells_what_it_did_meanwhile_and_then_that_it_was_away(
    follow: Callable[[Journal], Follower],
) -> None:
    journal = filled(1)
    follower = follow(journal)
    follower.leave()
    follower.away.clear()
    assert follower.hears(2) == ["while away", "stale"]
    journal.add("thing", each=9)
    assert follower.hears(3)[2:] == [9]


def test_who_comes_back_in_another_life_only_says_so(follow: Callable[[Journal], Follower]) -> None:
    journal = filled(1)
    follower = follow(journal)
    follower.leave()
    journal.reset()
    journal.add("thing", each=1)
    follower.away.clear()
    assert follower.hears(1) == ["stale"]
    journal.add("thing", each=2)
    assert follower.hears(2)[1:] == [2]


def test_a_watch_ends_with_the_journal_it_follows_and_has_told_everything(
    follow: Callable[[Journal], Follower],
) -> None:
    journal = filled(1)
    follower = follow(journal)
    journal.add("thing", each=2)
    journal.close()
    follower.watch._thread.join(PATIENCE)
    assert not follower.watch._thread.is_alive()
    assert follower.hears(1) == [2]


def test_what_a_closed_journal_has_not_told_yet_is_told_before_it_is_over() -> None:
    journal = filled(2)
    journal.close()
    look = within(journal)
    assert each(look(1, journal.boot, PATIENCE)) == [2]
    with pytest.raises(Over):
        look(2, journal.boot, PATIENCE)


def test_a_journal_that_was_closed_before_is_not_followed(follow: Callable[[Journal], Follower]) -> None:
    journal = filled(1)
    journal.close()
    follower = follow(journal)
    follower.watch._thread.join(PATIENCE)
    assert not follower.watch._thread.is_alive()
