"""What goes over the wire: counted, recorded, played again bare, and answered from memory."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.config import Config

Emitters = tuple[Any, ...]
"""botocore's events of the clients that are watched."""


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call as it was asked, and how it was answered."""

    service: str
    operation: str
    asked: dict[str, Any]
    answer: dict[str, Any] = field(default_factory=dict)


@contextmanager
def handling(emitters: Emitters, event: str, handle: Callable[..., Any]) -> Iterator[None]:
    """Let a handler hear an event for a while."""
    for each in emitters:
        each.register(event, handle)
    try:
        yield
    finally:
        for each in emitters:
            each.unregister(event, handle)


@contextmanager
def counting(emitters: Emitters) -> Iterator[list[str]]:
    """Name every request that leaves, in order."""
    sent: list[str] = []

    def note(event_name: str, **_: Any) -> None:
        sent.append(event_name.rpartition(".")[2])

    with handling(emitters, "before-send.*.*", note):
        yield sent


@contextmanager
def recording(emitters: Emitters) -> Iterator[list[AwsCall]]:
    """Write down every call with its answer."""
    calls: list[AwsCall] = []

    def asked(params: dict[str, Any], event_name: str, **_more: Any) -> None:
        _event, service, operation = event_name.split(".")
        copied: dict[str, Any] = json.loads(json.dumps(params))
        calls.append(AwsCall(service, operation, copied))

    def answered(response_dict: dict[str, Any], **_: Any) -> None:
        calls[-1].answer.update(response_dict)

    with (
        handling(emitters, "provide-client-params.*.*", asked),
        handling(emitters, "response-received.*.*", answered),
    ):
        yield calls


@contextmanager
def from_memory(emitters: Emitters, calls: list[AwsCall]) -> Iterator[None]:
    """Answer every call as one like it was answered before, without a network."""
    known = {(call.operation, _about(call.operation, call.asked)): call.answer for call in calls}

    def answer(request: Any, event_name: str, **_: Any) -> Any:
        operation = event_name.rpartition(".")[2]
        given = known[operation, _about(operation, json.loads(request.body))]
        return AWSResponse(request.url, given["status_code"], given["headers"], _Body(given["body"]))

    with handling(emitters, "before-send.*.*", answer):
        yield


class Bare:
    """The floor: the same calls with botocore alone, new ids each time."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
        self._clients = {name: session.create_client(name, config=config) for name in ("dynamodb", "sqs")}

    @property
    def emitters(self) -> Emitters:
        return tuple(client.meta.events for client in self._clients.values())

    def ready(self, calls: list[AwsCall]) -> list[Callable[[], object]]:
        """Make the calls ready, so that only making them is measured."""
        number = uuid.uuid4().hex[:26].upper()
        return [self._one(call, number) for call in calls]

    def _one(self, call: AwsCall, number: str) -> Callable[[], object]:
        method = getattr(self._clients[call.service], xform_name(call.operation))
        asked = _renewed(call.asked, number)
        return lambda: method(**asked)


def _renewed(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """Ask for the same with new ids; a version can be replaced once only, so that condition is left out."""
    again: dict[str, Any] = json.loads(json.dumps(asked))
    if "MessageDeduplicationId" in again:
        again["MessageDeduplicationId"] = uuid.uuid4().hex
    again.pop("ClientRequestToken", None)
    for put in [again, *(write["Put"] for write in again.get("TransactItems", ()))]:
        if "Item" not in put:
            continue
        if "attribute_not_exists" not in put.get("ConditionExpression", ""):
            for condition in ("ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"):
                put.pop(condition, None)
        keys = put["Item"]
        # Beside the app's own rows, where it never looks.
        keys["PK"]["S"] += number if keys["PK"]["S"].startswith("REF#") else "BARE"
        keys["SK"]["S"] = re.sub("^ITEM#.*", f"ITEM#{number}", keys["SK"]["S"])
    return again


def _about(operation: str, asked: dict[str, Any]) -> str:
    """Tell reads apart by what they read; a write is a write."""
    if operation not in ("GetItem", "BatchGetItem", "Query"):
        return ""
    wanted = asked.get("Key") or asked.get("RequestItems") or asked.get("ExpressionAttributeValues")
    return json.dumps(wanted, sort_keys=True)


class _Body:
    """An answer's bytes, as botocore reads them."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body
