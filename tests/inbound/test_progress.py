"""The card says how far the team's last reply has come; the reply itself bears one mark."""

from __future__ import annotations

import json

from chalicelib.model import Kind, State
from infra.local.slack.team import SUPPORT
from tests.house import House, reactions

ANA = "5511987654321"


def card(house: House) -> str:
    return json.dumps(house.slack.thread(SUPPORT, house.threads()[-1])[0]["blocks"])


def calls(house: House, method: str) -> int:
    return [name for name, _ in house.slack.calls].count(method)


def begin(house: House) -> None:
    house.whatsapp.receipts(auto=False)
    house.whatsapp.write(ANA, "Hello", name="Ana")
    house.run()


def reply(house: House, text: str) -> None:
    house.say(text)
    house.run()


def tell(house: House, number: int, status: str) -> None:
    """Let the customer's phone report of our message of that number."""
    replies = [item for item in house.items() if item.kind is Kind.REPLY]
    house.whatsapp.receipt(replies[number].parts[0].id, status)
    house.run()


def test_a_reply_that_is_read_is_shown_as_read_on_the_card_and_keeps_its_mark(house: House) -> None:
    begin(house)
    reply(house, "Hi Ana")
    tell(house, -1, "delivered")
    assert "Last reply: delivered" in card(house)
    tell(house, -1, "read")
    assert "Last reply: read" in card(house)
    assert reactions(house.thread()[-1]) == ["ballot_box_with_check"]
    assert calls(house, "reactions.add") == 1


def test_what_becomes_of_an_earlier_reply_does_not_hide_what_became_of_the_last(house: House) -> None:
    begin(house)
    for number, text in enumerate(("one", "two")):
        reply(house, text)
        tell(house, number, "delivered")
    drawn = calls(house, "chat.update")
    tell(house, 0, "read")
    assert "Last reply: delivered" in card(house)
    assert calls(house, "chat.update") == drawn
    tell(house, 1, "read")
    assert "Last reply: read" in card(house)


def test_a_reply_that_did_not_arrive_is_said_on_the_card(house: House) -> None:
    house.twilio.write("+15551230001", "Hello")
    house.run()
    house.twilio.fail({"error": 21211})
    house.say("Hi")
    house.run()
    assert "Last reply: :warning: *not delivered*" in card(house)
    assert "Waiting since" in card(house)


def test_a_reply_that_arrives_after_all_is_said_on_the_card(house: House) -> None:
    test_a_reply_that_did_not_arrive_is_said_on_the_card(house)
    house.say("Hi again")
    house.run()
    house.later(70)
    assert "Last reply: delivered" in card(house)
    assert "Answered" in card(house)


def test_nothing_is_owed_for_a_reply_once_it_is_read(house: House) -> None:
    begin(house)
    reply(house, "Hi Ana")
    tell(house, -1, "read")
    (item,) = [each for each in house.items() if each.outbound]
    assert (item.state, item.shown, item.due) == (State.READ, State.READ, None)
