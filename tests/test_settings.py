from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.errors import SettingsWrong
from chalicelib.settings import Desk, Hours, Rule, Settings, Texts, read

ROOT = Path(__file__).parents[1]
GOOD = """
admin_channel = "C0ADMIN"
[desks.support]
slack_channel = "C0SUPPORT"
[accounts]
"twilio/main" = "support"
"""


def wrong(text: str) -> str:
    with pytest.raises(SettingsWrong) as caught:
        read(text, CHANNELS)
    return str(caught.value)


def test_a_text_of_an_earlier_version_is_no_mistake_and_says_nothing() -> None:
    assert read(GOOD + "[texts]\nfiles_stayed = 'They stay.'\n", CHANNELS) == read(GOOD, CHANNELS)


def test_settings_are_read_with_their_defaults() -> None:
    assert read(GOOD, CHANNELS) == Settings(
        desks={"support": Desk("support", "C0SUPPORT", "//", 72)},
        accounts={"twilio/main": "support"},
        admin_channel="C0ADMIN",
        texts=Texts(),
    )


def test_the_example_works_as_it_is() -> None:
    settings = read((ROOT / "settings.example.toml").read_text(), CHANNELS)
    assert sorted(settings.accounts) == ["telegram/main", "twilio/main", "whatsapp/main"]


def test_a_desk_is_found_by_its_slack_channel() -> None:
    settings = read(GOOD, CHANNELS)
    assert settings.desk_in("C0SUPPORT") == settings.desk_of("twilio/main")
    assert settings.desk_in("C0OTHER") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ('slack_channel = "C0SUPPORT"', 'slack_channel = "#support"'),
            "desks.support.slack_channel is '#support'",
        ),
        (('slack_channel = "C0SUPPORT"', "slack_channel = 7"), "desks.support.slack_channel is 7"),
        (('slack_channel = "C0SUPPORT"', 'slak_channel = "C0SUPPORT"'), "did you mean slack_channel?"),
        (
            ('slack_channel = "C0SUPPORT"', 'slack_channel = "C0SUPPORT"\nnote_mark = " "'),
            "some visible characters",
        ),
        (('slack_channel = "C0SUPPORT"', 'slack_channel = "C0SUPPORT"\nreopen_hours = -1'), "from 0 to 8760"),
        (('slack_channel = "C0SUPPORT"', 'slack_channel = "C0SUPPORT"\nreopen_hours = true'), "from 0 to 8760"),
        (('"twilio/main" = "support"', '"twilo/main" = "support"'), "there is no channel 'twilo'"),
        (('"twilio/main" = "support"', '"twilio" = "support"'), 'such as "twilio/main"'),
        (('"twilio/main" = "support"', '"twilio/main" = "sales"'), "goes to 'sales', which is no desk here"),
        (
            ('"twilio/main" = "support"', '"twilio/main" = ["support"]'),
            "goes to ['support'], which is no desk here",
        ),
        (('"twilio/main" = "support"', ""), "No account goes to a desk"),
        (("[desks.support]", "[desks.Support]"), "small letters, digits and _"),
        (('admin_channel = "C0ADMIN"', "admin_channel = 3"), "admin_channel is 3"),
        (('admin_channel = "C0ADMIN"', "desk = 1"), "did you mean desks?"),
        (('admin_channel = "C0ADMIN"', "texts = 1"), "texts has to be a table"),
        (("[accounts]", "[texts]\nfailed = 'It failed: {resaon}'\n[accounts]"), "texts.failed asks for resaon"),
        (("[accounts]", "[texts]\nfailed = 'It failed: {0}'\n[accounts]"), "texts.failed asks for 0"),
        (("[accounts]", "[texts]\nfailed = 'It failed: {'\n[accounts]"), "braces only around a word"),
        (("[accounts]", "[texts]\nfailed = ''\n[accounts]"), "has to be a sentence"),
        (("[accounts]", "[texts]\nlink = 'Here is {file}'\n[accounts]"), "texts.link has to have {link}"),
    ],
)
def test_a_mistake_is_named_with_what_to_do_about_it(change: tuple[str, str], said: str) -> None:
    assert said in wrong(GOOD.replace(*change))


