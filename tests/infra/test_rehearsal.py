"""The packaged stack on the embedded AWS, each function with the rights of its own role and no others."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from chalicelib.model import Saved
from chalicelib.store import Insert, Store
from infra.local.aws import Aws, embedded_aws
from infra.local.invocation import scheduled_event
from infra.local.server import Answer, Call, Server, answer_json

pytestmark = pytest.mark.slow

SETTINGS = """
[desks.support]
slack_channel = "C0SUPPORT"
names = "never"
[accounts]
"telegram/main" = "support"
"""
NUMBERS = count(1)
THREAD = f"{time.time() - 60:.6f}"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-rehearsal",
    "SLACK_SIGNING_SECRET": "signing",
    "TELEGRAM_BOT_TOKEN": "1:token",
    "TELEGRAM_WEBHOOK_SECRET": "knock",
}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana"}


@dataclass(frozen=True, slots=True)
class Stack:
    aws: Aws
    api: str
    posts: list[str]
    files: list[bytes]
    sent: list[str]
    bucket: str

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.aws.client("lambda").invoke(
            FunctionName=f"threadline-rehearsal-{function}", Payload=json.dumps(event)
        )
        return answer

    def order(self, **order: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.load(self.invoke("operate", order)["Payload"])
        return answer

    def write(self, text: str, **more: Any) -> requests.Response:
        now, number = int(time.time()), next(NUMBERS)
        message = {
            **more,
            "message_id": number,
            "date": now,
            "from": ANA,
            "chat": {"id": 7, "type": "private"},
            "text": text,
        }
        knock = {"X-Telegram-Bot-Api-Secret-Token": "knock"}
        update = {"update_id": number, "message": message}
        return requests.post(f"{self.api}/webhooks/telegram/main", json=update, headers=knock, timeout=10)

    def reply(self, text: str) -> requests.Response:
        """Let somebody answer in the first thread there is."""
        now = f"{time.time():.6f}"
        event = {
            "type": "message",
            "channel": "C0SUPPORT",
            "user": "U2",
            "text": text,
            "ts": now,
            "thread_ts": THREAD,
        }
        body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event})
        stamp = now.partition(".")[0]
        base = f"v0:{stamp}:{body}".encode()
        signature = "v0=" + hmac.new(SECRETS["SLACK_SIGNING_SECRET"].encode(), base, "sha256").hexdigest()
        signed = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
            "Content-Type": "application/json",
        }
        return requests.post(f"{self.api}/slack/events", data=body, headers=signed, timeout=10)


@pytest.fixture(scope="module")
def stack(packaged: Path) -> Iterator[Stack]:
    posts: list[str] = []
    files: list[bytes] = []
    sent: list[str] = []
    with (
        embedded_aws(guarded=True) as aws,
        closing(Server(slack(posts, files))) as server,
        closing(Server(telegram(sent))) as bots,
    ):
        addresses = {"THREADLINE_SLACK_URL": server.url, "THREADLINE_TELEGRAM_URL": bots.url}
        outputs = deploy(aws, packaged, {**SECRETS, **addresses})
        with pytest.MonkeyPatch.context() as patch:
            for name, value in aws.environment().items():
                patch.setenv(name, value)
            Store(outputs["TableName"], aws.endpoint).write(Insert(Saved("settings", SETTINGS)))
        yield Stack(
            aws,
            f"{aws.endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_",
            posts,
            files,
            sent,
            outputs["BucketName"],
        )


def slack(posts: list[str], files: list[bytes]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        if call.path.endswith("files.getUploadURLExternal"):
            return answer_json(
                {"ok": True, "upload_url": f"http://{call.headers['host']}/upload", "file_id": "F1"}
            )
        if call.path == "/upload":
            files.append(call.body)
            return Answer(200)
        if "/files." in call.path:
            return answer_json({"ok": True, "file": {"shares": {}}})
        if call.path.endswith("auth.test"):
            return answer_json({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"})
        posts.append(call.body.decode())
        ts = f"{time.time():.6f}" if "thread_ts" in posts[-1] else THREAD
        return answer_json({"ok": True, "channel": "C0SUPPORT", "ts": ts})

    return answer


def telegram(sent: list[str]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        if call.path.endswith("getFile"):
            return answer_json({"ok": True, "result": {"file_id": "x", "file_path": "photos/a.png"}})
        if call.path.startswith("/file/"):
            return Answer(200, b"\x89PNG")
        sent.append(call.json()["text"])
        return answer_json({"ok": True, "result": {"message_id": len(sent), "chat": {"id": 7}}})

    return answer


def wait_for(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def deploy(aws: Aws, packaged: Path, environment: dict[str, str]) -> dict[str, str]:
    """Create the stack, but for what this AWS has no notion of: encrypted connections, rights to one secret."""
    aws.client("s3").create_bucket(Bucket="code")
    code = (packaged / "deployment.zip").read_bytes()
    aws.client("s3").put_object(Bucket="code", Key="app.zip", Body=code)
    template = yaml.safe_load((packaged / "sam.yaml").read_text())
    del template["Resources"]["BucketPolicy"]
    template["Globals"]["Function"]["Environment"]["Variables"] |= environment
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://code/app.zip"
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName="rehearsal",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "rehearsal"}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="rehearsal", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    made = cloudformation.describe_stacks(StackName="rehearsal")["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in made}


def test_a_stranger_is_turned_away(stack: Stack) -> None:
    accept = {"Accept": "application/json"}
    answer = requests.post(f"{stack.api}/webhooks/telegram/main", json={}, headers=accept, timeout=10)
    assert answer.status_code == 403


def test_health_can_be_read(stack: Stack) -> None:
    answer = requests.get(f"{stack.api}/health", timeout=10)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_a_customers_message_reaches_slack(stack: Stack) -> None:
    assert stack.write("Where is my parcel?").status_code == 200
    wait_for(lambda: any("parcel" in post for post in stack.posts))


def test_a_reply_reaches_the_customer(stack: Stack) -> None:
    stack.write("Is anybody there?")
    wait_for(lambda: any("anybody" in post for post in stack.posts))
    assert stack.reply("We are.").status_code == 200
    wait_for(lambda: stack.sent)
    assert stack.sent == ["We are."]


def test_a_customers_picture_is_kept_and_brought_to_slack(stack: Stack) -> None:
    stack.write("", photo=[{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}])
    wait_for(lambda: stack.files)
    kept = stack.aws.client("s3").list_objects_v2(Bucket=stack.bucket, Prefix="files/")
    assert (stack.files, kept["KeyCount"]) == ([b"\x89PNG"], 1)


def test_a_body_that_is_too_big_for_a_row_is_kept_in_the_bucket(stack: Stack) -> None:
    knock = {"X-Telegram-Bot-Api-Secret-Token": "knock"}
    hooks = f"{stack.api}/webhooks/telegram/main"
    answer = requests.post(hooks, data=b'{"update_id": 1, "x": "' + b"x" * 200_000, headers=knock, timeout=10)
    kept = stack.aws.client("s3").list_objects_v2(Bucket=stack.bucket, Prefix="raw/")
    assert (answer.status_code, kept["KeyCount"]) == (200, 1)


def test_sweep_runs(stack: Stack) -> None:
    answer = stack.invoke("sweep", scheduled_event("sweep"))
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_an_operator_reads_again_what_could_not_be_read(stack: Stack) -> None:
    knock = {"X-Telegram-Bot-Api-Secret-Token": "knock"}
    requests.post(f"{stack.api}/webhooks/telegram/main", data=b"?", headers=knock, timeout=10)
    answer = stack.order(do="replay")
    outcomes = {each["outcome"] for each in answer["done"]}
    assert (outcomes, answer["next"]) == ({"still unread"}, "")
    assert {each["outcome"] for each in stack.order(do="dismiss", channel="telegram")["done"]} == {"dismissed"}


def test_an_operator_traces_a_message_by_its_providers_id(stack: Stack) -> None:
    stack.write("Where has it gone?")
    number = next(NUMBERS) - 1
    wait_for(lambda: "in its thread" in str(stack.order(do="trace", id=f"telegram/main/7:{number}")))
    (found,) = stack.order(do="trace", id=f"telegram/main/7:{number}")["found"]
    assert found["is"] == "a customer's message"


def test_an_operator_who_asks_for_nonsense_is_told_so(stack: Stack) -> None:
    assert "there are unread, replay" in stack.order(do="dance")["error"]


def test_send_takes_a_bell(stack: Stack) -> None:
    bell = {
        "messageId": "1",
        "receiptHandle": "1",
        "body": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "attributes": {"MessageGroupId": "g"},
    }
    answer = stack.invoke("send", {"Records": [bell]})
    assert json.load(answer["Payload"]) == {"batchItemFailures": []}
