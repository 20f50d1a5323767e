"""The forms a reply has had: what nobody told us of may have been a note, and a leak cannot be undone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import pytest

from chalicelib.missed.watch import EVERY
from chalicelib.model import Gate, State
from chalicelib.outbound.forms import MOST, with_told
from chalicelib.slack.told import Typed
from chalicelib.store import Put
from chalicelib.sweep import sweep
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def sms(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


def typed(house: House, *forms: str, lost: int = 0) -> None:
    """Type something and edit it, so that nobody tells us of its first forms."""
    house.slack.drop_events(1_000)
    ts = house.say(forms[0])
    for number, text in enumerate(forms[1:], 1):
        house.quiet()
        if number == lost:
            house.slack.drop_events(0)
        house.clock.ahead += 1
        house.slack.edit(SUPPORT, ts, text)
    house.run()
    house.later(70)
    house.later(70)


def test_a_note_of_whose_first_form_nobody_told_us_stays_inside(ana: House) -> None:
    typed(ana, "// they are upset", "they are upset", "they are very upset", lost=2)
    assert sms(ana) == []
    assert ana.texts()[-1].endswith("it was edited before we heard of it; if it was not a note, send it.")


def test_an_edit_that_tells_the_first_form_is_enough(ana: House) -> None:
    typed(ana, "Helo", "Hello", lost=1)
    assert sms(ana) == ["Hello"]


def test_what_an_edit_tells_of_the_form_before_counts_for_a_reply_on_record(ana: House) -> None:
    ts = ana.say("they are upset")
    ana.quiet()
    ana.slack.drop_events(1_000)
    ana.slack.edit(SUPPORT, ts, "// they are upset")
    ana.quiet()
    ana.slack.drop_events(0)
    ana.clock.ahead += 1
    ana.slack.edit(SUPPORT, ts, "they are upset!")
    ana.run()
    assert sms(ana) == []
    assert [item.state for item in ana.items() if item.outbound] == [State.WITHDRAWN]
    assert ana.texts()[-1].startswith("A note stays inside")


def edited_backwards(house: House, *forms: str) -> None:
    """Type something and edit it, and let its events come in the wrong order, long after each other."""
    house.slack.hold_events()
    ts = house.say(forms[0])
    for text in forms[1:]:
        house.clock.ahead += 1
        house.slack.edit(SUPPORT, ts, text)
    house.slack.release_events(reverse=True)
    house.run()
    house.later(70)


def test_what_was_held_back_goes_out_once_its_earlier_forms_are_told(ana: House) -> None:
    edited_backwards(ana, "One", "Two", "Three", "Four")
    assert sms(ana) == ["Four"]


def test_what_was_held_back_is_withdrawn_once_a_form_of_it_was_a_note(ana: House) -> None:
    edited_backwards(ana, "// One", "Two", "Three", "Four")
    assert sms(ana) == []
    assert [item.state for item in ana.items() if item.outbound] == [State.WITHDRAWN]


@pytest.mark.parametrize("first", ["One", "// One"])
def test_a_reply_in_a_thread_that_nobody_knows_is_read_in_all_its_forms(house: House, first: str) -> None:
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.hold_events()
    house.twilio.write(ANA, "Hi")
    house.run_bells()
    house.quiet()
    ts = house.say(first)
    for text in ("Two", "Three"):
        house.clock.ahead += 1
        house.slack.edit(SUPPORT, ts, text)
    house.slack.release_events(reverse=True)
    house.run()
    house.later(70)
    assert sms(house) == (["Three"] if first == "One" else [])


def test_what_was_held_back_is_withdrawn_once_its_first_form_turns_out_to_be_a_note(ana: House) -> None:
    ana.slack.hold_events()
    ts = ana.say("// One")
    for text, lost in (("Two", 1), ("Three", 0)):
        ana.clock.ahead += 1
        ana.slack.drop_events(lost)
        ana.slack.edit(SUPPORT, ts, text)
    ana.slack.release_events(reverse=True)
    ana.run()
    assert [item.state for item in ana.items() if item.outbound] == [State.WITHDRAWN]


# ------------------------------------------------------------------------------ forms of what is on record already


def shut(house: House, seconds: int = 3600) -> None:
    house.world.store.write(Put(Gate("twilio", "main", house.clock.ms() + seconds * 1000, "a test")))


def edit(house: House, ts: str, *forms: str, lost: bool = False) -> None:
    """Edit a reply, a second after each other."""
    for text in forms:
        house.quiet()
        house.slack.drop_events(int(lost))
        house.clock.ahead += 1
        house.slack.edit(SUPPORT, ts, text)
    house.quiet()


def waiting(house: House, text: str = "One") -> str:
    """Type a reply that cannot go out for an hour."""
    shut(house)
    ts = house.say(text)
    house.run()
    return ts


def after_an_hour(house: House) -> None:
    for _ in range(10):
        house.later(EVERY / 1000 + 1)


def send_again(house: House) -> None:
    (verdict,) = [post["ts"] for post in house.thread() if "edited before we heard" in post["text"]]
    assert house.slack.press(BOB, SUPPORT, verdict, "send_again") == 200


@pytest.mark.parametrize("told", [("they are upset!",), ()], ids=["told by an event", "found in a list"])
def test_a_reply_that_waits_and_is_edited_is_held_back_if_a_form_was_not_told(
    ana: House, told: Iterable[str]
) -> None:
    ana.later(0)
    ts = waiting(ana)
    edit(ana, ts, "// they are upset", "they are upset", lost=True)
    edit(ana, ts, *told)
    after_an_hour(ana)
    assert sms(ana) == []
    assert ana.texts()[-1].endswith("it was edited before we heard of it; if it was not a note, send it.")


def test_a_reply_that_waits_and_is_edited_goes_out_if_all_its_forms_were_told(ana: House) -> None:
    edit(ana, waiting(ana), "Two", "Three", "Four")
    after_an_hour(ana)
    assert (sms(ana), ana.texts()) == (["Four"], ["Hi", "Four"])


def test_a_reply_that_waits_goes_out_once_the_missing_form_is_told(ana: House) -> None:
    ts = waiting(ana)
    ana.slack.hold_events()
    edit(ana, ts, "Two", "Three", "Four")
    ana.slack.release_events(reverse=True)
    after_an_hour(ana)
    assert (sms(ana), ana.texts()) == (["Four"], ["Hi", "Four"])


def test_what_a_person_sends_although_a_form_is_missing_is_not_held_back_by_the_next_edit(ana: House) -> None:
    ts = waiting(ana)
    edit(ana, ts, "Two", lost=True)
    edit(ana, ts, "Three")
    ana.run()
    ana.later(70)
    send_again(ana)
    edit(ana, ts, "Four")
    after_an_hour(ana)
    assert sms(ana) == ["Four"]


def test_a_form_that_is_missing_after_a_person_sent_it_holds_it_back_again(ana: House) -> None:
    ts = waiting(ana)
    for number in range(2):
        edit(ana, ts, "// they are upset", "they are upset", lost=True)
        edit(ana, ts, f"they are upset{number}")
        ana.run()
        ana.later(70)
        if number == 0:
            send_again(ana)
            ana.run()
    after_an_hour(ana)
    assert sms(ana) == []


# ------------------------------------------------------------------------------ taken back after its verdict


TAKEN_BACK = f"Taken back: nothing of this went to {ANA}."


def told_of(house: House) -> str:
    """Hold a reply back, and let the thread say so."""
    ts = waiting(house)
    edit(house, ts, "Two", lost=True)
    edit(house, ts, "Three")
    house.run()
    house.later(70)
    assert "edited before we heard" in house.texts()[-1]
    return ts


@pytest.mark.parametrize("how", ["edited into a note", "deleted"])
def test_the_verdict_on_what_is_taken_back_says_so_and_offers_nothing(ana: House, how: str) -> None:
    ts = told_of(ana)
    if how == "deleted":
        ana.slack.delete(SUPPORT, ts)
    else:
        edit(ana, ts, "// Three")
    ana.run()
    assert ana.texts()[-1] == TAKEN_BACK
    assert not [block for block in ana.thread()[-1]["blocks"] if block["type"] == "actions"]
    after_an_hour(ana)
    assert [item.due for item in ana.items()] == [None, None]


def test_a_verdict_that_somebody_deleted_is_not_posted_anew_for_what_is_taken_back(ana: House) -> None:
    ts = told_of(ana)
    ana.slack.delete(SUPPORT, ana.thread()[-1]["ts"])
    edit(ana, ts, "// Three")
    ana.run()
    after_an_hour(ana)
    assert ana.texts() == ["Hi", "// Three"]
    assert [item.due for item in ana.items()] == [None, None]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_verdict_whose_answer_was_lost_says_what_was_taken_back_meanwhile(ana: House, drop: str) -> None:
    ts = waiting(ana)
    edit(ana, ts, "Two", lost=True)
    edit(ana, ts, "Three")
    ana.slack.fail("chat.postMessage", {"drop": drop})
    ana.slack.hold_events()
    ana.clock.ahead += 61
    sweep(ana.world)
    ana.run_bells()
    ana.slack.release_events()
    edit(ana, ts, "// Three")
    ana.run()
    after_an_hour(ana)
    assert ana.texts() == ["Hi", "// Three", TAKEN_BACK]
    assert [item.due for item in ana.items()] == [None, None]


# ------------------------------------------------------------------------------ which form follows which


FORMS = [("1", ""), ("2", "1"), ("3", "2"), ("4", "3")]


def known(*told: tuple[str, str]) -> Mapping[str, str]:
    """Hear which form follows which, in this order."""
    edited = ""
    forms = with_told({}, edited, form())
    for now, before in told:
        forms, edited = with_told(forms, edited, form(now, before)), max(edited, now)
    return forms


def form(edited: str = "", follows: str = "") -> Typed:
    return Typed("T", "C", "1", "2", "U", "x", edited=edited, follows=follows)


@pytest.mark.parametrize("told", [*itertools.permutations(FORMS)])
def test_once_every_form_was_told_nothing_is_missing_whatever_their_order(
    told: tuple[tuple[str, str], ...],
) -> None:
    assert known(*told) == known(*told, *told) == {}
    assert known(("4", "?"), *told) == known(*told[:2], ("4", "?"), *told[2:]) == {}


@pytest.mark.parametrize("lost", FORMS)
def test_as_long_as_one_form_was_not_told_something_is_missing(lost: tuple[str, str]) -> None:
    told = [each for each in FORMS if each != lost]
    for order in itertools.permutations([*told, ("4", "?")]):
        assert known(*order)


def test_not_more_is_remembered_of_a_reply_than_its_row_can_hold() -> None:
    told = [(f"{number:03}", f"{number - 1:03}") for number in range(2, 2 * MOST)]
    assert len(known(*told)) == MOST
