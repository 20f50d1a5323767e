"""How often each flow goes to AWS and to Slack: no more than what it has to do there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.inbound.joining import join
from chalicelib.model import Known, Merge, Side, new_id
from chalicelib.queues import Bell, Queues
from infra.local.slack.team import BOB, SUPPORT
from tests.files import brought, sent
from tests.house import SETTINGS, House

CUSTOMER = "+15551230001"
READS_AND_RECORD = ["GetItem", "GetItem", "TransactWriteItems", "SendMessage"]


@contextmanager
def trips(house: House) -> Iterator[list[str]]:
    """Name every request to AWS, and every call of Slack's Web API, in order."""
    made: list[str] = []

    def note(event_name: str, **_: Any) -> None:
        made.append(event_name.rpartition(".")[2])

    emitters = (house.world.store.events, house.world.queues.events, house.world.bucket.events)
    for each in emitters:
        each.register("before-send.*.*", note)
    called = len(house.slack.calls)
    try:
        yield made
    finally:
        for each in emitters:
            each.unregister("before-send.*.*", note)
        made += [method for method, _ in house.slack.calls[called:]]


class Ringing:
    """Rings in the real queue, and in the house, where a test can answer."""

    def __init__(self, house: House) -> None:
        aws = house.aws
        urls = {Side.SLACK: aws.inbound_url, Side.CUSTOMER: aws.outbound_url, Side.MEDIA: aws.media_url}
        self._house, self._queues = house.bells, Queues(urls)
        self.events = self._queues.events

    def ring(self, side: Side, bells: Any) -> bool:
        rung = list(bells)
        return self._queues.ring(side, rung) and self._house.ring(side, rung)


@pytest.fixture
def known(house: House) -> House:
    """A house that knows its customer, whose thread is up to date."""
    ringing: Any = Ringing(house)
    house.world = services._made["world"] = replace(house.world, queues=ringing)
    house.twilio.write(CUSTOMER, "Hello")
    house.run()
    return house


WRITE: dict[str, Callable[[House, str], object]] = {
    "telegram": lambda house, text: house.telegram.write("5", text),
    "twilio": lambda house, text: house.twilio.write(CUSTOMER, text),
    "whatsapp": lambda house, text: house.whatsapp.write("5511987654321", text),
}


@pytest.mark.parametrize("channel", sorted(WRITE))
def test_a_known_customers_message_takes_two_reads_one_transaction_and_one_ring(
    known: House, channel: str
) -> None:
    WRITE[channel](known, "Hello")
    known.run()
    with trips(known) as made:
        WRITE[channel](known, "Is my order ready?")
        known.quiet()
    first = "BatchGetItem" if channel == "whatsapp" else "GetItem"  # a number and a BSUID: two addresses at once
    assert made == [first, *READS_AND_RECORD[1:]]


@pytest.mark.parametrize("channel", ["telegram", "twilio"])
def test_a_message_of_one_who_was_taken_for_two_takes_no_more(known: House, channel: str) -> None:
    WRITE["telegram"](known, "Hello")
    known.run()
    one, other = (known.store.find(Known, each) for each in (f"phone:{CUSTOMER}", "telegram:5"))
    assert one is not None
    assert other is not None
    join(known.world, Merge(new_id(known.clock.ms()), one.contact, other.contact, by="U0BOB"))
    known.run()
    with trips(known) as made:
        WRITE[channel](known, "Is my order ready?")
        known.quiet()
    assert made == READS_AND_RECORD


PICTURE = [{"content_type": "image/png", "data": "aGk="}]


def test_a_message_with_a_file_takes_one_ring_more(known: House) -> None:
    with trips(known) as made:
        known.twilio.write(CUSTOMER, "Look", media=PICTURE)
        known.quiet()
    assert made == [*READS_AND_RECORD, "SendMessage"]


