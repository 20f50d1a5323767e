"""What a webhook leaves behind: repeats, races, batches, and what cannot be read."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Unverified
from chalicelib.health import health
from chalicelib.inbound import receive, unpack
from chalicelib.inbound.receive import AT_ONCE
from chalicelib.model import DAY, Contact, Item, Known, Raw, Route, Side, State
from chalicelib.operate import operate
from chalicelib.raw import INLINE_BYTES, keep
from chalicelib.web import Request, Response
from tests.house import SECRETS, House

ANA = "+15551230001"
WHATSAPP_ANA = "5511987654321"


class Died(BaseException):
    """A worker is no more."""


def update(message_id: int, **about: Any) -> bytes:
    """One Telegram update."""
    chat = {"id": 7, "type": "private", "first_name": "Ana"}
    message = {"message_id": message_id, "date": 1_789_000_000, "chat": chat, "from": chat, "text": "Hi"}
    return json.dumps({"update_id": message_id, "message": {**message, **about}}).encode()


def telegram(house: House, body: bytes, **headers: str) -> Response:
    secret = {"x-telegram-bot-api-secret-token": SECRETS["TELEGRAM_WEBHOOK_SECRET"], **headers}
    return receive(house.world, "telegram", "main", Request("POST", secret, body=body))


def raws(house: House) -> list[Raw]:
    rows = house.world.store._row.scan(house.world.store._row.kind == "raw")
    found = [house.world.store.find(Raw, row.sk) for row in rows]
    return [raw for raw in found if raw]


@contextmanager
def watched(house: House, see: Callable[[str], None]) -> Iterator[None]:
    """See every call to the table, by the name of its operation, before it is made."""
    events = house.world.store._row._get_connection().connection.client.meta.events

    def before(model: Any, **_: Any) -> None:
        see(model.name)

    events.register("before-call.dynamodb", before)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", before)


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    calls: list[str] = []
    with watched(house, calls.append):
        yield calls


# ------------------------------------------------------------------------------ repeats and races


@pytest.mark.parametrize("channel", ["twilio", "whatsapp", "telegram"])
def test_a_webhook_that_comes_four_times_is_one_item_and_one_post(house: House, channel: str) -> None:
    provider = getattr(house, channel)
    provider.repeat(3)
    provider.write(ANA if channel == "twilio" else WHATSAPP_ANA, "Hello")
    house.run()
    assert len(house.items()) == 1
    assert house.texts() == ["Hello"]


def test_the_same_webhook_from_many_sides_at_once_is_one_item(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: telegram(house, update(1)), range(16)))
    house.run()
    assert {answer.status for answer in answers} == {200}
    assert house.texts() == ["Hi"]


def test_first_messages_at_once_open_one_thread(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: telegram(house, update(number)), range(1, 9)))
    house.run()
    assert {answer.status for answer in answers} == {200}
    assert len(house.threads()) == len(house.conversations()) == 1
    assert len(house.messages()) == 8


def test_first_messages_at_once_over_two_channels_open_one_thread(house: House) -> None:
    writers: list[Callable[[], object]] = [
        lambda: house.twilio.write("+5511987654321", "by SMS"),
        lambda: house.whatsapp.write(WHATSAPP_ANA, "by WhatsApp"),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda write: write(), writers))
    house.run()
    assert len(house.threads()) == 1
    assert sorted(house.texts()) == ["by SMS", "by WhatsApp"]


def test_a_message_that_comes_again_a_day_later_is_still_known(house: House) -> None:
    telegram(house, update(1))
    house.clock.ahead += DAY / 1000
    telegram(house, update(1))
    house.run()
    assert house.texts() == ["Hi"]


def test_a_batch_with_repeats_in_it_is_recorded_once_and_rings_once(house: House) -> None:
    message = {"who": WHATSAPP_ANA, "text": "same", "id": "wamid.same"}
    house.whatsapp.batch([message, message, {"who": WHATSAPP_ANA, "text": "other"}])
    assert [item.text for item in house.items()] == ["same", "other"]
    assert house.bells.heard == 1


def test_a_repeat_of_a_batch_that_was_cut_short_records_the_rest(house: House) -> None:
    parts = [{"who": WHATSAPP_ANA, "text": str(number), "id": f"wamid.{number}"} for number in range(3)]
    house.whatsapp.batch(parts[:1])
    house.whatsapp.batch(parts)
    house.run()
    assert house.texts() == ["0", "1", "2"]


def test_what_was_recorded_before_a_batch_broke_is_rung_for(house: House) -> None:
    parts = [{"who": WHATSAPP_ANA, "text": text} for text in ("1", "2")]
    transactions: list[str] = []

    def fail_once(operation: str) -> None:
        transactions.extend([operation] * (operation == "TransactWriteItems"))
        if len(transactions) == 2:
            transactions.append("failed")
            raise OSError("the table is away")

    with watched(house, fail_once):
        assert (house.whatsapp.batch(parts).status, house.bells.heard) == (500, 1)
        house.quiet()
    house.run()
    assert house.texts() == ["1", "2"]


# ------------------------------------------------------------------------------ what it costs


def test_a_known_customers_webhook_takes_two_reads_and_one_transaction(house: House) -> None:
    telegram(house, update(1))
    house.bells.rung.clear()  # whoever is new rings for their picture as well
    with counted(house) as calls:
        telegram(house, update(2))
    assert calls == ["GetItem", "GetItem", "TransactWriteItems"]
    assert [side for side, _ in house.bells.rung] == [Side.SLACK]


def test_a_repeat_costs_no_more_than_its_first(house: House) -> None:
    telegram(house, update(1))
    with counted(house) as calls:
        telegram(house, update(1))
    assert calls == ["GetItem", "GetItem", "TransactWriteItems"]


def test_two_addresses_are_read_in_one_trip(house: House) -> None:
    house.whatsapp.write(WHATSAPP_ANA, "Hi", bsuid="BR.13931234567")
    with counted(house) as calls:
        house.whatsapp.write(WHATSAPP_ANA, "again", bsuid="BR.13931234567")
    assert calls == ["BatchGetItem", "GetItem", "TransactWriteItems"]


# ------------------------------------------------------------------------------ many, large, odd


def test_a_body_with_many_events_is_put_aside_and_taken_apart_by_its_bell(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(AT_ONCE + 5)])
    assert house.items() == []
    house.run()
    assert sorted(map(int, house.messages())) == list(range(AT_ONCE + 5))


def test_the_bell_of_a_body_may_ring_twice(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(AT_ONCE + 5)])
    (raw,) = raws(house)
    unpack(house.world, raw.id)
    unpack(house.world, raw.id)
    assert len(house.items()) == AT_ONCE + 5


def test_a_body_whose_bell_was_lost_is_found_by_the_sweep(house: House) -> None:
    house.bells.deaf = True
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(AT_ONCE + 5)])
    house.bells.deaf = False
    house.later(120)
    assert len(house.messages()) == AT_ONCE + 5


def test_a_body_with_many_events_that_comes_twice_is_posted_once(house: House) -> None:
    house.whatsapp.repeat(1)
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(AT_ONCE + 1)])
    house.run()
    assert len(house.messages()) == AT_ONCE + 1


def test_a_body_whose_workers_keep_dying_is_taken_on_from_where_they_got(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(3 * AT_ONCE)])
    (raw,) = raws(house)
    for _ in range(3):
        lives = [""] * (AT_ONCE + 5)

        def live(operation: str, lives: list[str] = lives) -> None:
            if operation == "TransactWriteItems":
                lives.pop()
                if not lives:
                    raise Died

        with watched(house, live), suppress(Died):
            unpack(house.world, raw.id)
    assert len(house.items()) == 3 * AT_ONCE


def test_what_was_verified_but_cannot_be_read_is_kept_and_answered_200(house: House) -> None:
    assert telegram(house, b'{"update_id": 1, "message": {"chat": 7}}').status == 200
    (raw,) = raws(house)
    assert (raw.channel, raw.account, raw.reason) == ("telegram", "main", "malformed")
    assert raw.unread.startswith("malformed: TypeError at reading.py:")
    assert base64.b64decode(raw.body) == b'{"update_id": 1, "message": {"chat": 7}}'


def test_an_unknown_kind_is_kept_and_answered_200(house: House) -> None:
    assert telegram(house, b'{"update_id": 1, "hologram": {}}').status == 200
    assert [raw.reason for raw in raws(house)] == ["unknown: update hologram"]


@contextmanager
def poison(house: House) -> Iterator[None]:
    """Let whatever holds this word break us when it is put on record."""

    def refuse(params: Any, **_: Any) -> None:
        if b"poison" in params["body"] and b"TransactItems" in params["body"]:
            raise TypeError("a bug of ours")

    house.store.events.register("before-call.dynamodb", refuse)
    try:
        yield
    finally:
        house.store.events.unregister("before-call.dynamodb", refuse)


def of_many(house: House, many: int) -> int:
    """Let so many people write in one body; the word of the fourth breaks us."""
    texts = ["poison" if number == 3 else "Hi" for number in range(many)]
    parts = [{"who": f"55119876500{number:02}", "text": text} for number, text in enumerate(texts)]
    return house.whatsapp.batch(parts).status


def test_one_event_that_breaks_us_holds_up_no_other_of_its_webhook(house: House) -> None:
    with poison(house):
        assert (of_many(house, 5), len(house.items())) == (500, 4)
    house.quiet()  # the provider repeats it
    assert len(house.items()) == 5


@pytest.mark.slow
def test_one_event_that_breaks_us_holds_up_no_other_of_a_body_that_was_put_aside(house: House) -> None:
    with poison(house):
        of_many(house, AT_ONCE + 5)
        house.run()
    assert len(house.items()) == AT_ONCE + 4


@pytest.mark.slow
def test_what_broke_us_for_an_hour_is_counted_and_can_be_read_after_a_fix(house: House) -> None:
    with poison(house):
        of_many(house, AT_ONCE + 5)
        house.run()
        assert health(house.world)["unread"] == 0
        for _ in range(8):
            house.later(600)
        (raw,) = raws(house)
        assert raw.unread.startswith("it broke: TypeError at test_receive.py:")
        assert (raw.due, health(house.world)["ok"]) == (None, False)
    operate(house.world, {"do": "replay"})
    house.run()
    assert (len(house.items()), health(house.world)["ok"]) == (AT_ONCE + 5, True)


def test_what_broke_us_in_an_outage_comes_in_by_itself(house: House) -> None:
    with poison(house):
        of_many(house, AT_ONCE + 5)
        house.run()
    house.later(600)
    (raw,) = raws(house)
    assert (len(house.items()), raw.due, raw.done) == (AT_ONCE + 5, None, "read")


def test_a_small_body_that_breaks_us_when_it_is_replayed_says_so(house: House) -> None:
    keep(house.world, ("telegram", "main"), Request("POST", body=update(1, text="poison")), "", unread="malformed")
    with poison(house):
        (told,) = operate(house.world, {"do": "replay"})["done"]
    assert told["why"].startswith("it broke: TypeError")
    operate(house.world, {"do": "replay"})
    assert len(house.items()) == 1


def test_a_body_whose_line_is_gone_waits_for_a_person(house: House) -> None:
    keep(house.world, ("telegram", "gone"), Request("POST", body=update(1)), "many", due=house.clock.ms())
    for _ in range(8):
        house.later(600)
    assert [raw.unread.split(" at ")[0] for raw in raws(house)] == ["it broke: NotHere"]


def test_where_the_table_is_away_a_door_does_not_try_every_event(house: House) -> None:
    tried: list[str] = []

    def away(operation: str) -> None:
        tried.append(operation)
        house.clock.ahead += 3
        raise OSError("the table is away")

    with watched(house, away):
        assert house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(n)} for n in range(AT_ONCE)]).status == 500
    house.quiet()
    assert len(tried) < AT_ONCE / 2


def test_the_bell_of_a_body_that_cannot_be_read_does_not_ring_for_ever(house: House) -> None:
    raw = keep(house.world, ("telegram", "main"), Request("POST", body=b"?"), "many", due=house.clock.ms())
    house.later(1)
    (after,) = raws(house)
    assert (after.id, after.due, after.unread.split(" at ")[0]) == (raw.id, None, "malformed: JSONDecodeError")
    house.later(3600)
    assert raws(house) == [after]


@pytest.mark.slow
def test_a_body_that_takes_long_is_taken_on_by_another_bell(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": str(number)} for number in range(3 * AT_ONCE)])
    (raw,) = raws(house)
    ticks = iter(range(0, 10**9, 400))  # each look at the clock takes a while
    began = house.clock.ms()
    unpack(replace(house.world, now=lambda: began + next(ticks)), raw.id)
    assert AT_ONCE <= len(house.items()) < 3 * AT_ONCE
    house.run()
    assert len(house.items()) == 3 * AT_ONCE


def test_what_is_kept_raw_holds_nothing_that_lets_somebody_in(house: House) -> None:
    telegram(house, b"?", **{"authorization": "Basic x", "x-api-key": "k", "user-agent": "Telegram"})
    assert [dict(raw.headers) for raw in raws(house)] == [{"user-agent": "Telegram"}]


def test_an_unknown_kind_is_named_in_the_thread_and_does_not_hold_back_what_is_beside_it(house: House) -> None:
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "type": "hologram"}, {"who": WHATSAPP_ANA, "text": "Hi"}])
    house.run()
    assert house.texts() == ["[hologram: a kind of message that cannot be shown here yet]", "Hi"]
    assert [raw.reason for raw in raws(house)] == ["unknown: message hologram"]


def test_a_raw_body_that_is_too_big_for_its_row_lies_in_the_bucket(house: House) -> None:
    body = b'{"update_id": 1, "hologram": "%s"}' % (b"x" * INLINE_BYTES)
    assert telegram(house, body).status == 200
    (raw,) = raws(house)
    assert raw.body == ""
    assert house.world.bucket.get(f"raw/{raw.id}") == body


@pytest.mark.parametrize("field", ["text", "caption"])
def test_a_text_of_five_megabytes_is_cut_and_the_whole_is_kept(house: House, field: str) -> None:
    photo = {"photo": [{"file_id": "x", "file_size": 1}]} if field == "caption" else {}
    assert telegram(house, update(1, **{"text": "", **photo, field: "é" * 800_000})).status == 200
    house.run()
    assert len(house.items()[0].text) < 110_000
    assert len(house.thread()) == 1
    assert [raw.reason for raw in raws(house)] == ["large"]


def test_a_name_of_a_megabyte_is_cut(house: House) -> None:
    long = {"id": 7, "first_name": "A" * 1_000_000}
    assert telegram(house, update(1, **{"from": long})).status == 200
    house.run()
    assert house.texts() == ["Hi"]


# ------------------------------------------------------------------------------ clocks


@pytest.mark.parametrize(("stamp", "days"), [(0, 7), (1, 7), (4_000_000_000, 0), (90_000_000_000, 0)])
def test_a_providers_clock_is_believed_within_reason(house: House, stamp: int, days: int) -> None:
    before = house.clock.ms()
    telegram(house, update(1, date=stamp))
    item = house.items()[0]
    assert before - days * DAY <= item.at <= house.clock.ms() - days * DAY
    assert int(item.order.partition("#")[0]) == item.at


# ------------------------------------------------------------------------------ the answer


def test_the_answer_is_2xx_even_if_nobody_hears_the_bell(house: House) -> None:
    house.bells.deaf = True
    assert telegram(house, update(1)).status == 200
    house.bells.deaf = False
    house.later(120)
    assert house.texts() == ["Hi"]


def test_a_stranger_leaves_nothing_behind(house: House) -> None:
    with pytest.raises(Unverified):
        receive(house.world, "telegram", "main", Request("POST", {}, body=update(1)))
    assert not house.conversations()
    assert not raws(house)


def test_an_item_is_due_only_after_a_claim_on_it_would_be_stale(house: House) -> None:
    telegram(house, update(1))
    item = house.items()[0]
    assert item.state is State.RECORDED
    assert item.due is not None
    assert item.due >= house.clock.ms() + 55_000


def test_an_item_holds_what_the_event_said(house: House) -> None:
    telegram(house, update(12))
    (item,) = house.items()
    assert item.route == Route("telegram", "main", "telegram", "telegram:7", "7")
    assert (item.author, item.text, item.their_id) == ("Ana", "Hi", "7:12")
    assert house.world.store.undone(item.conversation, Side.SLACK, 10) == [item]


def test_a_first_message_makes_a_person_an_address_and_a_conversation(house: House) -> None:
    telegram(house, update(1))
    known = house.world.store.find(Known, "telegram:7")
    assert known is not None
    person = house.world.store.find(Contact, known.contact)
    assert person is not None
    (home,) = house.conversations()
    assert person.current["support"].conversation == home.id == house.items()[0].conversation


def test_a_deletion_that_comes_first_leaves_nothing_to_post(house: House) -> None:
    revoke = {"who": WHATSAPP_ANA, "type": "revoke", "content": {"original_message_id": "wamid.late"}}
    house.whatsapp.batch([revoke])
    house.whatsapp.batch([{"who": WHATSAPP_ANA, "text": "oops", "id": "wamid.late"}])
    house.run()
    assert house.items() == []


def test_an_item_is_never_larger_than_its_row(house: House) -> None:
    long = {"first_name": "é" * 300_000, "id": 7}
    telegram(house, update(1, **{"text": "é" * 1_000_000, "from": long}))
    item = house.items()[0]
    assert isinstance(item, Item)
    assert len(item.text.encode()) + len(item.author.encode()) < 210_000
