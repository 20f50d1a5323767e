"""Our own pace towards a Slack channel: a short burst, then one post a second."""

from __future__ import annotations

from chalicelib.slack.pace import BURST, EVERY, Pace

HERE, THERE = "C0SUPPORT", "C0SALES"


def test_a_short_burst_waits_for_nothing_and_then_one_goes_each_second() -> None:
    pace, now, waits = Pace(), 1_000_000, []
    for _ in range(BURST + 3):
        waits.append(pace.step(HERE, now))
        now += waits[-1]
    assert waits == [0] * BURST + [EVERY] * 3


def test_a_channel_that_was_quiet_may_burst_again() -> None:
    pace = Pace()
    for _ in range(BURST):
        pace.step(HERE, 0)
    assert [pace.step(HERE, BURST * EVERY) for _ in range(BURST)] == [0] * BURST


def test_channels_wait_for_themselves_only() -> None:
    pace = Pace()
    for _ in range(BURST * 2):
        pace.step(HERE, 0)
    assert pace.step(THERE, 0) == 0


def test_what_slack_says_counts_more_than_what_we_remember() -> None:
    pace = Pace()
    pace.spent(HERE, 5_000)
    assert [pace.step(HERE, 5_000), pace.step(HERE, 5_000)] == [0, EVERY]
