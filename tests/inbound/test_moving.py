"""A conversation moves to another desk: one thread ends with a link, another begins with one, nothing is lost."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.gates import DRAWS
from chalicelib.inbound.entries import bell_of, new_item
from chalicelib.model import Contact, Gate, Kind, Side, Stamp, State, Status, new_id
from chalicelib.operate.trace import trace
from chalicelib.slack.blocks import line
from chalicelib.store import Insert, Put
from infra.local.slack.team import BOB, MIA, SALES, SUPPORT
from tests.house import SETTINGS, House, reactions
from tests.inbound.test_changes import react
from tests.inbound.test_witness import two_copies
from tests.offering import press

ANA = "+15551230001"
TWO = (
    SETTINGS.replace("C0SALES", "C0ADMIN")
    + f"""
"telegram/other" = "sales"
[desks.sales]
slack_channel = "{SALES}"
names = "never"
"""
)


@pytest.fixture
def ana(house: House) -> House:
    house.settings_text = TWO
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    return house


def ask(house: House, user: str = BOB, channel: str = SUPPORT) -> None:
    press(house, "move", user, channel)


def move(house: House, desk: str = "sales", channel: str = SUPPORT) -> None:
    ask(house, channel=channel)
    house.slack.submit(BOB, {"desk": desk})
    house.run()


def phone(house: House) -> list[str]:
    return house.on_phone(house.telegram.phone("7"))


def head(house: House, channel: str, number: int = -1) -> dict[str, Any]:
    return house.slack.thread(channel, house.threads(channel)[number])[0]


def link(house: House, channel: str) -> str:
    return f"/archives/{channel}/p{house.threads(channel)[-1].replace('.', '')}"


def move_is_under_way(house: House) -> None:
    """Bob has asked for a move, whose line is not posted yet."""
    now, home = house.clock.ms(), house.conversations()[0]
    said = new_item(Kind.LINE, now, now, text="moved this to the sales desk.", author=BOB, moves_to="sales")
    house.store.write(Insert(replace(said, conversation=home.id)))
    house.world.queues.ring(Side.SLACK, [bell_of(home)])


def test_it_goes_on_in_a_thread_of_its_own_at_the_other_desk(ana: House) -> None:
    move(ana)
    (home,) = ana.conversations()
    assert (home.desk, home.slack_channel, home.thread_ts) == ("sales", SALES, ana.threads(SALES)[0])
    assert trace(ana.world, home.id)["found"][0]["where"]["left"] == f"{SUPPORT}:{ana.threads(SUPPORT)[0]}"
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.run()
    assert ana.texts(channel=SALES)[1:] == ["Hello?"]
    assert ana.messages(channel=SUPPORT)[-1].startswith("Bob Brown moved this to the sales desk.")


def test_each_thread_leads_to_the_other(ana: House) -> None:
    move(ana)
    old, new = ana.thread(channel=SUPPORT)[-1], ana.thread(channel=SALES)[0]
    assert link(ana, SALES) in str(old["blocks"])
    assert link(ana, SALES) in str(head(ana, SUPPORT)["blocks"])
    assert link(ana, SUPPORT) in str(new["blocks"])
    assert new["text"].startswith("Bob Brown moved this here from the support desk")
    assert "claim" in str(head(ana, SALES)["blocks"])
    assert "claim" not in str(head(ana, SUPPORT)["blocks"])


def test_replies_go_out_of_the_new_thread_and_are_marked_there(ana: House) -> None:
    move(ana)
    ts = ana.slack.say(MIA, SALES, "At your service", ana.threads(SALES)[0])
    ana.run()
    assert phone(ana) == ["At your service"]
    (said,) = [each for each in ana.thread(channel=SALES) if each["ts"] == ts]
    assert reactions(said)


def test_a_reply_in_the_old_thread_goes_to_nobody_and_is_told_where_it_goes_on(ana: House) -> None:
    move(ana)
    ana.say("Are you there?", user=MIA)
    ana.run()
    assert phone(ana) == []
    told = ana.thread(channel=SUPPORT)[-1]
    assert told["text"].startswith("Nobody but the team has seen this: the conversation with Ana goes on in")
    assert f"<@{MIA}>" in told["text"]
    assert link(ana, SALES) in str(told["blocks"])
    assert len(ana.thread(channel=SALES)) == 1


def test_a_note_in_the_old_thread_needs_no_answer(ana: House) -> None:
    move(ana)
    before = ana.texts(channel=SUPPORT)
    ana.say("// just for us")
    ana.run()
    assert ana.texts(channel=SUPPORT) == [*before, "// just for us"]


def test_what_was_typed_before_the_move_and_heard_of_after_it_goes_out(ana: House) -> None:
    ana.slack.hold_events()
    ana.say("Before the move")
    move_is_under_way(ana)
    ana.run_bells()
    ana.slack.release_events()
    ana.run()
    assert phone(ana) == ["Before the move"]


def test_a_receipt_that_comes_after_the_move_is_marked_on_the_old_reply(ana: House) -> None:
    ana.twilio.write(ANA, "by SMS")
    ana.run()
    ana.twilio.receipts(auto=False)
    ts = ana.say("Hello")
    ana.run()
    move(ana)
    ana.later(70)
    (said,) = [each for each in ana.thread(channel=SUPPORT) if each["ts"] == ts]
    assert reactions(said)


def test_bad_news_of_an_old_reply_comes_in_the_new_thread_with_a_link_to_it(ana: House) -> None:
    ts = ana.say("Hello")
    ana.telegram.block("7")
    move_is_under_way(ana)
    bells = sorted(ana.bells.rung, key=lambda rung: rung[0].value)
    ana.bells.rung.clear()
    for side, bell in bells:
        ana.answer(side, bell)
    ana.run()
    told = [each for each in ana.thread(channel=SALES) if "Not delivered" in each["text"]]
    assert len(told) == 1
    assert f"/archives/{SUPPORT}/p{ts.replace('.', '')}" in str(told[0]["blocks"])


def test_a_customer_s_edit_of_what_stands_in_the_old_thread_is_drawn_there_and_told_in_the_new(ana: House) -> None:
    move(ana)
    message = ana.telegram.phone("7")[0]["id"]
    ana.telegram.edit("7", message, "Hi there")
    ana.run()
    assert ana.texts(channel=SUPPORT)[0] == "Hi there"
    assert any("changed" in text for text in ana.texts(channel=SALES))


def test_nothing_is_drawn_in_the_old_channel_while_slack_wants_no_drawings_there(ana: House) -> None:
    move(ana)
    ana.store.write(Put(Gate(DRAWS, SUPPORT, ana.clock.ms() + 60_000, "too many drawings")))
    ana.telegram.edit("7", ana.telegram.phone("7")[0]["id"], "Hi there")
    ana.run()
    assert ana.texts(channel=SUPPORT)[0] == "Hi"
    ana.later(61)
    assert ana.texts(channel=SUPPORT)[0] == "Hi there"


def test_reactions_go_both_ways_across_a_move(ana: House) -> None:
    ana.say("Hello")
    ana.run()
    move(ana)
    post = ana.thread(channel=SUPPORT)[0]
    ana.slack.react(BOB, SUPPORT, post["ts"], "+1")
    ana.run()
    assert {"by": "us", "emoji": "👍"} in ana.telegram.phone("7")[0]["reactions"]
    react(ana, "🔥")
    assert "fire" in reactions(ana.thread(channel=SUPPORT)[0])


def test_two_people_move_it_at_once_and_it_moves_once(ana: House) -> None:
    ask(ana)
    ask(ana, MIA)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.slack.submit(MIA, {"desk": "sales"})
    ana.run()
    assert len(ana.threads(SALES)) == 1
    assert [item.moves_to for item in ana.items() if item.moves_to] == ["sales"]
    assert "Somebody has just moved it" in str(ana.slack.modal(MIA))


def test_it_can_come_back(ana: House) -> None:
    move(ana)
    move(ana, "support", SALES)
    assert len(ana.threads(SUPPORT)) == 2
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.run()
    ana.say("Yes")
    ana.say("too late", number=0)
    ana.run()
    assert ana.texts(channel=SUPPORT)[1:] == ["Hello?", "Yes"]
    assert phone(ana) == ["Yes"]
    assert "goes on in" in ana.texts(0, SUPPORT)[-1]


def test_the_customer_s_next_words_on_any_line_of_either_desk_come_there(ana: House) -> None:
    move(ana)
    (home,) = ana.conversations()
    contact = ana.store.find(Contact, home.contact)
    assert contact is not None
    assert {desk: pointer.conversation for desk, pointer in contact.current.items()} == {
        "support": home.id,
        "sales": home.id,
    }
    assert {pointer.slack_channel for pointer in contact.current.values()} == {SALES}


def test_resolved_after_a_move_it_is_over_for_both_desks_and_opens_again_there(ana: House) -> None:
    move(ana)
    ana.slack.press(BOB, SALES, ana.threads(SALES)[0], "resolve")
    ana.run()
    assert ana.conversations()[0].status is Status.RESOLVED
    ana.telegram.write("7", "One more thing", first_name="Ana")
    ana.run()
    assert ana.conversations()[0].status is Status.OPEN
    assert ana.texts(channel=SALES)[-1].endswith("One more thing")
    assert len(ana.threads(SUPPORT)) == 1


def test_nobody_has_it_after_a_move(ana: House) -> None:
    ana.slack.press(BOB, SUPPORT, ana.threads()[0], "claim")
    ana.run()
    move(ana)
    assert ana.conversations()[0].owner == ""


def test_whoever_claims_it_while_it_moves_has_it_there(ana: House) -> None:
    ask(ana)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.slack.press(MIA, SUPPORT, ana.threads()[0], "claim")
    ana.run()
    (home,) = ana.conversations()
    assert (home.desk, home.owner) == ("sales", MIA)
    assert "claimed this" in ana.texts(channel=SALES)[-1]


def test_a_desk_calls_its_people_when_a_conversation_begins_or_comes(ana: House) -> None:
    ana.settings_text = (
        TWO + f'mention = ["{MIA}", "S0SUPPORT"]\n' + '[[rules]]\ndesk = "sales"\nwords = ["price"]\n'
    )
    move(ana)
    assert f"<@{MIA}> <!subteam^S0SUPPORT>" in ana.thread(channel=SALES)[0]["text"]
    ana.twilio.write(ANA, "Your price?")
    ana.twilio.write(ANA, "And when?")
    ana.run()
    assert ana.texts(channel=SALES) == [
        "Your price?",
        f"<@{MIA}> <!subteam^S0SUPPORT> a new conversation.",
        "And when?",
    ]


def test_a_move_whose_answer_was_lost_happens_once_it_is_found(ana: House) -> None:
    ask(ana)
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ana.slack.drop_events(1)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.run()
    assert ana.threads(SALES) == []
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.later(70)
    assert ana.texts(channel=SALES)[1:] == ["Hello?"]
    assert sum("moved this to" in text for text in ana.texts(channel=SUPPORT)) == 1


def test_a_desk_whose_channel_takes_nothing_loses_nothing(ana: House) -> None:
    ask(ana)
    ana.slack.archive(SALES)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.run()
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.run()
    ana.slack.unarchive(SALES)
    ana.later(400)
    assert ana.texts(channel=SALES)[1:] == ["Hello?"]


def test_an_old_channel_that_is_gone_holds_up_nothing(ana: House) -> None:
    ana.say("Hello")
    ana.run()
    move(ana)
    ana.say("Still here?")
    ana.slack.archive(SUPPORT)
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.run()
    ana.later(70)
    assert ana.texts(channel=SALES)[-1] == "Hello?"
    assert [item.state for item in ana.items() if item.kind is Kind.MESSAGE] == [State.POSTED, State.POSTED]


def test_with_one_desk_there_is_nowhere_to_go(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    ask(house)
    assert "There is one desk only." in str(house.slack.state()["ephemerals"])


def test_what_is_said_about_a_reply_in_the_old_thread_is_said_there(ana: House) -> None:
    ana.twilio.write(ANA, "by SMS")
    ana.run()
    ts = ana.say("Hello")
    ana.run()
    ask(ana)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.run()
    ana.slack.edit(SUPPORT, ts, "Hello there")
    ana.run()
    assert ana.texts(channel=SUPPORT)[-1].startswith("Changed here only")
    assert len(ana.texts(channel=SALES)) == 1


def test_a_desk_that_is_gone_when_the_line_is_posted_is_not_moved_to(ana: House) -> None:
    ask(ana)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.settings_text = SETTINGS
    ana.run()
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.run()
    assert (ana.conversations()[0].desk, ana.conversations()[0].left) == ("support", ())
    assert ana.texts(channel=SUPPORT)[-1] == "Hello?"
    assert "claim" in str(head(ana, SUPPORT)["blocks"])


def test_pressed_again_or_handed_in_twice_it_moves_once(ana: House) -> None:
    ask(ana)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.slack.again(BOB)
    ana.run()
    assert len([item for item in ana.items() if item.moves_to]) == 1
    assert len(ana.threads(SALES)) == 1


def test_what_the_customer_wrote_while_the_move_was_asked_for_is_in_one_thread_only(ana: House) -> None:
    ask(ana)
    ana.telegram.write("7", "one", first_name="Ana")
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.telegram.write("7", "two", first_name="Ana")
    ana.run()
    both = [*ana.messages(channel=SUPPORT), *ana.messages(channel=SALES)]
    assert [both.count(text) for text in ("one", "two")] == [1, 1]


def test_a_second_copy_that_turns_up_after_the_move_is_taken_out_of_the_old_thread(house: House) -> None:
    house.settings_text = TWO
    first, _ = two_copies(house)
    move_is_under_way(house)
    house.run_bells()
    house.slack.release_events()
    house.run()
    assert [post["ts"] for post in house.thread(channel=SUPPORT)[1:2]] == [first]
    assert house.texts(channel=SUPPORT).count("second") == 1
    assert len(house.threads(SALES)) == 1


def test_a_second_head_that_turns_up_after_the_move_does_not_become_the_thread(house: House) -> None:
    house.settings_text = TWO
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    (home,) = house.conversations()
    move(house)
    house.world.slack.post(SUPPORT, "", line("a head"), Stamp(new_id(house.clock.ms()), home.id))
    house.run()
    house.later(70)
    assert len(house.threads(SUPPORT)) == 1
    assert house.conversations()[0].thread_ts == house.threads(SALES)[0]


class DiedError(BaseException):
    """The worker is gone, as Lambda takes it away."""


def dies(house: House, monkeypatch: pytest.MonkeyPatch, number: int, *, before: bool) -> None:
    """Let the worker die at one of its writes."""
    write, done = house.store.write, iter(range(100))

    def write_or_die(*writes: Any) -> Any:
        a_worker = threading.current_thread() is threading.main_thread()
        mine = a_worker and next(done) == number
        if mine and before:
            raise DiedError
        stored = write(*writes)
        if mine:
            raise DiedError
        return stored

    monkeypatch.setattr(house.store, "write", write_or_die)


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("number", range(12))
def test_whoever_moves_it_may_die_at_any_moment(
    ana: House, monkeypatch: pytest.MonkeyPatch, number: int, *, before: bool
) -> None:
    ask(ana)
    ana.slack.submit(BOB, {"desk": "sales"})
    ana.telegram.write("7", "Hello?", first_name="Ana")
    ana.quiet()
    with monkeypatch.context() as dying:
        dies(ana, dying, number, before=before)
        with contextlib.suppress(DiedError):
            ana.run()
    for _ in range(6):
        ana.later(70)
    both = [*ana.messages(channel=SUPPORT), *ana.messages(channel=SALES)]
    assert both.count("Hello?") == 1
    assert sum("moved this to the sales desk" in text for text in both) == 1
    assert sum("moved this here from" in text for text in both) == 1
    assert (len(ana.threads(SUPPORT)), len(ana.threads(SALES))) == (1, 1)
    assert link(ana, SALES) in str(head(ana, SUPPORT)["blocks"])
    assert [item.claim for item in ana.items()] == [None] * len(ana.items())


def test_in_a_thread_that_a_marked_desk_has_left_only_what_was_meant_to_go_out_is_answered(ana: House) -> None:
    ana.settings_text = TWO.replace("[accounts]", 'relay = "marked"\n[accounts]')
    move(ana)
    ana.say("among us")
    ana.say("!! to Ana")
    ana.run()
    assert [text for text in ana.texts(channel=SUPPORT) if "goes on in" in text][1:] == [
        ana.texts(channel=SUPPORT)[-1]
    ]
    assert len(ana.texts(channel=SALES)) == 1
    assert phone(ana) == []
