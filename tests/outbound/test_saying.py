"""Words that nobody typed in the thread: posted there under their author's name, and from then on a reply."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.health import health
from chalicelib.inbound.entries import bell_of
from chalicelib.model import Item, Kind, Ref, Route, Side, Stamp, State
from chalicelib.outbound.saying import words_for
from chalicelib.slack.blocks import line
from chalicelib.store import Put
from chalicelib.team import renamed
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from tests.house import SETTINGS, House, reactions

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def said(house: House, words: str = "Your parcel is on its way.", route: Route | None = None) -> None:
    """Bob says something by a button or a form."""
    home = house.conversations()[-1]
    house.store.write(words_for(house.world, home, BOB, words, route))
    house.world.queues.ring(Side.SLACK, [bell_of(home)])


def phone(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


def media(house: House) -> list[str]:
    return [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"]


def reply(house: House) -> Item:
    return next(item for item in house.items() if item.author == BOB)


def test_what_is_said_stands_in_the_thread_under_its_authors_name_and_goes_out(ana: House) -> None:
    said(ana)
    ana.run()
    post: dict[str, Any] = ana.thread()[-1]
    assert (post["text"], post["username"]) == ("Your parcel is on its way.", "Bob Brown")
    assert phone(ana) == ["Your parcel is on its way."]
    assert reactions(post) == ["ballot_box_with_check"]
    assert (reply(ana).kind, reply(ana).state) == (Kind.REPLY, State.DELIVERED)
    assert ana.conversations()[0].waiting_since is None


def test_customers_and_the_thread_see_the_public_name(ana: House) -> None:
    ana.store.write(Put(renamed(ana.world, BOB, "Roberta")))
    said(ana)
    ana.run()
    assert ana.thread()[-1]["username"] == "Roberta"


def test_no_sign_in_it_is_a_mark_and_nobody_is_called(ana: House) -> None:
    words = "*2 for 1* <!here> & <https://example.com|x> :tada:"
    said(ana, words)
    ana.run()
    assert phone(ana) == [words.replace(":tada:", "🎉")]
    assert "<!here>" not in ana.texts()[-1]


def test_it_goes_where_a_reply_typed_there_would_go(ana: House) -> None:
    ana.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana")
    said(ana)
    ana.run()
    assert ana.texts() == ["Hi", "By WhatsApp", "Your parcel is on its way."]
    assert media(ana) == ["whatsapp"]


def test_a_way_that_was_chosen_for_it_stays(ana: House) -> None:
    route = ana.conversations()[0].route
    ana.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana")
    ana.run()
    said(ana, route=route)
    ana.run()
    assert media(ana) == ["sms"]
    assert "by SMS" in str(ana.thread()[-1]["blocks"])


def test_what_a_customer_has_asked_not_to_get_is_not_sent(ana: House) -> None:
    ana.twilio.write(ANA, "STOP")
    ana.run()
    before = phone(ana)
    said(ana)
    ana.run()
    assert phone(ana) == before
    assert "they asked not to be written to" in ana.texts()[-1]


def test_a_lost_answer_of_slack_neither_loses_nor_doubles_it(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    said(ana)
    ana.run()
    assert ana.texts() == ["Hi", "Your parcel is on its way."]
    assert phone(ana) == ["Your parcel is on its way."]


def test_where_the_event_is_lost_too_it_is_looked_up_and_goes_out_then(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.drop_events(1)
    said(ana)
    ana.run()
    assert phone(ana) == []
    ana.later(70)
    assert ana.texts() == ["Hi", "Your parcel is on its way."]
    assert phone(ana) == ["Your parcel is on its way."]


def test_a_second_copy_of_it_is_taken_out_and_nothing_goes_out_twice(ana: House) -> None:
    ana.slack.scopes.discard("channels:history")
    ana.slack.hold_events()
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    said(ana)
    ana.run()
    ana.later(70)
    assert len(ana.texts()) == 3
    ana.slack.release_events()
    ana.run()
    assert ana.texts() == ["Hi", "Your parcel is on its way."]
    assert ana.thread()[-1]["ts"] == reply(ana).their_id
    assert phone(ana) == ["Your parcel is on its way."]


def test_a_copy_of_its_words_is_not_taken_for_its_verdict(ana: House) -> None:
    ana.twilio.write(ANA, "STOP")
    ana.run()
    said(ana)
    ana.run()
    before = ana.texts()
    item = reply(ana)
    stamp = Stamp(item.spoken, item.conversation, item.id)
    ana.world.slack.post(SUPPORT, ana.threads()[0], line("Your parcel is on its way."), stamp)
    ana.run()
    assert ana.texts() == before
    assert reply(ana).notice_ts == item.notice_ts


def test_its_place_in_slack_leads_to_it(ana: House) -> None:
    said(ana)
    ana.run()
    ref = ana.store.find(Ref, "slack", TEAM_ID, f"{SUPPORT}:{ana.thread()[-1]['ts']}")
    assert ref is not None
    assert ref.item == reply(ana).id


def test_what_slack_refuses_is_not_sent_and_the_thread_says_so(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, times=2)
    said(ana)
    ana.run()
    assert phone(ana) == []
    assert "could not be posted here, so it was not sent" in ana.texts()[-1]
    assert health(ana.world)["parked"] == 1


def test_what_turns_up_after_it_was_given_up_waits_for_a_person(ana: House) -> None:
    ana.slack.scopes.discard("channels:history")
    ana.slack.hold_events()
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    said(ana)
    ana.run()
    ana.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, times=2)
    ana.later(70)
    assert "so it was not sent" in ana.texts()[-1]
    ana.slack.release_events()
    ana.run()
    assert phone(ana) == []
    assert "it turned up here after it had been given up" in ana.texts()[-1]
    ana.slack.press(BOB, SUPPORT, ana.thread()[-1]["ts"], "send_again")
    ana.run()
    assert phone(ana) == ["Your parcel is on its way."]


def test_it_outlasts_an_outage_of_slack(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"drop": "before"}, times=6)
    said(ana)
    ana.run()
    for _ in range(8):
        ana.later(130)
    assert phone(ana) == ["Your parcel is on its way."]


def test_after_a_day_it_is_posted_and_a_person_is_asked(ana: House) -> None:
    ana.slack.fail("chat.postMessage", {"error": "is_archived"}, times=1)
    said(ana)
    ana.run()
    ana.later(25 * 3600)
    assert phone(ana) == []
    assert "it could not be sent for a whole day" in ana.texts()[-1]


@pytest.mark.parametrize("side", [Side.SLACK, Side.CUSTOMER])
def test_a_lost_bell_costs_a_minute_and_nothing_else(ana: House, side: Side) -> None:
    ana.bells.lost.add(side)
    said(ana)
    ana.run()
    ana.bells.lost.clear()
    ana.later(70)
    assert phone(ana) == ["Your parcel is on its way."]


def test_it_keeps_its_place_among_what_is_typed(ana: House) -> None:
    ana.say("one")
    ana.run()
    said(ana, "two")
    ana.run_bells()
    ana.say("three")
    ana.run()
    assert phone(ana) == ["one", "two", "three"]


def test_whoever_deletes_it_in_time_takes_it_back(ana: House) -> None:
    ana.bells.lost.add(Side.CUSTOMER)
    said(ana)
    ana.run()
    ana.slack.delete(SUPPORT, ana.thread()[-1]["ts"])
    ana.bells.lost.clear()
    ana.later(70)
    assert phone(ana) == []
    assert reply(ana).state is State.WITHDRAWN


def test_whoever_deletes_it_later_is_told_that_it_has_gone(ana: House) -> None:
    said(ana)
    ana.run()
    ana.slack.delete(SUPPORT, ana.thread()[-1]["ts"])
    ana.run()
    assert "Deleted here only" in ana.texts()[-1]


def test_a_customer_who_reacts_to_it_is_seen_to(house: House) -> None:
    house.whatsapp.write("5511987654321", "Olá", name="Ana")
    house.run()
    said(house)
    house.run()
    house.whatsapp.react("5511987654321", reply(house).parts[0].id, "❤️")
    house.run()
    assert "heart" in reactions(house.thread()[-1])


def test_it_goes_out_where_only_marked_replies_do(ana: House) -> None:
    ana.settings_text = SETTINGS.replace("[accounts]", 'relay = "marked"\n[accounts]')
    said(ana)
    ana.run()
    assert phone(ana) == ["Your parcel is on its way."]
