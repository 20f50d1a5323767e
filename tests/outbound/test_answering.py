"""Which message another one answers: shown in the thread, and on the phone where the medium shows such things."""

from __future__ import annotations

import pytest

from chalicelib.model import Kind
from infra.local.slack.team import DOMAIN, SUPPORT
from tests.house import House

CHAT, PHONE, SMS = "7", "5511987654321", "+15551230001"


def link(house: House, number: int = 0, thread: int = -1) -> str:
    """The address of a message, as somebody pastes it."""
    post, head = house.thread(thread)[number], house.threads()[thread]
    place = f"p{post['ts'].replace('.', '')}?thread_ts={head}&cid={SUPPORT}"
    return f"https://{DOMAIN}.slack.com/archives/{SUPPORT}/{place}"


def answers(house: House) -> list[tuple[str, str]]:
    """What the phone shows of us, and which message each answers."""
    phone = house.telegram.phone(CHAT)
    return [(each["text"], each.get("reply_to", "")) for each in phone if each["direction"] == "to_customer"]


def told(house: House, number: int = -1) -> str:
    return str(house.thread()[number]["blocks"])


@pytest.fixture
def two(house: House) -> House:
    """Ana has asked two things by Telegram."""
    for text in ("Is it ready?", "And the blue one?"):
        house.telegram.write(CHAT, text, first_name="Ana")
        house.run()
    return house


def test_a_reply_that_begins_with_a_link_answers_that_message(two: House) -> None:
    two.say(f"{link(two)} Yes, *it* is")
    two.run()
    asked = two.telegram.phone(CHAT)[0]["id"]
    assert answers(two) == [("Yes, it is", asked)]


def test_a_link_alone_points_at_the_message(two: House) -> None:
    two.say(link(two, 1))
    two.run()
    assert answers(two) == [("☝️", two.telegram.phone(CHAT)[1]["id"])]


def test_a_link_to_a_reply_of_ours_answers_that(two: House) -> None:
    two.say("At five")
    two.run()
    two.say(f"{link(two, 2)} no, at six")
    two.run()
    sent = two.telegram.phone(CHAT)[2]["id"]
    assert answers(two) == [("At five", ""), ("no, at six", sent)]


def test_whatsapp_shows_what_is_answered_too(house: House) -> None:
    house.whatsapp.write(PHONE, "Is it ready?", name="Ana", id="wamid.ask")
    house.run()
    house.say(f"{link(house)} Yes")
    house.run()
    (ours,) = [each for each in house.whatsapp.phone(PHONE) if each["direction"] == "to_customer"]
    assert (ours["text"], ours["reply_to"]) == ("Yes", "wamid.ask")


def test_elsewhere_the_words_are_quoted(house: House) -> None:
    house.twilio.write(SMS, "Is it ready?")
    house.run()
    house.say(f"{link(house)} Yes")
    house.run()
    assert house.on_phone(house.twilio.phone(SMS)) == ["> Is it ready?\nYes"]


def test_what_never_reached_the_customer_is_not_quoted_to_them(house: House) -> None:
    house.twilio.write(SMS, "Is it ready?")
    house.run()
    ts = house.say("He asks that every day")
    house.slack.edit(SUPPORT, ts, "// He asks that every day")
    house.run()
    house.say(f"{link(house, 1)} Yes")
    house.run()
    assert house.on_phone(house.twilio.phone(SMS)) == ["Yes"]


def test_a_message_that_could_not_be_read_is_answered_like_any_other(house: House) -> None:
    house.whatsapp.write(PHONE, type="holography", content={"x": 1}, id="wamid.ask", name="Ana")
    house.run()
    house.say(f"{link(house)} Yes")
    house.run()
    (ours,) = [each for each in house.whatsapp.phone(PHONE) if each["direction"] == "to_customer"]
    assert (ours["text"], ours["reply_to"]) == ("Yes", "wamid.ask")


def test_a_link_to_another_thread_is_words(two: House) -> None:
    two.telegram.write("8", "Hello", first_name="Leo")
    two.run()
    two.say(f"{link(two, thread=1)} see there", 0)
    two.run()
    ((words, answered),) = answers(two)
    assert (words.endswith("see there"), "archives" in words, answered) == (True, True, "")


def test_a_note_that_begins_with_a_link_stays_inside(two: House) -> None:
    two.say(f"{link(two)} // he asks that every day")
    two.run()
    assert answers(two) == []
    assert two.items()[-1].kind is Kind.NOTE


def test_a_link_that_is_put_in_before_it_goes_counts(two: House) -> None:
    ts = two.say("Yes")
    two.slack.edit(SUPPORT, ts, f"{link(two)} Yes")
    two.run()
    assert answers(two) == [("Yes", two.telegram.phone(CHAT)[0]["id"])]


# ------------------------------------------------------------------------------ the customer answers


def test_a_customers_answer_begins_with_a_link_to_what_it_answers(two: House) -> None:
    two.telegram.write(CHAT, "the first", first_name="Ana", reply_to=two.telegram.phone(CHAT)[0]["id"])
    two.run()
    assert link(two) in told(two)
    assert "↩ Is it ready?" in told(two)
    assert two.texts()[-1] == "the first"


def test_a_customers_answer_to_a_reply_of_ours_leads_to_it(two: House) -> None:
    two.say("At *five*")
    two.run()
    two.telegram.write(CHAT, "fine", first_name="Ana", reply_to=two.telegram.phone(CHAT)[2]["id"])
    two.run()
    assert link(two, 2) in told(two)
    assert "↩ At five" in told(two)


def test_each_of_a_burst_says_what_it_answers(two: House) -> None:
    for text, number in (("one", 0), ("two", 1)):
        two.telegram.write(CHAT, text, first_name="Ana", reply_to=two.telegram.phone(CHAT)[number]["id"])
    two.clock.ahead += 10
    two.run()
    assert two.texts()[-1] == "one\ntwo"
    assert [told(two).count(words) for words in ("↩ Is it ready?", "↩ And the blue one?")] == [1, 1]


def test_an_answer_to_what_nobody_knows_is_a_message_like_any_other(house: House) -> None:
    content = {"context": {"id": "wamid.never"}}
    house.whatsapp.write(PHONE, "that one", name="Ana", **content)
    house.run()
    assert house.texts() == ["that one"]
    assert "↩" not in told(house)
