"""Moments and identities. Every moment is an int: milliseconds since 1970, UTC."""

from __future__ import annotations

from ulid import ULID

DAY = 24 * 3600 * 1000
LATE_AT_MOST = 7 * DAY
"""A provider's clock is believed this far back; older claims are taken for a broken clock."""


def new_id(now: int) -> str:
    """Make an identity that sorts by arrival."""
    return str(ULID.from_timestamp(now / 1000))


def born(ulid: str) -> int:
    """Tell when an id was made."""
    return ULID.from_str(ulid).milliseconds


def believed(at: int, arrived: int) -> int:
    """Take a provider's clock within reason: nothing is written after it arrived, or more than a week before."""
    return min(max(at, arrived - LATE_AT_MOST), arrived)
