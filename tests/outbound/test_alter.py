"""A reply that has gone is edited or deleted, a message is reacted to: the customer sees it, or is said not to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.model import Item, Kind, Side, State, owed
from chalicelib.outbound.nods import nod
from chalicelib.slack.told import Nodded
from infra.local.slack.team import BOB, MIA, OUTSIDER, SUPPORT
from tests.house import House

CHAT, PHONE, SMS = "7", "5511987654321", "+15551230001"


def begin(house: House, medium: str = "telegram") -> None:
    """Ana has written, and Bob has answered."""
    write: dict[str, Callable[[], Any]] = {
        "telegram": lambda: house.telegram.write(CHAT, "Is it ready?", first_name="Ana"),
        "whatsapp": lambda: house.whatsapp.write(PHONE, "Is it ready?", name="Ana", id="wamid.ask"),
        "sms": lambda: house.twilio.write(SMS, "Is it ready?"),
    }
    write[medium]()
    house.run()


def answer(house: House, text: str = "At five") -> str:
    ts = house.say(text)
    house.run()
    return ts


def edit(house: House, ts: str, text: str) -> None:
    house.slack.edit(SUPPORT, ts, text)
    house.run()


def phone(house: House) -> list[str]:
    return house.on_phone([each for each in house.telegram.phone(CHAT) if each["state"] != "deleted"])


def of_kind(house: House, kind: Kind) -> list[Item]:
    return [item for item in house.items() if item.kind is kind]


def calls(house: House, method: str) -> int:
    return sum(method in str(call) for call in house.telegram.calls)


# ------------------------------------------------------------------------------ edits


def test_an_edit_of_what_has_arrived_is_seen_there(house: House) -> None:
    begin(house)
    ts = answer(house)
    edit(house, ts, "At *six*")
    assert phone(house) == ["At six"]
    assert house.texts() == ["Is it ready?", "At *six*"]
    (reply,) = of_kind(house, Kind.REPLY)
    assert reply.text == "At six"
    assert [owed(item) for item in house.items()] == [None] * 3


def test_the_newest_of_several_edits_wins_and_the_others_are_passed_over(house: House) -> None:
    begin(house)
    ts = answer(house)
    before = calls(house, "editMessageText")
    for text in ("At six", "At seven", "At eight"):
        house.slack.edit(SUPPORT, ts, text)
    house.run()
    assert phone(house) == ["At eight"]
    assert calls(house, "editMessageText") == before + 1


def test_an_edit_that_goes_back_to_the_first_words_is_done_as_well(house: House) -> None:
    begin(house)
    ts = answer(house)
    edit(house, ts, "At six")
    edit(house, ts, "At five")
    assert phone(house) == ["At five"]


def test_an_edit_whose_answer_was_lost_is_made_again(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"drop": "after"}, on="editMessageText")
    edit(house, ts, "At six")
    house.later(70)
    assert phone(house) == ["At six"]
    house.later(4 * 60)
    assert [owed(item) for item in house.items()] == [None] * 3
    assert len(house.texts()) == 2


def test_an_older_edit_that_takes_effect_late_is_overwritten(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"status": 500}, on="editMessageText")
    edit(house, ts, "At six")
    edit(house, ts, "At seven")
    assert phone(house) == ["At seven"]
    sent = of_kind(house, Kind.REPLY)[0].parts[0].id.partition(":")[2]
    house.telegram._bot.chats[7].messages[int(sent)]["text"] = "At six"  # the lost call, minutes later
    house.later(4 * 60)
    assert house.telegram._bot.chats[7].messages[int(sent)]["text"] == "At seven"


def test_an_edit_that_is_only_not_repeated_was_done(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"drop": "after"}, on="editMessageText")
    edit(house, ts, "At six")
    house.later(70)
    house.telegram.fail(
        {"status": 400, "description": "Bad Request: message can't be edited"}, on="editMessageText"
    )
    house.later(4 * 60)
    assert phone(house) == ["At six"]
    assert house.texts() == ["Is it ready?", "At six"]
    assert [owed(item) for item in house.items()] == [None] * 3


@pytest.mark.parametrize("medium", ["sms", "whatsapp"])
def test_where_nothing_can_be_changed_the_thread_says_so_once(house: House, medium: str) -> None:
    begin(house, medium)
    ts = answer(house)
    edit(house, ts, "At six")
    edit(house, ts, "At seven")
    said = [text for text in house.texts() if text.startswith("Changed here only")]
    assert len(said) == 1
    assert of_kind(house, Kind.CORRECTION) == []


def test_what_telegram_will_not_change_is_said_in_the_thread(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail(
        {"status": 400, "description": "Bad Request: message can't be edited"}, on="editMessageText"
    )
    edit(house, ts, "At six")
    assert phone(house) == ["At five"]
    assert house.texts()[-1].startswith("Changed here only, Ana still sees the earlier words: the provider allows")


def test_no_new_words_go_to_somebody_who_wants_none(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.write(CHAT, "/stop", first_name="Ana")
    house.run()
    edit(house, ts, "At six, and buy more")
    assert phone(house) == ["At five"]
    assert house.texts()[-1].startswith(
        "Changed here only, Ana still sees the earlier words: they asked not to be"
    )
    house.slack.delete(SUPPORT, ts)
    house.run()
    assert phone(house) == []


def test_an_edit_waits_for_telegram_and_no_reply_waits_for_it(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"drop": "before"}, on="editMessageText", times=2)
    edit(house, ts, "At six")
    answer(house, "Do come")
    assert phone(house) == ["At five", "Do come"]
    house.later(70)
    assert phone(house) == ["At six", "Do come"]


def test_an_edit_waits_until_the_line_is_open_again(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"status": 429, "retry_after": 60}, on="editMessageText")
    edit(house, ts, "At six")
    house.later(10)
    assert phone(house) == ["At five"]
    house.later(60)
    assert phone(house) == ["At six"]


def test_an_edit_that_makes_a_note_of_it_does_not_go_out_and_nor_does_what_comes_after(house: House) -> None:
    begin(house)
    ts = answer(house)
    edit(house, ts, "// he is a nuisance")
    edit(house, ts, "he is a nuisance")
    assert phone(house) == ["At five"]
    assert "it was a note in between" in house.texts()[-1]


def test_an_edit_of_which_an_earlier_one_was_not_heard_waits_for_it(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.slack.drop_events(2)
    house.slack.edit(SUPPORT, ts, "// secret")
    house.slack.edit(SUPPORT, ts, "secret")
    edit(house, ts, "the secret")
    assert phone(house) == ["At five"]
    house.later(6 * 60)
    assert phone(house) == ["At five"]
    assert "Slack did not tell of all that it said in between" in house.texts()[-1]


def test_a_long_reply_is_changed_part_by_part(house: House) -> None:
    begin(house)
    ts = answer(house, "a" * 4000 + " " + "b" * 200)
    edit(house, ts, "a" * 4000 + " " + "c" * 200)
    assert [text[:1] for text in phone(house)] == ["a", "c"]
    edit(house, ts, "short")
    assert phone(house) == ["short"]
    edit(house, ts, "a" * 4000 + " " + "b" * 200)
    assert phone(house) == ["short"]
    assert "do not fit into the messages that went out" in house.texts()[-1]


# ------------------------------------------------------------------------------ deletions


def test_what_is_deleted_in_slack_is_gone_from_the_phone(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.slack.delete(SUPPORT, ts)
    house.run()
    assert phone(house) == []
    assert [owed(item) for item in house.items()] == [None] * 3


def test_after_two_days_telegram_keeps_it_and_the_thread_says_so(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.clock.ahead += 49 * 3600
    house.slack.delete(SUPPORT, ts)
    house.run()
    assert phone(house) == ["At five"]
    assert house.texts()[-1].startswith(
        "Deleted here only, Ana still sees it: the provider allows that for a while"
    )


def test_a_deletion_wins_over_an_edit_that_waits(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"status": 429, "retry_after": 60}, on="editMessageText")
    edit(house, ts, "At six")
    house.slack.delete(SUPPORT, ts)
    house.run()
    house.later(70)
    house.later(4 * 60)
    assert phone(house) == []
    assert len(house.texts()) == 1


# ------------------------------------------------------------------------------ reactions


def seen(house: House) -> list[dict[str, str]]:
    """How the customer's first message is reacted to, by the phone."""
    messages = house.telegram.phone(CHAT)
    return [each for each in messages[0].get("reactions", ()) if each["by"] == "us"]