FULL = (
    GOOD
    + """
"telegram/main" = "sales"
[desks.sales]
slack_channel = "C0SALES"
relay = "marked"
reply_mark = ">>"
mention = ["U0KIM", "S0SALES"]
video = "https://meet.example.com/{room}"
names = "always"
[hours.office]
days = ["mon-wed", "sat"]
from = "09:00"
to = "18:30"
zone = "Europe/Zurich"
[[rules]]
desk = "sales"
channel = "sms"
account = "twilio/main"
words = ["price"]
language = "pt-BR"
hours = "not office"
tag = "vip"
[[rules]]
desk = "support"
tag = "bug"
[reactions]
hand = "claim"
"""
)


def test_all_that_can_be_chosen_is_read() -> None:
    settings = read(FULL, CHANNELS, MEDIA)
    assert settings.desks["sales"] == Desk(
        "sales",
        "C0SALES",
        relay="marked",
        reply_mark=">>",
        mention=("U0KIM", "S0SALES"),
        video="https://meet.example.com/{room}",
        names="always",
    )
    assert settings.hours == {"office": Hours(frozenset({0, 1, 2, 5}), 540, 1110, "Europe/Zurich")}
    assert settings.rules == (
        Rule("sales", "sms", "twilio/main", ("price",), "pt-BR", "not office", "vip"),
        Rule("support", tag="bug"),
    )
    assert settings.reactions == {"hand": "claim"}


def test_what_a_reaction_does_stays_inside() -> None:
    assert "hand" in read(FULL, CHANNELS, MEDIA).inside


def test_days_may_go_over_the_end_of_a_week() -> None:
    settings = read(FULL.replace('"mon-wed", "sat"', '"sat-mon"'), CHANNELS, MEDIA)
    assert settings.hours["office"].days == {5, 6, 0}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('relay = "marked"', 'relay = "some"'), "desks.sales.relay is 'some'; it is \"all\", or"),
        (('reply_mark = ">>"', 'reply_mark = ""'), "desks.sales.reply_mark is ''; it has to be some visible"),
        (('reply_mark = ">>"', 'reply_mark = "//!"'), "begin alike; nobody could tell a note from a reply"),
        (('"U0KIM"', '"@kim"'), "desks.sales.mention is ['@kim', 'S0SALES']; it has to be a list"),
        (("/{room}", "/room"), "an address with {room} in its path"),
        (("/{room}", "/{room}/{name}"), "an address with {room} in its path"),
        (("meet.example.com/{room}", "{room}.example.com/"), "an address with {room} in its path"),
        (("https://meet", "http://meet"), "an address with {room} in its path"),
        (('names = "always"', "names = true"), 'it is "changes", "always" or "never"'),
        (('"mon-wed"', '"mo-we"'), "hours.office.days is ['mo-we', 'sat']; it has to be a list"),
        (('["mon-wed", "sat"]', "[]"), "hours.office.days is []"),
        (('from = "09:00"', 'from = "9"'), "hours.office.from is '9'; it has to be a time such as 09:00"),
        (('to = "18:30"', 'to = "09:00"'), "hours.office.from and to are the same"),
        (('to = "18:30"', ""), "hours.office.to is missing"),
        (("Europe/Zurich", "Europe/Zurrich"), "hours.office.zone is 'Europe/Zurrich'; it has to be a time zone"),
        (("Europe/Zurich", "Europe"), "hours.office.zone is 'Europe'"),
        (("Europe/Zurich", "../../etc/passwd"), "hours.office.zone is"),
        (("[hours.office]", "[hours.Office]"), "hours.Office: a name of hours is small letters"),
        (("[hours.office]", "[hours]\nbad = 1\n[hours.office]"), "hours.bad has to be a table"),
        (
            ('desk = "sales"\nchannel', 'desk = "seals"\nchannel'),
            "rule 1: desk is 'seals'; there are support, sales",
        ),
        (('desk = "support"\ntag', "tag"), "rule 2: desk is ''; there are support, sales"),
        (('desk = "support"\ntag = "bug"', 'desk = "support"'), "rule 2: it asks for nothing"),
        (
            ('channel = "sms"', 'channel = "fax"'),
            "rule 1: channel is 'fax'; there are telegram, twilio, whatsapp, rcs, sms",
        ),
        (
            ('account = "twilio/main"', 'account = "twilio/x"'),
            "rule 1: account is 'twilio/x'; there are twilio/main",
        ),
        (('words = ["price"]', 'words = "price"'), "rule 1: words is 'price'; it has to be a list"),
        (('words = ["price"]', 'words = [" "]'), "rule 1: words is [' ']"),
        (
            ('language = "pt-BR"', 'language = "Portuguese"'),
            "rule 1: language is 'Portuguese'; a language looks like",
        ),
        (('hours = "not office"', 'hours = "evening"'), "rule 1: hours is 'evening'; there are office, each with"),
        (('hours = "not office"', 'houres = "office"'), "rule 1: houres is not a setting; did you mean hours?"),
        (('tag = "vip"', "tag = 1"), "rule 1: tag is 1; it has to be a word"),
        (('[[rules]]\ndesk = "sales"', '[[rules]]\n"desk" = ["sales"]'), "rule 1: desk is ['sales']"),
        (('hand = "claim"', 'hand = "close"'), "reactions.hand is 'close'; a reaction can claim or resolve"),
        (('hand = "claim"', '":hand:" = "claim"'), "reactions.:hand:: an emoji has a name in Slack"),
        (('hand = "claim"', 'hand = ["claim"]'), "reactions.hand is ['claim']"),
    ],
)
def test_a_mistake_about_desks_rules_and_hours_is_named(change: tuple[str, str], said: str) -> None:
    assert change[0] in FULL
    with pytest.raises(SettingsWrong, match=re.escape(said)):
        read(FULL.replace(*change), CHANNELS, MEDIA)


