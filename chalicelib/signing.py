"""Constant-time comparison, HMACs, freshness."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

FRESH_SECONDS = 300


def same(given: str, expected: str) -> bool:
    """Compare two secrets in constant time, whatever characters a stranger sends."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def same_as_any(given: str, expected: Iterable[str]) -> bool:
    """Compare with each, not stopping at the first: time must tell nothing. Empty secrets never fit."""
    results = [same(given, value) for value in expected if value]
    return any(results)


def hex_sha256(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def fresh(timestamp: str, now: float) -> bool:
    """Tell whether a timestamp in seconds is within five minutes of now."""
    return timestamp.isascii() and timestamp.isdigit() and abs(now - int(timestamp[:12])) <= FRESH_SECONDS