def test_a_bell_with_one_file_takes_what_bringing_it_takes(known: House) -> None:
    known.twilio.write(CUSTOMER, "Look", media=PICTURE)
    known.quiet()
    with trips(known) as made:
        known.answer(*known.bells.rung.pop())
    assert made == [
        "Query",  # what waits
        "BatchGetItem",  # the gates
        "PutObject",
        "TransactWriteItems",  # where it is, with the reference by which its post is found
        "GetItem",  # whom to ring for
        "SendMessage",
        "files.getUploadURLExternal",
    ]


def test_a_bell_for_files_where_none_waits_takes_one_read(known: House) -> None:
    (home,) = known.conversations()
    with trips(known) as made:
        known.answer(Side.MEDIA, Bell(home.id, home.id))
    assert made == ["Query"]


def test_a_repeated_message_rings_nobody(known: House) -> None:
    known.twilio.repeat(1)
    with trips(known) as made:
        known.twilio.write(CUSTOMER, "Is my order ready?")
        known.quiet()
    assert made == [*READS_AND_RECORD, *READS_AND_RECORD[:-1]]


def test_a_reply_takes_two_reads_one_transaction_and_one_ring(known: House) -> None:
    with trips(known) as made:
        known.say("Yes")
        known.quiet()
    assert made == READS_AND_RECORD


def test_a_bell_with_one_message_takes_two_reads_a_claim_one_post_and_one_transaction(known: House) -> None:
    known.twilio.write(CUSTOMER, "Is my order ready?")
    known.quiet()
    known.slack.hold_events()  # the one of the post would come in between
    with trips(known) as made:
        known.answer(*known.bells.rung.popleft())
    assert made == ["BatchGetItem", "Query", "PutItem", "TransactWriteItems", "chat.postMessage"]


def test_a_message_with_a_file_takes_one_call_to_slack_and_what_its_event_brings(known: House) -> None:
    (home,) = known.conversations()
    brought(known, sent(known, "Look", "cat.png", route=home.route, name=home.name))
    known.slack.hold_events()
    with trips(known) as made:
        known.run_bells()
    assert made == [
        *["BatchGetItem", "Query", "PutItem"],  # the claim
        *["BatchGetItem", "Query"],  # the second bell, of whoever brought the file, finds it
        "files.completeUploadExternal",
    ]
    with trips(known) as made:
        known.slack.release_events()
        known.quiet()
        known.answer(*known.bells.rung.popleft())
    door = ["GetItem", "GetItem", "PutItem", "SendMessage"]
    assert made == [*door, "BatchGetItem", "Query", "TransactWriteItems"]


def test_a_second_post_of_a_turn_takes_one_query_more(known: House) -> None:
    for text in ("Is my order ready?", "Hello?"):
        known.twilio.write(CUSTOMER, text)
        known.quiet()
    known.slack.hold_events()
    with trips(known) as made:
        known.answer(*known.bells.rung.popleft())
    one = ["Query", "PutItem", "TransactWriteItems"]
    assert made == ["BatchGetItem", *one, *one, *["chat.postMessage"] * 2]


def test_the_event_of_a_post_of_ours_takes_one_read(known: House) -> None:
    known.twilio.write(CUSTOMER, "Is my order ready?")
    known.quiet()
    known.slack.hold_events()
    known.run_bells()
    with trips(known) as made:
        known.slack.release_events()
        known.quiet()
    assert made == ["GetItem"]


def test_a_lost_answer_costs_a_write_and_a_bell_more(known: House) -> None:
    known.twilio.write(CUSTOMER, "Is my order ready?")
    known.quiet()
    known.slack.hold_events()
    known.slack.fail("chat.postMessage", {"drop": "after"})
    known.run_bells()
    with trips(known) as made:
        known.slack.release_events()
        known.quiet()
        known.answer(*known.bells.rung.popleft())
    door = ["GetItem", "PutItem", "SendMessage"]
    assert made == [*door, "BatchGetItem", "Query", "TransactWriteItems"]


