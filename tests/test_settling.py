"""The steps of a reply as pure functions: what a settle, a receipt and a person's click may change."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib import settling
from chalicelib.model import Claim, Closed, Item, Kind, Ok, Part, Reason, Receipt, Refused, State, stepped
from chalicelib.settling import CLAIM_LIFE

NOW = 1_789_000_000_000
REPLY = Item("C" * 26, "I" * 26, Kind.REPLY, NOW, "", parts=(Part("one"), Part("two")))
GONE = replace(REPLY, parts=(Part("one", State.SENT, "a", tries=1), Part("two", State.SENT, "b", tries=1)))


def told(state: State, of: str = "a", **about: object) -> Receipt:
    return Receipt(of, state, NOW, **about)  # type: ignore[arg-type]


def states(item: Item | None) -> list[str]:
    assert item is not None
    return [str(part.state) for part in item.parts]


def test_a_claim_counts_the_attempt_and_is_due_when_it_is_stale() -> None:
    item = settling.claimed_part(REPLY, 0, NOW)
    assert (states(item), item.parts[0].tries, item.due) == (["sending", "recorded"], 1, NOW + CLAIM_LIFE)
    assert item.claim is not None
    assert item.claim.count == 1
    again = settling.claimed_part(item, 0, NOW + CLAIM_LIFE)
    assert again.claim is not None
    assert (again.claim.count, again.parts[0].tries) == (2, 2)
    assert (again.claim.post, again.claim.at) == (item.claim.post, NOW + CLAIM_LIFE)


def test_a_claim_is_fresh_for_a_minute() -> None:
    assert settling.fresh(Claim("p", NOW), NOW + CLAIM_LIFE - 1)
    assert not settling.fresh(Claim("p", NOW), NOW + CLAIM_LIFE)


def test_a_released_claim_leaves_the_part_as_it_was() -> None:
    item = settling.released(settling.claimed_part(REPLY, 0, NOW), 0, NOW + 5, NOW, "busy")
    assert item is not None
    assert (states(item), item.claim, item.due) == (["recorded", "recorded"], None, NOW + 5)


def test_nothing_is_released_that_was_settled_meanwhile() -> None:
    assert settling.released(GONE, 0, NOW, NOW, "busy") is None


def test_a_receipt_for_one_part_leaves_the_claim_on_another() -> None:
    item = settling.claimed_part(replace(REPLY, parts=(GONE.parts[0], REPLY.parts[1])), 1, NOW)
    after = settling.with_receipt(item, told(State.DELIVERED), 0, 1, NOW)
    assert after is not None
    assert (states(after), after.claim) == (["delivered", "sending"], item.claim)


def test_every_outcome_is_written_down_once() -> None:
    claimed = settling.claimed_part(REPLY, 0, NOW)
    for outcome, state, reason in (
        (Ok("x"), State.SENT, None),
        (Refused(Reason.BLOCKED, "theirs"), State.FAILED, Reason.BLOCKED),
        (Closed("theirs"), State.FAILED, Reason.WINDOW),
    ):
        after = settling.with_outcome(claimed, 0, outcome, NOW)
        assert after is not None
        assert (after.parts[0].state, after.parts[0].reason, after.claim) == (state, reason, None)
        assert settling.with_outcome(after, 0, outcome, NOW) is None


def test_an_answer_that_comes_after_the_receipt_adds_no_more_than_the_id() -> None:
    claimed = settling.claimed_part(REPLY, 0, NOW)
    faster = settling.with_receipt(claimed, replace(told(State.READ), of=""), 0, 1, NOW)
    assert faster is not None
    after = settling.with_outcome(faster, 0, Ok("x"), NOW)
    assert after is not None
    assert (after.parts[0].state, after.parts[0].id) == (State.READ, "x")


def test_bad_news_of_an_attempt_that_was_followed_by_another_is_old_news() -> None:
    failed = settling.with_receipt(GONE, told(State.FAILED), 0, 1, NOW)
    assert failed is not None
    again = settling.asked_again(failed, NOW)
    assert again is not None
    repeated = told(State.FAILED)
    assert settling.with_receipt(again, repeated, 0, 1, NOW) is None, "asked again, not yet claimed"
    assert settling.with_receipt(again, repeated, 0, None, NOW) is None
    claimed = settling.claimed_part(again, 0, NOW)
    assert settling.with_receipt(claimed, repeated, 0, 1, NOW) is None, "claimed again"
    assert settling.with_receipt(claimed, repeated, 0, None, NOW) is None
    sent = settling.with_outcome(claimed, 0, Ok("a2"), NOW)
    assert sent is not None
    assert settling.with_receipt(sent, repeated, 0, None, NOW) is None, "sent again, under another id"


def test_an_old_sent_says_nothing_about_the_attempt_under_way() -> None:
    failed = settling.with_receipt(GONE, told(State.FAILED), 0, 1, NOW)
    assert failed is not None
    again = settling.asked_again(failed, NOW)
    assert again is not None
    claimed = settling.claimed_part(again, 0, NOW)
    assert settling.with_receipt(claimed, told(State.SENT), 0, 1, NOW) is None


def test_an_old_attempt_that_arrived_after_all_is_not_sent_again() -> None:
    failed = settling.with_receipt(GONE, told(State.FAILED), 0, 1, NOW)
    assert failed is not None
    again = settling.asked_again(failed, NOW)
    assert again is not None
    assert states(settling.with_receipt(again, told(State.DELIVERED), 0, 1, NOW)) == ["delivered", "sent"]


def test_send_again_takes_up_only_what_has_not_gone() -> None:
    item = replace(
        REPLY, parts=(GONE.parts[0], Part("two", State.FAILED, "b", Reason.BLOCKED)), state=State.FAILED
    )
    after = settling.asked_again(item, NOW)
    assert after is not None
    assert states(after) == ["sent", "recorded"]
    assert (after.state, after.shown, after.asked_at) == (State.SENDING, None, NOW)


def test_a_failed_part_is_not_sent_again_before_the_one_under_way_is_cleared_up() -> None:
    item = settling.claimed_part(replace(REPLY, parts=(GONE.parts[0], REPLY.parts[1])), 1, NOW)
    failed = settling.with_receipt(item, told(State.FAILED), 0, 1, NOW)
    assert failed is not None
    assert (states(failed), failed.state, failed.claim) == (["failed", "sending"], State.SENDING, item.claim)
    assert settling.asked_again(failed, NOW) is None
    cleared = settling.with_outcome(failed, 1, Ok("b"), NOW)
    assert cleared is not None
    assert (cleared.state, states(settling.asked_again(cleared, NOW))) == (State.FAILED, ["recorded", "sent"])


def test_it_arrived_speaks_for_what_was_unknown_and_lets_the_rest_go_out() -> None:
    item = replace(REPLY, parts=(Part("one", State.UNKNOWN, tries=1), Part("two")), state=State.UNKNOWN)
    after = settling.arrived(item, NOW)
    assert (states(after), after and after.state) == (["sent", "recorded"], State.SENDING)


def test_clicks_on_what_needs_none_change_nothing() -> None:
    assert settling.asked_again(replace(GONE, state=State.SENT), NOW) is None
    assert settling.arrived(replace(GONE, state=State.FAILED), NOW) is None


def test_a_good_word_takes_the_bad_reason_away() -> None:
    failed = settling.with_receipt(GONE, told(State.FAILED, reason=Reason.FILTERED, detail="30007"), 0, 1, NOW)
    assert failed is not None
    assert (failed.parts[0].reason, failed.parts[0].detail) == (Reason.FILTERED, "30007")
    after = settling.with_receipt(failed, told(State.DELIVERED), 0, 1, NOW)
    assert after is not None
    assert (after.parts[0].reason, after.parts[0].detail) == (None, "")


receipts = st.lists(
    st.builds(
        lambda part, state: (part, told(state, "ab"[part])),
        st.integers(0, 1),
        st.sampled_from((State.SENT, State.DELIVERED, State.READ, State.FAILED)),
    ),
    max_size=10,
)


def end(item: Item, news: list[tuple[int, Receipt]], tries: int | None) -> list[str]:
    for part, receipt in news:
        item = settling.with_receipt(item, receipt, part, tries, NOW) or item
    return states(item)


@given(receipts, st.permutations(range(10)), st.sampled_from((1, None)))
def test_receipts_in_any_order_and_number_end_the_same(
    news: list[tuple[int, Receipt]], order: list[int], tries: int | None
) -> None:
    shuffled = [news[at % len(news)] for at in order] + news if news else []
    assert end(GONE, shuffled, tries) == end(GONE, news, tries)


# ------------------------------------------------------------------------------ the story


def told_of(item: Item | None) -> list[str]:
    assert item is not None
    return [f"{step.what}: {step.detail}" for step in item.steps]


def test_every_step_is_on_record_in_its_order_and_without_words() -> None:
    item: Item | None = replace(REPLY, parts=(Part("a secret"),))
    assert item is not None
    item = settling.claimed_part(item, 0, NOW)
    item = settling.with_outcome(item, 0, Ok("SM1"), NOW + 1)
    assert item is not None
    item = settling.with_receipt(item, told(State.FAILED, "SM1", reason=Reason.BLOCKED), 0, 1, NOW + 2)
    assert item is not None
    item = settling.asked_again(item, NOW + 3)
    assert item is not None
    assert told_of(item) == ["claimed: try 1", "sent: SM1", "receipt: failed: blocked", "asked again: "]
    assert [step.at - NOW for step in item.steps] == [0, 1, 2, 3]
    assert "secret" not in repr(item.steps)


def test_a_step_says_which_part_it_is_about() -> None:
    item = settling.claimed_part(REPLY, 1, NOW)
    assert told_of(item) == ["claimed: try 1, part 2 of 2"]
    assert told_of(settling.released(item, 1, NOW, NOW, "busy"))[-1] == "given back: busy, part 2 of 2"
    assert told_of(settling.lost_track(item, 1, "", NOW))[-1] == "unknown: lost track, part 2 of 2"


def test_a_story_without_end_keeps_its_beginning_and_its_end() -> None:
    item = REPLY
    for number in range(1_000):
        item = stepped(item, "claimed", NOW + number, "x" * 1_000)
    first, last = item.steps[0], item.steps[-1]
    assert (len(item.steps), first.at, last.at, len(last.detail)) == (30, NOW, NOW + 999, 120)
