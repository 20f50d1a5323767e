"""To which desk a new conversation goes, and who stays where they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.contacts import current, last
from chalicelib.model import Contact, Current
from chalicelib.settings import Case, Desk, read, routed
from infra.local.slack.team import BOB, SALES, SUPPORT
from tests.house import SETTINGS, House

PHONE = "+5511987654321"
RULES = (
    SETTINGS.replace("C0SALES", "C0ADMIN")
    + f"""
[desks.sales]
slack_channel = "{SALES}"
[[rules]]
desk = "sales"
"""
)
OFFICE = """
[hours.office]
days = ["mon-fri"]
from = "09:00"
to = "18:00"
zone = "Europe/Zurich"
[hours.night]
days = ["fri"]
from = "22:00"
to = "06:00"
zone = "UTC"
"""
SMS = Case("twilio/main", "sms", "What is the PRICE, please?", "de-CH", ("VIP",))


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ('channel = "sms"', True),
        ('channel = "twilio"', True),
        ('channel = "whatsapp"', False),
        ('account = "twilio/main"', True),
        ('account = "whatsapp/main"', False),
        ('words = ["offer", "price"]', True),
        ('words = ["rice"]', False),
        ('words = ["the price"]', True),
        ('words = ["what is  the"]', True),
        ('words = ["please?"]', True),
        ('language = "de"', True),
        ('language = "de-CH"', True),
        ('language = "de_ch"', True),
        ('language = "de-AT"', False),
        ('language = "d"', None),
        ('tag = "vip"', True),
        ('tag = "vi"', False),
        ('tag = "vip"\nlanguage = "fr"', False),
    ],
)
def test_a_rule_asks_for_all_that_it_names(rule: str, *, fits: bool | None) -> None:
    if fits is None:
        with pytest.raises(Exception, match="a language looks like"):
            read(RULES + rule, CHANNELS, MEDIA)
        return
    assert routed(read(RULES + rule, CHANNELS, MEDIA), SMS, 0).name == ("sales" if fits else "support")


@pytest.mark.parametrize(
    ("words", "text", "fits"),
    [
        ("цена", "Какая ЦЕНА?", True),
        ("цена", "оценка", False),
        ("价格", "请问价格是多少", True),
        ("straße", "in der STRASSE", True),
        ("ﬁne", "fine", True),
        ("a+", "an A+ for you", True),
        ("50%", "50% off", True),
        ("50", "150", False),
    ],
)
def test_words_are_found_as_words_in_any_script(words: str, text: str, *, fits: bool) -> None:
    settings = read(RULES + f'words = ["{words}"]', CHANNELS, MEDIA)
    desk = routed(settings, Case("twilio/main", "sms", text), 0)
    assert desk.name == ("sales" if fits else "support")


@pytest.mark.parametrize(
    ("hours", "moment", "fits"),
    [
        ("office", "2026-11-20T08:00", True),  # Friday, nine o'clock in Zurich
        ("office", "2026-11-20T07:59", False),
        ("office", "2026-11-20T16:59", True),
        ("office", "2026-11-20T17:00", False),
        ("office", "2026-11-21T10:00", False),
        ("office", "2026-07-17T07:00", True),  # an hour earlier by UTC in summer
        ("not office", "2026-11-21T10:00", True),
        ("not office", "2026-11-20T08:00", False),
        ("night", "2026-11-20T21:59", False),
        ("night", "2026-11-20T22:00", True),
        ("night", "2026-11-21T05:59", True),
        ("night", "2026-11-21T06:00", False),
        ("night", "2026-11-20T05:00", False),  # Thursday's night is nobody's
    ],
)
def test_hours_are_those_of_their_own_zone(hours: str, moment: str, *, fits: bool) -> None:
    settings = read(RULES + f'hours = "{hours}"' + OFFICE, CHANNELS, MEDIA)
    assert routed(settings, SMS, at(moment)).name == ("sales" if fits else "support")


def test_the_first_rule_that_fits_counts() -> None:
    rules = RULES + 'channel = "sms"\n[[rules]]\ndesk = "support"\naccount = "twilio/main"\n'
    assert routed(read(rules, CHANNELS, MEDIA), SMS, 0).name == "sales"
    other = Case("twilio/main", "whatsapp")
    assert routed(read(rules, CHANNELS, MEDIA), other, 0).name == "support"


def test_of_several_conversations_the_open_one_begun_last_counts_and_else_the_one_resolved_last() -> None:
    desks = [Desk(name, "C0") for name in ("a", "b", "c")]
    pointers = {"a": Current("1", "C0"), "b": Current("2", "C0"), "c": Current("3", "C0", 50)}
    assert current(Contact("P", current=pointers), desks, 60) == pointers["b"]
    resolved = {"a": Current("1", "C0", 70), "b": Current("2", "C0", 40)}
    assert current(Contact("P", current=resolved), desks, 80) == resolved["a"]
    assert current(Contact("P", current=resolved), desks[1:], 80) == resolved["b"]
    assert last(Contact("P", current=resolved), desks[2:]) is None


def test_a_new_conversation_goes_where_its_words_lead_and_others_to_their_line_s_desk(house: House) -> None:
    house.settings_text = RULES + 'words = ["price"]'
    house.twilio.write(PHONE, "Your price?")
    house.twilio.write("+41795550101", "It is broken")
    house.run()
    assert house.texts(channel=SALES) == ["Your price?"]
    assert house.texts(channel=SUPPORT) == ["It is broken"]


def test_rules_do_not_tear_apart_what_goes_on(house: House) -> None:
    house.settings_text = RULES + 'words = ["price"]'
    house.twilio.write(PHONE, "It is broken")
    house.run()
    house.twilio.write(PHONE, "And its price?")
    house.clock.ahead += 1
    house.whatsapp.write(PHONE[1:], "Hello?")
    house.run()
    assert house.texts(channel=SUPPORT) == ["It is broken", "And its price?", "Hello?"]
    assert house.threads(SALES) == []


def test_a_conversation_at_another_desk_goes_on_there_also_without_its_words(house: House) -> None:
    house.settings_text = RULES + 'words = ["price"]'
    house.twilio.write(PHONE, "Your price?")
    house.run()
    house.twilio.write(PHONE, "Hello?")
    house.run()
    assert house.texts(channel=SALES) == ["Your price?", "Hello?"]


def test_a_line_that_leads_elsewhere_has_a_conversation_of_its_own(house: House) -> None:
    house.settings_text = RULES + 'account = "whatsapp/main"'
    house.twilio.write(PHONE, "by SMS")
    house.whatsapp.write(PHONE[1:], "by WhatsApp")
    house.twilio.write(PHONE, "by SMS again")
    house.run()
    assert house.texts(channel=SUPPORT) == ["by SMS", "by SMS again"]
    assert house.texts(channel=SALES) == ["by WhatsApp"]


def test_who_writes_long_after_it_was_resolved_is_led_anew(house: House) -> None:
    house.settings_text = RULES + 'words = ["price"]'
    house.twilio.write(PHONE, "Your price?")
    house.run()
    house.slack.press(BOB, SALES, house.threads(SALES)[0], "resolve")
    house.run()
    house.later(73 * 3600)
    house.twilio.write(PHONE, "It is broken")
    house.run()
    assert house.texts(channel=SUPPORT) == ["It is broken"]
    house.twilio.write(PHONE, "And your price?")
    house.run()
    assert house.texts(channel=SUPPORT) == ["It is broken", "And your price?"]


def test_who_says_stop_at_another_desk_is_told_of_there(house: House) -> None:
    house.settings_text = RULES + 'words = ["price"]'
    house.twilio.write(PHONE, "Your price?")
    house.run()
    house.twilio.write(PHONE, "STOP")
    house.run()
    assert any("wants no more messages by SMS" in text for text in house.texts(channel=SALES))
    assert house.threads(SUPPORT) == []
