"""The team chooses another way back: what stands below the line that says so goes out by it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.model import Kind
from infra.local.slack.team import BOB
from tests.house import House
from tests.inbound.test_deliver import event, written
from tests.offering import press

PHONE = "15551230001"


@pytest.fixture
def ana(house: House) -> House:
    """Ana has written by SMS, and then by WhatsApp."""
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.clock.ahead += 2
    house.whatsapp.write(PHONE, "by WhatsApp")
    house.run()
    house.clock.ahead += 1
    return house


def form(house: House) -> dict[str, Any]:
    view = house.slack.modal(BOB)
    assert view is not None
    return view


def ways(house: House) -> dict[str, str]:
    """What the form offers."""
    element = form(house)["blocks"][0]["element"]
    return {each["text"]["text"]: each["value"] for each in element["options"]}


def ask(house: House, user: str = BOB) -> None:
    press(house, "turn", user)


def choose(house: House, label: str) -> None:
    ask(house)
    house.slack.submit(BOB, {"way": ways(house)[label]})
    house.run()


def turns(house: House) -> list[str]:
    return [text for text in house.texts() if "turned to" in text]


def phones(house: House) -> tuple[list[str], list[str]]:
    return house.on_phone(house.twilio.phone(f"+{PHONE}")), house.on_phone(house.whatsapp.phone(PHONE))


def test_replies_below_the_choice_go_by_it(ana: House) -> None:
    choose(ana, f"SMS · +{PHONE}")
    ana.say("answer")
    ana.run()
    assert phones(ana) == (["answer"], [])
    assert turns(ana)[0] == f"Bob Brown turned to SMS · +{PHONE}: what is written below this goes there."


def test_the_form_offers_what_they_have_and_shows_what_is_so(ana: House) -> None:
    ask(ana)
    assert list(ways(ana)) == [f"WhatsApp · {PHONE}", f"SMS · +{PHONE}"]
    initial = form(ana)["blocks"][0]["element"]["initial_option"]
    assert initial["text"]["text"] == f"WhatsApp · {PHONE}"


def test_what_is_so_already_is_not_said_again(ana: House) -> None:
    choose(ana, f"WhatsApp · {PHONE}")
    assert turns(ana) == []
    assert "Replies go there already." in str(ana.slack.modal(BOB))


def test_a_reply_above_the_choice_goes_as_it_would_have(ana: House) -> None:
    ask(ana)
    ana.say("above")
    ana.clock.ahead += 0.1
    ana.slack.submit(BOB, {"way": ways(ana)[f"SMS · +{PHONE}"]})
    ana.run()
    ana.say("below")
    ana.run()
    assert phones(ana) == (["below"], ["above"])


def test_it_holds_until_they_write_in_another_way(ana: House) -> None:
    choose(ana, f"SMS · +{PHONE}")
    ana.clock.ahead += 2
    ana.whatsapp.write(PHONE, "WhatsApp again")
    ana.run()
    ana.say("answer")
    ana.run()
    assert phones(ana) == ([], ["answer"])


def test_what_comes_late_by_another_way_does_not_undo_it(ana: House) -> None:
    ana.twilio.write(f"+{PHONE}", "newest")
    ana.run()
    choose(ana, f"WhatsApp · {PHONE}")
    written(ana, event("written before all that", ana.clock.ms() - 600_000))
    ana.run()
    ana.say("answer")
    ana.run()
    assert phones(ana) == ([], ["answer"])


def test_handed_in_twice_it_is_said_once(ana: House) -> None:
    choose(ana, f"SMS · +{PHONE}")
    ana.slack.again(BOB)
    ana.run()
    assert [item.kind for item in ana.items()].count(Kind.TURN) == 1


def test_a_way_that_asked_not_to_be_used_is_not_offered(ana: House) -> None:
    ana.twilio.write(f"+{PHONE}", "STOP")
    ana.run()
    ana.clock.ahead += 1
    ana.whatsapp.write(PHONE, "and here?")
    ana.run()
    ask(ana)
    assert list(ways(ana)) == [f"WhatsApp · {PHONE}"]
    assert f"They asked not to be written to by SMS · +{PHONE}." in str(ana.slack.modal(BOB))


def test_a_way_that_was_refused_meanwhile_is_not_taken(ana: House) -> None:
    ask(ana)
    chosen = ways(ana)[f"SMS · +{PHONE}"]
    ana.twilio.write(f"+{PHONE}", "STOP")
    ana.run()
    ana.slack.submit(BOB, {"way": chosen})
    ana.run()
    assert "cannot be reached that way any more" in str(ana.slack.modal(BOB))
    assert Kind.TURN not in [item.kind for item in ana.items()]


def test_where_the_window_is_over_the_form_says_so(ana: House) -> None:
    ana.later(25 * 3600)
    ask(ana)
    assert f"WhatsApp · {PHONE} (only templates now)" in ways(ana)


def test_somebody_with_one_way_has_no_other(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    ask(house)
    assert "They have written in one way only" in str(house.slack.state()["ephemerals"])


def test_a_reply_waits_for_a_choice_above_it_whose_answer_was_lost(ana: House) -> None:
    ask(ana)
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.drop_events(1)
    ana.slack.submit(BOB, {"way": ways(ana)[f"SMS · +{PHONE}"]})
    ana.run()
    ana.say("below")
    ana.run()
    assert phones(ana) == ([], [])
    ana.later(70)
    assert phones(ana) == (["below"], [])


def test_two_choices_of_two_people_hold_each_for_what_is_below_it(ana: House) -> None:
    choose(ana, f"SMS · +{PHONE}")
    ana.say("by SMS")
    ana.run()
    choose(ana, f"WhatsApp · {PHONE}")
    ana.say("by WhatsApp")
    ana.run()
    assert phones(ana) == (["by SMS"], ["by WhatsApp"])
