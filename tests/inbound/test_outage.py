"""After a long time without Slack everything goes on within two minutes, however it was down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.house import House

MINUTE = 60
CUSTOMERS = [f"+1555123000{number}" for number in range(5)]
METHODS = (
    *("auth.test", "chat.postMessage", "chat.update", "reactions.add"),
    *("conversations.history", "conversations.replies"),
)
LASTS = 20
"""Minutes; from the eighth on, what waits is looked at every eight minutes, unless somebody sees to it."""
EACH = LASTS // len(CUSTOMERS)


def failing(**how: object) -> Callable[[House], Callable[[], None]]:
    """Have every call end in one way."""

    def begin(house: House) -> Callable[[], None]:
        for method in METHODS:
            house.slack.fail(method, how, times=10_000)
        return house.slack.mend

    return begin


def unreached(house: House) -> Callable[[], None]:
    """Have nobody there."""
    slack, there = house.world.slack, house.world.slack._base_url
    slack._made, slack._base_url = None, "http://127.0.0.1:9/api/"

    def end() -> None:
        slack._made, slack._base_url = None, there

    return end


OUTAGES = {
    "nobody there": unreached,
    "broken": failing(status=500),
    "busy": failing(status=429, retry_after=30),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outage", "known"), [("nobody there", False), ("broken", False), ("broken", True), ("busy", True)], ids=str
)
def test_after_a_long_outage_all_messages_are_there_within_two_minutes(
    house: House,
    outage: str,
    known: bool,  # noqa: FBT001
) -> None:
    for customer in CUSTOMERS if known else ():
        house.twilio.write(customer, "before")
        house.run()
    end = OUTAGES[outage](house)
    for minute in range(LASTS):
        if minute % EACH == 0:
            house.twilio.write(CUSTOMERS[minute // EACH], "during")
        house.later(MINUTE)
    end()
    house.later(MINUTE)
    house.later(MINUTE)
    assert len(house.threads()) == len(CUSTOMERS)
    assert [house.texts(number).count("during") for number in range(len(CUSTOMERS))] == [1] * len(CUSTOMERS)
