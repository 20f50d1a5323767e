"""Two who were taken for one are told apart again: what was said meanwhile leads nobody's words to the other."""

from __future__ import annotations

import pytest

from chalicelib.contacts import person
from chalicelib.inbound.joining import part
from chalicelib.model import Merge
from chalicelib.search import find_people
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SETTINGS, House
from tests.inbound.test_merging import SMS, WHATSAPP, by_hand, known, lines
from tests.offering import press
from tests.test_contacts import BSUID, PHONE

SALES = "C0SALES"
TWO_DESKS = (
    SETTINGS.replace('admin_channel = "C0SALES"', "")
    .replace("[accounts]", f'[desks.sales]\nslack_channel = "{SALES}"\n[accounts]')
    .replace('"whatsapp/main" = "support"', '"whatsapp/main" = "sales"')
)
LAST = "The last word above is"


def met(house: House) -> House:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    house.whatsapp.write(BSUID, "by WhatsApp", name="Ana")
    house.run()
    return house


@pytest.fixture
def two(house: House) -> House:
    """Somebody who wrote by SMS, and somebody who wrote by WhatsApp."""
    return met(house)


def one_person(house: House) -> Merge:
    done = by_hand(house, SMS, WHATSAPP)
    assert done is not None
    house.clock.ahead += 1
    return done


def apart(house: House, done: Merge) -> None:
    part(house.world, done.id, BOB)
    house.run()


def test_a_thread_of_the_other_in_which_the_first_wrote_last_says_so_too(house: House) -> None:
    house.settings_text = TWO_DESKS
    done = one_person(met(house))
    house.whatsapp.write(PHONE, "from the number, by WhatsApp", name="Ana")
    house.run()
    apart(house, done)
    told = house.texts(0, SALES)[-1]
    assert "took that back" in told
    assert LAST in told
    assert LAST not in house.texts(0)[-1]


def test_a_conversation_that_began_while_they_were_one_hears_of_it(two: House) -> None:
    done = one_person(two)
    for number in (0, 1):
        two.slack.press(BOB, SUPPORT, two.threads()[number], "resolve")
    two.run()
    two.later(100 * 3600)
    two.whatsapp.write(BSUID, "long after", name="Ana")
    two.run()
    apart(two, done)
    assert two.texts(2)[0] == "long after"
    assert f"{LAST} Ana ({BSUID})'s" in two.texts(2)[-1]


def test_what_was_the_other_s_is_no_way_to_reply_any_more(two: House) -> None:
    done = one_person(two)
    two.whatsapp.write(BSUID, "in the first thread")
    two.run()
    apart(two, done)
    first = two.conversations()[0]
    two.slack.press(BOB, SUPPORT, two.threads()[0], "more")
    two.slack.press_in_view(BOB, "turn")
    view = two.slack.modal(BOB)
    assert view is not None
    assert [each["text"]["text"] for each in view["blocks"][0]["element"]["options"]] == [f"SMS · +{PHONE}"]
    two.slack.submit(BOB, {"way": view["blocks"][0]["element"]["options"][0]["value"]})
    two.run()
    two.say("to the first", 0)
    two.run()
    assert two.on_phone(two.twilio.phone(f"+{PHONE}")) == ["to the first"]
    assert two.on_phone(two.whatsapp.phone(BSUID)) == []
    assert two.conversations()[0].id == first.id


def test_a_message_that_is_posted_only_after_the_undo_makes_no_way_to_the_first(two: House) -> None:
    done = one_person(two)
    two.whatsapp.write(BSUID, "on its way")
    two.quiet()
    apart(two, done)
    assert "on its way" in two.texts(0)
    first = person(two.store, known(two, SMS))
    assert first is not None
    assert [route.address for route in first.routes] == [SMS]


def test_who_carries_out_a_merge_first_of_all_knows_where_threads_are(two: House) -> None:
    two.whatsapp.write(PHONE, "shown", bsuid=BSUID)
    two.quiet()
    merges = [rung for rung in two.bells.rung if rung[1].about.startswith("merge:")]
    two.world.slack._team = two.world.slack._address = ""  # as in a worker that has done nothing yet
    for rung in merges:
        two.bells.rung.remove(rung)
        two.answer(*rung)
    two.run()
    assert all("archives" in str(lines(two, number)[-1]["blocks"]) for number in (0, 1))


def test_one_person_is_found_by_words_that_stood_on_two_records(two: House) -> None:
    one_person(two)
    assert len(find_people(two.store, f"ana +{PHONE}", 5)) == 1
    assert find_people(two.store, f"bob +{PHONE}", 5) == []


def test_what_was_moved_to_another_desk_meanwhile_is_found_from_the_one_where_it_began(two: House) -> None:
    two.settings_text = TWO_DESKS.replace('"whatsapp/main" = "sales"', '"whatsapp/main" = "support"')
    done = one_person(two)
    press(two, "move")
    two.slack.submit(BOB, {"desk": "sales"})
    two.run()
    apart(two, done)
    two.whatsapp.write(BSUID, "where does this go?")
    two.twilio.write(f"+{PHONE}", "and this?")
    two.run()
    assert two.texts(0, SALES)[-1] == "where does this go?"
    assert two.texts(0)[-1] == "and this?"
    assert len(two.conversations()) == 2


def test_whom_a_merge_has_blocked_stays_blocked_and_their_thread_says_so(two: House) -> None:
    done = one_person(two)
    press(two, "block")
    two.run()
    apart(two, done)
    assert all(texts[-1].endswith("comes no more into Slack.") for texts in (two.texts(0), two.texts(1)))
    press(two, "unblock")
    two.run()
    two.whatsapp.write(BSUID, "heard")
    two.twilio.write(f"+{PHONE}", "not heard")
    two.run()
    assert two.texts(1)[-1] == "heard"
    assert "not heard" not in two.texts(0)
