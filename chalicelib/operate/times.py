"""Moments and ages as an operator reads them."""

from __future__ import annotations

import datetime as dt

SECONDS = (("d", 86_400), ("h", 3_600), ("min", 60))


def moment(ms: int) -> str:
    """Write a moment in UTC, to the millisecond, so that it sorts and can be looked up in the logs."""
    at = dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def age(ms: int) -> str:
    """Say how long something has been so, in its largest unit."""
    seconds = max(ms, 0) // 1000
    for unit, length in SECONDS:
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
