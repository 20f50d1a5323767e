"""A customer writes in a thread that lies at rest: its owner is called, or the whole channel sees it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.model import Status
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA = "+15551230001"
HOUR = 3600


def begin(house: House, owner: str = "") -> None:
    house.twilio.write(ANA, "first")
    house.run()
    if owner:
        house.slack.press(BOB, SUPPORT, house.threads()[-1], "claim")
        house.run()


def rest(house: House, status: Status) -> None:
    """Let the thread lie: resolved, snoozed, or silent for more than half a day."""
    house.clock.ahead += 13 * HOUR
    (home,) = house.conversations()
    until = house.clock.ms() + HOUR * 1000
    changes = {"status": status, "snoozed_until": until if status is Status.SNOOZED else 0, "drawn": ""}
    house.store.change(home, lambda now: replace(now, **changes))  # type: ignore[arg-type]  # fields of it


def write(house: House) -> dict[str, object]:
    house.twilio.write(ANA, "one more thing")
    house.run()
    return house.thread()[-1]


WORDS = {Status.SNOOZED: "No longer snoozed", Status.OPEN: "Writes again", Status.RESOLVED: "Reopened"}


@pytest.mark.parametrize("status", WORDS)
def test_the_owner_of_a_thread_at_rest_is_called(house: House, status: Status) -> None:
    begin(house, BOB)
    rest(house, status)
    post = write(house)
    assert f"{WORDS[status]} <@{BOB}>" in json.dumps(post["blocks"])
    assert post.get("subtype") != "thread_broadcast"
    (home,) = house.conversations()
    assert (home.status, home.snoozed_until) == (Status.OPEN, 0)


@pytest.mark.parametrize("status", WORDS)
def test_where_nobody_owns_it_the_whole_channel_sees_it_once(house: House, status: Status) -> None:
    begin(house)
    rest(house, status)
    post = write(house)
    assert WORDS[status] in json.dumps(post["blocks"])
    assert (post.get("subtype"), write(house).get("subtype")) == ("thread_broadcast", "bot_message")


def test_nobody_is_called_while_a_conversation_goes_on(house: House) -> None:
    begin(house, BOB)
    for _ in range(3):
        house.clock.ahead += 11 * HOUR
        assert "Writes again" not in json.dumps(write(house)["blocks"])


def test_a_reply_breaks_the_silence_too(house: House) -> None:
    begin(house, BOB)
    house.clock.ahead += 11 * HOUR
    house.say("We are on it")
    house.run()
    house.clock.ahead += 11 * HOUR
    assert "Writes again" not in json.dumps(write(house)["blocks"])


def test_a_post_that_is_drawn_anew_still_says_so(house: House) -> None:
    begin(house, BOB)
    rest(house, Status.OPEN)
    post = write(house)
    (item,) = [each for each in house.items() if each.text == "one more thing"]
    assert item.reopened == f"Writes again <@{BOB}>"
    assert post["text"] == "one more thing"
