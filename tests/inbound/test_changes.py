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
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    Receipt,
    Ref,
    Route,
    Side,
    State,
    Status,
)
from chalicelib.web import Reply, call
from infra.local.slack.team import BOB, DOMAIN, SUPPORT
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


def change(house: House, text: str, number: int = 0) -> None:
    """Ana changes one of her messages, a moment later."""
    seconds(house)
    house.telegram.edit("7", house.telegram.phone("7")[number]["id"], text)


def told(house: House, number: int) -> str:
    """All that a post shows, as Slack has it."""
    return str(house.thread()[number]["blocks"])


def link(house: House, ts: str) -> str:
    head = house.threads()[-1]
    return f"https://{DOMAIN}.slack.com/archives/{SUPPORT}/p{ts.replace('.', '')}?thread_ts={head}&cid={SUPPORT}"


def test_an_edit_stands_where_the_message_does_and_a_line_tells_what_it_was(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    house.run()
    change(house, "Hello")
    house.run()
    assert house.texts() == ["Hello", "Ana changed a message. Before: Helo"]
    assert "Edited <!date^" in told(house, 0)
    assert link(house, house.thread()[0]["ts"]) in told(house, 1)


def test_an_edit_of_what_somebody_deleted_in_slack_is_told_with_its_words(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    house.run()
    house.slack.delete(SUPPORT, house.thread()[0]["ts"])
    change(house, "Hello")
    house.run()
    house.later(61)
    assert [text for text in house.texts() if "Hello" in text] == house.texts()[-1:]


def test_an_edit_keeps_looks_and_names(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    house.run()
    line = house.world.line("telegram", "main")[1]
    bold = '[["t",[["Hello","b"]]]]'
    message = replace(written(house, house.items()[0].their_id, "Hello"), rich=bold)
    take(house.world, line, [MessageEdited("7:1:e", message)])
    house.run()
    post = house.thread()[0]
    assert "{'type': 'text', 'text': 'Hello', 'style': {'bold': True}}" in str(post["blocks"])
    assert post["username"] == "Ana · Telegram"


def test_an_edit_before_its_message_is_posted_is_in_its_post(house: House) -> None:
    house.telegram.write("7", "Helo", first_name="Ana")
    change(house, "Hello")
    house.run()
    assert house.texts() == ["Hello"]
    assert "Before: “Helo”" in told(house, 0)


def test_what_was_long_before_it_was_posted_is_told_in_a_line(house: House) -> None:
    house.telegram.write("7", "x" * 400, first_name="Ana")
    change(house, "Hello")
    house.run()
    assert house.texts() == ["Hello", f"Ana changed a message. Before: {'x' * 400}"]


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
    assert house.texts() == ["Hello"]


def test_an_edit_names_the_files_that_came_with_it(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "Helo")
    photo = replace(message, text="Hello", attachments=(Attachment("picture", name="cat.jpg"),))
    take(house.world, line, [message, MessageEdited("7:99:1", photo)])
    house.run()
    assert house.texts()[-1] == "Ana changed “Helo” to: Hello\n[picture: cat.jpg]"


def test_several_edits_are_told_in_one_line(house: House) -> None:
    house.telegram.write("7", "1", first_name="Ana")
    house.run()
    house.telegram.repeat(2)
    for text in ("2", "3"):
        change(house, text)
    house.run()
    change(house, "4")
    house.run()
    assert house.texts() == ["4", "Ana changed a message. Before: 1\nthen: 2\nthen: 3"]


def test_an_edit_much_later_has_a_line_of_its_own(house: House) -> None:
    house.telegram.write("7", "1", first_name="Ana")
    house.run()
    change(house, "2")
    house.run()
    house.later(11 * 60)
    change(house, "3")
    house.run()
    assert house.texts()[1:] == ["Ana changed a message. Before: 1", "Ana changed a message. Before: 2"]


def test_an_edit_that_changes_nothing_says_nothing(house: House) -> None:
    house.telegram.write("7", "1", first_name="Ana")
    house.run()
    house.slack.calls.clear()
    change(house, "1")
    house.run()
    assert house.texts() == ["1"]
    assert "chat.update" not in dict(house.slack.calls)


def test_what_moves_by_itself_is_drawn_and_not_told(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "[location: (1, 2)]")
    take(house.world, line, [message])
    house.run()
    take(house.world, line, [MessageEdited("7:99:1", replace(message, text="[location: (1, 3)]"), quiet=True)])
    house.run()
    assert house.texts() == ["[location: (1, 3)]"]


def test_an_older_form_that_comes_last_changes_nothing(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message, now = written(house, "7:99", "1"), house.clock.ms()
    take(house.world, line, [message])
    house.run()
    seconds(house, 9)
    take(house.world, line, [MessageEdited("7:99:b", replace(message, text="3"), now + 2000)])
    house.run()
    take(house.world, line, [MessageEdited("7:99:a", replace(message, text="2"), now + 1000)])
    house.run()
    assert house.texts() == ["3", "Ana changed a message. Before: 1"]


def test_an_edit_within_a_burst_keeps_the_others(house: House) -> None:
    for text in ("one", "two", "three"):
        house.telegram.write("7", text, first_name="Ana")
    seconds(house, 10)
    house.run()
    change(house, "2", 1)
    house.run()
    assert house.texts() == ["one\n2\nthree", "Ana changed a message. Before: two"]
    assert told(house, 0).count("' edited '") == 1


def test_what_was_late_and_what_it_reopened_still_stands_after_an_edit(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    new, old = written(house, "7:2", "new"), written(house, "7:1", "old")
    take(house.world, line, [new])
    house.run()
    home = house.conversations()[0]
    house.world.store.change(home, lambda now: replace(now, status=Status.RESOLVED, owner=BOB))
    take(house.world, line, [replace(old, at=old.at - 5000)])
    house.run()
    take(house.world, line, [MessageEdited("7:1:1", replace(old, text="older"))])
    house.run()
    assert house.texts()[1] == "older"
    assert "arrived late" in told(house, 1)
    assert f"Reopened <@{BOB}>" in told(house, 1)


def test_a_message_that_is_taken_back_stands_struck_out(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "oops")
    take(house.world, line, [message])
    house.run()
    seconds(house, 60)
    take(house.world, line, [MessageDeleted("7:99:d", "7:99", message.route, message.addresses, house.clock.ms())])
    house.run()
    assert house.texts() == ["(deleted) oops"]
    assert "'text': 'oops', 'style': {'strike': True}" in told(house, 0)
    assert "Deleted <!date^" in told(house, 0)


def test_what_is_taken_back_before_it_is_posted_is_not_lost(house: House) -> None:
    line = house.world.line("telegram", "main")[1]
    message = written(house, "7:99", "oops")
    gone = MessageDeleted("7:99:d", "7:99", message.route, message.addresses, house.clock.ms())
    take(house.world, line, [message, gone])
    house.run()
    assert house.texts() == ["(deleted) oops"]


@pytest.mark.parametrize("why", ["answered", "old"])
def test_what_was_answered_or_is_old_is_told_in_a_line(house: House, why: str) -> None:
    house.whatsapp.write(ANA, "oops", id="wamid.1", name="Ana")
    house.run()
    if why == "answered":
        house.say("What happened?")
    else:
        house.later(11 * 60)
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    assert house.texts()[-1] == "Ana deleted a message."
    assert link(house, house.thread()[0]["ts"]) in told(house, -1)


def test_whatsapps_users_words_are_gone_when_they_take_them_back(house: House) -> None:
    house.whatsapp.write(ANA, "my secret", id="wamid.1", name="Ana")
    house.run()
    edit = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "no secret"}}}
    house.whatsapp.write(ANA, type="edit", content=edit, name="Ana")
    house.run()
    assert "my secret" in house.texts()[1]
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    assert house.texts()[0] == "(Ana took this back.)"
    assert "secret" not in str(house.thread())
    assert "secret" not in str(house.items())


def test_taken_back_words_go_with_their_post_where_slack_does_not_let_us_draw_it(house: House) -> None:
    house.whatsapp.write(ANA, "my secret", id="wamid.1", name="Ana")
    house.run()
    house.slack.fail("chat.update", {"error": "cant_update_message"})
    house.slack.fail("chat.delete", {"error": "ratelimited", "status": 429, "retry_after": 5})
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    house.slack.fail("chat.update", {"error": "cant_update_message"})
    house.later(61)
    assert house.texts() == ["(Ana took this back.)"]
    assert "secret" not in str(house.thread())


def test_taken_back_words_leave_what_quotes_them_as_well(house: House) -> None:
    house.whatsapp.write(ANA, "my secret", id="wamid.1", name="Ana")
    house.run()
    house.whatsapp.write(ANA, "about that", name="Ana", context={"id": "wamid.1"})
    reaction = {"message_id": "wamid.1", "emoji": "not one"}
    house.whatsapp.write(ANA, type="reaction", content=reaction, name="Ana")
    house.run()
    assert str(house.thread()[1:]).count("my secret") > 1
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    assert "secret" not in str(house.thread())
    assert "about that" in house.texts()


def test_an_edit_that_comes_after_its_message_was_taken_back_is_not_kept(house: House) -> None:
    house.whatsapp.write(ANA, "my secret", id="wamid.1", name="Ana")
    house.run()
    house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.1"}, name="Ana")
    house.run()
    edit = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "no secret"}}}
    house.whatsapp.write(ANA, type="edit", content=edit, name="Ana")
    house.run()
    assert house.texts() == ["(Ana took this back.)"]
    assert "secret" not in str(house.items())


