from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.channels import CHANNELS
from chalicelib.errors import SettingsWrong
from chalicelib.settings import Desk, Settings, Texts, read

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
    assert read('inside = ["pushpin"]\n' + text, ["twilio"]).inside == {"pushpin"}
    with pytest.raises(SettingsWrong, match="inside is"):
        read('inside = ":eyes:"\n' + text, ["twilio"])
