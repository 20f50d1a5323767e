"""The story of one message, from any of its ids: every step with its time and outcome, and nobody's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.gates import FILES, close
from chalicelib.inbound.record import record
from chalicelib.model import DAY, Busy, Item, Kind, Raw, Receipt, Side, State, ours_token
from chalicelib.operate import operate
from chalicelib.queues import Bell
from chalicelib.raw import keep
from chalicelib.store import Insert
from chalicelib.web import Request
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    """Ana asked by SMS, and was answered; the answer arrived."""
    house.twilio.write(ANA, "Is my order ready?")
    house.run()
    house.twilio.receipts(auto=False)  # ours: one that overtakes our own record is another story
    house.say("It is, a secret")
    house.run()
    for state in ("sent", "delivered"):
        house.twilio.receipt(house.twilio.phone(ANA)[-1]["id"], state)
    house.twilio.receipts(auto=True, delay=0)
    house.run()
    return house


def trace(house: House, name: str, **words: str) -> Any:
    answer = operate(house.world, {"do": "trace", "id": name, **words})
    assert "error" not in answer, answer
    (found,) = answer["found"]
    return found


def story(found: Any) -> list[str]:
    return [" ".join(filter(None, (step["what"], step["detail"]))) for step in found["story"]]


def ours(told: list[str]) -> list[str]:
    """What we did; others may tell of it before we have written it down."""
    return [line for line in told if not line.startswith(("receipt", "seen in Slack"))]


def item(house: House, kind: Kind) -> Item:
    return next(item for item in house.items() if item.kind is kind)


# ------------------------------------------------------------------------------ by which names


def names_of(house: House) -> dict[str, str]:
    question = item(house, Kind.MESSAGE)
    pair = f"{question.conversation}.{question.id}"
    place = f"{SUPPORT}:{question.slack_ts}"
    link = house.slack.url.replace("http://", "https://")
    return {
        "conversation.item": pair,
        "item alone": question.id,
        "the provider's": question.their_id,
        "the provider's, of a line": f"twilio/main/{question.their_id}",
        "Slack's": place,
        "a permalink": f"{link}/archives/{SUPPORT}/p{question.slack_ts.replace('.', '')}?thread_ts=1.1&cid=C0",
        "its post": f"{question.conversation}.{question.post}",
    }


@pytest.mark.parametrize(
    "kind",
    [
        *("conversation.item", "item alone", "the provider's", "the provider's, of a line", "Slack's"),
        *("a permalink", "its post"),
    ],
)
def test_a_customers_message_is_found_by_any_of_its_names(ana: House, kind: str) -> None:
    names = names_of(ana)
    assert trace(ana, names[kind])["id"] == names["conversation.item"]


def test_a_reply_is_found_by_the_token_we_gave_the_provider_by_theirs_and_by_slacks(ana: House) -> None:
    reply = item(ana, Kind.REPLY)
    for name in (ours_token(reply, 0), reply.parts[0].id, f"{SUPPORT}:{reply.their_id}"):
        assert trace(ana, name)["id"] == f"{reply.conversation}.{reply.id}"


def test_the_name_of_a_post_under_way_is_enough(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.fail("chat.postMessage", {"drop": "before"})
    house.twilio.write(ANA, "again")
    house.run()
    waiting = house.items()[-1]
    assert waiting.claim is not None
    found = trace(house, waiting.claim.post)
    assert found["id"] == f"{waiting.conversation}.{waiting.id}"
    assert found["next"].startswith("a worker is at it; if it died, it is looked up from")


def test_a_conversation_lists_what_was_said_in_it_newest_first(ana: House) -> None:
    (home,) = ana.conversations()
    for name in (home.id, f"{SUPPORT}:{home.thread_ts}"):
        found = trace(ana, name)
        assert (found["id"], found["stands"]) == (home.id, "open")
        assert [row["kind"] for row in found["items"]] == ["reply", "message"]


def test_a_raw_body_tells_why_it_is_kept_and_shows_itself_only_when_asked(house: House) -> None:
    raw = keep(
        house.world, ("telegram", "main"), Request("POST", body=b"a secret"), "malformed", unread="malformed: ?"
    )
    found = trace(house, raw.id)
    assert (found["stands"], found["next"]) == ("malformed: ?", f"make replay ID={raw.id} reads it again")
    assert "secret" not in json.dumps(found)
    assert trace(house, raw.id, words="yes")["words"] == "a secret"
    operate(house.world, {"do": "dismiss", "id": raw.id})
    assert story(trace(house, raw.id)) == ["kept as it came malformed", "dismissed"]


def test_a_receipt_that_waits_for_its_message_is_what_there_is_to_tell(house: House) -> None:
    (_, line) = house.world.line("twilio", "main")
    record(house.world, line, Receipt("SM9", State.DELIVERED, house.clock.ms()))
    found = trace(house, "twilio/main/SM9")
    assert (found["id"], found["stands"]) == (
        "twilio/main/SM9",
        "a receipt (delivered) that waits for its message",
    )
    assert found["next"].startswith("it is remembered until 20")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "trace needs an id"),
        ("x" * 2_000, "trace needs an id"),
        ("nothing", "Nothing here is known by 'nothing'"),
        ("twilio/main/", "Nothing here is known by"),
        (f"{'0' * 26}.{'0' * 26}", "Nothing here is known by"),
        ("0" * 26, "An item's id alone does not say where it is"),
        ("7" + "Z" * 25, "Nothing here is known by"),
        ("C0NOWHERE:1789000000.000100", "Nothing here is known by"),
        ("https://x.slack.com/archives/C0/p17", "Nothing here is known by"),
    ],
)
def test_a_name_that_nothing_has_is_answered_in_words(house: House, name: str, says: str) -> None:
    assert says in operate(house.world, {"do": "trace", "id": name})["error"]


# ------------------------------------------------------------------------------ the story


def test_a_customers_message_tells_its_way_into_the_thread(ana: House) -> None:
    question = item(ana, Kind.MESSAGE)
    found = trace(ana, question.their_id)
    assert ours(story(found)) == [
        "written by the provider's clock",
        "recorded over twilio/main",
        f"claimed try 1, post {question.post}",
        f"posted {question.slack_ts}",
    ]
    assert [step["at"] for step in found["story"]] == sorted(step["at"] for step in found["story"])
    assert (found["stands"], found["next"]) == ("in its thread", "nothing: it is done")
    assert found["where"]["slack"] == f"{SUPPORT}:{question.slack_ts}"
    assert question.slack_ts.replace(".", "") in found["where"]["link"]


def test_a_reply_tells_its_way_to_the_customer_and_every_receipt(ana: House) -> None:
    reply = item(ana, Kind.REPLY)
    found = trace(ana, reply.parts[0].id)
    told = story(found)
    assert told[:4] == [
        f"typed by {BOB}",
        "recorded",
        "claimed try 1",
        f"sent {reply.parts[0].id}",
    ]
    assert "receipt delivered" in told
    assert told[-1].startswith("shown ")
    assert found["stands"] == "delivered"


def test_nobodys_words_are_told_unless_they_are_asked_for(ana: House) -> None:
    reply = item(ana, Kind.REPLY)
    assert "secret" not in json.dumps(trace(ana, reply.parts[0].id))
    assert trace(ana, reply.parts[0].id, words="yes")["words"] == "It is, a secret"
    for no in ("no", "false", "0"):
        assert "words" not in trace(ana, reply.parts[0].id, words=no)


def test_what_came_late_says_so(house: House) -> None:
    house.twilio.write(ANA, "second")
    house.run()
    (first,) = house.items()
    late = Item(
        first.conversation,
        "01" + "A" * 24,
        Kind.MESSAGE,
        first.at - DAY,
        f"{first.at - DAY:015d}#{0:012d}#" + "01" + "A" * 24,
        text="first",
        route=first.route,
    )
    house.world.store.write(Insert(late))
    (home,) = house.conversations()
    house.answer(Side.SLACK, Bell(home.id, home.slack_channel))
    assert story(trace(house, f"{late.conversation}.{late.id}"))[-1].endswith(", late")


def test_an_answer_that_was_lost_and_found_is_told(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)  # or Slack's own event of the post may tell of it before the lost answer is missed
    house.twilio.write(ANA, "again")
    house.run()
    house.later(120)
    told = [step.split()[0] for step in story(trace(house, house.items()[-1].their_id))]
    assert told[:4] == ["written", "recorded", "claimed", "no"]
    assert told[-1] == "posted"


def test_what_waits_for_a_shut_gate_says_so(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 600})
    house.twilio.write(ANA, "again")
    house.run()
    found = trace(house, house.items()[-1].their_id)
    assert "given back" in " ".join(story(found))
    assert f"because slack/{SUPPORT} is shut" in found["next"]


def test_what_failed_and_was_sent_again_is_told(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.twilio.fail({"error": 30003, "status": 400}, on="POST")
    house.say("Hello")
    house.run()
    reply = item(house, Kind.REPLY)
    found = trace(house, f"{reply.conversation}.{reply.id}")
    assert (found["stands"], story(found)[-1]) == ("failed: unreachable", f"told failed, {reply.notice_ts}")
    house.slack.press(BOB, SUPPORT, reply.notice_ts, "send_again")
    house.run()
    told = story(trace(house, f"{reply.conversation}.{reply.id}"))
    assert [step for step in told if step.startswith(("failed", "asked", "sent", "receipt"))][:2] == [
        "failed unreachable",
        "asked again",
    ]
    assert "claimed try 2" in told


def test_an_edit_stands_beside_the_message_it_is_about(house: House) -> None:
    house.telegram.write("5", "Hi")
    house.run()
    message = item(house, Kind.MESSAGE)
    house.clock.ahead += 5
    house.telegram.edit("5", message.their_id.partition(":")[2], "Hello")
    house.run()
    edit = item(house, Kind.EDIT)
    assert trace(house, message.their_id)["about it"] == [f"edit {edit.conversation}.{edit.id}"]
    found = trace(house, f"{edit.conversation}.{edit.id}")
    assert (found["is"], found["where"]["about"]) == (
        "a customer's edit",
        f"{message.conversation}.{message.id}",
    )


def test_a_raw_body_is_no_item(house: House) -> None:
    raw = keep(house.world, ("telegram", "main"), Request("POST", body=b"?"), "large")
    assert isinstance(house.store.find(Raw, raw.id), Raw)
    assert trace(house, raw.id)["next"] == "nothing: it is done"


def test_a_message_tells_of_the_file_that_it_waits_for(house: House) -> None:
    house.twilio.write(ANA, "Look", media=[{"content_type": "image/png", "data": "aGk="}])
    house.quiet()
    name = item(house, Kind.MESSAGE).their_id
    assert trace(house, f"twilio/main/{name}")["next"].startswith(
        "its file is fetched when its conversation's bell"
    )
    close(house.world, *FILES, Busy("busy", 6_000))
    assert "because slack/files is shut: busy" in trace(house, f"twilio/main/{name}")["next"]
    house.clock.ahead += 7
    house.run()
    found = trace(house, f"twilio/main/{name}")
    assert found["next"] == "nothing: it is done"
    assert "file carried 1 of 1, 2 bytes" in story(found)
