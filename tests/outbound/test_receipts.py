"""What becomes of a reply afterwards: receipts early, late, twice and out of order, and what the thread shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.model import Item, Kind, Reason, Ref, State
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, reactions

ANA, WA = "+15551230001", "5511987654321"
CHECK, BOX, GLASSES = "heavy_check_mark", "ballot_box_with_check", "eyeglasses"


@pytest.fixture
def ana(house: House) -> House:
    """Ana wrote an SMS, and receipts come when a test says so."""
    house.twilio.write(ANA, "Hi")
    house.run()
    house.twilio.receipts(auto=False)
    return house


@pytest.fixture
def wa(house: House) -> House:
    """Ana wrote by WhatsApp, and receipts come when a test says so."""
    house.whatsapp.write(WA, "Olá", name="Ana")
    house.run()
    house.whatsapp.receipts(auto=False)
    return house


def reply_of(house: House) -> Item:
    return next(item for item in reversed(house.items()) if item.kind is Kind.REPLY)


def mark_of(house: House) -> list[str]:
    """The reactions on the last thing a person wrote in the thread."""
    return reactions(next(post for post in reversed(house.thread()) if post.get("user") == BOB))


def told(house: House, *states: str, error: int | None = None) -> None:
    """Send receipts for the last reply of the only customer."""
    stand_in: Any = house.twilio if house.twilio.phone(ANA) else house.whatsapp
    for state in states:
        stand_in.receipt(reply_of(house).parts[0].id, state, error if state in ("failed", "undelivered") else None)
    house.run()


def reply(house: House, text: str = "Hello") -> None:
    house.say(text)
    house.run()


@pytest.mark.parametrize(
    ("states", "state", "marks"),
    [
        (("sent", "delivered"), State.DELIVERED, [BOX]),
        (("delivered", "sent"), State.DELIVERED, [BOX]),
        (("delivered", "delivered", "delivered"), State.DELIVERED, [BOX]),
        (("delivered", "failed"), State.DELIVERED, [BOX]),
        (("delivered", "sent", "undelivered"), State.DELIVERED, [BOX]),
        (("queued", "sending"), State.SENT, []),
    ],
)
def test_an_sms_only_moves_forward(ana: House, states: tuple[str, ...], state: State, marks: list[str]) -> None:
    reply(ana)
    told(ana, *states, error=30003)
    assert (reply_of(ana).state, mark_of(ana)) == (state, marks)


@pytest.mark.parametrize(
    ("states", "state", "marks"),
    [
        (("sent", "delivered", "read"), State.READ, [BOX]),
        (("read", "delivered", "sent"), State.READ, [GLASSES]),
        (("read", "failed"), State.READ, [GLASSES]),
        (("sent", "sent"), State.SENT, []),
    ],
)
def test_a_whatsapp_message_only_moves_forward(
    wa: House, states: tuple[str, ...], state: State, marks: list[str]
) -> None:
    reply(wa)
    for each in states:
        told(wa, each, error=131026)
    assert (reply_of(wa).state, sorted(mark_of(wa))) == (state, marks)


def test_a_reply_gets_one_reaction_and_no_second(wa: House) -> None:
    reply(wa)
    told(wa, "delivered")
    told(wa, "read")
    assert sum(method == "reactions.add" for method, _ in wa.slack.calls) == 1


def test_sent_is_shown_after_a_minute_without_a_better_word(ana: House) -> None:
    reply(ana)
    assert mark_of(ana) == []
    ana.later(61)
    assert mark_of(ana) == [CHECK]
    told(ana, "delivered")
    assert mark_of(ana) == [CHECK]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (30003, "phone cannot be reached"),
        (30005, "address does not exist"),
        (30007, "took it for spam"),
        (30034, "30034"),
    ],
)
def test_a_failure_names_the_reason(ana: House, error: int, words: str) -> None:
    reply(ana)
    told(ana, "sent", "undelivered", error=error)
    assert (reply_of(ana).state, words in ana.texts()[-1]) == (State.FAILED, True)
    assert mark_of(ana) == []


def test_a_failure_is_told_once_however_often_it_is_reported(ana: House) -> None:
    reply(ana)
    ana.twilio.repeat(3)
    told(ana, "failed", "undelivered", "failed", error=30003)
    assert len(ana.texts()) == 3


def test_a_late_delivery_corrects_the_notice(ana: House) -> None:
    reply(ana)
    told(ana, "undelivered", error=30003)
    notice = ana.thread()[-1]["ts"]
    told(ana, "delivered")
    assert (ana.thread()[-1]["ts"], ana.texts()[-1]) == (notice, f"This did reach {ANA} after all.")
    assert ana.thread()[-1]["blocks"][-1]["type"] != "actions"
    assert mark_of(ana) == [BOX]


def test_a_failure_whose_notice_was_deleted_is_told_anew(ana: House) -> None:
    reply(ana)
    told(ana, "undelivered", error=30003)
    notice = ana.thread()[-1]["ts"]
    ana.slack.press(BOB, SUPPORT, notice, "send_again")
    ana.run()
    ana.slack.delete(SUPPORT, notice)
    told(ana, "undelivered", error=30003)
    assert (ana.thread()[-1]["ts"] != notice, ana.texts()[-1][:16]) == (True, "⚠️ Not delivered")


def test_a_number_that_opted_out_by_receipt_is_not_written_to_again(ana: House) -> None:
    reply(ana)
    told(ana, "failed", error=21610)
    calls = len(ana.twilio.calls)
    reply(ana, "Hello?")
    assert (len(ana.twilio.calls), reply_of(ana).parts[0].reason) == (calls, Reason.OPTED_OUT)


def test_an_old_failure_reported_again_does_not_undo_send_again(ana: House) -> None:
    reply(ana)
    first = reply_of(ana).parts[0].id
    told(ana, "undelivered", error=30003)
    notice = ana.thread()[-1]["ts"]
    ana.slack.press(BOB, SUPPORT, notice, "send_again")
    ana.twilio.receipt(first, "undelivered", 30003)
    ana.run()
    ana.twilio.receipt(first, "undelivered", 30003)
    ana.run()
    assert (reply_of(ana).state, len(ana.on_phone(ana.twilio.phone(ANA)))) == (State.SENT, 2)


def test_what_arrived_after_all_is_not_sent_again_though_it_was_asked_for(ana: House) -> None:
    reply(ana)
    first = reply_of(ana).parts[0].id
    told(ana, "undelivered", error=30003)
    ana.slack.press(BOB, SUPPORT, ana.thread()[-1]["ts"], "send_again")
    ana.twilio.receipt(first, "delivered")
    ana.run()
    assert (reply_of(ana).state, len(ana.on_phone(ana.twilio.phone(ANA)))) == (State.DELIVERED, 1)


# --------------------------------------------------------------------------- faster than the answer


def slow_answers(house: House, *, without_token: bool = False) -> None:
    """Let every receipt be in before the provider's answer to our call is."""

    def slow(method: str, url: str, **how: Any) -> Any:
        if without_token:
            how["json"] = {k: v for k, v in how["json"].items() if k != "biz_opaque_callback_data"}
        answer = house.world.http(method, url, **how)
        house.quiet()
        return answer

    services._made["world"] = replace(house.world, call=slow)


