from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from infra.local.aws import Aws, embedded_aws
from tests.families import thin_out
from tests.house import House

# A busy machine is no counter-example, and a run that fails has to fail again.
settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=30)
settings.register_profile("thorough", settings.get_profile("house"), max_examples=100)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)  # before the slow ones are taken out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    thin_out(items)


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    """The embedded AWS with the deployed table, queues and bucket; the environment points at it."""
    with embedded_aws() as running:
        before = dict(os.environ)
        os.environ.update(running.environment())
        yield running
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def whole_house(aws: Aws) -> Iterator[House]:
    house = House(aws)
    house.begin()
    yield house
    house.close()


@pytest.fixture
def house(whole_house: House) -> House:
    whole_house.begin()
    return whole_house
