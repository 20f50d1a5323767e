"""The doorbells: ring one, and answer those that rang.

A message in a queue is only a bell that says whose work to look at; order and content are in the table. So a
lost, repeated or late bell changes nothing.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib import logs
from chalicelib.model import Side

LIFE = 30_000
"""Ms that Lambda gives an invocation of a teller."""
CARRIERS_LIFE = 120_000
"""Ms that it gives one which carries files."""
A_CALL = 14_000
"""Ms that a call may take which brings no answer, with the claim before it and what is written down after it."""
NO_NEW_WORK_AFTER = 20.0
"""Seconds into an invocation of 30; what is cut off in a call is found by its claim."""

LONG = ("raw:", "missed:")
LONG_WORK_BEFORE = 5.0
"""Seconds into an invocation; the work of these bells takes ten or more, and a call of theirs thirteen."""

LARGEST_BATCH = 10
SQS_APART = 2_000
"""Ms by which SQS's clock and ours are taken to differ at most."""
REMEMBERED = 1_000
"""Conversations a worker keeps in mind."""


@dataclass(frozen=True, slots=True)
class Bell:
    """`about` is a conversation's id or `raw:<id>`, `missed:<line>` …; of a group one is answered at a time."""

    about: str
    group: str
    rang: int = field(default=0, compare=False)
    """When it rang, by SQS's clock; 0 where nobody says."""


class Shift(threading.local):
    """How much of its life a worker has left, so that no call is begun whose end it may not see.

    Where workers and doors are threads of one process, each has its own; a door has none.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._until: int | None = None

    def begin(self, now: int, life: int = LIFE) -> None:
        """Note that an invocation has begun, and how many ms it has."""
        self._until = now + life

    def end(self) -> None:
        """Note that nothing is under way any more."""
        self._until = None

    def has_time(self, after: int = 0) -> bool:
        """Tell whether a worker would live to see the end of a call that it begins after so many ms."""
        return self._until is None or self._until - self._now() >= after + A_CALL


class Rounds:
    """When this worker last saw to each conversation: what rang before that has been answered with it.

    Who writes a thousand times rings a thousand times; each bell passed over is a moment sooner for whoever rang
    next. Kept in memory only: a worker that knows nothing answers every bell.
    """

    def __init__(self) -> None:
        self._began: dict[str, int] = {}

    def seen_to(self, about: str, began: int) -> None:
        """Note that of what was on record at a moment nothing is left, or another bell has been rung for it."""
        if len(self._began) >= REMEMBERED:
            self._began.clear()
        self._began[about] = began

    def answered(self, bell: Bell) -> bool:
        """Tell whether a bell rang for what has been seen to since."""
        return 0 < bell.rang < self._began.get(bell.about, 0) - SQS_APART


class Queues:
    """The queues, one for each side, through one lazily made client."""

    def __init__(self, urls: Mapping[Side, str]) -> None:
        self._urls = urls
        self._made: Any = None

    def ring(self, side: Side, bells: Iterable[Bell]) -> bool:
        """Ring each bell once; False if a ring was lost, which `sweep` makes good.

        The deduplication id is fresh each time: SQS swallows a known one for five minutes, even after the
        message it belonged to is gone.
        """
        waiting = list(dict.fromkeys(bells))
        heard = True
        for start in range(0, len(waiting), LARGEST_BATCH):
            heard &= self._send(self._urls[side], waiting[start : start + LARGEST_BATCH])
        return heard

    def _send(self, url: str, bells: Sequence[Bell]) -> bool:
        from botocore.exceptions import (  # noqa: PLC0415 - with the client
            BotoCoreError,
            ClientError,
            ConnectionClosedError,
        )

        entries = [_entry(number, bell) for number, bell in enumerate(bells)]
        try:
            try:
                failed = self._put(url, entries)
            except ConnectionClosedError:  # while our container was frozen; to have found out took no time
                failed = self._put(url, entries)
        except (BotoCoreError, ClientError) as error:
            logs.alarm("bell.lost", error, bells=len(bells))
            return False
        if failed:
            logs.alarm("bell.lost", bells=failed)
        return not failed

    def _put(self, url: str, entries: Sequence[dict[str, str]]) -> int:
        """Send once, and tell how many did not get in."""
        if len(entries) > 1:
            return len(self._client.send_message_batch(QueueUrl=url, Entries=entries).get("Failed", ()))
        self._client.send_message(QueueUrl=url, **{name: entries[0][name] for name in entries[0] if name != "Id"})
        return 0

    @property
    def events(self) -> Any:
        """What botocore tells of each call to the queues, for whoever counts or meddles."""
        return self._client.meta.events

    @property
    def _client(self) -> Any:
        if self._made is None:
            import botocore.session  # noqa: PLC0415 - 100 ms that importing this module should not cost
            from botocore.config import Config  # noqa: PLC0415

            # A door has three seconds in all, and what is on record rings again in a minute.
            config = Config(
                connect_timeout=1,
                read_timeout=1,
                retries={"total_max_attempts": 1},
                parameter_validation=False,  # as in the table's client: we know what we send
            )
            self._made = botocore.session.get_session().create_client("sqs", config=config)
        return self._made


def _entry(number: int, bell: Bell) -> dict[str, str]:
    return {
        "Id": str(number),
        "MessageBody": bell.about,
        "MessageGroupId": bell.group,
        "MessageDeduplicationId": uuid.uuid4().hex,
    }


def answer(
    records: Sequence[Mapping[str, Any]],
    work: Callable[[Bell], None],
    again: Callable[[Bell], object],
    clock: Callable[[], float] = time.monotonic,
    *,
    hold: bool = True,
) -> list[str]:
    """Do the work of each bell once, and name the messages whose work broke.

    Bells of one conversation count once. After twenty seconds nothing new is begun, and nothing long after
    five; what is left rings again at the tail. Work that breaks holds back its own group; with `hold` off, where
    a group is a whole desk, it is let go instead, and `sweep` rings for it.
    """
    began, failed, stuck = clock(), [], set()
    for bell, messages in _by_bell(records):
        if bell.group in stuck:
            failed += messages
        elif clock() - began > (LONG_WORK_BEFORE if bell.about.startswith(LONG) else NO_NEW_WORK_AFTER):
            again(bell)
        else:
            with logs.about(bell=bell.about):
                try:
                    work(bell)
                except Exception as error:  # noqa: BLE001 - the one place where a worker's surprises end
                    logs.alarm("bell.broke", error)
                    if not hold:
                        continue
                    stuck.add(bell.group)
                    failed += messages
    return failed


def _by_bell(records: Sequence[Mapping[str, Any]]) -> list[tuple[Bell, list[str]]]:
    """Sort a batch's messages by bell, which rang when the last of them did; long work comes first."""
    rang: dict[Bell, int] = {}
    messages: dict[Bell, list[str]] = {}
    for record in records:
        about = record["attributes"]
        bell = Bell(record["body"], about["MessageGroupId"])
        rang[bell] = max(rang.get(bell, 0), int(about.get("SentTimestamp", 0)))
        messages.setdefault(bell, []).append(record["messageId"])
    # Behind others it would ring again, and perhaps go round for as long as there is much to do.
    first = sorted(messages.items(), key=lambda each: not each[0].about.startswith(LONG))
    return [(replace(bell, rang=rang[bell]), each) for bell, each in first]
