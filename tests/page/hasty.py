"""`make run`'s program with short minutes: what waits one for a stale claim, or three at a gate, waits seconds."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from chalicelib import patience, settling
from infra.local import __main__, pump, stack

SECOND = 1000


def put_settings_and_hurry(environment: Mapping[str, str]) -> Path:
    """Shorten what has to age, once the environment is set and before anybody works."""
    from chalicelib import gates, sweep  # noqa: PLC0415 - the queues are named by the environment
    from chalicelib.outbound import attempt  # noqa: PLC0415

    gates.OURS_FOR = 6 * SECOND
    attempt.RECEIPT_WAIT = 6 * SECOND
    sweep.EARLY = SECOND // 4
    return put_settings(environment)


settling.CLAIM_LIFE = patience.MINUTE = 3 * SECOND  # before anybody copies it
put_settings, stack.put_settings = stack.put_settings, put_settings_and_hurry
(pump.Pump.__init__.__kwdefaults__ or {})["speed"] = 60.0

if __name__ == "__main__":
    sys.exit(__main__.main())
