"""A lost drawing of a verdict that takes effect after all, minutes after it was given up, does not stay."""

from __future__ import annotations

from chalicelib.model import Side, owed
from chalicelib.queues import Bell
from chalicelib.slack.blocks import line
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, reactions
from tests.inbound.test_draws import drawings, failed, talk
from tests.outbound.test_send import lose_what_whatsapp_may_have_taken, reply_of, wa  # noqa: F401 - a fixture

AGAIN = "send_again"


def verdict_of(house: House) -> tuple[str, list[str]]:
    """What the thread says became of a reply, and the marks on it."""
    *_, reply, notice = house.thread(0)
    return notice["text"], reactions(reply)


def outlasts(house: House, words: str) -> None:
    """Let a call of ours that was given up take effect now, and expect that it does not stay."""
    said, marks = verdict_of(house)
    house.world.slack.update(SUPPORT, house.thread(0)[-1]["ts"], line(words))
    assert verdict_of(house)[0] == words
    calls = len(drawings(house))
    (home, *_) = house.conversations()
    house.answer(Side.SLACK, Bell(home.id, SUPPORT))
    assert len(drawings(house)) == calls
    for _ in range(3):
        house.later(61)
    assert verdict_of(house) == (said, marks)
    assert len(drawings(house)) == calls + 1
    house.later(500)
    assert len(drawings(house)) == calls + 1
    assert [(item.doubt, item.due, owed(item)) for item in house.items() if item.outbound] == [(0, None, None)]


def test_a_verdict_whose_drawing_was_lost_is_drawn_once_more_when_that_can_come_no_more(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.slack.press(BOB, SUPPORT, notice["ts"], AGAIN)
    house.clock.ahead += 180
    house.slack.fail("chat.update", {"drop": "before"})
    house.run()
    house.later(61)
    assert "did reach" in verdict_of(house)[0]
    outlasts(house, "what the lost call said")


def test_bad_news_whose_drawing_was_lost_is_drawn_once_more_when_that_can_come_no_more(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.slack.press(BOB, SUPPORT, notice["ts"], AGAIN)
    house.clock.ahead += 180
    house.twilio.fail({"error": 30003, "status": 400}, on="POST")
    house.slack.fail("chat.update", {"drop": "before"})
    house.run()
    house.later(61)
    assert verdict_of(house)[0].startswith("⚠")
    outlasts(house, "what the lost call said")


def test_what_a_press_has_the_thread_say_does_not_outlast_what_came_of_it(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.slack.fail("chat.update", {"drop": "before"})
    house.slack.press(BOB, SUPPORT, notice["ts"], AGAIN)
    house.run()
    assert "did reach" in verdict_of(house)[0]
    outlasts(house, "Sending it again …")


def test_a_reply_that_was_read_while_its_verdict_was_in_doubt_keeps_its_one_mark(wa: House) -> None:  # noqa: F811
    lose_what_whatsapp_may_have_taken(wa, "after")
    wa.slack.fail("chat.update", {"drop": "before"})
    phone = wa.whatsapp.phone(reply_of(wa).route.to)  # type: ignore[union-attr]
    wa.whatsapp.receipt(phone[-1]["id"], "delivered")
    wa.run()
    wa.later(61)
    said = verdict_of(wa)
    assert said == ("This did reach Ana after all.", ["ballot_box_with_check"])
    wa.whatsapp.receipt(phone[-1]["id"], "read")
    wa.run()
    outlasts(wa, "what the lost call said")
    assert verdict_of(wa) == said


def test_a_verdict_in_doubt_that_somebody_deleted_is_not_posted_anew(house: House) -> None:
    talk(house)
    notice = failed(house)
    house.twilio.fail({"error": 30003, "status": 400}, on="POST")
    house.slack.press(BOB, SUPPORT, notice["ts"], AGAIN)
    house.run()
    house.slack.delete(SUPPORT, notice["ts"])
    for _ in range(4):
        house.later(61)
    assert house.texts(0) == ["first", "Hello"]
