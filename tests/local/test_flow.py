"""What a running stack tells of itself: that something happened, by ids and numbers, and never what was said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import requests
from chalice.app import Chalice, Rate

from chalicelib import logs
from infra.local.flow import LOGGER, OURS, Lines
from infra.local.gateway import LONGEST_PATH, Gateway
from infra.local.journal import Journal
from infra.local.pump import Pump

SECRET = "a secret of ours"


@pytest.fixture
def flow() -> Iterator[Journal]:
    with closing(Journal()) as flow:
        yield flow


def told(flow: Journal) -> list[Any]:
    """What was told, without what differs each time."""
    changes = flow.since(0)["changes"]
    return [{name: value for name, value in each.items() if name not in ("n", "at", "ms")} for each in changes]


def tiny_app() -> Any:
    app = Chalice(app_name="tiny")

    @app.route("/webhooks/{channel}", methods=["POST"], content_types=["*/*"])
    def receive(channel: str) -> dict[str, str]:
        return {"channel": channel}

    @app.on_sqs_message(queue="threadline-local-outbound.fifo", batch_size=10, name="send")
    def send(event: Any) -> dict[str, Any]:
        ids = [record["messageId"] for record in event.to_dict()["Records"] if record["body"] == "broken"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}

    @app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
    def sweep(_event: Any) -> None:
        raise RuntimeError

    return app


class TinySqs:
    """A queue with a few messages."""

    def __init__(self, *bodies: str) -> None:
        self.messages = [
            {"MessageId": f"m{place}", "ReceiptHandle": "r", "Body": body, "MD5OfBody": ""}
            for place, body in enumerate(bodies)
        ]

    def get_queue_url(self, **_: Any) -> dict[str, str]:
        return {"QueueUrl": "here"}

    def receive_message(self, **_: Any) -> dict[str, Any]:
        return {"Messages": self.messages}

    def delete_message_batch(self, **_: Any) -> None:
        pass


# --------------------------------------------------------------------------- doors, bells, the clock


@pytest.mark.parametrize(
    "header",
    ["X-Slack-Signature", "X-Twilio-Signature", "X-Hub-Signature-256", "X-Telegram-Bot-Api-Secret-Token"],
)
def test_a_knock_names_the_header_that_proves_who_it_is_and_not_its_value(flow: Journal, header: str) -> None:
    with closing(Gateway(tiny_app(), watch=flow.add)) as gateway:
        url = f"{gateway.url}/webhooks/a?token={SECRET}"
        requests.post(url, data="Hello", headers={header: SECRET}, timeout=5)
    door = {"method": "POST", "path": "/webhooks/a", "signed": header.lower(), "status": 200, "bytes": 5}
    assert told(flow) == [{"kind": "door", **door}]


def test_a_knock_at_no_door_is_told_too(flow: Journal) -> None:
    with closing(Gateway(tiny_app(), watch=flow.add)) as gateway:
        requests.get(f"{gateway.url}/nowhere", timeout=5)
    door = {"method": "GET", "path": "/nowhere", "signed": "", "status": 403, "bytes": 0}
    assert told(flow) == [{"kind": "door", **door}]


def test_a_path_without_end_is_told_from_its_beginning(flow: Journal) -> None:
    with closing(Gateway(tiny_app(), watch=flow.add)) as gateway:
        requests.get(f"{gateway.url}/{'x' * 2000}", timeout=5)
    (door,) = told(flow)
    assert door["path"] == f"/{'x' * (LONGEST_PATH - 1)}"


def test_a_batch_of_bells_is_told_with_those_it_was_about(flow: Journal) -> None:
    Pump(tiny_app(), TinySqs("one", "broken", "one"), watch=flow.add).turn()
    assert told(flow) == [{"kind": "bell", "queue": "outbound", "about": ["one", "broken"], "failed": 1}]


def test_a_tick_is_told_and_whether_what_it_calls_broke(flow: Journal) -> None:
    (schedule,) = Pump(tiny_app(), TinySqs(), watch=flow.add).schedules
    schedule.call()
    replace(schedule, handler=lambda *_: None).call()
    assert told(flow) == [
        {"kind": "clock", "name": "sweep", "failed": True},
        {"kind": "clock", "name": "sweep", "failed": False},
    ]


# --------------------------------------------------------------------------- the application's lines


@pytest.fixture
def printed() -> Iterator[list[str]]:
    """What the terminal shows, at WARNING."""
    logger, lines = logging.getLogger(LOGGER), Printed()
    before, handlers = logger.level, logger.handlers[:]
    logger.handlers[:] = [lines]
    logger.setLevel("WARNING")
    yield lines.events
    logger.handlers[:] = handlers
    logger.setLevel(before)


class Printed(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.events.append(record.getMessage())


def test_every_line_is_told_with_its_ids_and_only_trouble_is_printed(flow: Journal, printed: list[str]) -> None:
    with closing(Lines(flow.add)), logs.about(channel="twilio"):
        logs.note("webhook.taken", item="I1")
        logs.alarm("post.lost", parts=[1, 2])
    logs.note("nobody.listens")
    assert told(flow) == [
        {"kind": "line", "event": "webhook.taken", "level": "INFO", "channel": "twilio", "item": "I1"},
        {"kind": "line", "event": "post.lost", "level": "ERROR", "channel": "twilio", "parts": [1, 2]},
    ]
    assert printed == ["post.lost"]


def test_no_id_of_a_line_takes_the_place_of_what_a_change_says_of_itself(flow: Journal) -> None:
    with closing(Lines(flow.add)):
        logs.alarm("post.lost", None, **dict.fromkeys(sorted(OURS), 5))
    (line,) = flow.since(0)["changes"]
    assert (line["n"], line["kind"], line["at"] > 5, "source" in line) == (1, "line", True, False)


def test_the_terminal_is_left_as_it_was(printed: list[str]) -> None:
    logger = logging.getLogger(LOGGER)
    before = (logger.level, logger.handlers[:], [handler.level for handler in logger.handlers])
    with closing(Lines(lambda *_, **__: None)):
        pass
    assert before == (logger.level, logger.handlers, [handler.level for handler in logger.handlers])
    logger.setLevel("INFO")
    logs.note("shown.again")
    assert printed == ["shown.again"]


def test_a_terminal_that_wants_more_gets_more(flow: Journal, printed: list[str]) -> None:
    logging.getLogger(LOGGER).setLevel("DEBUG")
    with closing(Lines(flow.add)):
        logging.getLogger(LOGGER).debug("a detail")
        logs.note("webhook.taken")
    assert [line["event"] for line in told(flow)] == ["webhook.taken"]
    assert printed == ["a detail", "webhook.taken"]


def test_what_json_has_no_word_for_is_told_as_text(flow: Journal) -> None:
    with closing(Lines(flow.add)):
        logs.note("odd", thing={1}, nothing=None, parts=(1, {2}))
    (line,) = told(flow)
    assert (line["thing"], line["parts"], "nothing" in line) == ("{1}", [1, "{2}"], False)
