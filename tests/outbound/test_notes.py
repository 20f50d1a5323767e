"""What stays inside, however it is dressed."""

from __future__ import annotations

import pytest

from chalicelib.model import Kind, State
from chalicelib.outbound.notes import is_note
from infra.local.slack.team import SUPPORT
from tests.house import SETTINGS, House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def sms(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


@pytest.mark.parametrize(
    "text",
    [
        *("// a note", "//", "//a", "  // a", "\n// a", "\u00a0// a", "\u200b// a", "\ufeff// a"),
        *("*// a*", "_// a_", "~// a~", "`// a`", "```// a```", "*_// a_*", "&gt; // a", "• // a", "12. // a"),
        "／／ a",  # noqa: RUF001 - a Chinese keyboard's
    ],
)
def test_a_note_is_a_note_however_it_is_dressed(text: str) -> None:
    assert is_note(text, "//")


@pytest.mark.parametrize("text", ["", "/ no", "Hello // there", "https://x.y", "<//x>", ": // no"])
def test_a_reply_is_no_note(text: str) -> None:
    assert not is_note(text, "//")


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("note:", "Note: on a phone"),
        (">>", "&gt;&gt; a"),
        ("&", "&amp; a"),
        ("<!>", "&lt;!&gt; a"),
        ("**", "** a"),
        ("🔒", "🔒 a"),
        (":lock:", ":lock: a"),
        ("1. ", "1. a"),
    ],
)
def test_the_mark_may_be_anything(mark: str, text: str) -> None:
    assert is_note(text, mark)
    assert not is_note("Hello", mark)


def test_a_note_stays_inside_and_nothing_is_said_about_it(ana: House) -> None:
    ana.say("// they are upset")
    ana.run()
    assert (sms(ana), ana.texts()) == ([], ["Hi", "// they are upset"])
    assert [item.kind for item in ana.items()] == [Kind.MESSAGE, Kind.NOTE]


@pytest.mark.parametrize(
    ("mark", "typed"),
    [("🔒", "🔒 they are upset"), (">>", ">> upset"), ("psst", "Psst!"), (":lock:", ":lock: upset")],
)
def test_a_desks_own_mark_counts_as_slack_sends_it(ana: House, mark: str, typed: str) -> None:
    ana.settings_text = SETTINGS.replace("[accounts]", f'note_mark = "{mark}"\n[accounts]')
    ana.say(typed)
    ana.say("Hello")
    ana.run()
    assert sms(ana) == ["Hello"]


def test_a_note_with_a_file_stays_inside_without_a_word(ana: House) -> None:
    ana.say("// their passport", files=[{"name": "a.pdf"}])
    ana.run()
    assert (sms(ana), len(ana.texts())) == ([], 2)


def test_notes_of_a_desk_that_is_no_more_stay_inside(ana: House) -> None:
    ana.settings_text = SETTINGS.replace("support", "service")
    ana.say("// they are upset")
    ana.run()
    assert sms(ana) == []


def test_a_note_that_is_edited_into_a_reply_stays_inside_and_the_thread_says_so(ana: House) -> None:
    ts = ana.say("// they are upset")
    ana.run()
    ana.slack.repeat_events(1)
    ana.slack.edit(SUPPORT, ts, "they are upset")
    ana.run()
    assert sms(ana) == []
    assert [text for text in ana.texts() if text.startswith("A note stays inside")] == [ana.texts()[-1]]


def test_a_note_edited_before_its_own_event_came_stays_inside(ana: House) -> None:
    ana.slack.hold_events()
    ts = ana.say("// they are upset")
    ana.slack.edit(SUPPORT, ts, "they are upset")
    ana.slack.release_events(reverse=True)
    ana.run()
    assert sms(ana) == []


def test_a_reply_that_is_edited_into_a_note_in_time_is_withdrawn(ana: House) -> None:
    ts = ana.say("they are upset")
    ana.slack.edit(SUPPORT, ts, "// they are upset")
    ana.run()
    assert (sms(ana), ana.texts()) == ([], ["Hi", "// they are upset"])
    assert [item.state for item in ana.items()] == [State.POSTED, State.WITHDRAWN]


def test_a_withdrawn_reply_does_not_come_back_by_another_edit(ana: House) -> None:
    ts = ana.say("they are upset")
    ana.slack.edit(SUPPORT, ts, "// they are upset")
    ana.slack.edit(SUPPORT, ts, "they are upset")
    ana.run()
    assert sms(ana) == []


def test_the_thread_says_that_a_reply_that_was_withdrawn_stays_inside(ana: House) -> None:
    ts = ana.say("Hello")
    for text in ("// Hello", "Hello again"):
        ana.quiet()
        ana.clock.ahead += 1
        ana.slack.edit(SUPPORT, ts, text)
    ana.run()
    assert sms(ana) == []
    assert ana.texts()[-1].startswith("A note stays inside")


def test_the_thread_says_that_a_call_to_colleagues_stays_inside_with_what_is_added(ana: House) -> None:
    ts = ana.say("@here")
    ana.run()
    ana.clock.ahead += 1
    ana.slack.edit(SUPPORT, ts, "@here Hello")
    ana.run()
    assert sms(ana) == []
    assert ana.texts()[-1].startswith("A note stays inside")


def test_an_edit_of_a_note_is_a_note(ana: House) -> None:
    ts = ana.say("// upset")
    ana.slack.edit(SUPPORT, ts, "// they are upset")
    ana.slack.delete(SUPPORT, ts)
    ana.run()
    assert (sms(ana), ana.texts()) == ([], ["Hi"])


# ------------------------------------------------------------------------------ forms nobody told us of


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
