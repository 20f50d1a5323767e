"""A thread reads as it happened, among what was on record when each post was claimed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.inbound.receive import take
from chalicelib.model import Address, Claim, Item, MessageReceived, Outcome, Route, Stamp, new_id
from chalicelib.slack.blocks import line
from chalicelib.store import Replace
from infra.local.slack.team import SUPPORT
from tests.house import House

ANA = "+15551230001"
ROUTE = Route("twilio", "main", "sms", f"phone:{ANA}", ANA)


Write = Callable[..., None]


@pytest.fixture
def write(house: House) -> Write:
    """Have messages come in that were written some minutes ago, a second apart, as the alphabet goes."""
    began = house.clock.ms() - 300_000

    def write(*texts: str) -> None:
        events = [
            MessageReceived(new_id(began), ROUTE, (Address("phone", ANA),), began + ord(text) * 1_000, text=text)
            for text in texts
        ]
        take(house.world, house.world.line("twilio", "main")[1], events)

    return write


def open_thread(house: House) -> None:
    house.twilio.write(ANA, "first")
    house.run()
    (home,) = house.conversations()
    # As if that had been long ago: what comes in now is not late.
    house.store.change(home, lambda now: replace(now, posted_order=""))


def message(house: House, text: str) -> Item:
    return next(item for item in house.items() if item.text == text)


class Meanwhile:
    """Slack, where things happen while we call: each in its turn, before the answer to a post is read."""

    def __init__(self, house: House, *things: Callable[[], Any]) -> None:
        self._slack, self._things = house.world.slack, list(things)
        slack: Any = self
        house.world = services._made["world"] = replace(house.world, slack=slack)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slack, name)

    def post(self, *what: Any) -> Outcome:
        outcome = self._slack.post(*what)
        if self._things:
            self._things.pop(0)()
        return outcome


# ------------------------------------------------------------------------------ what comes in while we post


def test_what_comes_in_while_a_post_is_made_stands_above_what_was_written_later(
    house: House, write: Write
) -> None:
    open_thread(house)
    write("b", "d")
    Meanwhile(house, lambda: write("c"))
    house.run()
    assert house.texts()[1:] == ["b", "c", "d"]


def test_what_comes_in_while_the_card_is_made_stands_above_what_was_written_later(
    house: House, write: Write
) -> None:
    write("b")
    Meanwhile(house, lambda: write("a"))
    house.run()
    assert house.texts() == ["a", "b"]
    assert "arrived late" not in json.dumps([post["blocks"] for post in house.thread()])


def test_what_comes_in_while_a_lost_post_is_looked_for_stands_above_what_was_written_later(
    house: House, write: Write
) -> None:
    open_thread(house)
    write("b", "d")
    house.slack.drop_events(1)
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.run()
    find, slack = house.world.slack.find, Meanwhile(house)

    def found(*about: Any) -> Any:
        write("c")
        return find(*about)

    slack.__dict__["find"] = found
    house.later(70)
    assert house.texts()[1:] == ["b", "c", "d"]


# ------------------------------------------------------------------------------ what is claimed comes first


def claimed_by_the_dead(house: House, *texts: str) -> Claim:
    """A worker claimed a post and was seen no more."""
    now = house.clock.ms()
    claim = Claim(new_id(now), now)
    house.store.write(*(Replace(replace(message(house, text), claim=claim)) for text in texts))
    return claim


def test_what_comes_late_waits_for_a_claim_of_something_later(house: House, write: Write) -> None:
    open_thread(house)
    write("y")
    claimed_by_the_dead(house, "y")
    write("x")
    house.run()
    assert house.texts() == ["first"]


@pytest.mark.parametrize("stands", [True, False], ids=["it stands", "it never did"])
def test_once_the_claim_is_cleared_up_it_follows_and_says_that_it_is_late(
    house: House, write: Write, *, stands: bool
) -> None:
    open_thread(house)
    write("y")
    claim = claimed_by_the_dead(house, "y")
    write("x")
    if stands:
        house.slack.drop_events(1)
        house.world.slack.post(
            SUPPORT, house.threads()[0], line("y"), Stamp(claim.post, message(house, "y").conversation)
        )
    house.run()
    house.later(70)
    assert house.texts()[1:] == ["y", "x"]
    assert "arrived late" in json.dumps(house.thread()[-1]["blocks"])


@pytest.mark.slow
def test_a_claim_is_seen_behind_however_much_that_came_late(house: House, write: Write) -> None:
    open_thread(house)
    write("z")
    claimed_by_the_dead(house, "z")
    for _ in range(9):
        house.clock.ahead += 1
        write(*"abcdefgh")
    house.run()
    assert house.texts() == ["first"]
    house.later(70)
    assert house.messages()[1] == "z"


@pytest.mark.slow
def test_of_a_lost_burst_all_are_seen_behind_however_much_that_came_late(house: House, write: Write) -> None:
    open_thread(house)
    write(*"tuvwxyz")
    claimed_by_the_dead(house, *"tuvwxyz")
    for _ in range(9):
        house.clock.ahead += 1
        write(*"abcdefgh")
    house.later(70)
    assert house.texts()[1] == "t\nu\nv\nw\nx\ny\nz"