@pytest.fixture
def bare_machine() -> Iterator[None]:
    """As on Lambda: the machine knows no time zones."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.usefixtures("bare_machine")
def test_time_zones_are_brought_along() -> None:
    assert read(FULL, CHANNELS, MEDIA).hours["office"].zone == "Europe/Zurich"
    for zone in ("Europe", "Europe/Zurrich", "../../etc/passwd", "/etc/passwd", "tzdata", "Europe/", "é"):
        with pytest.raises(SettingsWrong, match="has to be a time zone"):
            read(FULL.replace("Europe/Zurich", zone), CHANNELS, MEDIA)


def test_rules_that_are_no_tables_are_named() -> None:
    assert "rules have to be tables" in wrong("rules = 3\n" + GOOD)
    assert "rules have to be tables" in wrong(GOOD + '[rules]\ndesk = "support"\n')


def test_every_mistake_is_named_at_once() -> None:
    said = wrong(GOOD.replace("C0SUPPORT", "support").replace("twilio/main", "fax/main"))
    assert said.count("\n- ") == 2


def test_two_desks_cannot_share_a_slack_channel() -> None:
    assert "share C0SUPPORT" in wrong(GOOD + '[desks.sales]\nslack_channel = "C0SUPPORT"\n')


def test_what_is_not_toml_is_named_with_its_line() -> None:
    assert "line 1" in wrong("desks = = 1")


def test_a_text_may_leave_placeholders_out_and_keep_braces_that_are_doubled() -> None:
    settings = read(GOOD + "[texts]\nfailed = 'Not sent {{sorry}}'\n", CHANNELS)
    assert settings.texts.failed.format(name="a", medium="b", reason="c") == "Not sent {sorry}"


def test_an_attribute_of_a_placeholder_is_no_placeholder() -> None:
    assert "asks for name.__class__" in wrong(GOOD + "[texts]\nfailed = '{name.__class__}'\n")


def test_a_format_inside_a_placeholder_is_refused() -> None:
    assert "braces only" in wrong(GOOD + "[texts]\nfailed = '{name:>99999999}'\n")


def test_reactions_that_stay_inside_are_names_of_emoji() -> None:
    text = '[desks.support]\nslack_channel = "C0SUPPORT"\n[accounts]\n"twilio/main" = "support"\n'
    assert "eyes" in read(text, ["twilio"]).inside
    assert read('inside = ["pushpin"]\n' + text + "[reactions]\n", ["twilio"]).inside == {"pushpin"}
    with pytest.raises(SettingsWrong, match="inside is"):
        read('inside = ":eyes:"\n' + text, ["twilio"])
