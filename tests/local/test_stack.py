"""`make run`, `make demo` and `make settings` as a person meets them: in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QUIET = {"THREADLINE_LOG_LEVEL": "ERROR"}
RUN_DIR = tempfile.TemporaryDirectory(prefix="threadline-run-")


WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = iter(range(20_000 + 500 * WORKER, 20_500 + 500 * WORKER, 7))
"""Below the ports that the system gives to others, and a range of its own for each worker."""


def free_ports() -> int:
    """Find seven ports in a row that nobody uses."""
    return next(first for first in PORTS if all(_is_free(first + number) for number in range(7)))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def run(*module: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env={**os.environ, **QUIET, "THREADLINE_RUN_DIR": RUN_DIR.name, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(**environment: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_ports()
    process = run("infra.local", THREADLINE_PORT=str(port), **environment)
    try:
        end = time.monotonic() + 30
        while _is_free(port + 6) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        yield port, process
    finally:
        process.kill()
        process.communicate()


def health(port: int) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def test_it_starts_is_well_and_ends_on_ctrl_c() -> None:
    with running() as (port, process):
        assert health(port)["ok"] is True
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert "Threadline is up after" in said
    assert process.returncode == 0


def test_a_busy_port_is_named() -> None:
    with socket.socket() as taken:
        port = free_ports()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = run("infra.local", THREADLINE_PORT=str(port))
        _, said = process.communicate(timeout=30)
    assert f"Port {port} is in use" in said
    assert f"Threadline uses {port} to {port + 6}" in said
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"THREADLINE_PORT": "eight"}, "THREADLINE_PORT is 'eight'"),
        ({"THREADLINE_SETTINGS": "/nowhere.toml"}, "there is no such file"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(environment: dict[str, str], said: str) -> None:
    process = run("infra.local", **{"THREADLINE_PORT": str(free_ports()), **environment})
    _, error = process.communicate(timeout=30)
    assert said in error
    assert "Traceback" not in error


def test_a_service_with_an_address_of_its_own_gets_no_stand_in() -> None:
    with running(THREADLINE_TELEGRAM_URL="http://127.0.0.1:9", TELEGRAM_BOT_TOKEN="1:x") as (port, _):
        assert _is_free(port + 4)
        assert not _is_free(port + 3)


def test_the_page_is_at_the_last_port_and_knows_what_is_real() -> None:
    real = {"THREADLINE_TELEGRAM_URL": "http://127.0.0.1:9", "TELEGRAM_BOT_TOKEN": "1:x"}
    with running(**real, THREADLINE_PUBLIC_URL="https://example.com/") as (port, process):
        assert process.stdout is not None
        said = "".join(iter(process.stdout.readline, "  End it:                            Ctrl-C\n"))
        with urllib.request.urlopen(f"http://127.0.0.1:{port + 6}/state", timeout=10) as answer:
            state = json.load(answer)
        note = json.loads((Path(RUN_DIR.name) / "stack.json").read_text())
    services = {"slack": "stand-in", "twilio": "stand-in", "whatsapp": "stand-in", "telegram": "real"}
    app = f"http://127.0.0.1:{port}"
    assert state["about"] == {
        "app": app,
        "desks": ["C0SUPPORT"],
        "public": "https://example.com",
        "services": services,
    }
    assert sorted(name for name, source in state["sources"].items() if source) == ["slack", "twilio", "whatsapp"]
    assert note["page"] == f"http://127.0.0.1:{port + 6}"
    assert said.index(note["page"]) < said.index(app + " ")


def test_what_will_not_work_yet_is_said_at_the_start() -> None:
    real = {"THREADLINE_SLACK_URL": "http://127.0.0.1:9", "THREADLINE_TELEGRAM_URL": "http://127.0.0.1:9"}
    with running(**real) as (port, process):
        health(port)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert "! telegram/main needs TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET; see .env.example." in said
    assert "! Slack's requests cannot be checked: SLACK_SIGNING_SECRET is not set." in said
    assert "! Slack does not answer at http://127.0.0.1:9: posts wait until it does." in said


def test_the_demo_plays_to_its_end() -> None:
    process = run("infra.local.demo", THREADLINE_PORT=str(free_ports()))
    said, error = process.communicate(timeout=60)
    assert said.endswith(
        "Three customers, three channels, three threads; every reply reached its customer and says so.\n"
    ), error
