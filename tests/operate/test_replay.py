"""What could not be read is read again after a fix: nothing of it is lost, and nothing is doubled."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import raw as raws
from chalicelib.health import health
from chalicelib.inbound.receive import AT_ONCE
from chalicelib.model import DAY, Raw
from chalicelib.operate import operate
from chalicelib.web import Request
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

TELEGRAM, WHATSAPP, EVENTS, PRESSES = (
    ("telegram", "main"),
    ("whatsapp", "main"),
    ("slack", "events"),
    ("slack", "interactions"),
)
ANA, WHATSAPP_ANA = "+15551230001", "5511987654321"


def update(number: int, text: str = "Hi") -> bytes:
    """A body that today's code can read; kept as if yesterday's could not."""
    chat = {"id": 7, "type": "private", "first_name": "Ana"}
    message = {"message_id": number, "date": 1_789_000_000, "chat": chat, "from": chat, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


def batch(many: int) -> bytes:
    """A body of WhatsApp's with many messages."""
    messages = [
        {"from": WHATSAPP_ANA, "id": f"wamid.{number}", "timestamp": "1789000000", "type": "text"}
        | {"text": {"body": str(number)}}
        for number in range(many)
    ]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "messages": messages}
    change = {"field": "messages", "value": value}
    entry = {"id": "1", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def keep(house: House, body: bytes, door: tuple[str, str] = TELEGRAM, unread: str = "malformed: ?") -> Raw:
    return raws.keep(house.world, door, Request("POST", body=body), "malformed", unread=unread)


def order(house: House, **words: str) -> Any:
    answer = operate(house.world, words)
    assert "error" not in answer, answer
    return answer


def outcomes(answer: dict[str, Any]) -> list[str]:
    return [each["outcome"] for each in answer["done"]]


# ------------------------------------------------------------------------------ customers' words


def test_what_can_be_read_now_stands_in_the_thread_and_is_counted_no_more(house: House) -> None:
    keep(house, update(1))
    assert health(house.world)["unread"] == 1
    assert outcomes(order(house, do="replay")) == ["read"]
    house.run()
    assert house.texts() == ["Hi"]
    assert health(house.world)["ok"] is True


def test_replayed_twice_and_come_again_by_itself_it_is_there_once(house: House) -> None:
    kept = keep(house, update(1))
    keep(house, update(1))
    assert outcomes(order(house, do="replay")) == ["read", "read"]
    assert outcomes(order(house, do="replay", id=kept.id)) == ["read"]
    house.run()
    assert house.texts() == ["Hi"]


def test_what_still_cannot_be_read_stays_and_says_why_without_a_word_of_it(house: House) -> None:
    kept = keep(house, b'{"update_id": 1, "message": {"chat": "secret"}}')
    answer = order(house, do="replay")
    assert outcomes(answer) == ["still unread"]
    assert answer["done"][0]["why"].startswith("malformed: TypeError at reading.py:")
    assert "secret" not in json.dumps(answer)
    assert health(house.world)["unread"] == 1
    assert order(house, do="unread")["unread"][0]["raw"] == kept.id


def test_one_that_cannot_be_read_holds_up_no_other(house: House) -> None:
    keep(house, b"?")
    keep(house, update(1))
    keep(house, b"?", ("telegram", "gone"))
    answer = order(house, do="replay")
    assert outcomes(answer) == ["still unread", "read", "still unread"]
    assert answer["done"][2]["why"] == "there is no such line here"


def test_an_unknown_kind_is_still_counted_and_what_is_beside_it_is_there_once(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "type": "hologram"}, {"who": WHATSAPP_ANA, "text": "Hi"}])
    assert [each["why"] for each in order(house, do="replay")["done"]] == ["unknown: message hologram"]
    house.run()
    strange = "[hologram: a kind of message that cannot be shown here yet]"
    assert (house.texts(), health(house.world)["unread"]) == ([strange, "Hi"], 1)


def test_a_replay_can_be_for_one_line_or_one_channel(house: House) -> None:
    keep(house, update(1))
    keep(house, batch(1), WHATSAPP)
    assert [each["line"] for each in order(house, do="replay", channel="whatsapp")["done"]] == ["whatsapp/main"]
    assert [each["line"] for each in order(house, do="unread", channel="telegram/main")["unread"]] == [
        "telegram/main"
    ]


def test_a_body_with_many_events_is_handed_to_its_bell(house: House) -> None:
    keep(house, batch(AT_ONCE + 5), WHATSAPP)
    assert outcomes(order(house, do="replay")) == ["handed over"]
    assert order(house, do="replay")["done"] == []
    house.run()
    assert len(house.items()) == AT_ONCE + 5
    assert health(house.world)["unread"] == 0


def test_a_call_does_what_fits_into_its_time_and_names_where_the_next_begins(house: House) -> None:
    for number in range(5):
        keep(house, update(number))
    ticks = iter(range(0, 10**9, 3_000))
    began = house.clock.ms()
    slow = replace(house.world, now=lambda: began + next(ticks))
    first = operate(slow, {"do": "replay"})
    assert 0 < len(first["done"]) < 5
    assert first["next"] == first["done"][-1]["raw"]
    rest = order(house, do="replay", after=first["next"])
    assert len(first["done"]) + len(rest["done"]) == 5
    assert rest["next"] == ""


class Slow:
    """A store that takes a second for each thing it finds."""

    def __init__(self, house: House) -> None:
        self._store, self._began, self.spent = house.store, house.clock.ms(), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def find(self, *what: Any) -> Any:
        self.spent += 1_000
        return self._store.find(*what)

    def now(self) -> int:
        return self._began + self.spent


