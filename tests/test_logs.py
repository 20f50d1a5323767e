"""What it writes to the log: each step of a message's way, by ids one can follow, and never what was said."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib import logs
from chalicelib.model import State
from infra.local.flow import OURS
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SECRETS, House

ROOT = Path(__file__).parents[1]
CUSTOMER, CHAT = "+15551230001", 7001
WORDS = "the words of a customer"
ANSWER = "the words of the team"


class Log(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs._JsonLines())
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.raw.append(self.format(record))

    def of(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.raw]
        return [
            {name: value for name, value in line.items() if name not in ("at", "level", "event")}
            for line in lines
            if line["event"] == event
        ]


@pytest.fixture
def log(house: House) -> Iterator[Log]:  # noqa: ARG001 - the house first, then what it says
    logger, log = logging.getLogger("threadline.events"), Log()
    level = logger.level
    logger.setLevel("INFO")
    logger.addHandler(log)
    yield log
    logger.removeHandler(log)
    logger.setLevel(level)


def test_a_webhook_is_taken_with_the_item_and_their_name_for_it(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.quiet()
    (item,) = house.items()
    assert log.of("webhook.taken") == [
        {
            "channel": "twilio",
            "account": "main",
            "what": "MessageReceived",
            "their_id": house.twilio.phone(CUSTOMER)[0]["id"],
            "conversation": item.conversation,
            "item": item.id,
        }
    ]


def test_a_repeated_webhook_is_taken_without_an_item(house: House, log: Log) -> None:
    house.twilio.repeat(1)
    house.twilio.write(CUSTOMER, WORDS)
    house.quiet()
    assert ["item" in line for line in log.of("webhook.taken")] == [True, False]


def test_the_first_post_opens_a_thread_and_names_where_it_stands(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    (item,) = house.items()
    place = {"bell": item.conversation, "conversation": item.conversation, "channel": SUPPORT, "outcome": "Ok"}
    assert log.of("thread.opened") == [{**place, "ts": house.threads()[0]}]
    assert log.of("post.made") == [{**place, "item": item.id, "ts": item.slack_ts}]


def test_a_post_that_slack_refuses_to_take_now_is_noted_too(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 60})
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    last = log.of("post.made")[-1]
    assert (last["outcome"], "ts" in last, last["item"]) == ("Busy", False, house.items()[-1].id)


def test_a_bell_that_finds_the_gate_shut_says_so_before_it_leaves(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.slack.fail("chat.postMessage", {"status": 429, "retry_after": 60})
    house.run()
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    (closed,) = log.of("gate.closed")
    shut = log.of("gate.shut")[-1]
    assert (shut["system"], shut["name"], shut["until"]) == ("slack", SUPPORT, closed["until"])


def test_a_reply_can_be_followed_from_slack_to_the_phone_and_back(house: House, log: Log) -> None:
    house.telegram.write(CHAT, WORDS)
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    ts = house.say(ANSWER)
    house.run()
    reply = house.items()[-1]
    who = {"conversation": reply.conversation, "item": reply.id}
    assert log.of("reply.recorded") == [{**who, "what": "reply", "channel": SUPPORT, "ts": ts}]
    (sent,) = log.of("reply.sent")
    assert sent | who | {"outcome": "Ok", "part": 0} == sent
    (part,) = reply.parts
    assert sent["their_id"] == house.twilio.phone(CUSTOMER)[-1]["id"]
    settled = log.of("receipt.settled")
    assert [line["item"] for line in settled] == [reply.id] * len(settled)
    assert (settled[-1]["state"], settled[-1]["their_id"]) == (part.state, sent["their_id"])
    (mark,) = log.of("mark.drawn")
    drawn = {"name": "ballot_box_with_check", "ts": ts, "channel": SUPPORT, "outcome": "Ok"}
    assert mark == {"bell": reply.conversation, **who, **drawn}
    # Nobody waits any more, which the card has to show.
    card = log.of("card.drawn")[-1]
    assert (card["conversation"], card["ts"]) == (reply.conversation, house.threads()[-1])


def test_a_reply_that_did_not_go_says_why_and_where_the_team_reads_it(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.twilio.write(CUSTOMER, "STOP")
    house.run()
    house.say(ANSWER)
    house.run()
    reply = house.items()[-1]
    assert reply.state is State.FAILED
    (refused,) = log.of("reply.refused")
    assert (refused["item"], refused["reason"]) == (reply.id, "opted out")
    (verdict,) = log.of("verdict.posted")
    assert (verdict["item"], verdict["ts"], verdict["outcome"]) == (reply.id, reply.notice_ts, "Ok")


def test_an_edit_and_a_deletion_of_a_reply_name_it(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    ts = house.say(ANSWER)
    house.quiet()
    house.slack.edit(SUPPORT, ts, "better words")
    house.quiet()
    house.slack.delete(SUPPORT, ts)
    house.quiet()
    reply = house.items()[-1]
    (edited,), (deleted,) = log.of("reply.edited"), log.of("reply.deleted")
    who = {"conversation": reply.conversation, "item": reply.id, "ts": ts}
    assert (edited, deleted) == ({**who, "state": "recorded"}, {**who, "state": "withdrawn"})


def test_an_edit_and_a_deletion_that_come_too_late_change_nothing_and_write_nothing(
    house: House, log: Log
) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    ts = house.say(ANSWER)
    house.run()
    house.slack.edit(SUPPORT, ts, "better words")
    house.slack.delete(SUPPORT, ts)
    house.run()
    assert (log.of("reply.edited"), log.of("reply.deleted")) == ([], [])


def test_what_somebody_else_did_first_is_written_by_them_alone(
    house: House, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    change = house.store.change

    def change_after_somebody_else(*what: Any) -> Any:
        change(*what)
        return change(*what)

    monkeypatch.setattr(house.store, "change", change_after_somebody_else)
    ts = house.say(ANSWER)
    house.quiet()
    house.slack.edit(SUPPORT, ts, "better words")
    house.run()
    assert house.items()[-1].state is State.DELIVERED
    assert (log.of("reply.edited"), log.of("receipt.settled")) == ([], [])


def test_a_pressed_button_names_the_conversation_and_who_pressed(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    house.slack.press(BOB, SUPPORT, house.threads()[0], "claim")
    (conversation,) = house.conversations()
    assert log.of("press.taken") == [{"verb": "claim", "conversation": conversation.id, "user": BOB}]


def test_no_line_holds_what_was_said_or_what_lets_somebody_in(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS, name="Ana Example")
    house.whatsapp.write("5511987654321", WORDS, name="Ana Example")
    house.telegram.write(CHAT, WORDS, first_name="Ana Example")
    house.run()
    for number in range(len(house.threads())):
        ts = house.say(ANSWER, number)
        house.slack.edit(SUPPORT, ts, f"{ANSWER}!")
        house.say(f"// {ANSWER}", number)
    house.twilio.write(CUSTOMER, "STOP")
    house.run()
    written = "\n".join(log.raw)
    assert len(log.raw) > 20
    for told in (WORDS, ANSWER, "Ana Example", "signature", CUSTOMER, *SECRETS.values()):
        assert told not in written


def test_no_id_takes_the_place_of_what_a_change_of_the_flow_says_about_itself(house: House, log: Log) -> None:
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    house.say(ANSWER)
    house.run()
    (names,) = {frozenset(json.loads(line)) & (OURS - {"at"}) for line in log.raw}
    assert names == frozenset()


def test_a_channel_is_the_medium_beside_an_account_and_otherwise_slacks(house: House, log: Log) -> None:
    house.telegram.write(CHAT, WORDS)
    house.twilio.write(CUSTOMER, WORDS)
    house.run()
    house.say(ANSWER)
    house.run()
    lines = [json.loads(line) for line in log.raw]
    found = {(line["channel"], "account" in line) for line in lines if "channel" in line}
    assert found == {(SUPPORT, False), ("twilio", True), ("telegram", True)}


@pytest.mark.parametrize("write", [logs.note, logs.alarm])
def test_what_is_empty_is_left_out_of_every_line(log: Log, write: Callable[..., None]) -> None:
    with logs.about(account=""):
        write("something", item="I1", why="", until=None, part=0)
    assert log.of("something") == [{"item": "I1", "part": 0}]


def test_where_nobody_listens_nothing_is_put_together(log: Log) -> None:
    logging.getLogger("threadline.events").setLevel("WARNING")

    class Dear:
        def __eq__(self, _: object) -> bool:
            raise AssertionError("somebody looked")

        __hash__ = None  # type: ignore[assignment]  # nobody is to hash it either

    logs.note("something", thing=Dear())
    assert log.raw == []


def test_every_line_is_in_the_documentation() -> None:
    code = "".join(file.read_text() for file in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")])
    told = (ROOT / "docs" / "architecture.md").read_text().partition("## What it writes to the log")[2]
    lines = set(re.findall(r"""(?:note|alarm|noted|_change)\((?:\s*(?:turn|world), )?\s*"([a-z_.]+)\"""", code))
    assert len(lines) > 25
    assert {line for line in lines if f"`{line}`" not in told} == set()


def test_neither_the_address_of_a_file_nor_a_links_token_stands_in_the_log(house: House, log: Log) -> None:
    house.twilio.write("+447700900001", "Hi")
    house.telegram.write("5", "Hi")
    house.run()
    picture = {"name": "a.gif", "data": b"GIF89a" + bytes(40), "mimetype": "image/gif"}
    for thread in (0, 1):
        house.say("Look", thread, files=[picture])
    house.run()
    (link,) = (
        word
        for text in house.on_phone(house.twilio.phone("+447700900001"))
        for word in text.split()
        if "/files/" in word
    )
    with urlopen(link) as file:  # noqa: S310 - our own door
        assert file.read(6) == b"GIF89a"
    assert len(log.of("file.carried")) == len(log.of("reply.sent")) == 2
    said = "".join(log.raw)
    assert not [each for each in ("X-Amz", "xoxb-", link.rpartition("/")[2]) if each in said]
    assert "X-Amz" not in repr(house.items())
