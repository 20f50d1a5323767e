"""The card at the head of a thread: what it says, what it offers, and that it stays true by itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.model import Conversation, Route, State, Status
from chalicelib.slack.card import Card, bare, draw, plainer, sketch
from chalicelib.slack.places import ZONES, city, language, zone_of
from chalicelib.slack.words import when
from infra.local.slack.block_kit import find_problems

ROUTE = Route("twilio", "main", "sms", "phone:+15551230001", "+15551230001")
HOME = Conversation("C", "P", "support", "C0SUPPORT", "Ana", 0, route=ROUTE)
WHOLE = Card(
    replace(HOME, tags=("refund",), said=State.READ, earlier="https://x.slack.com/archives/C/p1", earlier_count=3),
    here="SMS · +15551230001",
    also=("Telegram", "WhatsApp +15551230002"),
    language="Portuguese (pt-BR)",
    place="Istanbul",
    nine=28_800_000,
    tags=("vip",),
    until=60_000,
)

NINE = "<!date^28800^{time}|08:00 UTC>"


def lines(card: Card) -> list[str]:
    return [block["elements"][0]["text"] for block in draw(card).blocks if block["type"] == "context"]


def offered(home: Conversation) -> list[str]:
    return [button["action_id"] for button in draw(Card(home)).blocks[-1]["elements"]]


def test_a_card_says_all_that_is_known() -> None:
    assert json.dumps(draw(WHOLE).blocks[0]).count("SMS") == 1
    assert lines(WHOLE) == [
        ":speech_balloon: Answered  ·  Owner: nobody yet",
        f"Last reply: read  ·  Free replies until {when(60_000)}  ·  `refund` `vip`",
        f"Also {', '.join(WHOLE.also)}  ·  Portuguese (pt-BR)  ·  Istanbul: 9:00 there is {NINE} for you",
        "3 earlier conversations, <https://x.slack.com/archives/C/p1|the last one>",
    ]
    assert find_problems(list(draw(WHOLE).blocks)) == []


def test_a_card_shows_their_picture_and_less_of_it_where_slack_refuses_that() -> None:
    seen = replace(WHOLE, picture="https://threadline.example/files/x")
    standing = draw(seen).blocks[1]
    assert standing["accessory"] == {"type": "image", "image_url": seen.picture, "alt_text": "A picture of Ana"}
    assert standing["text"]["text"] == lines(WHOLE)[0]
    assert find_problems(list(draw(seen).blocks)) == []
    assert draw(plainer(seen)) == draw(plainer(WHOLE))
    assert "accessory" not in json.dumps(draw(bare(seen)).blocks)


def test_a_card_says_who_waits_since_when() -> None:
    (standing,) = lines(Card(replace(HOME, waiting_since=60_000)))
    assert standing.startswith(":hourglass_flowing_sand: Waiting since <!date^60^")
    assert standing.endswith("Owner: nobody yet")


def test_a_snoozed_conversation_says_until_when_and_that_somebody_waits() -> None:
    home = replace(HOME, status=Status.SNOOZED, snoozed_until=120_000, waiting_since=60_000, owner="U0BOB")
    (standing,) = lines(Card(home))
    assert standing.startswith(":zzz: Snoozed until <!date^120^")
    assert "Waiting since <!date^60^" in standing
    assert standing.endswith("Owner: <@U0BOB>")


@pytest.mark.parametrize(
    ("state", "said"), [(State.SENT, "sent"), (State.READ, "read"), (State.FAILED, ":warning: *not delivered*")]
)
def test_a_card_says_how_far_the_last_reply_has_come(state: State, said: str) -> None:
    assert lines(Card(replace(HOME, said=state)))[1] == f"Last reply: {said}"


@pytest.mark.parametrize(
    ("status", "owner", "verbs"),
    [
        (Status.OPEN, "", ["claim", "resolve", "snippets", "more"]),
        (Status.OPEN, "U0BOB", ["resolve", "snippets", "more"]),
        (Status.SNOOZED, "", ["claim", "reopen", "resolve", "snippets", "more"]),
        (Status.RESOLVED, "U0BOB", ["reopen", "snippets", "more"]),
    ],
)
def test_a_card_offers_what_can_be_done(status: Status, owner: str, verbs: list[str]) -> None:
    home = replace(HOME, status=status, owner=owner)
    assert offered(home) == verbs
    assert {button["value"] for button in draw(Card(home)).blocks[-1]["elements"]} == {"C"}


def test_a_card_links_the_only_conversation_before() -> None:
    card = Card(replace(HOME, earlier="https://x.slack.com/archives/C/p1", earlier_count=1))
    assert lines(card)[-1] == "<https://x.slack.com/archives/C/p1|The conversation before this one>"


def test_blocked_is_said_first() -> None:
    assert lines(Card(HOME, blocked=True))[1].startswith(":no_entry: Blocked")


def test_a_tag_cannot_leave_its_frame() -> None:
    assert lines(Card(replace(HOME, tags=("a`*b* <!here>",))))[1] == "`a'*b* &lt;!here&gt;`"


def test_a_card_has_less_on_it_where_slack_refuses_more() -> None:
    assert "Istanbul" not in json.dumps(draw(plainer(WHOLE)).blocks)
    assert "+15551230001" in json.dumps(draw(plainer(WHOLE)).blocks)
    assert not {"Ana", "+15551230001", "refund"} & set(json.dumps(draw(bare(WHOLE)).blocks).split('"'))
    assert offered(bare(WHOLE).home) == offered(HOME)


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "U0BOB"},
        {"status": Status.RESOLVED},
        {"waiting_since": 5},
        {"name": "Ana Souza"},
        {"tags": ("vip",)},
        {"said": State.READ},
        {"snoozed_until": 5, "status": Status.SNOOZED},
        {"route": replace(ROUTE, medium="whatsapp")},
        {"route": replace(ROUTE, address="phone:+4179")},
    ],
    ids=str,
)
def test_a_sketch_tells_what_changes_the_card(change: dict[str, object]) -> None:
    assert sketch(HOME) == sketch(replace(HOME, version=7, due=5, last_ts="1.0"))
    assert sketch(HOME) != sketch(replace(HOME, **change))  # type: ignore[arg-type]  # fields of it


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+905321112233", "Europe/Istanbul"),
        ("+35312345678", "Europe/Dublin"),
        ("+5511987654321", ""),
        ("+15551230001", ""),
        ("905321112233", ""),
        ("+", ""),
    ],
)
def test_a_number_tells_a_time_zone_where_its_country_has_one(number: str, zone: str) -> None:
    assert zone_of(number) == zone


def test_no_calling_code_begins_with_another() -> None:
    assert not [(one, other) for one in ZONES for other in ZONES if one != other and one.startswith(other)]


def test_languages_and_zones_are_named_in_words() -> None:
    assert [language(tag) for tag in ("pt-BR", "pt", "xx", "")] == ["Portuguese (pt-BR)", "Portuguese", "xx", ""]
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
