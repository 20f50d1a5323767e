"""Repeats over months: whatever comes about a message of last year still finds it.

Each is tried twice, because DynamoDB forgets what has expired when it finds the time: soon, or much later.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.model import Item, Kind, State
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from infra.local.slack.wire import Signer, post
from tests.house import SECRETS, House, reactions

DAY = 86_400
ANA = "+15551230001"
ANA_ON_WHATSAPP = "5511987654321"
ANA_ON_TELEGRAM = "7"


@dataclass
class Years:
    """A house in which time passes."""

    house: House
    punctual: bool

    def pass_(self, days: float) -> None:
        """Let days pass, and DynamoDB forget what has expired by then, unless it is late."""
        self.house.run()
        self.house.later(days * DAY)
        if self.punctual:
            self.expire()

    def expire(self) -> None:
        row = self.house.store._row
        for each in row.scan(row.ttl < int(self.house.clock.seconds())):
            each.delete()


@pytest.fixture(params=[True, False], ids=["expiry on time", "expiry late"])
def years(house: House, request: pytest.FixtureRequest) -> Years:
    return Years(house, request.param)


def answered(years: Years, write: Callable[[House], object]) -> Item:
    """Let Ana write and the team answer, and a year pass; returns the answer as it then is."""
    write(years.house)
    years.house.run()
    years.house.say("Yes")
    years.pass_(400)
    (item,) = [item for item in years.house.items() if item.kind is Kind.REPLY]
    return item


def tell_again(house: House, ts: str, text: str) -> int:
    """Let Slack tell of a reply once more, in the form it had when it was typed."""
    place = {"channel": SUPPORT, "thread_ts": house.threads()[-1], "ts": ts, "team": TEAM_ID}
    event = {"type": "message", "user": BOB, "text": text, **place}
    sealed = {"type": "event_callback", "team_id": TEAM_ID, "api_app_id": "A1", "event": event}
    body = json.dumps(sealed).encode()
    proof = Signer(SECRETS["SLACK_SIGNING_SECRET"], house.clock.seconds).headers(body)
    return post(f"{house.gateway.url}/slack/events", body, proof, 5).status


def by_sms(house: House) -> str:
    return house.twilio.write(ANA, "Hi").id


def by_whatsapp(house: House) -> str:
    return house.whatsapp.write(ANA_ON_WHATSAPP, "Hi", id="wamid.first").id


def by_telegram(house: House) -> str:
    return house.telegram.write(ANA_ON_TELEGRAM, "Hi", first_name="Ana").id


# ------------------------------------------------------------------------------ from the customer


@pytest.mark.parametrize("write", [by_sms, by_whatsapp, by_telegram])
def test_a_redelivery_of_last_years_message_changes_nothing(years: Years, write: Callable[[House], str]) -> None:
    house = years.house
    their_id = write(house)
    years.pass_(400)
    before = house.items()
    match write:
        case _ if write is by_sms:
            house.twilio.write(ANA, "Hi", MessageSid=their_id)
        case _ if write is by_whatsapp:
            house.whatsapp.write(ANA_ON_WHATSAPP, "Hi", id="wamid.first")
        case _:
            house.telegram.write(ANA_ON_TELEGRAM, "Hi", message_id=int(their_id))
    house.run()
    assert house.items() == before
    assert house.texts() == ["Hi"]


def test_an_edit_of_last_years_message_is_told_in_its_thread(years: Years) -> None:
    house = years.house
    their_id = by_telegram(house)
    years.pass_(400)
    house.telegram.edit(ANA_ON_TELEGRAM, their_id, "Hello")
    house.run()
    assert house.texts() == ["Hello", "Ana changed a message. Before: Hi"]


def test_a_deletion_of_last_years_message_is_told_in_its_thread(years: Years) -> None:
    house = years.house
    by_whatsapp(house)
    years.pass_(400)
    house.whatsapp.write(ANA_ON_WHATSAPP, type="revoke", content={"original_message_id": "wamid.first"})
    house.run()
    assert house.texts()[1:] == ["Ana Souza deleted a message."]


def test_a_reaction_to_last_years_answer_is_told_in_its_thread(years: Years) -> None:
    house = years.house
    answered(years, by_telegram)
    answer = house.telegram.phone(ANA_ON_TELEGRAM)[-1]["id"]
    house.telegram._bot.webhook = replace(house.telegram._bot.webhook, allowed=("message_reaction",))
    house.telegram.react(ANA_ON_TELEGRAM, answer, "👍")
    house.run()
    assert "+1" in reactions(house.thread()[-1])


def test_a_redelivery_of_last_years_yes_does_not_undo_the_stop_after_it(years: Years) -> None:
    house = years.house
    their_id = house.twilio.write(ANA, "YES").id
    years.pass_(1)
    house.twilio.write(ANA, "STOP")
    years.pass_(400)
    house.twilio.write(ANA, "YES", MessageSid=their_id)
    house.run()
    house.say("One more thing")
    house.run()
    assert "One more thing" not in house.on_phone(house.twilio.phone(ANA))
    assert "they asked not to be written to" in house.texts()[-1]


def test_a_redelivery_of_last_years_stop_does_not_undo_the_start_after_it(years: Years) -> None:
    house = years.house
    house.twilio.write(ANA, "STOP", medium="whatsapp")
    years.pass_(1)
    their_id = house.twilio.write(ANA, "STOP", medium="whatsapp").id
    house.twilio.write(ANA, "START", medium="whatsapp")
    years.pass_(400)
    house.twilio.write(ANA, "STOP", medium="whatsapp", MessageSid=their_id)
    house.twilio.write(ANA, "Are you there?", medium="whatsapp")
    house.run()
    house.say("Welcome back")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["Welcome back"]


def test_what_was_deleted_before_it_came_stays_deleted_as_long_as_it_can_be_replayed(years: Years) -> None:
    house = years.house
    house.whatsapp.write(ANA_ON_WHATSAPP, type="revoke", content={"original_message_id": "wamid.first"})
    years.pass_(90)
    by_whatsapp(house)
    house.run()
    assert house.threads() == []


# ------------------------------------------------------------------------------ what became of an answer


@pytest.mark.parametrize("write", [by_sms, by_whatsapp])
def test_a_late_receipt_of_last_years_answer_settles_it(years: Years, write: Callable[[House], object]) -> None:
    house = years.house
    house.twilio.receipts(auto=False)
    house.whatsapp.receipts(auto=False)
    item = answered(years, write)
    assert item.state is State.SENT
    provider = house.twilio if write is by_sms else house.whatsapp
    provider.receipt(item.parts[0].id, "delivered")
    house.run()
    assert house.items()[-1].state is State.DELIVERED


def test_bad_news_of_last_years_answer_is_told_where_it_was_typed(years: Years) -> None:
    house = years.house
    house.twilio.receipts(auto=False)
    item = answered(years, by_sms)
    house.twilio.receipt(item.parts[0].id, "undelivered", 30005)
    house.run()
    assert "Not delivered to" in house.texts()[-1]


def test_a_receipt_that_came_before_the_answer_to_our_call_is_of_no_harm_a_year_later(years: Years) -> None:
    house = years.house
    house.whatsapp.receipt("wamid.of.other.software", "delivered")
    years.pass_(400)
    house.whatsapp.receipt("wamid.of.other.software", "read")
    house.run()
    assert house.items() == []


# ------------------------------------------------------------------------------ from the team


def test_a_reply_in_last_years_thread_goes_out(years: Years) -> None:
    house = years.house
    answered(years, by_sms)
    house.say("Are you still there?")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["Yes", "Are you still there?"]


def test_a_reply_in_last_years_thread_goes_out_although_there_is_a_new_one(years: Years) -> None:
    house = years.house
    house.twilio.write(ANA, "Hi")
    house.run()
    root = house.threads()[0]
    house.slack.press("U0BOB", SUPPORT, root, "resolve")
    years.pass_(400)
    house.twilio.write(ANA, "Hello again")
    house.run()
    house.say("About last year", number=0)
    house.run()
    assert len(house.threads()) == 2
    assert house.on_phone(house.twilio.phone(ANA)) == ["About last year"]


def test_an_edit_of_last_years_answer_is_told_to_be_too_late(years: Years) -> None:
    house = years.house
    item = answered(years, by_sms)
    house.slack.edit(SUPPORT, item.their_id, "No")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["Yes"]
    assert house.texts()[-1].startswith("Changed here only")


def test_a_deletion_of_last_years_answer_is_told_to_be_too_late(years: Years) -> None:
    house = years.house
    item = answered(years, by_sms)
    house.slack.delete(SUPPORT, item.their_id)
    house.run()
    assert house.texts()[-1].startswith("Deleted here only")


def test_slack_telling_of_last_years_answer_again_sends_nothing(years: Years) -> None:
    house = years.house
    house.twilio.write(ANA, "Hi")
    house.run()
    ts = house.say("Yes")
    years.pass_(400)
    assert tell_again(house, ts, "Yes") == 200
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == ["Yes"]


def test_a_reply_that_was_deleted_before_it_came_stays_here_as_long_as_slack_may_tell_of_it(years: Years) -> None:
    house = years.house
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.drop_events(1)
    ts = house.say("Oh no")
    house.slack.delete(SUPPORT, ts)
    years.pass_(1.2)
    tell_again(house, ts, "Oh no")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == []


def test_an_edit_that_overtakes_its_reply_by_more_than_a_day_is_the_reply_and_waits_for_a_person(
    years: Years,
) -> None:
    house = years.house
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.drop_events(1)
    ts = house.say("Helo")
    years.pass_(1.2)
    house.slack.edit(SUPPORT, ts, "Hello")
    house.run()
    tell_again(house, ts, "Helo")
    house.run()
    assert house.on_phone(house.twilio.phone(ANA)) == []
    assert "Not delivered" in house.texts()[-1]
    assert house.items()[-1].text == "Hello"
