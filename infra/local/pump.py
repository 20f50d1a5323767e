"""What calls the app besides HTTP: Lambda's event source mappings on the queues, and the clock."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.flow import Watcher, nobody
from infra.local.invocation import Context, scheduled_event, sqs_record

CONCURRENCY = 5
LONG_POLL = 1
"""Seconds; also how long stopping takes at most when nothing is being worked on."""
SHORT_POLL = 0.02
"""Seconds between looks when there is no long poll."""
PATIENCE = 2.0
"""Seconds that stopping waits for work in hand; SQS gives it to somebody else later."""
UNITS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}

log = logging.getLogger("threadline.pump")

Messages = list[dict[str, Any]]
Handler = Callable[[dict[str, Any], Context], Any]


class Pump:
    """Runs an app's queue handlers and schedules; `speed` makes its minutes shorter.

    `wait` is the long poll in seconds; with 0 it looks often and stops at once, which suits tests.
    """

    def __init__(
        self,
        app: Any,
        sqs: Any,
        *,
        speed: float = 12.0,
        wait: int = LONG_POLL,
        partial: bool = True,
        watch: Watcher = nobody,
    ) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        handlers = app.handler_map
        self.lines = [
            Line.of(source, handlers[source.name], sqs, wait=wait, partial=partial, watch=watch)
            for source in app.event_sources
            if hasattr(source, "queue")
        ]
        self.schedules = [
            Schedule(source.name, handlers[source.name], seconds(source.schedule_expression) / speed, watch)
            for source in app.event_sources
            if hasattr(source, "schedule_expression")
        ]

    def start(self) -> None:
        for line in self.lines:
            self._run(line.name, line.poll)
        for schedule in self.schedules:
            self._run(schedule.name, schedule.tick)

    def turn(self) -> int:
        """Work off one batch of every queue in this thread, without waiting; count the messages."""
        return sum(line.turn() for line in self.lines)

    def quiet(self) -> bool:
        """Tell whether nothing is queued, delayed or in flight."""
        return not any(line.length() for line in self.lines)

    def close(self) -> None:
        self._stop.set()
        end = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self, name: str, loop: Callable[[threading.Event], None]) -> None:
        thread = threading.Thread(target=loop, args=(self._stop,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()


@dataclass(frozen=True, slots=True)
class Line:
    """One queue and the function it feeds."""

    name: str
    handler: Handler
    sqs: Any
    url: str
    queue: str
    batch: int
    concurrency: int
    wait: int
    partial: bool
    watch: Watcher

    @classmethod
    def of(cls, source: Any, handler: Handler, sqs: Any, *, wait: int, partial: bool, watch: Watcher) -> Line:
        queue = source.queue or source.queue_arn.rpartition(":")[2]
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        concurrency = source.maximum_concurrency or CONCURRENCY
        batch = min(10, source.batch_size)
        return cls(source.name, handler, sqs, url, queue, batch, concurrency, wait, partial, watch)

    def poll(self, stop: threading.Event) -> None:
        """Feed the function until told to stop. A slot is free before a message is taken, as on Lambda."""
        slots = threading.Semaphore(self.concurrency)
        while not stop.is_set():
            if not slots.acquire(timeout=LONG_POLL):
                continue
            try:
                messages = self.take(self.wait)
            except Exception as error:  # noqa: BLE001 - whatever ails the queue, the poller outlives it
                log.warning("%s: cannot receive: %s", self.queue, type(error).__name__)
                stop.wait(0.5)
                messages = []
            if not messages:
                slots.release()
                stop.wait(0 if self.wait else SHORT_POLL)
                continue
            threading.Thread(target=self._work, args=(messages, slots), daemon=True).start()
        for _ in range(self.concurrency):
            slots.acquire()

    def turn(self) -> int:
        messages = self.take(0)
        if messages:
            self.work(messages)
        return len(messages)

    def take(self, wait: int) -> Messages:
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=self.batch,
            WaitTimeSeconds=wait,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        found: Messages = answer.get("Messages", [])
        return found

    def work(self, messages: Messages) -> None:
        """Invoke the function with a batch and delete what it settled."""
        began = time.monotonic()
        done = settled(messages, self._invoke, partial=self.partial)
        self.watch(
            "bell",
            queue=self.queue.removesuffix(".fifo").rpartition("-")[2],
            about=list(dict.fromkeys(message["Body"] for message in messages)),
            ms=_since(began),
            failed=len(messages) - len(done),
        )
        if done:
            entries = [
                {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in enumerate(done)
            ]
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=entries)

    def length(self) -> int:
        kinds = ["", "NotVisible", "Delayed"]
        names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def _work(self, messages: Messages, slots: threading.Semaphore) -> None:
        try:
            self.work(messages)
        except Exception:
            log.exception("%s: cannot delete", self.queue)
        finally:
            slots.release()

    def _invoke(self, messages: Messages) -> Any:
        return self.handler(
            {"Records": [sqs_record(message, self.queue) for message in messages]}, Context(self.name)
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """One function that the clock calls."""

    name: str
    handler: Handler
    every: float
    watch: Watcher

    def tick(self, stop: threading.Event) -> None:
        while not stop.wait(self.every):
            self.call()

    def call(self) -> None:
        began, failed = time.monotonic(), False
        try:
            self.handler(scheduled_event(self.name), Context(self.name))
        except Exception:
            log.exception("%s failed", self.name)
            failed = True
        self.watch("clock", name=self.name, ms=_since(began), failed=failed)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def settled(messages: Messages, invoke: Callable[[Messages], Any], *, partial: bool = True) -> Messages:
    """Tell what Lambda deletes after an invocation; the rest returns when its visibility timeout ends."""
    try:
        answer = invoke(messages)
    except Exception:
        log.exception("a batch of %d failed", len(messages))
        return []
    if not (partial and isinstance(answer, dict)):
        return messages
    failed = {item.get("itemIdentifier") for item in answer.get("batchItemFailures") or []}
    if not failed <= {message["MessageId"] for message in messages}:
        log.error("an answer names messages that were not in the batch, so all of them failed")
        return []
    return [message for message in messages if message["MessageId"] not in failed]


def seconds(expression: Any) -> float:
    """Read a schedule's rate; there is no cron here."""
    text = expression if isinstance(expression, str) else expression.to_string()
    match = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    if not match:
        raise ValueError(f"only rates are kept on a laptop, not {text}")
    return int(match[1]) * UNITS[match[2]]
