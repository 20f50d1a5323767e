"""What happens to a message after it was written: edits, deletions, reactions, receipts; and new addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.inbound.receive import take
from chalicelib.model import (
    Address,
    Attachment,
    Item,
    Known,
    MessageEdited,
    MessageReceived,
    Receipt,
    Ref,
    Route,
    Side,
    State,
)
from chalicelib.web import Reply, call
from tests.house import House, meanwhile, reactions

ANA = "5511987654321"
SMS_ANA = "+15551230001"


def seconds(house: House, count: float = 1) -> None:
    house.clock.ahead += count


def written(house: House, message_id: str, text: str) -> MessageReceived:
    """A message of Ana's by Telegram, as the channel would read it."""
    route = Route("telegram", "main", "telegram", "telegram:7", "7")
    return MessageReceived(message_id, route, (Address("telegram", "7"),), house.clock.ms(), "Ana", text)


# ------------------------------------------------------------------------------ edits, deletions, reactions


def test_an_edit_is_told_in_the_thread(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    house.run()
    house.telegram.edit("7", house.telegram.phone("7")[0]["id"], "Hello")
    house.run()
    assert house.texts() == ["Helo", "Ana changed “Helo” to: Hello"]


def test_an_edit_that_is_recorded_before_its_message_is_posted_comes_after_it(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    house.telegram.edit("7", house.telegram.phone("7")[0]["id"], "Hello")
    house.run()
    assert house.texts() == ["Helo", "Ana changed “Helo” to: Hello"]


def test_an_edit_of_a_message_we_lack_is_that_message(house: House) -> None:
    edit = {"original_message_id": "wamid.lost", "message": {"type": "text", "text": {"body": "Hello"}}}
    house.whatsapp.repeat(1)
    house.whatsapp.write(ANA, type="edit", content=edit)
    house.run()
    assert house.texts() == ["Hello"]


def test_the_message_itself_may_come_after_its_edit(house: House) -> None:
    edit = {"original_message_id": "wamid.lost", "message": {"type": "text", "text": {"body": "Hello"}}}
    house.whatsapp.write(ANA, type="edit", content=edit)
    house.whatsapp.write(ANA, "Helo", id="wamid.lost")
    house.run()
    assert house.texts() == ["Hello"]


def test_an_edit_that_races_its_message_is_an_edit_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "Helo")
    meanwhile(house, monkeypatch, "7:99", lambda: take(house.world, line, [message]))
    take(house.world, line, [MessageEdited("7:99:1", replace(message, text="Hello"))])
    house.run()
    assert house.texts() == ["Helo", "Ana changed “Helo” to: Hello"]


def test_an_edit_names_the_files_that_came_with_it(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "Helo")
    photo = replace(message, text="Hello", attachments=(Attachment("picture", name="cat.jpg"),))
    take(house.world, line, [message, MessageEdited("7:99:1", photo)])
    house.run()
    assert house.texts()[-1] == "Ana changed “Helo” to: Hello\n[picture: cat.jpg]"


def test_two_edits_within_a_second_are_both_told(house: House) -> None:
    house.telegram.write("7", "1", first_name="Ana")
    house.run()
    for text in ("2", "3"):
        house.telegram.edit("7", house.telegram.phone("7")[0]["id"], text)
    house.run()
    assert house.texts() == ["1", "Ana changed “1” to: 2", "Ana changed “1” to: 3"]


def test_two_edits_are_two_lines_and_a_repeated_one_is_one(house: House) -> None:
    house.telegram.write("7", "1", first_name="Ana")
    house.run()
    house.telegram.repeat(2)
    for text in ("2", "3"):
        seconds(house)
        house.telegram.edit("7", house.telegram.phone("7")[0]["id"], text)
    house.run()
    assert house.texts() == ["1", "Ana changed “1” to: 2", "Ana changed “1” to: 3"]


def test_a_deletion_is_told_with_the_words_that_went(house: House) -> None:
    house.whatsapp.write(ANA, "oops", id="wamid.1", name="Ana")
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    assert house.texts() == ["oops", "Ana deleted “oops”."]


def test_a_deletion_after_its_tombstone_changes_nothing(house: House) -> None:
    for _ in range(2):
        house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.never"})
    house.run()
    assert house.conversations() == []


def test_a_reaction_is_told_and_so_is_taking_it_back(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    for emoji in ("👍", ""):
        seconds(house)
        house.telegram._bot.webhook = replace(house.telegram._bot.webhook, allowed=("message_reaction",))
        house.telegram.react("7", house.telegram.phone("7")[0]["id"], emoji)
    house.run()
    assert house.texts()[1:] == ["Ana reacted 👍 to “Hi”.", "Ana took back their reaction to “Hi”."]


def test_a_reaction_to_a_reply_of_ours_names_it(house: House) -> None:
    house.whatsapp.write(ANA, "Hi", name="Ana")
    house.run()
    house.say("See you tomorrow at nine")
    house.run()
    sent = house.whatsapp.phone(ANA)[-1]["id"]
    house.whatsapp.write(ANA, type="reaction", content={"message_id": sent, "emoji": "👍"}, name="Ana")
    house.run()
    assert house.texts()[-1] == "Ana reacted 👍 to “See you tomorrow at nine”."


def test_a_reaction_to_something_older_than_us_is_told_as_well(house: House) -> None:
    house.whatsapp.write(ANA, type="reaction", content={"message_id": "wamid.old", "emoji": "👍"}, name="Ana")
    house.run()
    assert house.texts() == ["Ana reacted 👍 to an earlier message."]


def test_a_reaction_to_what_we_know_only_from_a_receipt_is_not_lost(house: House) -> None:
    line = house.world.line("whatsapp", "main")[1]
    take(house.world, line, [Receipt("wamid.other", State.DELIVERED, 1)])
    house.whatsapp.write(ANA, type="reaction", content={"message_id": "wamid.other", "emoji": "👍"}, name="Ana")
    house.run()
    assert house.texts() == ["Ana reacted 👍 to an earlier message."]


def test_what_is_about_a_message_changes_neither_the_way_back_nor_the_waiting(house: House) -> None:
    house.whatsapp.write(ANA, "Hi", id="wamid.1", name="Ana")
    house.run()
    house.say("answer")
    house.run()
    before = house.conversations()[0]
    house.whatsapp.write(ANA, type="reaction", content={"message_id": "wamid.1", "emoji": "👍"})
    house.run()
    after = house.conversations()[0]
    assert (after.route_ts, after.waiting_since) == (before.route_ts, None)


# ------------------------------------------------------------------------------ new addresses


def known(house: House, address: str) -> Known | None:
    return house.world.store.find(Known, address)


def test_a_changed_number_belongs_to_the_same_person_and_is_told(house: House) -> None:
    house.whatsapp.write(ANA, "Hi")
    system = {"type": "user_changed_number", "wa_id": "5511900000000", "body": "Ana changed their number"}
    house.whatsapp.write(ANA, type="system", content=system)
    seconds(house)
    house.whatsapp.write("5511900000000", "me again")
    house.run()
    assert len(house.threads()) == 1
    assert house.texts() == ["Hi", "Ana changed their number", "me again"]


def test_a_change_of_somebody_we_do_not_know_leaves_nothing(house: House) -> None:
    system = {"type": "user_changed_number", "wa_id": "5511900000000", "body": "Ana changed their number"}
    assert house.whatsapp.write(ANA, type="system", content=system).status == 200
    assert house.conversations() == []


# ------------------------------------------------------------------------------ receipts


def sent(house: House) -> tuple[str, Item]:
    """A reply on its way over WhatsApp, of which nothing was reported yet."""
    house.whatsapp.receipts(auto=False)
    house.whatsapp.write(ANA, "Hi")
    house.run()
    house.say("answer")
    house.run()
    return house.whatsapp.phone(ANA)[-1]["id"], house.items()[-1]


def state(house: House) -> State:
    return house.items()[-1].state


@pytest.mark.parametrize(
    ("reports", "best"),
    [
        (["sent", "delivered", "read"], State.READ),
        (["read", "delivered", "sent"], State.READ),
        (["read"], State.READ),
        (["delivered", "delivered"], State.DELIVERED),
        (["delivered", "sent"], State.DELIVERED),
        (["sent"], State.SENT),
    ],
    ids=" ".join,
)
def test_receipts_only_ever_raise_a_reply(house: House, reports: list[str], best: State) -> None:
    message, _ = sent(house)
    for report in reports:
        house.whatsapp.receipt(message, report)
    house.run()
    assert state(house) is best
    assert len(reactions(house.thread()[-1])) == (best is not State.SENT)


@pytest.mark.parametrize("reports", [["failed", "delivered"], ["delivered", "failed"]], ids=" ".join)
def test_delivered_wins_over_failed_in_whatever_order(house: House, reports: list[str]) -> None:
    message, _ = sent(house)
    for report in reports:
        house.whatsapp.receipt(message, report, 131026 if report == "failed" else None)
    house.run()
    assert state(house) is State.DELIVERED
    assert house.texts() == ["Hi", "answer"]


def test_good_news_after_bad_is_told_where_the_bad_was(house: House) -> None:
    message, _ = sent(house)
    house.whatsapp.receipt(message, "failed", 131026)
    house.run()
    assert house.texts()[-1].startswith("⚠️ Not delivered")
    house.whatsapp.receipt(message, "delivered")
    house.run()
    assert house.texts()[-1] == "This did reach Ana Souza after all."


def test_bad_news_that_comes_twice_is_told_once(house: House) -> None:
    message, _ = sent(house)
    for _ in range(2):
        house.whatsapp.receipt(message, "failed", 131026)
        house.run()
    assert len(house.texts()) == 3


def test_a_receipt_that_the_thread_need_not_show_rings_no_bell(house: House) -> None:
    message, _ = sent(house)
    house.whatsapp.receipt(message, "delivered")
    house.run()
    heard = house.bells.heard
    for report in ("delivered", "read"):
        house.whatsapp.receipt(message, report)
    assert house.bells.heard == heard


def test_a_reply_whose_receipts_are_lost_is_marked_as_sent_after_a_minute(house: House) -> None:
    sent(house)
    assert reactions(house.thread()[-1]) == []
    house.later(70)
    assert reactions(house.thread()[-1]) == ["heavy_check_mark"]


def orphan(house: House, of: str = "wamid.early") -> Ref | None:
    return house.world.store.find(Ref, "whatsapp", "main", of)


@pytest.mark.parametrize("states", [[State.SENT, State.READ], [State.READ, State.SENT]], ids=" ".join)
def test_receipts_for_an_unknown_id_are_kept_the_best_of_them_and_for_a_day(
    house: House, states: list[State]
) -> None:
    line = house.world.line("whatsapp", "main")[1]
    take(house.world, line, [Receipt("wamid.early", each, 1) for each in states])
    ref = orphan(house)
    assert ref is not None
    assert ref.orphan == Receipt("wamid.early", State.READ, 1)
    assert ref.expires is not None
    assert 0 < ref.expires - house.clock.ms() <= 24 * 3600 * 1000


def test_a_receipt_that_was_faster_than_the_answer_is_applied_on_settling(house: House) -> None:
    line = house.world.line("whatsapp", "main")[1]

    def slow_answer(*args: object, **more: object) -> Reply:
        reply = call(*args, **more)  # type: ignore[arg-type]
        if "/messages" in str(args[1]):
            ours = reply.json()["messages"][0]["id"]
            take(house.world, line, [Receipt(ours, State.READ, 1)])
        return reply

    house.whatsapp.receipts(auto=False)
    house.whatsapp.write(ANA, "Hi")
    house.run()
    with_world(house, slow_answer)
    house.say("answer")
    house.run()
    assert state(house) is State.READ


def with_world(house: House, http: object) -> None:
    from chalicelib import services  # noqa: PLC0415

    services._made["world"] = house.world = replace(house.world, call=http)  # type: ignore[arg-type]


def test_a_receipt_for_something_that_is_gone_is_harmless(house: House) -> None:
    line = house.world.line("whatsapp", "main")[1]
    ours = "01K0000000000000000000000A.01K0000000000000000000000B.0.1"
    take(house.world, line, [Receipt("wamid.x", State.READ, 1, ours=ours)])
    assert house.bells.rung == type(house.bells.rung)()


@pytest.mark.parametrize("part", [1, 99, 999])
def test_a_receipt_for_a_part_that_never_was_is_harmless(house: House, part: int) -> None:
    message, item = sent(house)
    ours = f"{item.conversation}.{item.id}.{part}.1"
    take(house.world, house.world.line("whatsapp", "main")[1], [Receipt(message, State.READ, 1, ours=ours)])
    assert state(house) is State.SENT


def test_a_read_sms_conversation_owes_nothing(house: House) -> None:
    house.twilio.write(SMS_ANA, "Hi")
    house.run()
    house.say("answer")
    house.run()
    (home,) = house.conversations()
    assert not house.world.store.undone(home.id, Side.SLACK, 10)
    assert not house.world.store.undone(home.id, Side.CUSTOMER, 10)
