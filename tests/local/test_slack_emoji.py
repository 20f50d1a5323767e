"""The local Slack knows every emoji that Slack knows, by each of its names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from slack_sdk import WebClient

from infra.local.slack import SlackStandIn, emoji
from infra.local.slack.team import BOB, SUPPORT

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    slack = SlackStandIn(NOBODY, NOBODY, "secret", "xoxb", background=False, rate_limits=False)
    yield slack
    slack.close()


def test_all_names_and_aliases_are_listed_with_their_characters(slack: SlackStandIn) -> None:
    listed = requests.get(f"{slack.url}/control/emoji", timeout=5).json()
    known = listed["emoji"]
    assert (len(known) > 1_900, listed["custom"]) == (True, ["threadline"])
    assert (known["+1"], known["thumbsup"], known["heart"]) == ("👍", "👍", "❤️")
    assert (known["flag-us"], known["us"], known["woman-with-bunny-ears-partying"]) == ("🇺🇸", "🇺🇸", "👯‍♀️")


@pytest.mark.parametrize(
    ("name", "character"),
    [("egg", "🥚"), ("umbrella", "☂️"), ("beetle", "🪲"), ("face_with_bags_under_eyes", "🫩"), ("harp", "🪉")],
)
def test_names_mean_what_they_mean_in_slack(name: str, character: str) -> None:
    assert emoji.glyph(emoji.code_of(name)) == character
    assert emoji.name_of(character) == name


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("wave::skin-tone-3", "👋🏼"),
        ("male-farmer::skin-tone-6", "👨🏿‍🌾"),
        ("point_up::skin-tone-2", "☝🏻"),
        ("handshake::skin-tone-2", "🤝🏻"),
        ("handshake::skin-tone-2-3", "🫱🏻‍🫲🏼"),
        ("people_holding_hands::skin-tone-2-2", "🧑🏻‍🤝‍🧑🏻"),
    ],
)
def test_skin_tones_are_part_of_the_name(name: str, character: str) -> None:
    assert emoji.glyph(emoji.code_of(name)) == character
    assert emoji.name_of(character) == name


def test_two_people_of_one_tone_need_it_only_once() -> None:
    one, two = (emoji.code_of(f"people_holding_hands::skin-tone-{tones}") for tones in ("4", "4-4"))
    assert one == two


def test_every_character_leads_back_to_its_name() -> None:
    known = emoji.catalogue()["emoji"]
    assert [name for name, character in known.items() if known[emoji.name_of(character)] != character] == []


def test_what_is_no_emoji_has_no_name() -> None:
    assert [emoji.name_of(character) for character in ("a", "", "→", "。")] == [""] * 4
    assert [emoji.code_of(name) for name in ("nobody", "30", "x::skin-tone-3", "")] == [""] * 4


def test_any_well_formed_name_may_be_a_reaction(slack: SlackStandIn) -> None:
    web = WebClient("xoxb", base_url=f"{slack.url}/api/", retry_handlers=[])
    ts = slack.say(BOB, SUPPORT, "Hi")
    for name in ("party-parrot", "wave::skin-tone-3", "handshake::skin-tone-2-3"):
        assert web.reactions_add(channel=SUPPORT, timestamp=ts, name=name)["ok"]
