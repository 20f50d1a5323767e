"""SQS and what Lambda does with it: first in, first out per group, one batch of a group at a time.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.model import Side
from chalicelib.queues import Queues
from infra.local.aws import data_resources
from tests.embedded import Raw, aws_keys, hasten
from tests.simulation.clock import Clock, Signal
from tests.simulation.diary import Diary
from tests.simulation.weather import End, Weather

CONCURRENCY = 5
REMEMBERED = 300.0
"""Seconds for which SQS knows a deduplication id."""

Json = dict[str, Any]
Invoke = Callable[[str, list[Json]], Signal]


@dataclass(slots=True)
class Message:
    """A bell that lies in a queue."""

    id: str
    body: str
    group: str
    seen_from: float
    sent: float
    received: int = 0


@dataclass
class Fifo:
    """One queue and the function that is called with what lies in it."""

    name: str
    clock: Clock
    diary: Diary
    invoke: Invoke
    delay: float
    hidden: float
    most: int
    batch: int
    messages: list[Message] = field(default_factory=list)
    known: dict[str, float] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    working: int = 0
    dead: list[Message] = field(default_factory=list)
    serial: int = 0

    def put(self, entry: Json, late: float = 0.0) -> str:
        """Take a message, unless its deduplication id is known."""
        now, token = self.clock.now, entry["MessageDeduplicationId"] + entry["MessageGroupId"]
        self.serial += 1
        name = f"{self.name}-{self.serial}"
        if self.known.get(token, 0.0) <= now:
            self.known[token] = now + REMEMBERED
            self.messages.append(
                Message(name, entry["MessageBody"], entry["MessageGroupId"], now + self.delay + late, now)
            )
            self.clock.at(now + self.delay + late, self.poll)
        return name

    def poll(self) -> None:
        """Hand out as many batches as there are free groups and workers."""
        while self.working < CONCURRENCY:
            batch = self._batch()
            if not batch:
                return
            self._hand_out(batch)

    def _batch(self) -> list[Message]:
        """Take the next messages of a free group, in order, up to the first that may not be seen yet."""
        now, blocked = self.clock.now, set(self.groups)
        batch: list[Message] = []
        for message in self.messages:
            if message.group in blocked or (batch and message.group != batch[0].group):
                continue
            if message.seen_from > now:
                blocked.add(message.group)
                continue
            batch.append(message)
            if len(batch) == self.batch:
                break
        return batch

    def _hand_out(self, batch: list[Message]) -> None:
        group = batch[0].group
        self.groups.add(group)
        self.working += 1
        for message in batch:
            message.received += 1
            message.seen_from = self.clock.now + self.hidden
        records = [
            {
                "messageId": each.id,
                "body": each.body,
                "receiptHandle": each.id,
                "attributes": {"MessageGroupId": group, "SentTimestamp": str(int(each.sent * 1000))},
            }
            for each in batch
        ]
        self.diary.note("bells", queue=self.name, group=group, about=",".join(each.body for each in batch))
        signal = self.invoke(self.name, records)
        self.clock.spawn(f"{self.name} poller", lambda: self._settle(batch, signal.wait(self.hidden)))

    def _settle(self, batch: list[Message], answer: Json | None) -> None:
        """Delete what was answered; the rest is seen again when its hiding is over, or lies dead."""
        self.working -= 1
        failed = {each["itemIdentifier"] for each in (answer or {}).get("batchItemFailures", ())}
        done = [each for each in batch if answer is not None and each.id not in failed]
        self.messages = [each for each in self.messages if each not in done]
        left = [each for each in batch if each not in done]
        for each in left:
            if each.received >= self.most:
                self.messages.remove(each)
                self.dead.append(each)
                self.diary.note("bell.dead", queue=self.name, about=each.body)
        again = max((each.seen_from for each in left), default=self.clock.now)
        self.clock.at(again, lambda: self._free(batch[0].group))
        self.clock.at(self.clock.now, self.poll)

    def _free(self, group: str) -> None:
        self.groups.discard(group)
        self.poll()


class Sqs:
    """All queues behind the real client: botocore's `before-send` is the network."""

    def __init__(self, clock: Clock, diary: Diary, weather: Weather, invoke: Invoke) -> None:
        self.clock, self.diary, self.weather = clock, diary, weather
        self.queues = {
            name: Fifo(name, clock, diary, invoke, *described(resource), batch)
            for name, resource, batch in (
                ("deliver", "Inbound", 10),
                ("send", "Outbound", 10),
                ("carry", "Media", 1),
            )
        }

    def open(self) -> Queues:
        queues, tie = client()
        tie[:] = [self.answer]
        return queues

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        action = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        asked = json.loads(request.body)
        fate = self.weather.fate("sqs", action)
        self.clock.sleep(fate.before)
        if fate.end is End.UNREACHED:
            raise EndpointConnectionError(endpoint_url="http://sqs")
        if fate.end in (End.LOST, End.REFUSED):
            self.diary.note("bell.lost", queue=asked["QueueUrl"].rpartition("/")[2])
            if fate.end is End.LOST:
                raise ReadTimeoutError(endpoint_url="http://sqs")
        answer = self._put(action, asked, fate.late, lost=fate.end is End.REFUSED, twice=fate.end is End.BROKEN)
        self.clock.sleep(fate.after)
        if fate.end in (End.SILENT, End.RESET):
            raise ReadTimeoutError(endpoint_url="http://sqs")
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, Raw(answer))

    def _put(self, action: str, asked: Json, late: float, *, lost: bool, twice: bool) -> bytes:
        queue = self.queues[asked["QueueUrl"].rpartition("/")[2]]
        entries = asked["Entries"] if action == "SendMessageBatch" else [asked]
        told = []
        for entry in entries:
            name = "lost" if lost else queue.put(entry, late)
            if twice:
                queue.put(
                    {**entry, "MessageDeduplicationId": f"{entry['MessageDeduplicationId']} again"}, late * 2
                )
            digest = hashlib.md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()
            told.append({"Id": entry.get("Id"), "MessageId": name, "MD5OfMessageBody": digest})
        answer = {"Successful": told, "Failed": []} if action == "SendMessageBatch" else told[0]
        return json.dumps(answer).encode()


@cache
def described(resource: str) -> tuple[float, float, int]:
    """Read from the template how a queue delays, hides and gives up."""
    told = data_resources()["Resources"][resource]["Properties"]
    most = told["RedrivePolicy"]["maxReceiveCount"]
    return float(told.get("DelaySeconds", 0)), float(told["VisibilityTimeout"]), int(most)


@cache
def client() -> tuple[Queues, list[Callable[..., AWSResponse]]]:
    """Make the one client of this process, and a list whose last entry answers it."""
    with aws_keys():
        sides = {Side.SLACK: "deliver", Side.CUSTOMER: "send", Side.MEDIA: "carry"}
        queues = Queues({side: f"http://sqs/{name}" for side, name in sides.items()})
        tie: list[Callable[..., AWSResponse]] = []

        def answer(**about: Any) -> AWSResponse:
            return tie[-1](**about)

        queues.events.register("before-send.sqs", answer)
        queues.events.register("choose-signer.sqs", lambda **_: botocore.UNSIGNED)
        hasten(queues._client)
    return queues, tie
