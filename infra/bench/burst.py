"""A thousand messages in one minute: how long they take to be read, and how long a quiet customer waits.

The real app and a Slack with its real limits, on a clock of its own: a second passes when somebody waits for it,
and each call costs about what it costs in the cloud. Once as it is, and once with one post per message.
"""

from __future__ import annotations

import logging
import os
import random
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.bench.burst_figures import CROWD, QUIET, Figures, show
from infra.bench.place import BOT, SECRETS, SETTINGS, SIGNING, written
from infra.bench.wire import handling
from infra.local.aws import Aws, embedded_aws
from infra.local.invocation import Context
from infra.local.slack import SlackStandIn

AWS_SECONDS, SLACK_SECONDS = 0.008, 0.2
BATCH = 10
MINUTE = 60.0
EACH, LOUD = 20, 1_000
QUIET_EVERY, QUIET_TIMES = 7.0, 12

Customers = Sequence[tuple[float, str]]
"""Who writes, and how many seconds after the beginning."""


@dataclass(slots=True)
class Street:
    """The clock, who is going to write when, and the bells that have been rung."""

    write: Callable[[str, str], None]
    coming: deque[tuple[float, str]]
    bells: deque[Any] = field(default_factory=deque)
    now: float = field(default_factory=time.time)
    counts: Counter[str] = field(default_factory=Counter)
    elsewhere: bool = False
    """At a door or in the sweep: what that takes, the teller does not wait for."""

    def ring(self, _side: Any, bells: Iterable[Any]) -> bool:
        self.bells.extend((bell, self.now) for bell in bells)
        return True

    def wait(self, seconds: float) -> None:
        """Let time pass, and whoever writes meanwhile write."""
        until = self.now + seconds
        while self.coming and self.coming[0][0] <= until:
            at, who = self.coming.popleft()
            self.now = max(self.now, at)
            with self.aside():
                self.write(who, f"Message {len(self.coming)} of somebody who has waited long enough for an answer")
        self.now = max(self.now, until)

    @contextmanager
    def aside(self) -> Iterator[None]:
        self.elsewhere, now = True, self.now
        yield
        self.elsewhere, self.now = False, now

    def called(self, what: str, seconds: float) -> None:
        """Count a call of the teller's, and let it take its time."""
        if not self.elsewhere:
            self.counts[what] += 1
            self.now += seconds


def measure(aws: Aws, customers: Customers, *, alone: bool) -> Figures:
    """Let customers write and the teller work until everything is read."""
    import app  # noqa: PLC0415 - it reads the environment, which has only now been set
    from chalicelib import services  # noqa: PLC0415
    from chalicelib.inbound import bursts  # noqa: PLC0415
    from chalicelib.model import Saved  # noqa: PLC0415
    from chalicelib.store import Insert  # noqa: PLC0415
    from chalicelib.sweep import sweep  # noqa: PLC0415

    aws.reset()
    street = Street(lambda who, text: _through(app, written(app, who, text)), deque())
    street.coming.extend(sorted((street.now + at, who) for at, who in customers))
    most = bursts.MOST
    with closing(_slack(street)) as team:
        os.environ["THREADLINE_SLACK_URL"] = team.url
        bells: Any = street
        ours = replace(
            services.make(os.environ), now=lambda: int(street.now * 1000), pause=street.wait, queues=bells
        )
        services._made["world"] = ours  # noqa: SLF001 - the one world of this process, with our clock
        ours.store.write(Insert(Saved("settings", SETTINGS)))
        bursts.MOST = 1 if alone else most
        try:
            with _counting(street, ours):
                _work(street, app, lambda: sweep(ours))
        finally:
            bursts.MOST = most
        return _figures(street, ours, customers)


def _work(street: Street, app: Any, sweep: Callable[[], None]) -> None:
    """Be the one teller of this channel, and the clock that rings every minute."""
    swept = street.now
    idle = 0
    while street.coming or street.bells or idle < 3:  # noqa: PLR2004 - minutes in which nothing is left
        if street.now - swept >= MINUTE:
            swept = street.now
            with street.aside():
                sweep()
            idle = 0 if street.bells or street.coming else idle + 1
        if not street.bells:
            street.wait(max(street.coming[0][0] - street.now, 0.001) if street.coming else MINUTE)
            continue
        batch = [street.bells.popleft() for _ in range(min(BATCH, len(street.bells)))]
        street.wait(0)
        failed = app.deliver({"Records": [_record(*each) for each in batch]}, Context("deliver"))
        if failed["batchItemFailures"]:
            raise RuntimeError("deliver broke")


