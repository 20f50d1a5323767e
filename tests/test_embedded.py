"""The short way to the embedded table gives what botocore gives, which goes the whole way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ReadTimeoutError
from ministack.services import dynamodb

from chalicelib.store import Store
from tests.embedded import TABLE, TARGET, Embedded, Raw, ask, aws_keys, empty, go_straight

KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
ROW = {**KEY, "version": {"N": "1"}, "it": {"M": {"has": {"L": [{"BOOL": True}, {"NULL": True}, {"S": "ü"}]}}}}
NEW = {"ConditionExpression": "attribute_not_exists(PK)"}
OF_A = {"KeyConditionExpression": "PK = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
PUT = {"TableName": TABLE, "Item": ROW}
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "a row that is there": ("GetItem", {"TableName": TABLE, "Key": KEY}),
    "a row that is not": ("GetItem", {"TableName": TABLE, "Key": {**KEY, "SK": {"S": "c"}}}),
    "a row of another shape": ("GetItem", {"TableName": TABLE, "Key": {"PK": {"S": "a"}}}),
    "a table that is not there": ("GetItem", {"TableName": "elsewhere", "Key": KEY}),
    "several rows": ("BatchGetItem", {"RequestItems": {TABLE: {"Keys": [KEY]}}}),
    "a page": ("Query", {"TableName": TABLE, "Limit": 1, **OF_A}),
    "what is not understood": ("Query", {"TableName": TABLE, "KeyConditionExpression": "PK ="}),
    "a write": ("PutItem", PUT),
    "a write that comes too late": ("PutItem", {**PUT, **NEW}),
    "a change": (
        "UpdateItem",
        {
            "TableName": TABLE,
            "Key": KEY,
            "UpdateExpression": "SET version = :v",
            "ExpressionAttributeValues": {":v": {"N": "2"}},
            "ReturnValues": "ALL_NEW",
        },
    ),
    "a transaction": ("TransactWriteItems", {"TransactItems": [{"Put": PUT}]}),
    "a transaction that comes too late": (
        "TransactWriteItems",
        {"TransactItems": [{"Put": {**PUT, "Item": {**ROW, "SK": {"S": "c"}}}}, {"Put": {**PUT, **NEW}}]},
    ),
}
ANSWERS = {
    "throttled": (400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slowly"}'),
    "broken": (500, b""),
    "of another": (503, b"<html>"),
    "cancelled": (
        400,
        (
            b'{"__type": "x#TransactionCanceledException", "Message": "no",'
            b' "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "busy"}]}'
        ),
    ),
}


class TwoWays:
    """One table and two clients: one goes the whole way, the other the short one."""

    def __init__(self) -> None:
        with aws_keys():
            self.whole: Any = Store(TABLE, "http://dynamodb")._table().connection.client
            self.short: Any = Store(TABLE, "http://dynamodb")._table().connection.client
        self.here = Embedded(Store(TABLE), answer=ask)
        self.whole.meta.events.register("before-send.dynamodb", self._send)
        self.whole.meta.events.register("choose-signer.dynamodb", lambda **_: botocore.UNSIGNED)
        go_straight(self.short, self.here)

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        action = request.headers["X-Amz-Target"].decode().removeprefix(TARGET)
        status, body = self.here.answer(action, request.body)
        return AWSResponse(request.url, status, {"content-type": "application/x-amz-json-1.0"}, Raw(body))

    def each(self, action: str, asked: dict[str, Any]) -> Iterator[Any]:
        """Make the same call in the same table, first one way and then the other."""
        for client in (self.whole, self.short):
            empty()
            ask("PutItem", b'{"TableName": "%s", "Item": {"PK": {"S": "a"}, "SK": {"S": "b"}}}' % TABLE.encode())
            yield told(client, action, dict(asked))


def told(client: Any, action: str, asked: dict[str, Any]) -> Any:
    """Make a call: what it gives, or how it fails; and nothing of who answered when."""
    try:
        answer = client._make_api_call(action, asked)
    except ClientError as error:
        return type(error).__name__, without_meta(error.response)
    return without_meta(answer)


def without_meta(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.fixture(scope="module")
def ways() -> TwoWays:
    return TwoWays()


@pytest.mark.parametrize("name", CALLS)
def test_the_short_way_gives_what_the_whole_way_gives(ways: TwoWays, name: str) -> None:
    ways.here.answer = ask
    whole, short = ways.each(*CALLS[name])
    assert short == whole


@pytest.mark.parametrize("name", ANSWERS)
def test_an_error_is_the_same_error_both_ways(ways: TwoWays, name: str) -> None:
    ways.here.answer = lambda *_: ANSWERS[name]
    whole, short = ways.each("TransactWriteItems", CALLS["a transaction"][1])
    assert short == whole


def test_a_silence_is_the_same_silence_both_ways(ways: TwoWays) -> None:
    def silence(*_: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="http://dynamodb")

    ways.here.answer = silence
    for client in (ways.whole, ways.short):
        with pytest.raises(ReadTimeoutError):
            client._make_api_call(*CALLS["a transaction"])


def test_whoever_listens_hears_the_same_both_ways(ways: TwoWays) -> None:
    ways.here.answer, heard = ask, []

    def hear(event_name: str, **_: Any) -> None:
        heard.append(event_name)

    for client in (ways.whole, ways.short):
        for event in ("before-call", "before-send", "after-call"):
            client.meta.events.register(f"{event}.dynamodb", hear)
    list(ways.each(*CALLS["a write"]))
    assert heard == [f"{event}.dynamodb.PutItem" for event in ("before-call", "before-send", "after-call")] * 2


def test_what_ministack_remembers_nobody_changes() -> None:
    tokens = dynamodb._tokenize("PK = :a")
    tokens.clear()
    assert dynamodb._tokenize("PK = :a")