@pytest.mark.parametrize("channel", ["twilio", "whatsapp"])
def test_a_receipt_that_is_faster_than_the_answer_counts(house: House, channel: str) -> None:
    house.twilio.write(ANA, "Hi") if channel == "twilio" else house.whatsapp.write(WA, "Hi", name="Ana")
    house.run()
    slow_answers(house)
    reply(house)
    item = reply_of(house)
    assert (item.state, mark_of(house)) == (State.DELIVERED, [BOX])
    ref = house.world.store.find(Ref, channel, "main", item.parts[0].id)
    assert ref is not None
    assert (ref.item, ref.part) == (item.id, 0)


@pytest.mark.parametrize("states", [("delivered",), ("read", "sent"), ("failed", "delivered")])
def test_a_receipt_without_our_token_waits_for_the_answer(wa: House, states: tuple[str, ...]) -> None:
    def answer(method: str, url: str, **how: Any) -> Any:
        how["json"] = {k: v for k, v in how["json"].items() if k != "biz_opaque_callback_data"}
        told = wa.world.http(method, url, **how)
        for state in states:
            wa.whatsapp.receipt(told.json()["messages"][0]["id"], state, 131026 if state == "failed" else None)
        return told

    services._made["world"] = replace(wa.world, call=answer)
    reply(wa)
    best = State.READ if "read" in states else State.DELIVERED
    item = reply_of(wa)
    ref = wa.world.store.find(Ref, "whatsapp", "main", item.parts[0].id)
    assert ref is not None
    assert (item.state, ref.item, ref.orphan) == (best, item.id, None)


def test_a_failure_without_our_token_is_told(wa: House) -> None:
    wa.whatsapp.receipts(auto=True, delay=0)
    wa.whatsapp.fail({"error": 131026, "late": True})
    slow_answers(wa, without_token=True)
    reply(wa)
    assert (reply_of(wa).state, reply_of(wa).parts[0].reason) == (State.FAILED, Reason.UNREACHABLE)


def test_receipts_for_messages_that_are_not_ours_are_calm(wa: House) -> None:
    assert wa.whatsapp.receipt("wamid.from-other-software", "delivered") == 200
    assert wa.whatsapp.receipt("wamid.from-other-software", "read") == 200
    wa.run()
    assert wa.texts() == ["Olá"]


def test_a_reaction_to_our_reply_is_told_with_its_words(wa: House) -> None:
    slow_answers(wa)
    wa.whatsapp.receipts(auto=True, delay=0)
    reply(wa, "See you at five")
    to = reply_of(wa).parts[0].id
    wa.whatsapp.write(WA, "", name="Ana", type="reaction", content={"message_id": to, "emoji": "👍"})
    wa.run()
    assert "See you at five" in wa.texts()[-1]
