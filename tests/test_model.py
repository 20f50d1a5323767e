"""The legal lives of a message: whatever is reported, in whatever order and however often."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import (
    MOVES,
    Claim,
    Item,
    Kind,
    Part,
    Reason,
    Side,
    State,
    moved,
    ours_token,
    owed,
    read_ours,
    summary,
    unsigned,
)

PROGRESS = (State.RECORDED, State.SENDING, State.SENT, State.DELIVERED, State.READ)
REPORTED = (State.SENT, State.DELIVERED, State.READ, State.FAILED)
OUTWARD = tuple(state for state in State if state is not State.POSTED)

reports = st.lists(st.sampled_from(REPORTED), max_size=8)
starts = st.sampled_from((State.SENDING, State.UNKNOWN, State.SENT))


def after(start: State, told: list[State]) -> State:
    for state in told:
        start = moved(start, state)
    return start


@given(starts, reports, st.randoms())
def test_the_same_reports_in_any_order_and_number_end_in_the_same_state(
    start: State, told: list[State], chance: object
) -> None:
    shuffled = told + told[: len(told) // 2]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert after(start, shuffled) is after(start, told)


@given(starts, reports)
def test_delivered_and_read_win_over_every_bad_news(start: State, told: list[State]) -> None:
    best = max((state for state in told if state in PROGRESS), key=PROGRESS.index, default=None)
    if best in (State.DELIVERED, State.READ):
        assert after(start, told) is best


@given(st.sampled_from(PROGRESS[2:]), st.lists(st.sampled_from(OUTWARD), max_size=8))
def test_what_was_sent_never_falls_back_by_itself(start: State, steps: list[State]) -> None:
    for step in steps:
        now = moved(start, step)
        if now is State.RECORDED is not start:
            # A person takes up what failed; a claim is given back when it is certain that nothing happened.
            assert start in (State.FAILED, State.UNKNOWN, State.SENDING)
        if start in PROGRESS and now in PROGRESS[1:]:
            assert PROGRESS.index(now) >= PROGRESS.index(start)
        start = now


@pytest.mark.parametrize("last", [State.READ, State.WITHDRAWN, State.POSTED])
def test_some_lives_are_over(last: State) -> None:
    assert MOVES[last] == frozenset()
    assert {moved(last, state) for state in State} == {last}


def test_every_state_has_its_row() -> None:
    assert set(MOVES) == set(State)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("recorded", "recorded"), "recorded"),
        (("sent", "recorded"), "sending"),
        (("sending", "recorded"), "sending"),
        (("delivered", "sent"), "sent"),
        (("read", "delivered"), "delivered"),
        (("delivered", "failed"), "failed"),
        (("unknown", "recorded"), "unknown"),
        (("failed", "unknown"), "failed"),
        (("read",), "read"),
    ],
)
def test_a_reply_is_as_far_as_its_last_part_and_as_bad_as_its_worst(parts: tuple[str, ...], whole: str) -> None:
    assert summary(tuple(Part("…", State(part)) for part in parts)) is State(whole)


def failed(reason: Reason, file: int | None) -> Part:
    return Part("", State.FAILED, reason=reason, file=file)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        # What comes after a file that failed by itself goes out first.
        ((failed(Reason.FILE_TOO_BIG, 0), Part("a")), State.RECORDED),
        ((Part("a", State.SENT), failed(Reason.REFUSED, 0), Part("", file=1)), State.SENDING),
        ((Part("a", State.SENT), failed(Reason.FILE_SLOW, 0)), State.FAILED),
        ((failed(Reason.FILE_SLOW, 0), Part("", State.UNKNOWN, file=1), Part("", file=2)), State.UNKNOWN),
        # What failed for the customer's sake, or is words, holds up the rest.
        ((failed(Reason.BLOCKED, 0), Part("", file=1)), State.FAILED),
        ((failed(Reason.REFUSED, None), Part("", file=1)), State.FAILED),
    ],
)
def test_a_file_that_stays_behind_holds_up_nothing(parts: tuple[Part, ...], whole: State) -> None:
    assert summary(parts) is whole


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Invalid media URL: https://b.s3.aws/files/a?X-Amz-Signature=5ecret (21620)",
            "https://b.s3.aws/files/a (21620)",
        ),
        ("http://h/x?a=1,http://h/y?b=2 no", "http://h/x no"),
        ("What? https://h/x", "What? https://h/x"),
    ],
)
def test_what_makes_an_address_good_is_left_out_of_what_others_say(said: str, kept: str) -> None:
    assert unsigned(said).endswith(kept)
    assert "=" not in unsigned(said)


REPLY = Item("C" * 26, "I" * 26, Kind.REPLY, 0, "", parts=(Part("a"), Part("b")))


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({}, Side.CUSTOMER),
        ({"state": State.SENDING}, Side.CUSTOMER),
        ({"state": State.SENT}, Side.SLACK),
        ({"state": State.SENT, "awaits": True}, None),
        ({"state": State.SENT, "shown": State.SENT}, None),
        ({"state": State.READ, "shown": State.SENT}, Side.SLACK),
        ({"state": State.READ, "shown": State.READ}, None),
        ({"state": State.READ, "shown": State.FAILED}, Side.SLACK),
        ({"state": State.FAILED}, Side.SLACK),
        ({"state": State.FAILED, "shown": State.UNKNOWN}, Side.SLACK),
        ({"state": State.FAILED, "shown": State.FAILED}, None),
        ({"state": State.READ, "shown": State.SENT, "doubt": 1}, Side.SLACK),
        ({"state": State.WITHDRAWN}, None),
        ({"state": State.WITHDRAWN, "notice_ts": "1"}, Side.SLACK),
        ({"state": State.WITHDRAWN, "claim": Claim("P", 0)}, Side.SLACK),
        ({"state": State.WITHDRAWN, "notice_ts": "1", "shown": State.WITHDRAWN}, None),
        ({"parked": "why"}, None),
        ({"kind": Kind.NOTE}, None),
        ({"kind": Kind.LINE}, Side.SLACK),
    ],
)
def test_what_an_item_owes_to_whom(change: dict[str, object], side: Side | None) -> None:
    assert owed(replace(REPLY, **change)) is side  # type: ignore[arg-type]


def test_a_token_names_conversation_item_part_and_attempt() -> None:
    item = replace(REPLY, parts=(Part("a"), Part("b", tries=3)))
    assert read_ours(ours_token(item, 1)) == ("C" * 26, "I" * 26, 1, 3)


@given(st.text(max_size=80))
def test_what_is_no_token_of_ours_is_none(text: str) -> None:
    assert read_ours(text) is None