def react(house: House, name: str, user: str = BOB) -> None:
    house.clock.ahead += 1
    house.slack.react(user, SUPPORT, house.thread()[0]["ts"], name)  # the same again takes it back
    house.run()


def test_a_reaction_to_a_customers_message_is_seen_there(house: House) -> None:
    begin(house)
    react(house, "+1")
    assert seen(house) == [{"by": "us", "emoji": "👍"}]
    react(house, "+1")
    assert seen(house) == []


def test_of_several_reactions_the_newest_that_stands_is_seen(house: House) -> None:
    begin(house)
    react(house, "+1")
    react(house, "heart", MIA)
    assert seen(house) == [{"by": "us", "emoji": "❤"}]
    react(house, "heart", MIA)
    assert seen(house) == [{"by": "us", "emoji": "👍"}]


def test_an_older_reaction_that_slack_tells_of_late_is_not_the_newest(house: House) -> None:
    begin(house)
    react(house, "heart", MIA)
    (newer,) = of_kind(house, Kind.NOD)
    at = float(newer.order.partition("#")[0]) - 1
    told = (str(house.world.slack.team()), SUPPORT, house.thread()[0]["ts"])
    nod(house.world, Nodded(*told, BOB, "+1", f"{at:.6f}", added=True))
    nod(house.world, Nodded(*told, MIA, "heart", f"{at:.6f}", added=False))
    house.run()
    assert seen(house) == [{"by": "us", "emoji": "❤"}]
    react(house, "heart", MIA)
    assert seen(house) == [{"by": "us", "emoji": "👍"}]


