"""A desk where only marked replies go out."""

from __future__ import annotations

import pytest

from chalicelib.model import Kind
from chalicelib.outbound.marked import is_marked
from chalicelib.settings import Desk
from infra.local.slack.team import DOMAIN, SUPPORT
from tests.house import SETTINGS, House

ANA = "+15551230001"
MARKED = SETTINGS.replace("[accounts]", 'relay = "marked"\n[accounts]')
HINT = "Only what begins with !! goes to +15551230001. Everything else here stays among the team."


@pytest.fixture
def ana(house: House) -> House:
    house.settings_text = MARKED
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def sms(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        *(("!!", text) for text in ("!! hello", "!!hello", "  !! hello", "*!! hello*", "!!", "\n!! a")),
        ("📣", "📣 hello"),
        (":mega:", "📣 hello"),
        ("To them:", "to them: hello"),
        ("&", "&amp; hello"),
        ("->", "-&gt; hello"),
        ("!!", "<https://threadline.slack.com/archives/C0SUPPORT/p1700000000000100> !! hello"),
    ],
)
def test_a_mark_is_a_mark_however_slack_spells_it(mark: str, text: str) -> None:
    assert is_marked(Desk("support", "C0", relay="marked", reply_mark=mark), text)


@pytest.mark.parametrize("text", ["", "hello", "! hello", "hello !!", "<!channel> !! a", "@bob !! a", "// !! a"])
def test_what_does_not_begin_with_it_stays_inside(text: str) -> None:
    assert not is_marked(Desk("support", "C0", relay="marked"), text)
    assert is_marked(Desk("support", "C0"), text)


def test_only_what_is_marked_goes_out_and_without_its_mark(ana: House) -> None:
    ana.say("who knows them?")
    ana.say("!! Hello Ana")
    ana.run()
    assert sms(ana) == ["Hello Ana"]
    assert [item.kind for item in ana.items()].count(Kind.NOTE) == 1


def test_the_thread_says_once_what_goes_out(ana: House) -> None:
    ana.say("who knows them?")
    ana.say("me")
    ana.run()
    assert (ana.texts().count(HINT), sms(ana)) == (1, [])


def test_a_note_by_its_mark_needs_no_explanation(ana: House) -> None:
    ana.say("// who knows them?")
    ana.run()
    assert HINT not in ana.texts()


def test_looks_and_mentions_survive_the_mark(ana: House) -> None:
    ana.telegram.write("7001", "Hi", name="Tom")
    ana.run()
    ana.say("!! *bold*, and <@U0MIA> & co.")
    ana.run()
    sent = ana.telegram.phone("7001")[-1]
    assert (sent["text"], [each["type"] for each in sent["entities"]]) == ("bold, and @Mia Meyer & co.", ["bold"])


def test_a_mark_may_stand_before_or_behind_the_link_to_what_is_answered(ana: House) -> None:
    ts = ana.thread()[0]["ts"]
    link = f"https://{DOMAIN}.slack.com/archives/{SUPPORT}/p{ts.replace('.', '')}"
    ana.say(f"!! {link} before")
    ana.say(f"{link} !! behind")
    ana.run()
    assert [text.splitlines()[-1] for text in sms(ana)] == ["before", "behind"]
    assert all(item.reply_to for item in ana.items() if item.kind is Kind.REPLY)


def test_a_file_without_a_marked_word_stays_inside(ana: House) -> None:
    ana.say("", files=[{"name": "a.pdf"}])
    ana.run()
    assert ana.on_phone(ana.twilio.phone(ANA)) == []
    assert [item.kind for item in ana.items() if item.their_id and not item.route] == [Kind.NOTE]


def test_a_reply_that_loses_its_mark_is_not_sent_while_it_can_be_helped(ana: House) -> None:
    ts = ana.say("!! They are a nuisance")
    ana.slack.edit(SUPPORT, ts, "They are a nuisance")
    ana.run()
    assert sms(ana) == []


def test_a_note_that_gets_the_mark_later_stays_inside_and_the_thread_says_so(ana: House) -> None:
    ts = ana.say("Hello Ana")
    ana.run()
    ana.slack.edit(SUPPORT, ts, "!! Hello Ana")
    ana.run()
    assert sms(ana) == []
    assert any(text.startswith("A note stays inside") for text in ana.texts())


def test_a_marked_reply_that_is_edited_in_time_goes_out_as_it_reads_then(ana: House) -> None:
    ts = ana.say("!! Helo")
    ana.slack.edit(SUPPORT, ts, "!! Hello")
    ana.run()
    assert sms(ana) == ["Hello"]


def test_a_mark_of_the_desk_s_own_counts(house: House) -> None:
    house.settings_text = MARKED.replace("[accounts]", 'reply_mark = "to them:"\n[accounts]')
    house.twilio.write(ANA, "Hi")
    house.run()
    house.say("To them: Hello")
    house.say("!! not this")
    house.run()
    assert sms(house) == ["Hello"]
