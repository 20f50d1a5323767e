"""What the team does with a conversation: each verb once, told in the thread, from wherever it is asked for."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.model import Contact, Conversation, Kind, Status
from chalicelib.slack.desk import menu, standing, tables
from chalicelib.slack.desk.owning import claimed
from chalicelib.slack.desk.snoozing import nine_o_clock
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SETTINGS, House

ANA, MIA, OLGA = "+15551230001", "U0MIA", "olga"
HOUR, DAY = 3600, 86_400


@pytest.fixture
def ana(house: House) -> House:
    house.settings_text = SETTINGS.replace("[accounts]", 'video = "https://meet.example.com/{room}"\n[accounts]')
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def home(house: House) -> Conversation:
    return house.conversations()[-1]


def contact(house: House) -> Contact:
    found = house.store.find(Contact, home(house).contact)
    assert found is not None
    return found


def press(house: House, verb: str, user: str = BOB) -> None:
    """Press a button on the card; what is not there is in the list behind *More*."""
    card = house.slack.thread(SUPPORT, house.threads()[-1])[0]
    if f'"action_id": "{verb}"' in json.dumps(card["blocks"]):
        assert house.slack.press(user, SUPPORT, house.threads()[-1], verb) == 200
    else:
        assert house.slack.press(user, SUPPORT, house.threads()[-1], "more") == 200
        assert house.slack.press_in_view(user, verb) == 200
    house.run()


def submit(house: House, values: dict[str, Any], user: str = BOB) -> None:
    assert house.slack.submit(user, values) == 200
    house.run()


def said(house: House, user: str = BOB) -> str:
    """What the modal says that somebody has open."""
    view = house.slack.modal(user)
    assert view is not None
    return json.dumps(view["blocks"], ensure_ascii=False)


def whispered(house: House, user: str = BOB) -> list[str]:
    """What only one person was told in the channel."""
    return [one["text"] for one in house.slack.state()["ephemerals"] if one["to"] == user]


# --------------------------------------------------------------------------- whose it is


def test_whoever_claims_is_the_owner_and_the_thread_says_so(ana: House) -> None:
    press(ana, "claim")
    assert home(ana).owner == BOB
    assert ana.texts()[-1] == "Bob Brown claimed this."


def test_what_is_somebodys_is_not_claimed_but_may_be_assigned(ana: House) -> None:
    press(ana, "claim")
    card = ana.threads()[-1]
    assert ana.slack.shortcut(MIA, SUPPORT, card) == 200
    assert "Claim" not in said(ana, MIA)
    assert ana.slack.press_in_view(MIA, "assign") == 200
    submit(ana, {"person": MIA}, MIA)
    assert (home(ana).owner, ana.texts()[-1]) == (MIA, "Mia Meyer claimed this.")


def test_to_assign_calls_the_new_owner(ana: House) -> None:
    press(ana, "assign")
    submit(ana, {"person": MIA})
    assert home(ana).owner == MIA
    assert '{"type": "user", "user_id": "U0MIA"}' in json.dumps(ana.thread()[-1]["blocks"])
    assert ana.slack.modal(BOB) is None


def test_a_form_that_is_handed_in_twice_counts_once(ana: House) -> None:
    press(ana, "note")
    submit(ana, {"note": "careful"})
    ana.slack.again(BOB)
    ana.run()
    assert ana.texts() == ["Hi", "Note by Bob Brown: careful"]


def test_nobody_from_outside_is_assigned_anything(ana: House) -> None:
    ana.slack.share(SUPPORT)
    press(ana, "assign")
    assert ana.slack.submit(BOB, {"person": "U0OLGA"}) == 200
    view = ana.slack.modal(BOB)
    assert view is not None
    assert view["errors"] == {"person": "Only people of your team can have a conversation."}
    assert home(ana).owner == ""


def test_what_is_handed_back_is_nobodys(ana: House) -> None:
    press(ana, "claim")
    press(ana, "hand_back")
    assert (home(ana).owner, ana.texts()[-1]) == ("", "Bob Brown handed this back: it is nobody's now.")
    assert "Handed back." in said(ana)


# --------------------------------------------------------------------------- when


@pytest.mark.parametrize("verb", ["resolve", "reopen", "snooze"])
@pytest.mark.parametrize("status", list(Status))
def test_each_verb_on_each_status_does_something_or_is_so_already(ana: House, verb: str, status: Status) -> None:
    press(ana, "snooze" if status is Status.SNOOZED else "resolve")
    if status is Status.SNOOZED:
        submit(ana, {"preset": "hour"})
    if status is Status.OPEN:
        press(ana, "reopen")
    now, lines = home(ana), len(ana.texts())
    done = standing.turned(ana.world, now, contact(ana), verb, BOB, 5 if verb == "snooze" else 0)
    after = standing.AFTER.get((verb, now.status))
    assert (now.status, bool(done.writes)) == (status, after is not None)
    assert bool(done.told)
    assert len(ana.texts()) == lines


def test_resolve_and_reopen_say_who(ana: House) -> None:
    press(ana, "resolve", MIA)
    press(ana, "reopen")
    assert ana.texts()[1:] == ["Mia Meyer resolved this.", "Bob Brown reopened this."]


def test_a_snooze_ends_by_the_clock_and_calls_the_owner(ana: House) -> None:
    press(ana, "claim")
    press(ana, "snooze")
    submit(ana, {"preset": "hour"})
    assert home(ana).status is Status.SNOOZED
    ana.later(HOUR - 120)
    assert home(ana).status is Status.SNOOZED
    ana.later(240)
    assert (home(ana).status, home(ana).snoozed_until) == (Status.OPEN, 0)
    assert ana.texts()[-1] == f"The snooze is over. <@{BOB}>"
    assert home(ana).due is None


def test_a_snooze_that_nobody_owns_ends_for_everybody_to_see(ana: House) -> None:
    press(ana, "snooze")
    submit(ana, {"preset": "hour"})
    ana.later(HOUR + 120)
    assert ana.thread()[-1]["subtype"] == "thread_broadcast"
    assert ana.texts()[-1] == "The snooze is over."


def test_a_customer_who_writes_ends_a_snooze(ana: House) -> None:
    press(ana, "claim")
    press(ana, "snooze")
    submit(ana, {"preset": "tomorrow"})
    ana.twilio.write(ANA, "Hello?")
    ana.run()
    assert (home(ana).status, home(ana).snoozed_until) == (Status.OPEN, 0)
    assert f"<@{BOB}>" in json.dumps(ana.thread()[-1]["blocks"])
    ana.later(2 * DAY)
    assert ana.texts()[-1] == "Hello?"


def test_a_snooze_outlives_what_the_team_says_meanwhile(ana: House) -> None:
    press(ana, "snooze")
    submit(ana, {"preset": "hour"})
    ana.say("We are looking into it")
    ana.run()
    ana.later(61)
    assert home(ana).status is Status.SNOOZED
    ana.later(HOUR)
    assert home(ana).status is Status.OPEN


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"preset": ""}, {"preset": "Please choose when it should come back."}),
        ({"preset": "", "at": 5}, {"at": "That moment is over already."}),
        ({"preset": "", "at": 99_999_999_999}, {"at": "Please choose a moment within a year."}),
    ],
)
def test_a_moment_that_cannot_be_is_refused_in_the_form(
    ana: House, values: dict[str, Any], wrong: dict[str, str]
) -> None:
    press(ana, "snooze")
    assert ana.slack.submit(BOB, values) == 200
    view = ana.slack.modal(BOB)
    assert view is not None
    assert view["errors"] == wrong
    assert home(ana).status is Status.OPEN


@pytest.mark.parametrize(
    ("now", "preset", "zone", "then"),
    [
        ("2026-11-20T20:00+00:00", "tomorrow", "Europe/Istanbul", "2026-11-21T09:00+03:00"),
        (
            "2026-11-20T22:30+00:00",
            "tomorrow",
            "Europe/Istanbul",
            "2026-11-22T09:00+03:00",
        ),  # it is tomorrow there
        ("2026-11-20T20:00+00:00", "monday", "America/New_York", "2026-11-23T09:00-05:00"),
        ("2026-11-23T10:00+00:00", "monday", "Europe/Zurich", "2026-11-30T09:00+01:00"),
        ("2026-03-28T12:00+00:00", "tomorrow", "Europe/Zurich", "2026-03-29T09:00+02:00"),  # summer begins
    ],
)
def test_nine_o_clock_is_that_of_whoever_snoozes(now: str, preset: str, zone: str, then: str) -> None:
    at, wanted = (int(dt.datetime.fromisoformat(each).timestamp() * 1000) for each in (now, then))
    assert nine_o_clock(at, preset, ZoneInfo(zone)) == wanted


def test_whose_zone_slack_does_not_tell_is_asked_for_a_moment(ana: House) -> None:
    press(ana, "snooze")
    ana.slack.fail("users.info", {"error": "user_not_found"})
    assert ana.slack.submit(BOB, {"preset": "tomorrow"}) == 200
    view = ana.slack.modal(BOB)
    assert view is not None
    assert "choose a moment below" in view["errors"]["preset"]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("owner", ["", BOB, MIA])
def test_a_claim_takes_what_is_nobodys_whatever_its_status(ana: House, status: Status, owner: str) -> None:
    now = replace(home(ana), status=status, owner=owner)
    done = claimed(ana.world, now, BOB)
    told = {"": "Claimed. It is yours now.", BOB: "It is yours already.", MIA: f"<@{MIA}> has it already."}
    assert (len(done.writes), done.told) == (0 if owner else 2, told[owner])


# --------------------------------------------------------------------------- tags, notes, blocking, video


def test_tags_are_small_letters_each_once(ana: House) -> None:
    press(ana, "tag")
    submit(ana, {"here": "Refund, #urgent, refund", "always": "VIP"})
    assert (home(ana).tags, contact(ana).tags) == (("refund", "urgent"), ("vip",))
    assert ana.texts()[-1] == "Bob Brown tagged this conversation refund, urgent, and the customer vip."
    card = json.dumps(ana.slack.thread(SUPPORT, ana.threads()[-1])[0]["blocks"])
    assert "`refund` `urgent` `vip`" in card


@pytest.mark.parametrize("given", [",".join(f"t{n}" for n in range(11)), "x" * 31])
def test_too_many_tags_or_too_long_ones_are_refused_in_the_form(ana: House, given: str) -> None:
    press(ana, "tag")
    assert ana.slack.submit(BOB, {"here": given}) == 200
    view = ana.slack.modal(BOB)
    assert view is not None
    assert set(view["errors"]) == {"here"}
    assert home(ana).tags == ()


def test_a_note_is_in_the_thread_and_goes_nowhere(ana: House) -> None:
    press(ana, "note")
    submit(ana, {"note": "<!channel> owes us *money*"})
    assert ana.texts()[-1] == "Note by Bob Brown: &lt;!channel&gt; owes us *money*"
    assert ana.on_phone(ana.twilio.phone(ANA)) == []
    assert [item.kind for item in ana.items()] == [Kind.MESSAGE, Kind.LINE]


def test_somebody_is_blocked_and_unblocked(ana: House) -> None:
    press(ana, "block")
    assert contact(ana).blocked_at > 0
    assert ana.texts()[-1].startswith("Bob Brown blocked this customer.")
    assert ana.slack.press(MIA, SUPPORT, ana.thread()[-1]["ts"], "unblock") == 200
    ana.run()
    assert contact(ana).blocked_at == 0
    assert ana.texts()[-1] == "Mia Meyer let this customer write here again."


def test_a_video_link_goes_to_the_customer_once(ana: House) -> None:
    press(ana, "video")
    submit(ana, {})
    ana.slack.again(BOB)
    ana.run()
    (text,) = ana.on_phone(ana.twilio.phone(ANA))
    assert text.startswith("You can meet us face to face here: https://meet.example.com/")
    assert len(text.rpartition("/")[2]) == 24


def test_a_video_link_goes_the_way_that_its_form_shows(ana: House) -> None:
    press(ana, "video")
    assert "by SMS" in said(ana)
    ana.twilio.write(ANA, "Now in WhatsApp", medium="whatsapp")
    ana.run()
    submit(ana, {})
    assert "They have written in another way meanwhile" in said(ana)
    assert "by WhatsApp" in said(ana)
    assert ana.on_phone(ana.twilio.phone(ANA)) == []
    submit(ana, {})
    assert [text.startswith("You can meet us") for text in ana.on_phone(ana.twilio.phone(ANA))] == [True]


def test_without_a_video_service_a_sentence_says_where_to_set_it(ana: House) -> None:
    ana.settings_text = SETTINGS
    press(ana, "video")
    assert "This desk has no video rooms yet." in said(ana)


# --------------------------------------------------------------------------- reactions


def react(house: House, name: str, ts: str, user: str = BOB) -> None:
    house.slack.react(user, SUPPORT, ts, name)
    house.run()


def test_eyes_claim_and_a_check_mark_resolves(ana: House) -> None:
    react(ana, "eyes", ana.thread()[0]["ts"])
    react(ana, "white_check_mark", ana.threads()[-1], MIA)
    assert (home(ana).owner, home(ana).status) == (BOB, Status.RESOLVED)
    assert ana.texts()[1:] == ["Bob Brown claimed this.", "Mia Meyer resolved this."]
    assert ana.on_phone(ana.twilio.phone(ANA)) == []


def test_a_reaction_that_is_taken_off_changes_nothing(ana: House) -> None:
    for _ in range(2):
        react(ana, "eyes", ana.thread()[0]["ts"])
    assert home(ana).owner == BOB


def test_a_reaction_on_what_is_somebodys_is_answered_to_whoever_reacted(ana: House) -> None:
    react(ana, "eyes", ana.thread()[0]["ts"])
    react(ana, "eyes", ana.thread()[0]["ts"], MIA)
    assert home(ana).owner == BOB
    assert whispered(ana, MIA) == [f"<@{BOB}> has it already."]


def test_a_reaction_on_a_message_that_is_not_ours_is_explained_once(ana: House) -> None:
    for text in ("Lunch?", "Coffee?"):
        react(ana, "eyes", ana.slack.say(BOB, SUPPORT, text))
    assert whispered(ana) == [
        "This message is in none of Threadline's threads, so the reaction does nothing here."
    ]
    assert home(ana).owner == ""


def test_reactions_are_settable(ana: House) -> None:
    ana.settings_text = SETTINGS + '[reactions]\nrocket = "claim"\n'
    react(ana, "eyes", ana.thread()[0]["ts"])
    assert home(ana).owner == ""
    react(ana, "rocket", ana.thread()[0]["ts"])
    assert home(ana).owner == BOB


def test_outsiders_react_in_vain(ana: House) -> None:
    ana.slack.share(SUPPORT)
    react(ana, "eyes", ana.thread()[0]["ts"], OLGA)
    assert home(ana).owner == ""


# --------------------------------------------------------------------------- the list


def test_the_list_opens_from_any_message_of_a_thread(ana: House) -> None:
    ts = ana.say("Hello")
    ana.run()
    assert ana.slack.shortcut(BOB, SUPPORT, ts) == 200
    assert "Assign" in said(ana)


def test_a_message_that_is_not_ours_has_no_list(ana: House) -> None:
    ts = ana.slack.say(BOB, SUPPORT, "Lunch?")
    assert ana.slack.shortcut(BOB, SUPPORT, ts) == 200
    assert "in none of Threadline's threads" in said(ana)


def test_the_command_finds_a_customer_and_shows_the_list(ana: House) -> None:
    assert ana.slack.command(BOB, "/threadline", SUPPORT) == 200
    (option,) = ana.slack.look(BOB, "customer", "+1555")
    assert ana.slack.submit(BOB, {"customer": option["value"]}) == 200
    assert "Resolve" in said(ana)
    assert ana.slack.press_in_view(BOB, "resolve") == 200
    ana.run()
    assert (home(ana).status, "Resolved." in said(ana)) == (Status.RESOLVED, True)


@pytest.mark.parametrize(
    ("words", "answer"), [("help", "/threadline finds a customer"), ("hlep", "does not know “hlep”")]
)
def test_a_command_says_what_can_be_typed(ana: House, words: str, answer: str) -> None:
    assert ana.slack.command(BOB, f"/threadline {words}", SUPPORT) == 200
    assert answer in "".join(whispered(ana))


VERBS = [verb for _, verbs in menu.MENU for verb in verbs]
PAGE = (Path(__file__).parents[2] / "docs" / "working.md").read_text()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: str(verb.name))
def test_everything_in_the_list_is_seen_to_by_somebody_and_explained(verb: menu.Verb) -> None:
    assert verb.name in tables.PRESSES
    assert verb.label in PAGE


@pytest.mark.parametrize("word", sorted(filter(None, tables.COMMANDS)))
def test_every_command_is_explained(word: str) -> None:
    assert f"/threadline {word}" in PAGE
    assert word == "help" or f"/threadline {word}" in menu.HELP
