"""Ask DynamoDB again where that is safe: throttled, in another's way, or left without an answer.

botocore's own retries are off, because they hide that an earlier try may have been carried out. What is asked
again must be harmless twice, or `unanswered` must remember.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum, auto
from itertools import count
from typing import TypeVar

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBConnectionError, PynamoDBException, TransactWriteError

T = TypeVar("T")

TRIES = 8
"""How often what was not carried out is asked for before the caller is told (about 0.7 s of pauses)."""
UNANSWERED_TRIES = 3
"""How often what got no answer is asked for: each try may have cost the whole timeout."""

CONDITION_FAILED = "ConditionalCheckFailed"
NOT_DONE = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""What DynamoDB says, of a call or of one item of a transaction, when it did nothing and may be asked again.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""
PERHAPS_DONE = frozenset(
    {"InternalFailure", "InternalServerError", "ServiceUnavailable", "500", "502", "503", "504"}
)


class Fate(Enum):
    """What became of a call that failed."""

    FINAL = auto()
    NOT_DONE = auto()
    PERHAPS_DONE = auto()


def repeat(
    call: Callable[[], T], pause: Callable[[float], None], unanswered: Callable[[], object] = lambda: None
) -> T:
    """Call until there is an answer that will not change; `unanswered` hears of tries that may have been done."""
    silences = 0
    for attempt in count(1):
        try:
            return call()
        except (PynamoDBConnectionError, TransactWriteError) as error:
            fate = fate_of(error)
            if fate is Fate.FINAL or attempt == TRIES:
                raise
            if fate is Fate.PERHAPS_DONE:
                silences += 1
                if silences == UNANSWERED_TRIES:
                    raise
                unanswered()
        pause(random.uniform(0.01, 0.04 * attempt))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def fate_of(error: PynamoDBException) -> Fate:
    """Tell whether a call that failed was carried out, as far as can be known."""
    code = code_of(error)
    if not code:
        return Fate.PERHAPS_DONE
    codes = reasons(error) or {code}
    if CONDITION_FAILED not in codes and codes & NOT_DONE:
        return Fate.NOT_DONE
    return Fate.PERHAPS_DONE if code in PERHAPS_DONE else Fate.FINAL


def code_of(error: PynamoDBException) -> str:
    """Name what DynamoDB answered, or nothing if it did not: pynamodb's own way breaks on a timeout."""
    return error.cause_response_code or "" if isinstance(error.cause, ClientError) else ""


def reasons(error: PynamoDBException) -> set[str]:
    """Name the reasons for which a transaction was cancelled; nothing if there was none."""
    given = error.cancellation_reasons if isinstance(error, TransactWriteError) else ()
    return {reason.code for reason in given if reason is not None}
