"""Customers are told who answers them, where a desk wants that: by the name they know, and never by a Slack id."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.model import Unit
from chalicelib.outbound.signature import LOOKED_AT, with_signature
from chalicelib.richtext import literal
from chalicelib.richtext.measure import measure
from chalicelib.team import renamed
from infra.local.slack.team import BOB, MIA, SUPPORT
from tests.house import SETTINGS, House
from tests.slack.test_saved_replies import choose, field, open_form, saved
from tests.slack.test_templates import choose as pick_template
from tests.slack.test_templates import hand_in, open_templates

ANA, SAM = "5511987654321", "+15551230001"
PICTURE = {"name": "a.gif", "data": b"GIF89a" + bytes(40), "mimetype": "image/gif"}


def chosen(names: str) -> str:
    """Settings whose desk names its people as it is told, or as it does by itself."""
    return SETTINGS.replace('names = "never"', f'names = "{names}"' if names else "")


def begin(house: House, names: str = "", texts: str = "") -> None:
    house.settings_text = chosen(names) + texts
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


def test_the_first_reply_says_who_answers_and_so_does_each_by_somebody_else(house: House) -> None:
    begin(house)
    for text, user in (("one", BOB), ("two", BOB), ("three", MIA), ("four", MIA), ("five", BOB)):
        reply(house, text, user)
    said = phone(house)
    assert said == ["Bob Brown: one", "two", "Mia Meyer: three", "four", "Bob Brown: five"]


def test_who_goes_on_for_long_is_named_again(house: House) -> None:
    begin(house)
    reply(house, "one")
    for number in range(LOOKED_AT):
        house.whatsapp.write(ANA, f"{number}")
    house.run()
    reply(house, "two")
    reply(house, "three")
    assert phone(house) == ["Bob Brown: one", "Bob Brown: two", "three"]


def test_a_file_alone_names_nobody_so_the_first_words_do(house: House) -> None:
    begin(house)
    reply(house, "", files=[PICTURE])
    reply(house, "Look")
    reply(house, "Do you see it?")
    assert phone(house)[1:] == ["Bob Brown: Look", "Do you see it?"]


def test_no_name_stands_before_a_template_and_the_first_words_after_it_have_one(house: House) -> None:
    begin(house)
    house.clock.ahead += 25 * 3600
    open_templates(house)
    pick_template(house, "hello_world")
    hand_in(house)
    house.whatsapp.write(ANA, "Thank you")
    house.run()
    reply(house, "Gladly")
    assert phone(house) == ["Welcome. We are glad that you are here.", "Bob Brown: Gladly"]


def test_a_saved_reply_in_which_somebody_names_themselves_begins_with_the_name_like_any_other(
    house: House,
) -> None:
    begin(house)
    renamed(house.world, BOB, "Bobby")
    saved(house, "Parcel", "Hello {first_name}, this is {agent}.")
    for _ in range(2):
        open_form(house)
        choose(house, "parcel")
        house.slack.submit(BOB, {field(house)[0]: field(house)[1]})
        house.run()
    said = "Hello Ana, this is Bobby."
    assert phone(house) == [f"Bobby: {said}", said]


def test_a_reply_that_failed_told_nobody_who_answers(house: House) -> None:
    begin(house)
    house.clock.ahead += 25 * 3600
    reply(house, "Too late")
    house.whatsapp.write(ANA, "Hello?")
    house.run()
    reply(house, "Here I am")
    assert phone(house) == ["Bob Brown: Here I am"]


def test_a_desk_that_begins_to_name_its_people_names_who_goes_on(house: House) -> None:
    begin(house, "never")
    reply(house, "one")
    house.settings_text = chosen("changes")
    reply(house, "two")
    reply(house, "three")
    assert phone(house) == ["one", "Bob Brown: two", "three"]


def test_the_name_counts_where_an_sms_is_divided(house: House) -> None:
    house.settings_text = chosen("")
    house.twilio.write(SAM, "Hi")
    house.run()
    text = "word " * 305
    reply(house, text)
    parts = house.on_phone(house.twilio.phone(SAM))
    assert len(parts) == 2
    assert all(measure(Unit.SEGMENTS)(part) <= 10 for part in parts)
    reply(house, text)
    assert len(house.on_phone(house.twilio.phone(SAM))) == 3


def test_the_name_counts_in_a_caption(house: House) -> None:
    house.settings_text = chosen("always")
    house.telegram.write("5", "Merhaba", first_name="Deniz")
    house.run()
    for length in (1024 - len("Bob Brown: "), 1024):
        reply(house, "x" * length, files=[PICTURE])
    captioned, words, file = house.on_phone(house.telegram.phone("5"))
    assert captioned.count("x") == 1024 - len("Bob Brown: ")
    assert words == f"Bob Brown: {'x' * 1024}"
    assert "x" not in file


def test_an_edit_keeps_the_name(house: House) -> None:
    house.settings_text = chosen("always")
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


def test_a_files_caption_begins_with_the_name_and_a_file_alone_has_none(house: House) -> None:
    house.settings_text = chosen("always")
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


def test_words_that_run_from_right_to_left_go_on_doing_so_behind_the_name(house: House) -> None:
    begin(house)
    reply(house, "نعم، هو جاهز.")
    reply(house, "42", MIA)
    renamed(house.world, BOB, "ليلى")
    reply(house, "It is ready.")
    reply(house, "هو جاهز.", MIA)
    assert phone(house) == [
        "\u200fBob Brown: نعم، هو جاهز.",
        "Mia Meyer: 42",
        "\u200eليلى: It is ready.",
        "\u200fMia Meyer: هو جاهز.",
    ]


def test_whom_slack_cannot_name_now_answers_without_a_name_and_is_named_later(house: House) -> None:
    begin(house)
    house.slack.fail("users.info", {"error": "user_not_found"}, times=5)
    reply(house, "Hello")
    house.slack.mend()
    renamed(house.world, BOB, "Bob")
    reply(house, "Is it there?")
    assert phone(house) == ["Hello", "Bob: Is it there?"]


@pytest.mark.parametrize("text", ["", "   "])
def test_where_nothing_is_said_nobody_says_it(text: str) -> None:
    assert with_signature(literal(text), "Bob: ", 0) == literal(text)