def _record(bell: Any, rang: float) -> dict[str, Any]:
    attributes = {"MessageGroupId": bell.group, "SentTimestamp": str(int(rang * 1000))}
    return {"messageId": uuid.uuid4().hex, "receiptHandle": "r", "body": bell.about, "attributes": attributes}


def _through(app: Any, event: dict[str, Any]) -> None:
    answer = app.app(event, Context("api_handler"))
    if answer["statusCode"] != 200:  # noqa: PLR2004
        raise RuntimeError(f"the door answered {answer}")


def _slack(street: Street) -> SlackStandIn:
    nowhere = "http://127.0.0.1:1"  # Slack's own events are not what is measured
    return SlackStandIn(nowhere, nowhere, SIGNING, BOT, now=lambda: street.now, background=False, retries=())


@contextmanager
def _counting(street: Street, world: Any) -> Iterator[None]:
    """Note every call to AWS and to Slack, and what Slack had no time for."""
    from slack_sdk import WebClient  # noqa: PLC0415
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415

    real = WebClient.api_call

    def counted(client: Any, method: str, **how: Any) -> Any:
        street.called("slack", SLACK_SECONDS)
        try:
            answer = real(client, method, **how)
        except SlackApiError as error:
            street.counts["429"] += error.response.status_code == 429  # noqa: PLR2004
            raise
        street.counts["posts"] += method == "chat.postMessage"
        return answer

    WebClient.api_call = counted  # type: ignore[method-assign, assignment]  # the one place that every call passes
    try:
        with handling((world.store.events,), "before-send.*.*", lambda **_: street.called("aws", AWS_SECONDS)):
            yield
    finally:
        WebClient.api_call = real  # type: ignore[method-assign]


def _figures(street: Street, world: Any, customers: Customers) -> Figures:
    """Read from the record when each message stood in its thread."""
    from chalicelib.model import Contact, Known  # noqa: PLC0415

    waits: dict[str, list[float]] = {}
    first, last = street.now, 0.0
    for who in dict.fromkeys(who for _, who in customers):
        contact = world.store.find(Contact, world.store.find(Known, f"phone:{who}").contact)
        for item in world.store.items(contact.current["support"].conversation, page=100):
            if not item.slack_ts:
                raise RuntimeError("a message is not in its thread")
            waits.setdefault(who, []).append(float(item.slack_ts) - item.at / 1000)
            first, last = min(first, item.at / 1000), max(last, float(item.slack_ts))
    return Figures(last - first, waits, street.counts)


def crowd() -> Customers:
    """Fifty customers who write twenty times each within a minute, as chance has it."""
    chance = random.Random(50)  # noqa: S311 - the same each time
    return [(chance.uniform(0, MINUTE), f"+1555123{who:04d}") for who in range(CROWD) for _ in range(EACH)]


def beside_a_loud_one() -> Customers:
    """One who writes a thousand times in a minute, and one who writes now and then."""
    loud = [(MINUTE * place / LOUD, "+15551230000") for place in range(LOUD)]
    return [*loud, *((1 + QUIET_EVERY * place, QUIET) for place in range(QUIET_TIMES))]


def main() -> None:
    """Measure, and print."""
    began = time.monotonic()
    with embedded_aws(stage="bench") as aws, Path(os.devnull).open("w") as nobody:
        os.environ.update({**aws.environment(), **SECRETS})
        import app  # noqa: F401, PLC0415 - sets up the logs

        for handler in logging.getLogger("threadline.events").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nobody)
        title = f"{CROWD * EACH:,} messages of {CROWD} customers in a minute, one Slack channel"
        show(title, [measure(aws, crowd(), alone=alone) for alone in (False, True)])
        title = f"{LOUD:,} messages of one customer in a minute, and a quiet one beside"
        show(title, [measure(aws, beside_a_loud_one(), alone=alone) for alone in (False, True)])
    print(f"\nseconds of a clock of its own; {time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
