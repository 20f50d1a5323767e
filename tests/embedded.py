"""ministack's DynamoDB in this process, and the one client of it, which takes longer to make than most tests last.

Its calls go straight there: what botocore makes of each, a request and a response of HTTP, takes as long as the
answer. tests/store speaks to ministack over the wire, and test_embedded holds the two ways against each other.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any

from botocore.parsers import create_parser
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


@dataclass(frozen=True)
class Status:
    """Of a response, what is asked about it."""

    status_code: int


@dataclass
class Straight:
    """Makes a client's calls as botocore does, but for the HTTP; whoever listens hears of them as ever."""

    client: Any
    here: Embedded
    errors: Any = field(default_factory=lambda: create_parser("json"))

    def call(self, action: str, asked: dict[str, Any]) -> Any:
        events, model = self.client.meta.events, self.client.meta.service_model.operation_model(action)
        asked.pop("ReturnConsumedCapacity", None)  # pynamodb asks always and reads it never; it costs a tenth
        request: dict[str, Any] = {"body": json.dumps(asked).encode(), "headers": {}}
        about = {"model": model, "context": {}}
        _, given = events.emit_until_response(f"before-call.dynamodb.{action}", params=request, **about)
        if given is None:
            events.emit(f"before-send.dynamodb.{action}", request=request)
            given = self._given(model, *self.here.answer(action, request["body"]))
        http, answer = given
        events.emit(f"after-call.dynamodb.{action}", http_response=http, parsed=answer, **about)
        if http.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise self.client.exceptions.from_code(answer["Error"]["Code"])(answer, action)
        return answer

    def _given(self, model: Any, status: int, body: bytes) -> tuple[Status, Any]:
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return Status(status), json.loads(body)
        response = {"status_code": status, "headers": {}, "body": body}
        answer = self.errors.parse(response, model.output_shape)
        self.client._endpoint._add_modeled_error_fields(response, answer, model, self.errors)
        return Status(status), answer


def go_straight(client: Any, here: Embedded) -> None:
    client._make_api_call = Straight(client, here).call


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


READ_ANEW = ("_condition_syntax_error", "_ddb_canonicalize_number", "_number_error", "_number_size_bytes")
"""What ministack works out from a text alone, and each time anew."""


@cache
def remember() -> None:
    """Let ministack remember what it has read: our expressions are few, and it reads each three times a call."""
    for name in READ_ANEW:
        setattr(dynamodb, name, lru_cache(10_000)(getattr(dynamodb, name)))
    tokens = lru_cache(10_000)(dynamodb._tokenize)
    dynamodb._tokenize = lambda text: list(tokens(text))


@cache
def embedded() -> Embedded:
    remember()
    with aws_keys():

        def pause(seconds: float) -> None:
            here.pause(seconds)

        store = Store(TABLE, "http://dynamodb", pause=pause)
        here = Embedded(store)
        go_straight(store._table().connection.client, here)
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
