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
