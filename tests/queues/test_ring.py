"""Ringing, on the embedded queues: every ring is heard or reported as lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.model import Side
from chalicelib.queues import Bell, Queues
from infra.local.aws import Aws

FINE = {"ResponseMetadata": {"HTTPStatusCode": 200}}


class Lines(logging.Handler):
    """What was logged, as (event, ids)."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), record.__dict__["ids"]))


@pytest.fixture
def lines() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    logger, handler = logging.getLogger("threadline.events"), Lines()
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


@pytest.fixture
def queues(aws: Aws) -> Queues:
    aws.reset()
    return Queues({Side.SLACK: aws.inbound_url, Side.CUSTOMER: aws.outbound_url, Side.MEDIA: aws.media_url})


def heard(aws: Aws, url: str = "") -> list[dict[str, Any]]:
    """Take everything that waits in a queue, and delete it."""
    sqs, url, taken = aws.client("sqs"), url or aws.inbound_url, []
    while more := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get(
        "Messages"
    ):
        taken += more
        for message in more:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return taken


def bodies(taken: list[dict[str, Any]]) -> list[str]:
    return [message["Body"] for message in taken]


def test_a_bell_says_whose_work_to_look_at_and_nothing_else(aws: Aws, queues: Queues) -> None:
    assert queues.ring(Side.SLACK, [Bell("conversation", "C0SUPPORT")])
    (message,) = heard(aws)
    assert message["Body"] == "conversation"
    assert message["Attributes"]["MessageGroupId"] == "C0SUPPORT"
    assert "MessageAttributes" not in message


def test_the_same_bell_is_heard_each_time_it_rings(aws: Aws, queues: Queues) -> None:
    for _ in range(3):
        assert queues.ring(Side.SLACK, [Bell("a", "g")])
        assert bodies(heard(aws)) == ["a"]
    queues.ring(Side.SLACK, [Bell("a", "g")])
    queues.ring(Side.SLACK, [Bell("a", "g")])
    assert bodies(heard(aws)) == ["a", "a"]


def test_in_one_ring_a_bell_sounds_once(aws: Aws, queues: Queues) -> None:
    assert queues.ring(Side.SLACK, [Bell("a", "g"), Bell("b", "g"), Bell("a", "g"), Bell("a", "h")])
    assert sorted(bodies(heard(aws))) == ["a", "a", "b"]


@pytest.mark.some(2)
@pytest.mark.parametrize("number", [1, 2, 10, 11, 25])
def test_any_number_of_bells_can_ring_at_once(aws: Aws, queues: Queues, number: int) -> None:
    assert queues.ring(Side.SLACK, [Bell(f"{place:02}", "g") for place in range(number)])
    assert bodies(heard(aws)) == [f"{place:02}" for place in range(number)]


def test_bells_of_other_groups_do_not_wait(aws: Aws, queues: Queues) -> None:
    queues.ring(Side.SLACK, [Bell("a1", "a"), Bell("b1", "b")])
    sqs = aws.client("sqs")
    first = sqs.receive_message(QueueUrl=aws.inbound_url, MaxNumberOfMessages=1)["Messages"]
    queues.ring(Side.SLACK, [Bell("a2", "a"), Bell("b2", "b")])
    assert bodies(first) == ["a1"]
    assert bodies(heard(aws)) == ["b1", "b2"]


def test_each_side_has_its_queue(aws: Aws, queues: Queues) -> None:
    aws.client("sqs").set_queue_attributes(QueueUrl=aws.outbound_url, Attributes={"DelaySeconds": "0"})
    queues.ring(Side.CUSTOMER, [Bell("out", "g")])
    queues.ring(Side.SLACK, [Bell("in", "g")])
    assert (bodies(heard(aws)), bodies(heard(aws, aws.outbound_url))) == (["in"], ["out"])


def test_no_bells_are_no_work(queues: Queues) -> None:
    assert queues.ring(Side.SLACK, [])


