from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.model import Side
from chalicelib.queues import Bell, Shift
from chalicelib.services import World
from chalicelib.settings import read
from chalicelib.store import Store
from infra.local.aws import Aws
from infra.local.dynamodb_local import create_table, dynamodb_local

SETTINGS = '[desks.support]\nslack_channel = "C0SUPPORT"\n[accounts]\n"telegram/main" = "support"\n'
SECRETS = {"TELEGRAM_BOT_TOKEN": "1:t", "TELEGRAM_WEBHOOK_SECRET": "s"}


class Bells:
    """Remembers who rang; threads may ring at once."""

    def __init__(self) -> None:
        self.rung: list[Bell] = []

    def ring(self, _: Side, bells: Iterable[Bell]) -> bool:
        self.rung += bells
        return True


@dataclass(frozen=True, slots=True)
class Backend:
    """A DynamoDB of some make."""

    name: str
    client: Any
    aws: Aws | None = None

    def new_table(self) -> str:
        if self.aws is None:
            return create_table(self.client)
        self.aws.reset()
        return self.aws.table

    def empty(self, table: str) -> None:
        """Take out the few rows a test has left: ten times as fast as a new table."""
        rows = self.client.scan(TableName=table, ProjectionExpression="PK, SK")["Items"]
        for start in range(0, len(rows), 25):
            gone = [{"DeleteRequest": {"Key": row}} for row in rows[start : start + 25]]
            self.client.batch_write_item(RequestItems={table: gone})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dynamodb-local", action="store_true", help="ask DynamoDB Local too (npm, Java 17)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        others = ["dynamodb-local"] if metafunc.config.getoption("--dynamodb-local", default=False) else []
        metafunc.parametrize("backend", ["ministack", *others], indirect=True, scope="session")


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Ask the embedded AWS and, where `--dynamodb-local` is given, Amazon's own stand-in the same questions."""
    if request.param == "ministack":
        aws: Aws = request.getfixturevalue("aws")
        yield Backend("ministack", aws.client("dynamodb"), aws)
        return
    request.getfixturevalue("aws")  # for the keys in the environment
    with dynamodb_local() as client:
        yield Backend("dynamodb-local", client)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture(scope="session")
def one_store(backend: Backend) -> Store:
    """Make one client only: it takes longer than most tests."""
    return Store(backend.new_table(), backend.client.meta.endpoint_url)


@pytest.fixture
def store(backend: Backend, one_store: Store, pauses: list[float]) -> Store:
    """Give an empty table; pauses are noted, not made."""
    backend.empty(one_store._row.Meta.table_name)
    one_store._pause = pauses.append
    return one_store


@pytest.fixture
def world(store: Store) -> World:
    """The least of a world: a table, and bells that are counted."""
    store._pause = time.sleep
    anything: Any = None
    bells: Any = Bells()
    return World(
        store=store,
        queues=bells,
        bucket=anything,
        slack=anything,
        call=anything,
        settings=lambda: read(SETTINGS, CHANNELS, MEDIA),
        secret=lambda name: SECRETS.get(name, ""),
        environment={},
        now=lambda: time.time_ns() // 1_000_000,
        pause=time.sleep,
        shift=Shift(lambda: 0),
    )
