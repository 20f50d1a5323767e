"""Faults, put in where botocore tells of a call: `before-call` in its place, `before-parse` after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from chalicelib.store import Store


def error(code: str, *reasons: str) -> Callable[..., Any]:
    """Answer a call with an error, as AWS spells it."""
    body = {"Error": {"Code": code, "Message": "injected"}, "CancellationReasons": [{"Code": r} for r in reasons]}
    return lambda **_: (SimpleNamespace(status_code=400), body)


def silence(**_: Any) -> Any:
    raise ReadTimeoutError(endpoint_url="http://dynamodb")


def deaf(**_: Any) -> Any:
    raise ConnectTimeoutError(endpoint_url="http://dynamodb")


@contextmanager
def fault(store: Store, event: str, act: Callable[..., Any], times: int = 1) -> Iterator[list[str]]:
    """Let the first few calls go wrong; the list names those that did."""
    hit: list[str] = []

    def once(**about: Any) -> Any:
        if len(hit) < times:
            hit.append(about["event_name"].rpartition(".")[2])
            return act(**about)
        return None

    store.events.register(event, once)
    try:
        yield hit
    finally:
        store.events.unregister(event, once)