def test_a_deletion_after_its_tombstone_changes_nothing(house: House) -> None:
    for _ in range(2):
        house.whatsapp.write(ANA, type="revoke", content={"original_message_id": "wamid.never"})
    house.run()
    assert house.conversations() == []


def react(house: House, emoji: str) -> None:
    seconds(house)
    house.telegram._bot.webhook = replace(house.telegram._bot.webhook, allowed=("message_reaction",))
    house.telegram.react("7", house.telegram.phone("7")[0]["id"], emoji)
    house.run()


def test_a_reaction_is_one_and_goes_when_it_is_taken_back(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    for emoji, shown in (("👍", ["+1"]), ("❤", ["heart"]), ("", [])):
        react(house, emoji)
        assert reactions(house.thread()[0]) == shown
    assert house.texts() == ["Hi"]


@pytest.mark.parametrize("emoji", ["", "❤"])
def test_an_older_reaction_that_comes_last_changes_nothing(house: House, emoji: str) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    line, hi, now = house.world.line("telegram", "main")[1], house.items()[0], house.clock.ms()
    assert hi.route is not None
    about = hi.route, (Address("telegram", "7"),)
    for at, shown in ((now, "🎉"), (now + 10_000, emoji), (now + 5_000, "👍")):
        house.clock.ahead += 20
        take(house.world, line, [Reacted(f"7:{shown}", hi.their_id, shown, *about, at, "Ana")])
        house.run()
    assert reactions(house.thread()[0]) == (["heart"] if emoji else [])
    assert house.texts() == ["Hi"]


def test_a_reaction_that_slack_does_not_know_is_told(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    line = house.world.line("telegram", "main")[1]
    hi = house.items()[0]
    assert hi.route is not None
    react(house, "👍")
    seconds(house)
    about = hi.their_id, "[custom emoji]", hi.route, (Address("telegram", "7"),), house.clock.ms(), "Ana"
    take(house.world, line, [Reacted("7:r", *about)])
    house.run()
    assert house.texts() == ["Hi", "Ana reacted [custom emoji] to “Hi”."]
    assert reactions(house.thread()[0]) == []


def test_a_reaction_to_one_of_a_burst_says_to_which(house: House) -> None:
    for text in ("one", "two"):
        house.telegram.write("7", text, first_name="Ana")
    seconds(house, 10)
    house.run()
    react(house, "👍")
    assert house.texts() == ["one\ntwo", "Ana reacted 👍 to “one”."]


def test_a_reaction_for_which_there_is_no_room_is_told(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    house.slack.fail("reactions.add", {"error": "too_many_reactions"})
    react(house, "👍")
    assert house.texts() == ["Hi", "Ana reacted 👍 to “Hi”."]


def test_a_reaction_to_a_reply_of_ours_stands_at_it_and_our_own_mark_stays(house: House) -> None:
    house.whatsapp.write(ANA, "Hi", name="Ana")
    house.run()
    house.say("See you tomorrow at nine")
    house.run()
    sent = house.whatsapp.phone(ANA)[-1]["id"]
    ours = reactions(house.thread()[-1])
    for number, emoji in enumerate(("👍", "")):
        content = {"message_id": sent, "emoji": emoji}
        house.whatsapp.write(ANA, type="reaction", content=content, name="Ana", id=f"wamid.r{number}")
        house.run()
        assert reactions(house.thread()[-1]) == ([*ours, "+1"] if emoji else ours)
    assert house.texts() == ["Hi", "See you tomorrow at nine"]


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


def test_a_receipt_that_neither_the_thread_nor_the_card_need_show_rings_no_bell(house: House) -> None:
    message, _ = sent(house)
    house.whatsapp.receipt(message, "delivered")
    house.run()
    heard = house.bells.heard
    for report in ("delivered", "sent"):
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


def test_a_receipt_that_is_kept_quotes_no_address_that_is_good_for_anything(house: House) -> None:
    line = house.world.line("whatsapp", "main")[1]
    failed = Receipt("wamid.early", State.FAILED, 1, detail="no answer from https://a.example/b?X-Amz-Signature=c")
    take(house.world, line, [failed])
    ref = orphan(house)
    assert ref is not None
    assert ref.orphan == replace(failed, detail="no answer from https://a.example/b")


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
