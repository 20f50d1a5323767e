"""Customers are told who answers them, where a desk wants that: by the name they know, and never by a Slack id."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.outbound.signature import with_signature
from chalicelib.richtext import literal
from chalicelib.team import renamed
from infra.local.slack.team import BOB, MIA, SUPPORT
from tests.house import SETTINGS, House

ANA, SAM = "5511987654321", "+15551230001"


def begin(house: House, names: str, texts: str = "") -> None:
    desk = f'slack_channel = "{SUPPORT}"\nnames = "{names}"'
    house.settings_text = SETTINGS.replace(f'slack_channel = "{SUPPORT}"', desk, 1) + texts
    house.whatsapp.write(ANA, "Olá", name="Ana")
    house.run()


def reply(house: House, text: str, user: str = BOB, **more: Any) -> str:
    ts = house.say(text, user=user, **more)
    house.run()
    return ts


def phone(house: House) -> list[str]:
    return house.on_phone(house.whatsapp.phone(ANA))


def test_nobody_is_named_where_a_desk_does_not_want_it(house: House) -> None:
    begin(house, "never")
    reply(house, "Hello")
    assert phone(house) == ["Hello"]


def test_every_reply_says_who_answers(house: House) -> None:
    begin(house, "always")
    renamed(house.world, MIA, "Mia from Support")
    reply(house, "Hello")
    reply(house, "How can we help?", MIA)
    assert phone(house) == ["Bob Brown: Hello", "Mia from Support: How can we help?"]
    assert house.texts()[-2:] == ["Hello", "How can we help?"]


def test_a_name_is_said_when_somebody_else_goes_on(house: House) -> None:
    begin(house, "changes")
    for text, user in (("one", BOB), ("two", BOB), ("three", MIA), ("four", MIA), ("five", BOB)):
        reply(house, text, user)
    said = phone(house)
    assert [text.rpartition(": ")[0] != "" for text in said] == [True, False, True, False, True]
    assert said[0] == "Bob Brown: one"


def test_an_edit_keeps_the_name(house: House) -> None:
    house.settings_text = SETTINGS.replace(f'"{SUPPORT}"', f'"{SUPPORT}"\nnames = "always"', 1)
    house.telegram.write("5", "Merhaba", first_name="Deniz")
    house.run()
    ts = reply(house, "Helo")
    house.slack.edit(SUPPORT, ts, "Hello")
    house.run()
    assert house.on_phone(house.telegram.phone("5")) == ["Bob Brown: Hello"]


def test_a_long_reply_names_them_once_and_no_word_is_lost(house: House) -> None:
    begin(house, "always")
    text = " ".join(f"word{number}" for number in range(1_200))
    reply(house, text)
    parts = phone(house)
    assert len(parts) > 1
    assert [part.startswith("Bob Brown: ") for part in parts] == [True, *[False] * (len(parts) - 1)]
    assert " ".join(parts).split() == ["Bob", "Brown:", *text.split()]


PICTURE = {"name": "a.gif", "data": b"GIF89a" + bytes(40), "mimetype": "image/gif"}


def test_a_files_caption_begins_with_the_name_and_a_file_alone_has_none(house: House) -> None:
    house.settings_text = SETTINGS.replace(f'"{SUPPORT}"', f'"{SUPPORT}"\nnames = "always"', 1)
    house.telegram.write("5", "Merhaba", first_name="Deniz")
    house.run()
    reply(house, "Look", files=[PICTURE])
    reply(house, "", files=[PICTURE])
    look, alone = house.on_phone(house.telegram.phone("5"))
    assert "Bob Brown: Look" in look
    assert "Bob" not in alone


def test_how_a_reply_begins_can_be_chosen(house: House) -> None:
    begin(house, "always", '[texts]\nsignature = "— {agent} —\\n"\n')
    reply(house, "Hello")
    assert phone(house) == ["— Bob Brown —\nHello"]


def test_whom_slack_cannot_name_now_answers_without_a_name(house: House) -> None:
    begin(house, "always")
    house.slack.fail("users.info", {"error": "user_not_found"}, times=5)
    reply(house, "Hello")
    assert phone(house) == ["Hello"]


@pytest.mark.parametrize("text", ["", "   "])
def test_where_nothing_is_said_nobody_says_it(text: str) -> None:
    assert with_signature(literal(text), "Bob: ", 0) == literal(text)
