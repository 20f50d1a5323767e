"""What of a family of rows stays in the fast suite."""

from __future__ import annotations

from itertools import product

import pytest

from tests.families import Row, each_once, some, thin_out


def crossed(first: int, second: int) -> list[Row]:
    return [frozenset({("first", one), ("second", two)}) for one, two in product(range(first), range(second))]


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 9), (9, 2), (3, 3), (6, 4)])
def test_every_value_is_seen_in_no_more_rows_than_that_takes(first: int, second: int) -> None:
    rows = crossed(first, second)
    kept = [rows[place] for place in each_once(rows)]
    assert frozenset().union(*kept) == frozenset().union(*rows)
    assert len(kept) == max(first, second)


def test_some_are_from_everywhere() -> None:
    rows = crossed(1, 10)
    assert some(rows, 3) == {0, 3, 6}
    assert some(rows, 10) == some(rows, 11) == set(range(10))


@pytest.mark.each_once
@pytest.mark.parametrize("second", [1, 2])
@pytest.mark.parametrize("first", [1, 2])
def test_the_rest_is_slow_and_what_is_no_family_stays(
    request: pytest.FixtureRequest, first: int, second: int
) -> None:
    slow = request.node.get_closest_marker("slow") is not None
    assert slow == (first != second)


def test_a_row_that_was_asked_for_alone_is_not_taken_out(request: pytest.FixtureRequest) -> None:
    thin_out([request.node])
    assert request.node.get_closest_marker("slow") is None
