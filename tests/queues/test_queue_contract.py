"""What we rely on from a FIFO queue, asked of the embedded one.

A `Ring` puts a bell into a queue; the tests that take one run for each of RINGS. Not asked, because the
embedded queue does not know it: a group's name has at most 128 characters.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.model import Side
from chalicelib.queues import Bell, Queues
from infra.local.aws import Aws, embedded_aws

Ring = Callable[[str, str], object]


def boto_ring(queue: Queue) -> Ring:
    return lambda group, body: queue.send(group, body, uuid.uuid4().hex)


def our_ring(queue: Queue) -> Ring:
    """Send as the app does."""
    queues = Queues({Side.SLACK: queue.url})
    queues._made = queue.sqs
    return lambda group, body: queues.ring(Side.SLACK, [Bell(body, group)])


RINGS = {"boto": boto_ring, "ours": our_ring}
"""Name -> how to make a Ring on a queue."""


@dataclass(frozen=True, slots=True)
class Queue:
    sqs: Any
    url: str

    def send(self, group: str, body: str, dedup: str, **more: Any) -> dict[str, Any]:
        names = {"MessageGroupId": group, "MessageDeduplicationId": dedup}
        sent: dict[str, Any] = self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **names, **more)
        return sent

    def take(self, most: int = 10, wait: int = 0) -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=most, WaitTimeSeconds=wait, AttributeNames=["All"]
        ).get("Messages", [])
        return taken

    def delete(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def give_back(self, *messages: dict[str, Any]) -> None:
        """End the visibility timeout of messages now, so that no test has to wait for it."""
        for message in messages:
            self.sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )

    def set(self, **attributes: str) -> None:
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)


def bodies(messages: list[dict[str, Any]]) -> list[str]:
    return [message["Body"] for message in messages]


@pytest.fixture(scope="module")
def running() -> Iterator[Aws]:
    with embedded_aws() as aws:
        yield aws


@pytest.fixture
def aws(running: Aws) -> Aws:
    running.reset()
    return running


@pytest.fixture
def queue(aws: Aws) -> Queue:
    return Queue(aws.client("sqs"), aws.inbound_url)


@pytest.fixture(params=sorted(RINGS))
def ring(request: pytest.FixtureRequest, queue: Queue) -> Ring:
    return RINGS[request.param](queue)


# --------------------------------------------------------------------------- bells


def test_the_same_bell_rung_twice_is_heard_twice(queue: Queue, ring: Ring) -> None:
    ring("g", "conversation")
    ring("g", "conversation")
    assert bodies(queue.take()) == ["conversation", "conversation"]


def test_a_bell_rung_after_an_answered_one_is_heard(queue: Queue, ring: Ring) -> None:
    for _ in range(3):
        ring("g", "conversation")
        heard = queue.take()
        assert bodies(heard) == ["conversation"]
        queue.delete(*heard)


def test_a_bell_rung_while_its_group_is_at_work_is_heard_after(queue: Queue, ring: Ring) -> None:
    ring("g", "first")
    at_work = queue.take()
    ring("g", "second")
    assert queue.take() == []
    queue.delete(*at_work)
    assert bodies(queue.take()) == ["second"]


def test_a_group_is_heard_in_the_order_it_was_rung(queue: Queue, ring: Ring) -> None:
    for place in range(12):
        ring("g", str(place))
    first = queue.take()
    queue.delete(*first)
    assert bodies(first) + bodies(queue.take()) == [str(place) for place in range(12)]


def test_other_groups_flow_past_one_at_work(queue: Queue, ring: Ring) -> None:
    ring("g", "g1")
    queue.take()
    ring("g", "g2")
    ring("h", "h1")
    assert bodies(queue.take()) == ["h1"]


def test_what_was_not_settled_comes_again_in_order_before_what_is_newer(queue: Queue, ring: Ring) -> None:
    queue.set(VisibilityTimeout="1")
    for place in range(6):
        ring("g", str(place))
    assert bodies(queue.take(4)) == ["0", "1", "2", "3"]
    time.sleep(1.1)
    again = queue.take()
    assert bodies(again) == ["0", "1", "2", "3", "4", "5"]
    assert [message["Attributes"]["ApproximateReceiveCount"] for message in again] == list("222211")


def test_a_group_stays_shut_while_any_of_its_messages_is_in_flight(queue: Queue, ring: Ring) -> None:
    ring("g", "0")
    ring("g", "1")
    ring("g", "2")
    first, second = queue.take(2)
    queue.give_back(second)
    assert queue.take() == []
    queue.delete(first)
    assert bodies(queue.take()) == ["1", "2"]


def test_a_batch_holds_ten_at_most(queue: Queue, ring: Ring) -> None:
    for place in range(11):
        ring(f"g{place}", str(place))
    assert len(queue.take()) == 10


def test_a_waiting_reader_wakes_at_the_bell(queue: Queue, ring: Ring) -> None:
    ring("g", "0")
    began = time.monotonic()
    assert bodies(queue.take(wait=5)) == ["0"]
    assert time.monotonic() - began < 2


def test_our_bells_of_one_ring_keep_their_order_over_several_batches(queue: Queue) -> None:
    queues = Queues({Side.CUSTOMER: queue.url})
    queues._made = queue.sqs
    assert queues.ring(Side.CUSTOMER, [Bell(f"{place:02}", "g") for place in range(25)])
    heard: list[str] = []
    while taken := queue.take():
        heard += bodies(taken)
        queue.delete(*taken)
    assert heard == [f"{place:02}" for place in range(25)]


# --------------------------------------------------------------------------- what a ring has to know


def test_a_repeated_deduplication_id_is_swallowed_without_a_word(queue: Queue) -> None:
    first = queue.send("g", "0", "same")
    assert queue.send("g", "1", "same")["MessageId"] == first["MessageId"]
    assert bodies(queue.take()) == ["0"]


def test_a_deduplication_id_outlives_its_message(queue: Queue) -> None:
    queue.send("g", "0", "same")
    queue.delete(*queue.take())
    queue.send("g", "1", "same")
    assert queue.take() == []


def test_a_deduplication_id_counts_within_its_group_only(queue: Queue) -> None:
    queue.send("g", "0", "same")
    queue.send("h", "1", "same")
    assert sorted(bodies(queue.take())) == ["0", "1"]


@pytest.mark.parametrize("missing", ["MessageGroupId", "MessageDeduplicationId"])
def test_a_message_without_group_or_deduplication_id_is_refused(queue: Queue, missing: str) -> None:
    names = {"MessageGroupId": "g", "MessageDeduplicationId": "d"}
    del names[missing]
    with pytest.raises(ClientError):
        queue.sqs.send_message(QueueUrl=queue.url, MessageBody="0", **names)


def test_a_delay_of_one_message_is_refused(queue: Queue) -> None:
    with pytest.raises(ClientError, match="DelaySeconds"):
        queue.send("g", "0", "d", DelaySeconds=5)


def test_a_delayed_queue_holds_every_message_back(aws: Aws) -> None:
    queue = Queue(aws.client("sqs"), aws.outbound_url)
    queue.set(DelaySeconds="1")
    queue.send("g", "0", "d")
    assert queue.take() == []
    time.sleep(1.1)
    assert bodies(queue.take()) == ["0"]


def test_what_fails_too_often_ends_among_the_dead(queue: Queue) -> None:
    dead = Queue(queue.sqs, queue.url.replace("-inbound", "-inbound-dead"))
    queue.send("g", "0", "d")
    for _ in range(10):
        taken = queue.take()
        assert bodies(taken) == ["0"]
        queue.give_back(*taken)
    assert queue.take() == []
    assert bodies(dead.take()) == ["0"]
