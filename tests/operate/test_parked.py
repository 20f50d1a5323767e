"""What was given up is seen, and given another life without anything false being said."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.health import health
from chalicelib.operate import operate
from tests.house import House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    """A house in which Slack will not have what Ana wrote, neither with blocks nor without."""
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, 2)
    house.twilio.write(ANA, "this one")
    house.run()
    return house


def order(house: House, **words: str) -> Any:
    answer = operate(house.world, words)
    assert "error" not in answer, answer
    return answer


def test_it_is_listed_with_its_reason_and_without_its_words(ana: House) -> None:
    (row,) = order(ana, do="parked")["parked"]
    (item,) = [item for item in ana.items() if item.parked]
    assert row["id"] == f"{item.conversation}.{item.id}"
    assert (row["kind"], row["why"]) == ("message", "Slack refused it (invalid_blocks)")
    assert "this one" not in str(row)


@pytest.mark.parametrize("by", ["pair", "item", "all"])
def test_a_retry_brings_it_into_the_thread_once(ana: House, by: str) -> None:
    (row,) = order(ana, do="parked")["parked"]
    name = {"pair": row["id"], "item": row["id"].partition(".")[2], "all": "all"}[by]
    assert [each["outcome"] for each in order(ana, do="retry", id=name)["done"]] == ["retried"]
    assert health(ana.world)["parked"] == 0
    ana.run()
    assert ana.texts() == ["Hi", "Something that +15551230001 wrote cannot be shown here: " + SAID, "this one"]
    assert order(ana, do="parked") == {"parked": [], "next": ""}


SAID = "Slack refused it (invalid_blocks)."


def test_what_is_retried_twice_is_posted_once(ana: House) -> None:
    (row,) = order(ana, do="parked")["parked"]
    order(ana, do="retry", id=row["id"])
    (again,) = order(ana, do="retry", id=row["id"])["done"]
    assert (again["outcome"], again["why"]) == ("nothing to do", "it is not parked")
    ana.run()
    assert ana.texts().count("this one") == 1


def test_what_slack_still_will_not_have_is_parked_again(ana: House) -> None:
    order(ana, do="retry", id="all")
    ana.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, 2)
    ana.run()
    (row,) = order(ana, do="parked")["parked"]
    story = order(ana, do="trace", id=row["id"])["found"][0]["story"]
    assert [step["what"] for step in story if step["what"] in ("parked", "retried")] == [
        "parked",
        "retried",
        "parked",
    ]


def test_a_verdict_that_slack_will_not_have_is_told_in_a_line_and_can_be_tried_again(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.twilio.fail({"error": 30003, "status": 400}, on="POST")
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, 2)
    house.say("Hello")
    house.run()
    assert house.texts()[-1] == f"What became of a reply to {ANA} cannot be shown here: {SAID}"
    (row,) = order(house, do="parked")["parked"]
    assert row["kind"] == "reply"
    order(house, do="retry", id=row["id"])
    house.run()
    assert house.texts()[-1].startswith(f"⚠️ Not delivered to {ANA}")
    assert health(house.world)["parked"] == 0


@pytest.mark.parametrize("name", ["", "x", "0" * 26, f"{'0' * 26}.{'0' * 26}"])
def test_a_name_that_nothing_parked_has_is_answered_in_words(house: House, name: str) -> None:
    assert operate(house.world, {"do": "retry", "id": name})["error"]


def test_where_nothing_is_parked_all_is_nothing(house: House) -> None:
    assert order(house, do="retry", id="all") == {"done": [], "next": ""}
