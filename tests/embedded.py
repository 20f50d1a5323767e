"""ministack's DynamoDB in this process, and the one client of it, which takes longer to make than most tests last.

The seam is botocore's own: whoever answers `before-send` is the network.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore
from botocore.awsrequest import AWSResponse
from ministack.services import dynamodb

from chalicelib.store import Store
from infra.local.aws import KEYS, REGION, data_resources

TABLE = "threadline-embedded"
SHAPE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingMode")
TARGET = "DynamoDB_20120810."


class Raw(io.BytesIO):
    """A body as urllib3 would hand it on."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


@dataclass
class Embedded:
    """The one table of this process and the one client of it; who uses it says how it answers and waits."""

    store: Store
    pause: Callable[[float], None] = lambda _: None
    answer: Callable[[str, bytes], tuple[int, bytes]] = lambda _, __: (500, b"")

    def send(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        action = (target.decode() if isinstance(target, bytes) else target).removeprefix(TARGET)
        status, body = self.answer(action, request.body)
        return AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.0"}, Raw(body))


@contextmanager
def aws_keys() -> Iterator[None]:
    """Let botocore make clients: keys that nobody checks, and no look at this machine's own."""
    before = dict(os.environ)
    os.environ.update(KEYS, AWS_DEFAULT_REGION=REGION, AWS_EC2_METADATA_DISABLED="true")
    os.environ.pop("AWS_PROFILE", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class NoName:
    """Who asks is nobody's concern here, and takes botocore a tenth of each call to spell out."""

    def to_string(self) -> str:
        return "embedded"


def hasten(client: Any) -> None:
    """Take from a client of this process what it works out anew for each call, and nobody looks at."""
    named = client._user_agent_creator.rebuild_and_replace_user_agent_handler
    client.meta.events.unregister(f"request-created.{client.meta.service_model.service_id.hyphenize()}", named)
    client._user_agent_creator, client._ruleset_resolver = NoName(), None


@cache
def embedded() -> Embedded:
    with aws_keys():

        def pause(seconds: float) -> None:
            here.pause(seconds)

        store = Store(TABLE, "http://dynamodb", pause=pause)
        here = Embedded(store)
        store.events.register("before-send.dynamodb", here.send)
        store.events.register("choose-signer.dynamodb", lambda **_: botocore.UNSIGNED)
        hasten(store._table().connection.client)
    return here


@cache
def shape() -> bytes:
    """The table as it is deployed."""
    tables = [each for each in data_resources()["Resources"].values() if each["Type"] == "AWS::DynamoDB::Table"]
    properties = tables[0]["Properties"]
    return json.dumps(
        {"TableName": TABLE, **{name: properties[name] for name in SHAPE if name in properties}}
    ).encode()


def empty() -> None:
    """Begin with a new table."""
    dynamodb.reset()
    status, answer = ask("CreateTable", shape())
    assert status == 200, answer


def ask(action: str, body: bytes) -> tuple[int, bytes]:
    """Ask the embedded DynamoDB, which answers without ever waiting."""
    coroutine = dynamodb.handle_request("POST", "/", {"x-amz-target": TARGET + action}, body, {})
    try:
        coroutine.send(None)
    except StopIteration as answered:
        status, _, given = answered.value
        return status, given if isinstance(given, bytes) else given.encode()
    raise AssertionError("DynamoDB waits")
