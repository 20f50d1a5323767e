"""The packaged stack on the embedded AWS, each function with the rights of its own role and no others."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
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

SETTINGS = """
[desks.support]
slack_channel = "C0SUPPORT"
[accounts]
"telegram/main" = "support"
"""
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

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.aws.client("lambda").invoke(
            FunctionName=f"threadline-rehearsal-{function}", Payload=json.dumps(event)
        )
        return answer

    def write(self, text: str) -> requests.Response:
        now = int(time.time())
        message = {"message_id": now, "date": now, "from": ANA, "chat": {"id": 7, "type": "private"}, "text": text}
        knock = {"X-Telegram-Bot-Api-Secret-Token": "knock"}
        update = {"update_id": now, "message": message}
        return requests.post(f"{self.api}/webhooks/telegram/main", json=update, headers=knock, timeout=10)


@pytest.fixture(scope="module")
def stack(packaged: Path) -> Iterator[Stack]:
    posts: list[str] = []
    with embedded_aws(guarded=True) as aws, closing(Server(slack(posts))) as server:
        outputs = deploy(aws, packaged, {**SECRETS, "THREADLINE_SLACK_URL": server.url})
        with pytest.MonkeyPatch.context() as patch:
            for name, value in aws.environment().items():
                patch.setenv(name, value)
            Store(outputs["TableName"], aws.endpoint).write(Insert(Saved("settings", SETTINGS)))
        yield Stack(aws, f"{aws.endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_", posts)


def slack(posts: list[str]) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        if call.path.endswith("auth.test"):
            return answer_json({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"})
        posts.append(call.body.decode())
        return answer_json({"ok": True, "channel": "C0SUPPORT", "ts": f"{time.time():.6f}"})

    return answer


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
    end = time.monotonic() + 10
    while not any("parcel" in post for post in stack.posts):
        assert time.monotonic() < end, stack.posts
        time.sleep(0.02)


def test_sweep_runs(stack: Stack) -> None:
    answer = stack.invoke("sweep", scheduled_event("sweep"))
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_send_takes_a_bell(stack: Stack) -> None:
    bell = {
        "messageId": "1",
        "receiptHandle": "1",
        "body": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "attributes": {"MessageGroupId": "g"},
    }
    answer = stack.invoke("send", {"Records": [bell]})
    assert json.load(answer["Payload"]) == {"batchItemFailures": []}