def test_a_reaction_that_was_taken_back_stays_off_though_an_older_call_is_repeated(house: House) -> None:
    begin(house)
    house.telegram.fail({"drop": "after"}, on="setMessageReaction")
    react(house, "+1")
    house.later(70)
    react(house, "+1")
    house.telegram.fail({"drop": "before"}, on="setMessageReaction")
    for _ in range(3):
        house.later(4 * 60)
    assert seen(house) == []
    assert {owed(item) for item in house.items()} == {None}


@pytest.mark.parametrize("name", ["eyes", "heavy_check_mark", "white_check_mark"])
def test_what_means_something_among_us_stays_inside(house: House, name: str) -> None:
    begin(house)
    react(house, name)
    assert seen(house) == []
    # Some of them are a verb as well, of which the thread tells.
    done = {"eyes": ["Bob Brown claimed this."], "white_check_mark": ["Bob Brown resolved this."]}
    assert house.texts() == ["Is it ready?", *done.get(name, [])]


def test_what_a_medium_does_not_know_is_said_once(house: House) -> None:
    begin(house)
    react(house, "pancakes")
    react(house, "waffle")
    assert house.texts()[1:] == ["Reactions such as this stay here: Telegram shows Ana some of ours, or none."]


def test_whatsapp_shows_a_reaction_and_sms_has_none(house: House) -> None:
    begin(house, "whatsapp")
    react(house, "tada")
    assert [each for each in house.whatsapp.phone(PHONE)[0]["reactions"] if each["by"] == "us"] == [
        {"by": "us", "emoji": "🎉"}
    ]


def test_the_receipts_of_a_reaction_wait_for_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    begin(house, "whatsapp")
    house.whatsapp.receipts(auto=False)
    react(house, "tada")
    (sent,) = [each["id"] for each in house.whatsapp.changes()["changes"] if each["kind"] == "call"]
    caplog.clear()
    house.whatsapp.receipt(sent, "delivered")
    house.run()
    assert "webhook.taken" in [record.message for record in caplog.records]
    assert "receipt.early" not in [record.message for record in caplog.records]


def test_a_medium_without_reactions_is_not_asked(house: House) -> None:
    begin(house, "sms")
    react(house, "tada")
    react(house, "heart")
    assert len(house.texts()) == 2
    assert of_kind(house, Kind.NOD) == []


def test_a_reaction_from_outside_the_team_stays_here(house: House) -> None:
    begin(house)
    house.slack.share(SUPPORT)
    house.slack.invite(SUPPORT, OUTSIDER)
    react(house, "+1", OUTSIDER)
    assert seen(house) == []
    assert of_kind(house, Kind.NOD)[0].state is State.SENT


def test_a_reaction_to_our_own_words_goes_nowhere(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.slack.react(BOB, SUPPORT, ts, "+1")
    house.run()
    assert of_kind(house, Kind.NOD) == []


def test_reactions_that_wait_hide_no_reply(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["chalicelib.outbound.send"], "LOOKED_AT", 2)
    begin(house)
    house.slack.fail("users.info", {"status": 500}, times=50)  # so nobody knows whose reactions these are
    for name in ("+1", "heart", "tada"):
        house.slack.react(MIA, SUPPORT, house.thread()[0]["ts"], name)
    house.clock.ahead += 1
    answer(house)
    assert phone(house) == ["At five"]
    assert [each.state for each in of_kind(house, Kind.NOD)] == [State.RECORDED] * 3


def test_what_is_altered_is_owed_to_the_customer(house: House) -> None:
    begin(house)
    ts = answer(house)
    house.telegram.fail({"status": 429, "retry_after": 60}, on="editMessageText")
    edit(house, ts, "At six")
    assert [owed(item) for item in of_kind(house, Kind.CORRECTION)] == [Side.CUSTOMER]
