"""What every command on the laptop starts from: the environment, the ports, and where a stack says it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).parents[1]
RUNNING = Path(os.environ.get("THREADLINE_RUN_DIR") or ROOT / ".run") / "stack.json"
"""Where a running stack says where it is, for `make demo` and `make settings`."""
PORT = 8000
"""The first of the seven ports in a row that a stack uses, unless told otherwise."""
PORTS = range(1024, 65_530)


def environment_of(root: Path) -> dict[str, str]:
    """Give the environment with what .env adds to it, the same for every command."""
    file = root / ".env"
    from_file = {name: value for name, value in dotenv_values(file).items() if value} if file.is_file() else {}
    return {**from_file, **os.environ}


def port_of(environment: Mapping[str, str]) -> int:
    """Read the first port to use; raises ValueError."""
    port = int(environment.get("THREADLINE_PORT") or PORT)
    if port not in PORTS:
        raise ValueError("out of range")
    return port