@pytest.mark.parametrize("verb", ["replay", "dismiss", "unread"])
def test_what_is_wanted_is_found_among_much_of_another_in_more_than_one_call(house: House, verb: str) -> None:
    for number in range(40):
        keep(house, update(number))
    kept = keep(house, batch(1), WHATSAPP)
    found, after, calls = [], "", 0
    while after or not calls:
        slow: Any = Slow(house)
        world = replace(house.world, store=slow, now=slow.now)
        answer = operate(world, {"do": verb, "channel": "whatsapp", "after": after})
        assert slow.spent < 20_000
        found += answer["unread" if verb == "unread" else "done"]
        after, calls = answer["next"], calls + 1
    assert ([each["raw"] for each in found], calls > 2) == ([kept.id], True)


def test_what_its_bell_is_taking_apart_is_not_dismissed(house: House) -> None:
    kept = keep(house, batch(AT_ONCE + 5), WHATSAPP)
    order(house, do="replay")
    (told,) = order(house, do="dismiss", id=kept.id)["done"]
    assert (told["outcome"], told["why"]) == ("nothing to do", "its bell is taking it apart")
    house.run()
    assert len(house.items()) == AT_ONCE + 5


def test_a_replay_that_died_halfway_is_taken_up_again(house: House) -> None:
    keep(house, update(1))
    keep(house, update(2, "there"))
    order(house, do="replay", id=order(house, do="unread")["unread"][0]["raw"])
    assert len(order(house, do="replay")["done"]) == 1
    house.run()
    assert house.texts() == ["Hi", "there"]


def test_what_is_nothing_to_us_can_be_dismissed_and_read_all_the_same(house: House) -> None:
    kept = keep(house, b'{"update_id": 1, "hologram": {}}', unread="unknown: update hologram")
    assert outcomes(order(house, do="dismiss", id=kept.id)) == ["dismissed"]
    assert health(house.world)["ok"] is True
    after = house.store.find(Raw, kept.id)
    assert after is not None
    assert (after.done, base64.b64decode(after.body)) == ("dismissed", b'{"update_id": 1, "hologram": {}}')
    assert outcomes(order(house, do="dismiss", id=kept.id)) == ["nothing to do"]


# ------------------------------------------------------------------------------ the team's words


def event(house: House, ts: float, text: str = "Hello", **about: Any) -> bytes:
    where = {"channel": SUPPORT, "thread_ts": house.threads()[-1], "ts": f"{ts:.6f}", "team": "T0THREAD"}
    message = {"type": "message", "user": BOB, "text": text, **where, **about}
    return json.dumps({"type": "event_callback", "team_id": "T0THREAD", "event": message}).encode()


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def test_a_reply_that_could_not_be_read_goes_out_once(ana: House) -> None:
    body = event(ana, ana.clock.seconds())
    keep(ana, body, EVENTS)
    keep(ana, body, EVENTS)
    assert outcomes(order(ana, do="replay")) == ["read", "read"]
    ana.run()
    assert ana.on_phone(ana.twilio.phone(ANA)) == ["Hello"]


def test_a_reply_of_the_day_before_yesterday_is_not_sent_but_its_thread_asks(ana: House) -> None:
    keep(ana, event(ana, ana.clock.seconds()), EVENTS)
    ana.clock.ahead += 2 * DAY / 1000
    order(ana, do="replay")
    ana.run()
    assert ana.on_phone(ana.twilio.phone(ANA)) == []
    assert "it could not be sent for a whole day" in ana.texts()[-1]
    ana.slack.press(BOB, SUPPORT, ana.thread()[-1]["ts"], "send_again")
    ana.run()
    assert ana.on_phone(ana.twilio.phone(ANA)) == ["Hello"]


def test_a_form_that_is_still_not_known_stays(ana: House) -> None:
    keep(ana, event(ana, ana.clock.seconds(), subtype="of_tomorrow"), EVENTS)
    assert [each["why"] for each in order(ana, do="replay")["done"]] == ["unknown: of_tomorrow message"]


def test_a_press_that_can_be_read_now_is_not_done_any_more(ana: House) -> None:
    actions = [{"action_id": "claim", "value": ana.conversations()[0].id}]
    payload = {"type": "block_actions", "user": {"id": BOB, "team_id": "T0THREAD"}, "actions": actions}
    keep(ana, f"payload={json.dumps(payload)}".encode(), PRESSES)
    assert outcomes(order(ana, do="replay")) == ["read"]
    assert ana.conversations()[0].owner == ""


# ------------------------------------------------------------------------------ nonsense


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"do": "replay", "id": "x"}, "no id of a raw body"),
        ({"do": "replay", "id": "0" * 26}, "There is no raw body"),
        ({"do": "replay", "after": "yesterday"}, "`after` is the id"),
        ({"do": "dismiss"}, "Say which"),
        ({"do": "unread", "id": "x"}, "unread knows no 'id'; it takes after, channel"),
        ({"do": "dance"}, "by the name of 'dance'"),
        ({}, "by the name of ''"),
        ({"do": 7}, "An order is a JSON object of texts"),
        (["replay"], "An order is a JSON object of texts"),
        (None, "An order is a JSON object of texts"),
    ],
)
def test_an_order_that_makes_no_sense_is_answered_in_words(house: House, words: object, says: str) -> None:
    assert says in operate(house.world, words)["error"]


def test_where_nothing_waits_nothing_is_done(house: House) -> None:
    assert order(house, do="replay") == {"done": [], "next": ""}
    assert order(house, do="unread") == {"unread": [], "next": ""}
