"""Every way in which a call can go wrong: which system's, how it ends, and what is answered instead.

To add one, add a line; storms find it by the first word of its name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from infra.local.server import Answer, answer_json
from tests.simulation.weather import End

PROVIDERS = ("twilio", "whatsapp", "telegram")
KNOCKS = tuple(f"knock {who}" for who in (*PROVIDERS, "slack"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to go wrong; `late` is how many seconds after the call it takes effect."""

    name: str
    systems: tuple[str, ...]
    end: End
    answer: Callable[[Random], Answer] = lambda _: Answer()
    late: tuple[float, float] = (0.0, 0.0)
    only: str = ""
    """A part of the call's name."""
    often: float = 1.0
    """How often beside the others."""


def status(code: int, /, *waits: int, **told: Any) -> Callable[[Random], Answer]:
    """Answer with a status, and perhaps with how long to wait."""

    def answer(chance: Random) -> Answer:
        headers = {"Retry-After": str(chance.choice(waits))} if waits else {}
        return answer_json(told, code, headers)

    return answer


def aws(code: str, *reasons: str, http: int = 400) -> Callable[[Random], Answer]:
    """Answer as DynamoDB does."""
    told: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "injected"}
    if reasons:
        told |= {"Message": f"[{', '.join(reasons)}]", "CancellationReasons": [{"Code": each} for each in reasons]}
    return lambda _: Answer(http, json.dumps(told).encode())


def _telegram_busy(chance: Random) -> Answer:
    wait = chance.choice((1, 3, 20))
    told = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": wait},
    }
    return answer_json(told, 429)


SLACK_BUSY = {"ok": False, "error": "ratelimited"}
BUSY = {"code": 20429, "message": "Too Many Requests", "error": {"code": 130429, "message": "Rate limit hit"}}
"""Twilio's words, and Meta's below `error`."""
TROUBLES = (
    Trouble("slack busy", ("slack",), End.REFUSED, status(429, 1, 2, 4, 30, 60, **SLACK_BUSY)),
    Trouble("slack busy for long", ("slack",), End.REFUSED, status(429, 90, 300, 900, **SLACK_BUSY), often=0.05),
    Trouble("slack unreached", ("slack",), End.UNREACHED),
    Trouble("slack question lost", ("slack",), End.LOST),
    Trouble("slack answer lost", ("slack",), End.SILENT, often=2.5),
    Trouble("slack line broke", ("slack",), End.RESET),
    Trouble("slack 500", ("slack",), End.REFUSED, status(500)),
    Trouble("slack 500 after effect", ("slack",), End.BROKEN, status(500)),
    Trouble("slack late", ("slack",), End.LATE, late=(10.5, 45.0)),
    Trouble("slack very late", ("slack",), End.LATE, late=(60.0, 150.0), often=0.3),
    Trouble(
        "file refused",
        ("slack",),
        End.REFUSED,
        status(200, ok=False, error="invalid_blocks"),
        only="completeUploadExternal",
        often=3.0,
    ),
    Trouble("provider busy", ("twilio", "whatsapp"), End.REFUSED, status(429, 1, 3, 20, **BUSY)),
    Trouble(
        "provider busy for long",
        ("twilio", "whatsapp"),
        End.REFUSED,
        status(429, 90, 300, 900, **BUSY),
        often=0.1,
    ),
    Trouble("provider busy for all", ("telegram",), End.REFUSED, _telegram_busy),
    Trouble("provider unreached", PROVIDERS, End.UNREACHED),
    Trouble("provider question lost", PROVIDERS, End.LOST),
    Trouble("provider answer lost", PROVIDERS, End.SILENT),
    Trouble("provider line broke", PROVIDERS, End.RESET),
    Trouble("provider 500", PROVIDERS, End.REFUSED, status(500)),
    Trouble("provider 500 after effect", PROVIDERS, End.BROKEN, status(500)),
    Trouble("provider late", PROVIDERS, End.LATE, late=(10.5, 25.0)),
    Trouble("table busy", ("dynamodb",), End.REFUSED, aws("ProvisionedThroughputExceededException")),
    Trouble(
        "table conflict",
        ("dynamodb",),
        End.REFUSED,
        aws("TransactionCanceledException", "TransactionConflict", "None"),
        only="TransactWriteItems",
    ),
    Trouble(
        "table conflict alone", ("dynamodb",), End.REFUSED, aws("TransactionConflictException"), only="PutItem"
    ),
    Trouble("table question lost", ("dynamodb",), End.LOST),
    Trouble("table answer lost", ("dynamodb",), End.SILENT),
    Trouble("table line broke", ("dynamodb",), End.RESET),
    Trouble("table 500 after effect", ("dynamodb",), End.BROKEN, aws("InternalServerError", http=500)),
    Trouble("table unreached", ("dynamodb",), End.UNREACHED),
    Trouble("bucket unreached", ("s3",), End.UNREACHED),
    Trouble("bucket refused", ("s3",), End.REFUSED),
    Trouble("bucket question lost", ("s3",), End.LOST),
    Trouble("bucket answer lost", ("s3",), End.SILENT),
    Trouble("bells refused", ("sqs",), End.LOST, often=2.0),
    Trouble("bells lost", ("sqs",), End.REFUSED, often=2.0),
    Trouble("bells twice", ("sqs",), End.BROKEN, late=(0.0, 90.0)),
    Trouble("bells late", ("sqs",), End.DONE, late=(1.0, 120.0)),
    Trouble("bells answer lost", ("sqs",), End.SILENT),
    Trouble("knock lost", KNOCKS, End.UNREACHED, often=2.5),
    Trouble("knock answer lost", KNOCKS, End.SILENT),
    Trouble("knock late", KNOCKS, End.DONE, late=(1.0, 90.0), often=2.5),
)
