"""A thread whose head Slack will not take: it is that conversation's matter, and no other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.model import Gate
from infra.local.slack.team import SUPPORT
from tests.house import House

ANA, BEN = "+15551230001", "+15551230002"
CARD, BOTH = 2, 4
"""Calls that the card costs where Slack refuses it, whole and with less; and with those in our own words."""


def refuse(house: House, calls: int) -> None:
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, times=calls)


def head(house: House, number: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = house.slack.thread(SUPPORT, house.threads()[number])[0]
    return found


def told(house: House) -> list[str]:
    return [message["text"] for message in house.slack.messages("C0SALES") if "cannot use" in message["text"]]


def test_a_head_that_slack_refuses_says_it_in_our_own_words(house: House) -> None:
    refuse(house, CARD)
    house.slack.fail("chat.update", {"error": "invalid_blocks"}, times=CARD)
    house.twilio.write(ANA, "Hello")
    house.run()
    assert house.texts() == ["Hello"]
    assert ANA not in json.dumps(head(house))
    assert "Waiting since" in json.dumps(head(house))
    assert told(house) == []


def test_a_head_that_slack_refuses_for_what_is_known_beside_says_who_it_is(house: House) -> None:
    refuse(house, 1)
    house.slack.fail("chat.update", {"error": "invalid_blocks"})
    house.twilio.write(ANA, "Hello")
    house.run()
    assert ANA in json.dumps(head(house))


def test_a_head_in_our_own_words_gives_way_to_the_whole_card_once_slack_takes_it(house: House) -> None:
    refuse(house, CARD)
    house.twilio.write(ANA, "Hello")
    house.run()
    assert ANA in json.dumps(head(house))


def test_a_head_that_slack_refuses_altogether_holds_up_no_other_customer(house: House) -> None:
    house.twilio.write(BEN, "first")
    house.run()
    refuse(house, BOTH)
    house.twilio.write(ANA, "Hello")
    house.run()
    assert len(house.threads()) == 1
    house.twilio.write(BEN, "second")
    house.run()
    assert house.texts(0) == ["first", "second"]
    assert house.store.find(Gate, "slack", SUPPORT) is None


def test_a_head_that_slack_refuses_is_tried_again_and_posted_once_it_takes_it(house: House) -> None:
    refuse(house, BOTH)
    house.twilio.write(ANA, "Hello")
    house.run()
    house.twilio.write(ANA, "Are you there?")
    house.run()
    assert house.threads() == []
    house.later(65)
    assert house.texts() == ["Hello\nAre you there?"]
    assert house.conversations()[0].refused_until == 0


@pytest.mark.slow
def test_a_head_that_slack_goes_on_refusing_is_tried_less_often_and_told_once_an_hour(house: House) -> None:
    refuse(house, 10_000)
    tries = 0
    house.twilio.write(ANA, "Hello")
    house.run()
    for _ in range(60):
        before = len(house.slack.calls)
        house.later(60)
        tries += any(name == "chat.postMessage" for name, _ in house.slack.calls[before:])
    assert tries <= 12
    house.slack.mend()
    house.later(480)
    assert house.texts() == ["Hello"]


def test_an_administrator_is_told_of_a_head_that_slack_refuses(house: House) -> None:
    refuse(house, BOTH)
    house.twilio.write(ANA, "Hello")
    house.run()
    (home,) = house.conversations()
    assert [home.id in text and "invalid_blocks" in text for text in told(house)] == [True]


def admin_posts(house: House) -> int:
    return sum(body.get("channel") == "C0SALES" for name, body in house.slack.calls if name == "chat.postMessage")


def test_an_administrator_is_told_of_a_channels_heads_and_not_of_each_conversation(house: House) -> None:
    for number in range(6):
        house.twilio.write(f"+1555123000{number}", "Hello")
    house.quiet()
    bells = list(house.bells.rung)
    house.bells.rung.clear()
    for side, bell in bells:
        refuse(house, BOTH)
        house.answer(side, bell)
    assert (admin_posts(house), len(told(house))) == (1, 1)
    assert "slack heads C0SUPPORT" in told(house)[0]


@pytest.mark.slow
def test_an_administrator_who_cannot_be_told_either_is_not_tried_with_every_conversation(house: House) -> None:
    refuse(house, 10_000)
    for number in range(6):
        house.twilio.write(f"+1555123000{number}", "Hello")
    house.run()
    assert admin_posts(house) == 1
    for _ in range(6):
        house.later(60)
    assert admin_posts(house) <= 1 + 2
