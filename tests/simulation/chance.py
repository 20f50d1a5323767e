"""Chance that a seed decides: whatever asks the system for random bytes is given the seed's."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import ulid


class PerWorker:
    """Ids made within one millisecond ascend in one worker, and not across them: each is a process of its own."""

    def __init__(self, who: Callable[[], Any]) -> None:
        self._who = who

    def resolve_randomness(self, timestamp: int, randomness_source: Callable[[int], bytes]) -> bytes:
        task = self._who()
        if task is None:
            return randomness_source(timestamp)
        task.ids = task.ids or ulid.StrictMonotonicPolicy()
        given: bytes = task.ids.resolve_randomness(timestamp, randomness_source)
        return given


@contextmanager
def seeded(seed: int, who: Callable[[], Any]) -> Iterator[None]:
    """Let everything random come from one seed; the interpreter has no other seam for it."""
    chance = Random(f"bytes {seed}")  # noqa: S311 - that it can be told beforehand is its purpose
    kept = os.urandom, random._urandom, random.getstate(), ulid.default_generator  # type: ignore[attr-defined]
    os.urandom = random._urandom = chance.randbytes  # type: ignore[attr-defined]
    random.seed(f"random {seed}")
    ulid.default_generator = ulid.ULIDGenerator(policy=PerWorker(who))
    try:
        yield
    finally:
        os.urandom, random._urandom, state, ulid.default_generator = kept  # type: ignore[attr-defined]
        random.setstate(state)
