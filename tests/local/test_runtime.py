"""The laptop's runtime against a tiny app: does it do what API Gateway, Lambda and SQS do?"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from chalice.app import Chalice, Rate, Response

from chalicelib.channels.telegram import READERS
from infra.local.aws import Aws, embedded_aws
from infra.local.gateway import LAMBDA_LIMIT, Gateway
from infra.local.pump import Pump, seconds, settled
from infra.local.server import LARGEST, PortBusy
from infra.local.stack import TELEGRAM_UPDATES
from infra.local.twilio.wire import overrides


def echo(app: Any) -> dict[str, Any]:
    request = app.current_request
    event = request.to_original_event()
    return {
        "body": request.raw_body.hex(),
        "binary": event["isBase64Encoded"],
        "query": event["multiValueQueryStringParameters"],
        "parameters": event["pathParameters"],
        "context": event["requestContext"],
        "header": request.headers.get("x-mark"),
        "left": app.lambda_context.get_remaining_time_in_millis(),
    }


def tiny_app() -> Any:
    app = Chalice(app_name="tiny")

    @app.route("/echo/{name}", methods=["GET", "POST"], content_types=["*/*"])
    def echoed(name: str) -> dict[str, Any]:
        time.sleep(0.01)
        return {"name": name, **echo(app)}

    @app.route("/echo/fixed", methods=["GET"])
    def fixed() -> Response:
        return Response("plain", {"Content-Type": "text/plain", "X-Mark": "here"}, 201)

    @app.route("/broken", methods=["GET"])
    def broken() -> None:
        raise RuntimeError("not for the caller")

    return app


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with closing(Gateway(tiny_app())) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def running() -> Iterator[Aws]:
    with embedded_aws() as aws:
        yield aws


@pytest.fixture
def aws(running: Aws) -> Aws:
    running.reset()
    return running


# --------------------------------------------------------------------------- the gateway


def test_a_text_body_arrives_byte_for_byte(gateway: Gateway) -> None:
    body = 'Body=%C3%A7ay&From=+90 \r\n"ünï"'.encode()
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    got = requests.post(f"{gateway.url}/echo/a", data=body, headers=form, timeout=5).json()
    assert (bytes.fromhex(got["body"]), got["binary"]) == (body, False)


def test_a_binary_body_arrives_whole_if_its_type_is_declared(gateway: Gateway) -> None:
    body = bytes(range(256))
    got = requests.post(f"{gateway.url}/echo/a", data=body, headers={"Content-Type": "image/png"}, timeout=5)
    assert (bytes.fromhex(got.json()["body"]), got.json()["binary"]) == (body, True)


def test_a_binary_body_of_another_type_is_mangled_as_on_aws(gateway: Gateway) -> None:
    mixed = {"Content-Type": "multipart/form-data; boundary=x"}
    got = requests.post(f"{gateway.url}/echo/a", data=b"\xff", headers=mixed, timeout=5).json()
    assert bytes.fromhex(got["body"]) == "\ufffd".encode()


def test_query_path_and_headers_are_read_as_on_aws(gateway: Gateway) -> None:
    got = requests.get(f"{gateway.url}/echo/a%2Fb?q=1&q=&r=%C3%A7", headers={"X-MARK": "m"}, timeout=5).json()
    assert got["query"] == {"q": ["1", ""], "r": ["ç"]}
    assert (got["name"], got["parameters"], got["header"]) == ("a/b", {"name": "a/b"}, "m")


def test_no_query_is_null(gateway: Gateway) -> None:
    assert requests.get(f"{gateway.url}/echo/a", timeout=5).json()["query"] is None


def test_the_public_address_can_be_told_from_the_context(gateway: Gateway) -> None:
    context = requests.get(f"{gateway.url}/echo/a", timeout=5).json()["context"]
    assert f"http://{context['domainName']}{context['path']}" == f"{gateway.url}/echo/a"
    assert (context["resourcePath"], context["stage"]) == ("/echo/{name}", "api")


def test_a_fixed_path_wins_over_a_parameter(gateway: Gateway) -> None:
    got = requests.get(f"{gateway.url}/echo/fixed", timeout=5)
    assert (got.status_code, got.text, got.headers["X-Mark"]) == (201, "plain", "here")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/echo/a"), ("GET", "/echo/a/b")])
def test_an_unknown_door_is_refused_in_aws_words(gateway: Gateway, method: str, path: str) -> None:
    got = requests.request(method, gateway.url + path, timeout=5)
    assert (got.status_code, got.json()) == (403, {"message": "Missing Authentication Token"})


@pytest.mark.parametrize("size", [LAMBDA_LIMIT, LARGEST + 1])
def test_a_body_too_long_for_aws_is_too_long_here(gateway: Gateway, size: int) -> None:
    try:
        got = requests.post(f"{gateway.url}/echo/a", data=b"x" * size, timeout=5)
    except requests.ConnectionError:
        assert size > LARGEST  # cut off before it was all sent
    else:
        assert (got.status_code, got.json()) == (413, {"message": "Request Too Long"})


def test_a_failing_view_tells_nothing(gateway: Gateway) -> None:
    got = requests.get(f"{gateway.url}/broken", timeout=5)
    assert (got.status_code, got.json()["Code"]) == (500, "InternalServerError")


def test_a_failing_function_is_a_502(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "_app", Unfit(gateway._app))
    got = requests.get(f"{gateway.url}/echo/a", timeout=5)
    assert (got.status_code, got.json()) == (502, {"message": "Internal server error"})


class Unfit:
    """An app that cannot even start."""

    def __init__(self, app: Any) -> None:
        self.routes, self.api = app.routes, app.api

    def __call__(self, _event: Any, _context: Any) -> Any:
        raise ImportError


def test_requests_at_once_do_not_see_each_other(gateway: Gateway) -> None:
    def ask(mark: int) -> tuple[str, str, str]:
        body, head = str(mark), {"X-Mark": str(mark)}
        got = requests.post(f"{gateway.url}/echo/{mark}", data=body, headers=head, timeout=10).json()
        return got["name"], bytes.fromhex(got["body"]).decode(), got["header"]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(100))) == [(str(i), str(i), str(i)) for i in range(100)]


def test_the_function_knows_how_long_it_has(gateway: Gateway) -> None:
    assert 29_000 < requests.get(f"{gateway.url}/echo/a", timeout=5).json()["left"] <= 30_000


def test_a_taken_port_is_said_in_plain_words(gateway: Gateway) -> None:
    with pytest.raises(PortBusy, match=f"^Port {gateway.port} is in use by another program"):
        Gateway(tiny_app(), gateway.port)
    with pytest.raises(PortBusy):
        Aws(gateway.port)


# --------------------------------------------------------------------------- the embedded AWS


def test_a_reset_empties_everything_quickly(aws: Aws) -> None:
    aws.client("dynamodb").put_item(TableName=aws.table, Item={"PK": {"S": "a"}, "SK": {"S": "b"}})
    began = time.monotonic()
    aws.reset()
    assert time.monotonic() - began < 1  # some 20 ms; the rest is for a busy machine
    assert aws.client("dynamodb").scan(TableName=aws.table)["Count"] == 0


def test_the_environment_names_what_exists(aws: Aws) -> None:
    names = aws.environment()
    assert (names["STAGE"], names["TABLE"], names["PARTIAL_FAILURES"]) == ("local", "threadline-local", "1")
    assert names["INBOUND_QUEUE_URL"].endswith("/threadline-local-inbound.fifo")
    assert names["MEDIA_QUEUE_URL"].endswith("/threadline-local-media.fifo")
    aws.client("s3").head_bucket(Bucket=names["BUCKET"])


def test_it_does_not_outlive_us_even_if_we_are_killed() -> None:
    program = "import time; from infra.local.aws import Aws; print(Aws().port, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as we:
        port = int((we.stdout or sys.stdin).readline())
        assert listens(port)
        we.kill()
    until(lambda: not listens(port))


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --------------------------------------------------------------------------- the pump


class Worker:
    """A tiny app with one queue, which notes what it saw and fails what it is told to fail."""

    def __init__(self, aws: Aws, queue: str = "inbound", batch: int = 10) -> None:
        self.seen: list[str] = []
        self.records: list[dict[str, Any]] = []
        self.failing: set[str] = set()
        self.app = Chalice(app_name="tiny")
        self.app.on_sqs_message(queue=f"threadline-local-{queue}.fifo", batch_size=batch, name="deliver")(
            self.deliver
        )
        self.sqs, self.url = aws.client("sqs"), getattr(aws, f"{queue}_url")

    def deliver(self, event: Any) -> dict[str, Any]:
        failed: list[dict[str, str]] = []
        stuck: set[str] = set()
        for record in event.to_dict()["Records"]:
            group = record["attributes"]["MessageGroupId"]
            self.records.append(record)
            self.seen.append(record["body"])
            if record["body"] in self.failing or group in stuck:
                stuck.add(group)
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}

    def ring(self, *bodies: str) -> None:
        """Send; the first letter of a body is its group."""
        for body in bodies:
            self.sqs.send_message(
                QueueUrl=self.url,
                MessageBody=body,
                MessageGroupId=body[0],
                MessageDeduplicationId=uuid.uuid4().hex,
            )

    def forget_soon(self) -> None:
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"VisibilityTimeout": "1"})

    def pump(self, **how: Any) -> Pump:
        return Pump(self.app, self.sqs, **{"wait": 0, **how})


def until(condition: Callable[[], object], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_a_group_is_worked_off_in_order(aws: Aws) -> None:
    worker = Worker(aws)
    worker.ring(*(f"{group}{place:02}" for place in range(25) for group in "ab"))
    pump = worker.pump()
    with closing(pump):
        pump.start()
        until(lambda: len(worker.seen) == 50 and pump.quiet())
    for group in "ab":
        assert [body for body in worker.seen if body[0] == group] == [f"{group}{i:02}" for i in range(25)]


def test_a_record_has_the_shape_of_lambdas(aws: Aws) -> None:
    worker = Worker(aws)
    worker.ring("a1")
    assert worker.pump().turn() == 1
    (record,) = worker.records
    assert {"messageId", "receiptHandle", "md5OfBody", "messageAttributes"} < set(record)
    assert record["eventSourceARN"].endswith(":threadline-local-inbound.fifo")
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", "us-east-1")
    expected = {"MessageGroupId", "ApproximateReceiveCount", "SentTimestamp", "SequenceNumber"}
    assert expected <= set(record["attributes"])


def test_what_failed_is_held_back_and_the_others_flow(aws: Aws) -> None:
    worker = Worker(aws)
    worker.failing = {"a1"}
    worker.ring("a0", "a1", "a2", "b0")
    pump = worker.pump()
    pump.turn()
    worker.ring("a3", "b1")
    pump.turn()
    assert worker.seen == ["a0", "a1", "a2", "b0", "b1"]
    assert pump.lines[0].length() == 3


def test_what_failed_comes_again_in_order_when_its_time_is_up(aws: Aws) -> None:
    worker = Worker(aws)
    worker.forget_soon()
    worker.failing = {"a1"}
    worker.ring("a0", "a1", "a2")
    pump = worker.pump()
    pump.turn()
    worker.failing.clear()
    with closing(pump):
        pump.start()
        until(pump.quiet)
    assert worker.seen == ["a0", "a1", "a2", "a1", "a2"]
    assert worker.records[-1]["attributes"]["ApproximateReceiveCount"] == "2"


def test_what_is_delayed_is_not_quiet_and_comes_when_its_time_is_up(aws: Aws) -> None:
    worker = Worker(aws, "outbound")
    worker.sqs.set_queue_attributes(QueueUrl=worker.url, Attributes={"DelaySeconds": "1"})
    worker.ring("a0")
    pump = worker.pump()
    assert (pump.turn(), pump.quiet()) == (0, False)
    until(pump.turn)
    assert (worker.seen, pump.quiet()) == (["a0"], True)


def test_a_line_serves_so_many_at_once_and_no_more(aws: Aws) -> None:
    worker, gauge, most = Worker(aws, batch=1), threading.Semaphore(0), [0]
    working: set[str] = set()
    app = Chalice(app_name="tiny")

    @app.on_sqs_message(queue="threadline-local-inbound.fifo", name="deliver", maximum_concurrency=3)
    def deliver(event: Any) -> None:
        body = next(iter(event)).body
        working.add(body)
        most[0] = max(most[0], len(working))
        gauge.acquire(timeout=0.3)
        working.discard(body)
        worker.seen.append(body)

    worker.ring(*"abcdefg")
    pump = Pump(app, worker.sqs, wait=0)
    with closing(pump):
        pump.start()
        until(lambda: len(worker.seen) == 7)
    assert most == [3]


def test_stopping_is_quick(aws: Aws) -> None:
    pump = Worker(aws).pump(wait=1)
    pump.start()
    began = time.monotonic()
    pump.close()
    assert time.monotonic() - began < 2
    assert not [thread for thread in pump._threads if thread.is_alive()]


def messages(*ids: str) -> list[dict[str, Any]]:
    return [{"MessageId": name} for name in ids]


@pytest.mark.parametrize(
    ("answer", "partial", "gone"),
    [
        (None, True, "ab"),
        ({"batchItemFailures": []}, True, "ab"),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, True, "b"),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, False, "ab"),
        ({"batchItemFailures": [{"itemIdentifier": "z"}]}, True, ""),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, True, ""),
    ],
)
def test_lambda_deletes_what_the_answer_leaves_out(answer: Any, partial: bool, gone: str) -> None:  # noqa: FBT001
    assert settled(messages("a", "b"), lambda _: answer, partial=partial) == messages(*gone)


def test_an_exception_fails_the_whole_batch(caplog: pytest.LogCaptureFixture) -> None:
    def raising(_: Any) -> None:
        raise ValueError

    assert settled(messages("a", "b"), raising) == []
    assert "a batch of 2 failed" in caplog.text


# --------------------------------------------------------------------------- the clock


def clock_app(calls: list[Any]) -> Chalice:
    app = Chalice(app_name="tiny")

    @app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
    def sweep(event: Any) -> None:
        calls.append(event.to_dict())
        if len(calls) == 1:
            raise RuntimeError("the first time only")

    return app


def test_the_clock_keeps_calling_whatever_happens() -> None:
    calls: list[Any] = []
    pump = Pump(clock_app(calls), None, speed=6000)
    with closing(pump):
        pump.start()
        until(lambda: len(calls) >= 3)
    assert (calls[0]["detail-type"], calls[0]["source"]) == ("Scheduled Event", "aws.events")
    assert json.dumps(calls[0])


def test_a_minute_takes_five_seconds_unless_told_otherwise() -> None:
    assert [schedule.every for schedule in Pump(clock_app([]), None).schedules] == [5.0]
    assert [schedule.every for schedule in Pump(clock_app([]), None, speed=1).schedules] == [60.0]


def test_rates_are_read_and_cron_is_refused() -> None:
    assert [seconds(text) for text in ("rate(1 minute)", "rate(2 hours)", "rate(1 day)")] == [60, 7200, 86400]
    with pytest.raises(ValueError, match="only rates"):
        seconds("cron(0 1 * * ? *)")


# --------------------------------------------------------------------------- the stand-ins


def test_telegrams_stand_in_is_asked_for_what_a_real_bot_is() -> None:
    told = (Path(__file__).parents[2] / "docs" / "connecting.md").read_text()
    (asked,) = re.findall(r'"allowed_updates": (\[.*?\])', told)
    assert tuple(json.loads(asked)) == TELEGRAM_UPDATES


def test_a_real_number_asks_twilio_to_try_again_on_whatever_went_wrong() -> None:
    told = (Path(__file__).parents[2] / "docs" / "connecting.md").read_text()
    (asked,) = re.findall(r"https://YOUR-ADDRESS/webhooks/twilio/main#\S+", told)
    wishes = {name: int(value) for name, value in re.findall(r"(ct|rt|rc)=(\d+)", asked)}
    assert overrides(asked) == (3, frozenset({"5xx", "ct", "rt"}))
    assert wishes["ct"] + wishes["rt"] < 15_000 / 2, (
        "all tries share fifteen seconds, and one alone must not use them up"
    )


def test_a_real_bot_is_asked_for_all_that_is_read_and_nothing_else() -> None:
    assert set(TELEGRAM_UPDATES) == set(READERS)