# --------------------------------------------------------------------------- lost rings


def refuse(**_: Any) -> Any:
    error = {"Error": {"Code": "AccessDenied", "Message": "no"}}
    return SimpleNamespace(status_code=403), error


def silence(**_: Any) -> Any:
    raise ReadTimeoutError(endpoint_url="http://sqs")


@pytest.mark.parametrize("bells", [[Bell("a", "g")], [Bell("a", "g"), Bell("b", "g")]])
def test_a_connection_that_was_closed_while_nobody_looked_is_made_anew(
    aws: Aws, queues: Queues, bells: list[Bell]
) -> None:
    closed = [ConnectionClosedError(endpoint_url="http://sqs")]

    def act(**_: Any) -> Any:
        if closed:
            raise closed.pop()

    queues.events.register("before-send.sqs", act)
    assert queues.ring(Side.SLACK, bells)
    assert len(heard(aws)) == len(bells)


def test_a_queue_that_does_not_answer_is_asked_once_because_a_door_has_to_answer_too(queues: Queues) -> None:
    calls: list[str] = []

    def act(**_: Any) -> Any:
        calls.append("")
        raise ReadTimeoutError(endpoint_url="http://sqs")

    queues.events.register("before-send.sqs", act)
    assert not queues.ring(Side.SLACK, [Bell("a", "g")])
    assert len(calls) == 1


def half(**_: Any) -> Any:
    failed = [{"Id": "1", "Code": "InternalError", "SenderFault": False}]
    return SimpleNamespace(status_code=200), {"Successful": [{"Id": "0"}], "Failed": failed, **FINE}


@pytest.mark.parametrize("act", [refuse, silence])
@pytest.mark.parametrize("bells", [[Bell("a", "g")], [Bell("a", "g"), Bell("b", "g")]])
def test_a_lost_ring_is_told_and_logged_and_breaks_nothing(
    queues: Queues, lines: list[tuple[str, dict[str, Any]]], act: Callable[..., Any], bells: list[Bell]
) -> None:
    queues.events.register("before-call.sqs.*", act)
    assert not queues.ring(Side.SLACK, bells)
    assert [(event, ids["bells"]) for event, ids in lines] == [("bell.lost", len(bells))]


def test_a_queue_that_cannot_be_reached_is_a_lost_ring(
    monkeypatch: pytest.MonkeyPatch, lines: list[tuple[str, dict[str, Any]]]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    queues = Queues({Side.SLACK: "http://127.0.0.1:1/000000000000/inbound.fifo"})
    assert not queues.ring(Side.SLACK, [Bell("a", "g")])
    assert [event for event, _ in lines] == ["bell.lost"]


def test_without_credentials_a_ring_is_lost_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, queues: Queues, lines: list[tuple[str, dict[str, Any]]]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert not queues.ring(Side.SLACK, [Bell("a", "g")])
    assert [event for event, _ in lines] == ["bell.lost"]


def test_a_batch_of_which_a_part_is_lost_is_told(queues: Queues, lines: list[tuple[str, dict[str, Any]]]) -> None:
    queues.events.register("before-call.sqs.SendMessageBatch", half)
    assert not queues.ring(Side.SLACK, [Bell("a", "g"), Bell("b", "g")])
    assert [(event, ids["bells"]) for event, ids in lines] == [("bell.lost", 1)]


def test_a_lost_batch_does_not_keep_the_next_one_from_ringing(aws: Aws, queues: Queues) -> None:
    calls: list[str] = []

    def first_only(**about: Any) -> Any:
        calls.append(about["model"].name)
        return refuse() if len(calls) == 1 else None

    queues.events.register("before-call.sqs.*", first_only)
    assert not queues.ring(Side.SLACK, [Bell(f"{place:02}", "g") for place in range(12)])
    assert bodies(heard(aws)) == ["10", "11"]
