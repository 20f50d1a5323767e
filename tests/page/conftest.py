"""A browser, a running stack, and the page in it, seen and used as a person does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import botocore.session
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from infra.browser import chromium
from infra.local.aws import KEYS, REGION

ROOT = Path(__file__).parents[2]
SITE = ROOT / "infra" / "local" / "page" / "site"
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST_PORT = int(os.environ.get("THREADLINE_TEST_PORT", "24000")) + 100 * WORKER
PATIENCE = 30_000
"""Milliseconds until what should be on the page counts as missing: a slow machine under load has time enough."""
expect.set_options(timeout=PATIENCE)
LONGEST = (
    "test_provider_faults",
    "test_access",
    "test_page_files",
    "test_page_changes",
    "test_faults",
    "test_line",
)
"""What takes longest comes first, so that at the end nobody waits for one worker alone."""
STAND_INS = ("slack", "twilio", "whatsapp", "telegram")
CALM = 2
"""Looks in a row that find nothing under way: between two of them nothing can hide."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@cache
def _sqs(port: int) -> Any:
    return botocore.session.Session().create_client(
        "sqs",
        region_name=REGION,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A stack in a process of its own, pulled by its documented strings."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port + 6}"

    def pull(self, stand_in: str, verb: str, **about: Any) -> Any:
        port = self.port + 1 + STAND_INS.index(stand_in)
        body = json.dumps(about).encode()
        url = f"http://127.0.0.1:{port}/control/{verb}"
        with urllib.request.urlopen(url, body, timeout=PATIENCE / 1000) as answer:
            return json.load(answer)

    def close_modals(self) -> None:
        """Close what a test that failed has left open."""
        for name in ("bob", "mia", "jun"):
            if self.pull("slack", "modal", user=name)["result"]:
                self.pull("slack", "close_modal", user=name, everything=True)

    def rest(self) -> None:
        """Wait until nothing is under way: no bell in a queue, no event, no webhook."""
        end = time.monotonic() + 2 * PATIENCE / 1000
        calm = 0
        while calm < CALM:
            for stand_in in STAND_INS:
                self.pull(stand_in, "quiet", timeout=PATIENCE / 2000)
            calm = 0 if self._bells() else calm + 1
            if time.monotonic() > end:
                raise TimeoutError("the stack does not come to rest")

    def _bells(self) -> int:
        counted = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        sqs, bells = _sqs(self.port + 5), 0
        for url in [url for url in sqs.list_queues()["QueueUrls"] if not url.endswith("-dead.fifo")]:
            about = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counted)["Attributes"]
            bells += sum(int(about[name]) for name in counted)
        return bells

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=180)


def start(port: int = FIRST_PORT, program: str = "infra.local", **settings: str) -> Running:
    """Start `make run`'s program, or one like it, and wait until its page answers."""
    environment = {
        **os.environ,
        "THREADLINE_PORT": str(port),
        "THREADLINE_RUN_DIR": tempfile.mkdtemp(prefix="threadline-run-"),
        "THREADLINE_LOG_LEVEL": "ERROR",
        "THREADLINE_BROWSER": "no",
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    running, end = Running(process, port), time.monotonic() + 120
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(process.communicate()[1])
        try:
            with urllib.request.urlopen(f"{running.url}/state", timeout=5):  # noqa: S310 - our own page
                return running
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the stack did not start within two minutes")


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[Running]:
    running = start()
    yield running
    running.end()


@pytest.fixture(scope="session")
def hasty_stack() -> Iterator[Running]:
    """Another one, with short minutes: see hasty.py."""
    running = start(FIRST_PORT + 20, "tests.page.hasty")
    yield running
    running.end()


@pytest.fixture(scope="session")
def desks_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Another one, whose team has a second desk, so that something can move."""
    settings = tmp_path_factory.mktemp("settings") / "settings.toml"
    sales = '[desks.sales]\nslack_channel = "C0SALES"\n'
    settings.write_text(f"{(ROOT / 'settings.example.toml').read_text()}\n{sales}")
    running = start(FIRST_PORT + 60, THREADLINE_SETTINGS=str(settings))
    yield running
    running.end()


@pytest.fixture
def stack(whole_stack: Running) -> Running:
    """The stack with nothing planned to go wrong; who wrote before stays in it, as in life."""
    for stand_in in STAND_INS:
        whole_stack.pull(stand_in, "mend")
    whole_stack.close_modals()
    return whole_stack


@contextmanager
def visiting(browser: Browser, url: str, **context: Any) -> Iterator[Page]:
    """Open the page in a window of its own; whatever it complains of in its console fails the test."""
    window: BrowserContext = browser.new_context(
        viewport=context.pop("viewport", {"width": 1440, "height": 900}), reduced_motion="reduce", **context
    )
    window.set_default_timeout(PATIENCE)
    page = window.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def crash(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", hear)
    page.on("pageerror", crash)
    page.goto(url)
    yield page
    window.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, stack: Running) -> Iterator[Page]:
    """The page, live, in a window that has never seen it."""
    with visiting(browser, stack.url) as opened:
        opened.get_by_text("Live", exact=True).wait_for()
        yield opened


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The page's files alone, without a stack behind them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *about: _Quiet(*about, directory=str(SITE)))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