def test_a_bell_with_nothing_to_do_takes_two_reads(known: House) -> None:
    (home,) = known.conversations()
    with trips(known) as made:
        known.answer(Side.SLACK, Bell(home.id, home.slack_channel))
    assert made == ["BatchGetItem", "Query"]


def test_a_bell_with_one_reply_takes_what_sending_it_takes(known: House) -> None:
    known.twilio.receipts(auto=False)
    known.say("Yes")
    known.quiet()
    with trips(known) as made:
        known.answer(*known.bells.rung.popleft())
    assert made == [
        "Query",  # what is owed
        "BatchGetItem",  # consent, window, gate
        "PutItem",  # the claim
        "TransactWriteItems",  # sent, with the reference by which receipts find it
    ]


def test_to_know_whether_a_name_is_to_be_said_takes_one_query_and_whose_it_is_one_read(known: House) -> None:
    known.settings_text = SETTINGS.replace('names = "never"', "")
    known.twilio.receipts(auto=False)
    taken = []
    for text in ("one", "two"):
        known.say(text)
        known.quiet()
        with trips(known) as made:
            known.answer(*known.bells.rung.popleft())
        taken.append(made)
    sent_then = ["PutItem", "TransactWriteItems"]
    assert taken[1] == ["Query", "BatchGetItem", "Query", *sent_then]
    assert taken[0] == [
        "Query",
        "BatchGetItem",
        "Query",
        "GetItem",
        *sent_then,
        "users.info",
    ]  # Slack is asked once


def test_a_reply_with_a_file_takes_a_ring_more_and_what_fetching_it_takes(known: House) -> None:
    known.twilio.receipts(auto=False)
    with trips(known) as made:
        known.say("Here", files=[{"name": "a.gif", "data": b"GIF89a" + bytes(40), "mimetype": "image/gif"}])
        known.quiet()
    assert made == [*READS_AND_RECORD, "SendMessage"]
    waits, comes = known.bells.rung
    with trips(known) as made:
        known.answer(*comes)
    assert made == ["Query", "GetItem", "PutObject", "PutItem", "SendMessage", "files.info"]
    with trips(known) as made:
        known.answer(*waits)
    assert made == ["Query", "BatchGetItem", "PutItem", "TransactWriteItems"]


def asked(house: House, *ask: Callable[[House], object]) -> list[list[str]]:
    """Tell what each of some things that somebody asks for takes at the door."""
    taken = []
    for each in ask:
        with trips(house) as made:
            each(house)
            house.quiet()
        taken.append(made)
    return taken


def test_a_verb_on_a_card_takes_two_reads_one_transaction_and_no_call_to_slack(known: House) -> None:
    card = known.threads()[-1]
    (taken,) = asked(known, lambda house: house.slack.press(BOB, SUPPORT, card, "claim"))
    assert taken == ["GetItem", "GetItem", "TransactWriteItems", "SendMessage"]


def test_each_step_through_the_list_takes_one_call_to_slack_at_most(known: House) -> None:
    card = known.threads()[-1]
    taken = asked(
        known,
        lambda house: house.slack.press(BOB, SUPPORT, card, "more"),
        lambda house: house.slack.press_in_view(BOB, "note"),
        lambda house: house.slack.submit(BOB, {"note": "careful"}),
        lambda house: house.slack.command(BOB, "/threadline", SUPPORT),
        lambda house: house.slack.look(BOB, "customer", "+1555"),
        lambda house: house.slack.shortcut(BOB, SUPPORT, card),
    )
    views = [[call for call in made if "." in call] for made in taken]
    assert views == [["views.open"], ["views.push"], [], ["views.open"], [], ["views.open"]]
    assert [len(made) - len(calls) for made, calls in zip(taken, views, strict=True)] == [2, 0, 4, 0, 2, 3]
