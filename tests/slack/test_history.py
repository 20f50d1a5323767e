"""The history of a customer: everything, across channels, newest first, with links, and a search in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.contacts import person
from chalicelib.inbound.joining import join, part
from chalicelib.model import Known, Merge, new_id
from chalicelib.slack.desk import past
from chalicelib.store import Replace
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Is the blue one in stock?")
    house.run()
    house.say("It is, José!")
    house.run()
    return house


def look(house: House, number: int = -1) -> list[str]:
    """Open the history from a card, and read it."""
    house.slack.press(BOB, SUPPORT, house.threads()[number], "more")
    house.slack.press_in_view(BOB, "history")
    house.run()
    return read(house)


def turn(house: House, way: str) -> list[str]:
    house.slack.press_in_view(BOB, way)
    house.run()
    return read(house)


def search(house: House, words: str) -> list[str]:
    house.slack.submit(BOB, {"words": words})
    house.run()
    return read(house)


def view(house: House) -> dict[str, Any]:
    modal = house.slack.modal(BOB)
    assert modal is not None
    return modal


def read(house: House) -> list[str]:
    """What the modal shows of each thing that was said, in its order."""
    blocks = [block for block in view(house)["blocks"] if block["type"] == "rich_text"]
    return [line(block).partition("\n")[2] for block in blocks]


def line(block: dict[str, Any]) -> str:
    elements: list[dict[str, str]] = block["elements"][0]["elements"]
    return "".join(each.get("text", "") for each in elements)


def buttons(house: House) -> list[str]:
    rows = [block["elements"] for block in view(house)["blocks"] if block["type"] == "actions"]
    return [each["action_id"] for row in rows for each in row]


def small(house: House) -> str:
    return str(next(b["elements"][0]["text"] for b in view(house)["blocks"] if b["type"] == "context"))


def test_all_that_was_said_is_shown_newest_first_with_who_said_it_and_a_link(ana: House) -> None:
    ana.say("// he is in a hurry")
    ana.run()
    assert look(ana) == ["// he is in a hurry", "It is, José!", "Is the blue one in stock?"]
    blocks = [block for block in view(ana)["blocks"] if block["type"] == "rich_text"]
    assert [line(block).partition("\n")[0] for block in blocks] == [
        "Bob Brown · note ·  · Open",
        "Bob Brown · SMS · delivered ·  · Open",
        f"{ANA} · SMS ·  · Open",
    ]
    links = [
        each["url"] for block in blocks for each in block["elements"][0]["elements"] if each["type"] == "link"
    ]
    assert [ana.slack.thread(SUPPORT, ana.threads()[0])[1]["ts"].replace(".", "") in links[-1]] == [True]
    assert small(ana) == f"{ANA} · 1 conversation"


def test_the_modal_opens_at_once_and_is_filled_by_a_bell(ana: House) -> None:
    ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more")
    ana.slack.press_in_view(BOB, "history")
    assert "One moment" in str(view(ana)["blocks"])
    ana.run()
    assert "One moment" not in str(view(ana)["blocks"])


def test_conversations_of_before_are_in_it(ana: House) -> None:
    ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "resolve")
    ana.run()
    ana.later(100 * 86_400)
    ana.twilio.write(ANA, "Hello again")
    ana.run()
    assert look(ana) == ["Hello again", "It is, José!", "Is the blue one in stock?"]
    assert small(ana).endswith("2 conversations")


def merged(house: House) -> Merge:
    """The same person by Telegram."""
    house.telegram.write("7", "By Telegram", first_name="Ana")
    house.run()
    two = [house.store.find(Known, each) for each in (f"phone:{ANA}", "telegram:7")]
    one, other = (each.contact for each in two if each)
    done = join(house.world, Merge(new_id(house.clock.ms()), one, other, by=BOB))
    assert done is not None
    house.run()
    return done


def test_other_channels_of_the_same_person_are_in_it_until_they_are_two_again(ana: House) -> None:
    done = merged(ana)
    assert look(ana, 0) == look(ana, 1) == ["By Telegram", "It is, José!", "Is the blue one in stock?"]
    assert small(ana) == f"{ANA}, 7 · 2 conversations"
    part(ana.world, done.id, BOB)
    ana.run()
    assert look(ana, 0) == ["It is, José!", "Is the blue one in stock?"]
    assert look(ana, 1) == ["By Telegram"]


def test_what_was_written_while_blocked_is_in_it(ana: House) -> None:
    ana.slack.press(BOB, SUPPORT, ana.threads()[0], "more")
    ana.slack.press_in_view(BOB, "block")
    ana.run()
    ana.twilio.write(ANA, "You cannot hear me")
    ana.run()
    assert "You cannot hear me" not in ana.texts()
    assert look(ana)[0] == "You cannot hear me"
    assert "while blocked" in str(view(ana)["blocks"])


def test_pages_go_back_and_forth(house: House) -> None:
    for number in range(25):
        house.twilio.write(ANA, f"number {number}")
    house.run()
    numbers = [f"number {number}" for number in reversed(range(25))]
    assert look(house) == numbers[:10]
    assert buttons(house) == ["history_older"]
    assert turn(house, "history_older") == numbers[10:20]
    assert turn(house, "history_older") == numbers[20:]
    assert buttons(house) == ["history_newer"]
    assert turn(house, "history_newer") == numbers[10:20]
    assert turn(house, "history_newer") == numbers[:10]
    assert buttons(house) == ["history_older"]


def test_many_conversations_are_paged_through_as_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "TOGETHER", 2)
    for number in range(7):
        house.twilio.write(ANA, f"{number} begins")
        house.twilio.write(ANA, f"{number} ends")
        house.run()
        house.slack.press(BOB, SUPPORT, house.threads()[-1], "resolve")
        house.later(100 * 86_400)
    wanted = [f"{number} {word}" for number in reversed(range(7)) for word in ("ends", "begins")]
    assert look(house) == wanted[:10]
    assert turn(house, "history_older") == wanted[10:]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BLUE", ["Is the blue one in stock?"]),
        ("stock blue", ["Is the blue one in stock?"]),
        ("jose", ["It is, José!"]),
        ("is", ["It is, José!", "Is the blue one in stock?"]),
        ("green", []),
        ("", ["It is, José!", "Is the blue one in stock?"]),
        (".*", []),
    ],
)
def test_words_are_found_however_they_are_spelled(ana: House, words: str, found: list[str]) -> None:
    look(ana)
    assert search(ana, words) == found


def test_what_is_not_found_is_said(ana: House) -> None:
    look(ana)
    search(ana, "<!channel> green")
    assert small(ana).endswith("with “<!channel> green” · nothing found")


def test_a_search_goes_on_over_pages(house: House) -> None:
    for number in range(24):
        house.twilio.write(ANA, f"{'even' if number % 2 == 0 else 'odd'} {number}")
    house.run()
    look(house)
    evens = [f"even {number}" for number in reversed(range(0, 24, 2))]
    assert search(house, "even") == evens[:10]
    assert turn(house, "history_older") == evens[10:]


def test_a_search_that_takes_too_long_says_so_and_goes_on_from_there(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(ana)
    monkeypatch.setattr(past, "LASTS", -1)
    assert search(ana, "blue") == []
    assert small(ana).endswith("there is more to look through")
    monkeypatch.undo()
    assert turn(ana, "history_older") == ["Is the blue one in stock?"]


def test_customers_words_are_words_in_it(ana: House) -> None:
    ana.twilio.write(ANA, "<!channel> *bold* <https://evil.example|ours> @U0BOB")
    ana.run()
    (first, *_) = look(ana)
    assert first == "<!channel> *bold* <https://evil.example|ours> @U0BOB"


def test_a_long_message_is_shown_by_its_beginning(ana: House) -> None:
    ana.twilio.write(ANA, "long " * 300)
    ana.run()
    (first, *_) = look(ana)
    assert len(first) == 400


def test_the_history_of_a_conversation_that_is_gone_is_one_sentence(ana: House) -> None:
    (home,) = ana.conversations()
    who = person(ana.store, home.contact)
    assert who is not None
    ana.store.write(Replace(replace(home, contact="01" + "A" * 24)))
    ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more")
    ana.slack.press_in_view(BOB, "history")
    ana.run()
    assert "not on record any more" in str(view(ana)["blocks"])
