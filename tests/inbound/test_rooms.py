"""What becomes of a desk's Slack channel: an administrator is told, what has to wait waits, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.gates import shut
from chalicelib.inbound.rooms import look_at_room
from chalicelib.model import Gate
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, Over

ANA = "+15551230001"
MINUTE, HOUR = 60, 3600


@pytest.fixture
def known(house: House) -> House:
    """A desk whose channel has been looked at, with one customer."""
    house.twilio.write(ANA, "first")
    house.run()
    house.later(MINUTE)
    house.later(10 * MINUTE)
    return house


def told(house: House) -> list[str]:
    """What administrators were told of the desk's channel."""
    return [post["text"] for post in house.slack.messages("C0SALES") if "the desk “support”" in post["text"]]


def is_shut(house: House) -> bool:
    return shut(house.store.find(Gate, "slack", SUPPORT), house.clock.ms())


TROUBLES: dict[str, tuple[Callable[[House], object], Callable[[House], object], str]] = {
    "archived": (lambda h: h.slack.archive(SUPPORT), lambda h: h.slack.unarchive(SUPPORT), "was archived"),
    "left": (lambda h: h.slack.kick(SUPPORT), lambda h: h.slack.invite(SUPPORT), "has lost Threadline"),
}


@pytest.mark.parametrize("what", TROUBLES)
def test_where_nothing_can_be_posted_all_waits_and_an_administrator_hears_why(known: House, what: str) -> None:
    spoil, mend, why = TROUBLES[what]
    spoil(known)
    known.run()
    assert is_shut(known)
    assert len(told(known)) == 1
    assert why in told(known)[0]
    known.twilio.write(ANA, "second")
    known.run()
    mend(known)
    known.run()
    assert not is_shut(known)
    assert "can be used again" in told(known)[-1]
    for _ in range(4):
        known.later(2 * MINUTE)
    assert known.texts()[-1] == "second"


def test_a_deleted_channel_is_told_of(known: House) -> None:
    known.slack.delete_channel(SUPPORT)
    known.run()
    assert is_shut(known)
    assert "is gone, or hidden" in told(known)[0]


def test_a_new_name_is_told_and_nothing_waits(known: House) -> None:
    known.slack.rename(SUPPORT, "help")
    known.run()
    assert [text.endswith("Nothing has to be done about it.") for text in told(known)] == [True]
    assert "#help now, and was #support" in told(known)[0]
    assert not is_shut(known)


def test_a_channel_that_is_shared_with_outsiders_is_told_of_once_each_time(known: House) -> None:
    for _ in range(2):
        known.slack.share(SUPPORT)
        known.run()
    assert len(told(known)) == 1
    assert "shared with another organization now" in told(known)[0]
    known.slack.unshare(SUPPORT)
    known.run()
    assert "not shared with another organization any more" in told(known)[-1]


def test_a_lost_event_is_made_up_for_within_the_hour(known: House) -> None:
    known.slack.drop_events(2)
    known.slack.share(SUPPORT)
    known.run()
    assert told(known) == []
    for _ in range(8):
        known.later(10 * MINUTE)
    assert len(told(known)) == 1


@pytest.mark.parametrize("error", ["internal_error", "ratelimited"])
def test_what_nobody_could_be_told_of_is_told_within_the_hour(known: House, error: str) -> None:
    known.slack.fail("chat.postMessage", {"error": error})
    known.slack.share(SUPPORT)
    known.run()
    assert told(known) == []
    for _ in range(8):
        known.later(10 * MINUTE)
    assert len(told(known)) == 1


def test_other_channels_and_people_who_come_and_go_are_nobodys_business(known: House) -> None:
    heard = known.bells.heard
    known.slack.archive("C0ELSEWHERE")
    known.slack.leave(SUPPORT, BOB)
    known.slack.invite(SUPPORT, BOB)
    known.quiet()
    assert (known.bells.heard, told(known)) == (heard, [])


NEW = "C0MOVED"


def test_a_channel_with_another_id_goes_on_both_ways(known: House) -> None:
    thread = known.threads()[0]
    known.slack.move_channel(SUPPORT, NEW)
    known.run()
    assert f"has another id in Slack now, {NEW}" in told(known)[0]
    assert not is_shut(known)
    known.twilio.write(ANA, "second")
    known.run()
    assert known.slack.thread(NEW, thread)[-1]["text"] == "second"
    known.slack.say(BOB, NEW, "Got it", thread)
    known.run()
    assert known.on_phone(known.twilio.phone(ANA)) == ["Got it"]
    assert "ballot_box_with_check" in str(known.slack.thread(NEW, thread)[-1]["reactions"])
    known.twilio.write("+15551230009", "Hello from somebody new")
    known.run()
    assert "Hello from somebody new" in str(known.slack.messages(NEW)) + str(
        [known.slack.thread(NEW, ts) for ts in known.threads(NEW)]
    )


def test_a_channel_may_move_twice(known: House) -> None:
    for old, new in ((SUPPORT, NEW), (NEW, "C0AGAIN")):
        known.slack.move_channel(old, new)
        known.run()
    known.twilio.write(ANA, "second")
    known.run()
    assert known.slack.thread("C0AGAIN", known.threads("C0AGAIN")[0])[-1]["text"] == "second"


def test_whoever_dies_before_an_administrator_is_told_leaves_it_to_the_next(known: House) -> None:
    real = known.world.slack

    def dies(*_: object) -> object:
        raise RuntimeError("the worker is gone")

    known.slack.rename(SUPPORT, "help")
    known.quiet()
    object.__setattr__(known.world, "slack", Over(real, post=dies))
    try:
        with pytest.raises(RuntimeError):
            look_at_room(known.world, SUPPORT)
    finally:
        object.__setattr__(known.world, "slack", real)
    known.run()
    assert ["#help now" in text for text in told(known)] == [True]
