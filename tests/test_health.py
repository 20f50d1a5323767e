"""What an operator sees: numbers and gates, and nothing about anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import OperatorError, SettingsWrong
from chalicelib.gates import FILES, close, close_ours, gate_of_files
from chalicelib.health import health
from chalicelib.model import Busy, Item
from chalicelib.raw import keep
from chalicelib.settings import Settings
from chalicelib.store import Replace
from chalicelib.web import Request
from infra.local.slack.team import SUPPORT
from tests.house import House

ANA = "+15551230001"
EVERYTHING = [f"slack/{SUPPORT}", "telegram/main", "twilio/main", "whatsapp/main"]


def test_a_house_at_rest_is_well(house: House) -> None:
    assert health(house.world) == {
        "ok": True,
        "up": EVERYTHING,
        "shut": {},
        "parked": 0,
        "oldest_parked_seconds": None,
        "unread": 0,
        "oldest_unread_seconds": None,
        "oldest_undone_seconds": None,
        "oldest_listed_seconds": None,
    }


def test_a_conversation_that_is_told_leaves_the_house_at_rest(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.say("answer")
    house.run()
    assert health(house.world)["oldest_undone_seconds"] is None


def test_it_says_how_old_the_oldest_undone_thing_is(house: House) -> None:
    house.twilio.write(ANA, "old")
    house.clock.ahead += 600
    house.twilio.write(ANA, "new")
    assert 600 <= health(house.world)["oldest_undone_seconds"] <= 605


def test_a_shut_gate_is_named_with_its_reason_and_gone_when_it_opens(house: House) -> None:
    close(house.world, "twilio", "main", Busy("busy", 60_000))
    report = health(house.world)
    assert (report["ok"], report["shut"]) == (False, {"twilio/main": "busy"})
    assert report["up"] == [name for name in EVERYTHING if name != "twilio/main"]
    house.clock.ahead += 61
    assert health(house.world)["ok"] is True


def test_something_of_ours_that_is_broken_is_named(house: House) -> None:
    close_ours(house.world, "slack", SUPPORT, "is_archived")
    assert health(house.world)["shut"] == {f"slack/{SUPPORT}": "is_archived"}


def test_a_gate_for_files_is_named_and_what_it_is_of_is_up(house: House) -> None:
    close_ours(house.world, *FILES, "missing_scope")
    close(house.world, *gate_of_files("telegram/main"), Busy("busy", 60_000))
    report = health(house.world)
    assert (report["ok"], report["up"]) == (False, EVERYTHING)
    assert report["shut"] == {"slack/files": "missing_scope", "telegram/main files": "busy"}


def test_a_line_without_its_secrets_is_not_up(house: House) -> None:
    report = health(replace(house.world, secret=lambda name: "" if name.startswith("TELEGRAM") else "x"))
    assert (report["ok"], list(report["shut"])) == (False, ["telegram/main"])
    assert "TELEGRAM_BOT_TOKEN" in report["shut"]["telegram/main"]


def test_it_says_since_when_nobody_could_be_asked_for_what_we_missed(house: House) -> None:
    house.later(0)
    house.later(900)
    assert health(house.world)["oldest_listed_seconds"] < 300
    house.slack.fail("conversations.history", {"error": "missing_scope"}, 99)
    for _ in range(7):
        house.later(601)
    report = health(house.world)
    assert (report["ok"], report["shut"]) == (False, {})
    assert 4_000 < report["oldest_listed_seconds"] < 4_600
    house.slack.mend()
    house.later(601)
    assert health(house.world)["ok"] is True


@pytest.mark.slow
def test_a_thread_that_cannot_be_opened_for_an_hour_is_for_somebody_to_look_at(house: House) -> None:
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, times=10_000)
    house.twilio.write(ANA, "Hello")
    house.run()
    for _ in range(59):
        house.later(60)
    assert health(house.world)["ok"] is True
    house.later(60)
    report = health(house.world)
    assert (report["ok"], report["shut"]) == (False, {})
    house.slack.mend()
    house.later(480)
    assert (house.texts(), health(house.world)["ok"]) == (["Hello"], True)


def test_a_gate_is_never_opened_earlier_than_somebody_asked(house: House) -> None:
    until = close(house.world, "twilio", "main", Busy("busy", 60_000))
    assert close(house.world, "twilio", "main", Busy("busy", 1_000)) == until


def test_what_was_given_up_is_counted(house: House) -> None:
    for text in ("one", "two", "three"):
        house.twilio.write(ANA, text)
    for item in house.items()[:2]:
        house.world.store.write(Replace(replace(item, parked="because", due=None)))
    assert (health(house.world)["parked"], health(house.world)["ok"]) == (2, False)


def test_it_says_how_old_the_oldest_of_what_waits_for_a_person_is(house: House) -> None:
    house.twilio.write(ANA, "one")
    (item,) = house.items()
    house.world.store.write(Replace(replace(item, parked="because", due=None)))
    house.clock.ahead += 100
    keep(house.world, ("telegram", "main"), Request("POST", body=b"?"), "malformed", unread="malformed: ?")
    house.clock.ahead += 500
    report = health(house.world)
    assert (report["parked"], report["unread"], report["ok"]) == (1, 1, False)
    assert 600 <= report["oldest_parked_seconds"] <= 605
    assert 500 <= report["oldest_unread_seconds"] <= 505


def wrong(error: OperatorError) -> Any:
    def settings() -> Settings:
        raise error

    return settings


def test_what_was_given_up_is_as_old_as_the_giving_up(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.fail("chat.postMessage", {"error": "not_in_channel"}, 1)
    house.twilio.write(ANA, "this one")
    house.run()
    house.clock.ahead += 3 * 3600
    house.slack.fail("chat.postMessage", {"error": "invalid_blocks"}, 2)
    house.later(0)
    assert health(house.world)["oldest_parked_seconds"] < 60


def test_settings_that_are_missing_are_said_in_a_sentence(house: House) -> None:
    missing = replace(house.world, settings=wrong(SettingsWrong("run `make settings`.")))
    assert health(missing) == {"ok": False, "why": "run `make settings`."}


def test_it_tells_nothing_about_anybody(house: House) -> None:
    house.whatsapp.write("5511987654321", "a secret word", name="Ana Souza")
    report = json.dumps(health(house.world))
    (item,) = house.items()
    assert isinstance(item, Item)
    assert not [each for each in ("secret", "Ana", "5511987654321", item.id, item.conversation) if each in report]
