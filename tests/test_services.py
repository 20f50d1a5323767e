from __future__ import annotations

import os
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib import services
from chalicelib.errors import NotHere, OperatorError, SecretMissing
from chalicelib.model import Saved
from chalicelib.store import Insert
from tests.house import House

PATH = "/threadline/prod"


@pytest.fixture
def parameter_store() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.pop("AWS_ENDPOINT_URL", None)
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")
    with mock_aws():
        client = boto3.client("ssm")
        for number in range(12):
            client.put_parameter(Name=f"{PATH}/SECRET_{number}", Value=f"value {number}", Type="SecureString")
        yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("parameter_store")
def test_secrets_come_from_parameter_store_page_after_page() -> None:
    secret = services._secrets({"THREADLINE_SECRETS": PATH})
    assert [secret(f"SECRET_{number}") for number in (0, 11)] == ["value 0", "value 11"]
    assert secret("SECRET_99") == ""


@pytest.mark.usefixtures("parameter_store")
def test_the_environment_wins_over_parameter_store() -> None:
    assert services._secrets({"THREADLINE_SECRETS": PATH, "SECRET_0": "mine"})("SECRET_0") == "mine"


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("", "https://slack.com/api/"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001/api/"),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/api/"),
        ("https://slack.com/api", "https://slack.com/api/"),
        ("https://slack.com/api/", "https://slack.com/api/"),
    ],
)
def test_slacks_address_may_be_given_with_or_without_its_end(given: str, base: str) -> None:
    assert services.slack_base(given) == base


def test_a_line_that_the_settings_do_not_name_is_not_here(house: House) -> None:
    for channel, account in (("fax", "main"), ("twilio", "sales")):
        with pytest.raises(NotHere):
            house.world.line(channel, account)


def test_a_further_account_reads_its_own_secrets(house: House) -> None:
    house.settings_text += '"twilio/sales" = "support"\n'
    with pytest.raises(SecretMissing, match="TWILIO_ACCOUNT_SID_SALES and TWILIO_AUTH_TOKEN_SALES"):
        house.world.line("twilio", "sales")


def test_a_missing_variable_says_what_to_do() -> None:
    with pytest.raises(OperatorError, match="TABLE is not set: start with `make run`"):
        services.make({})


def test_without_settings_it_says_which_command_to_run(house: House) -> None:
    with pytest.raises(OperatorError, match="make settings"):
        services._settings(house.world.store)()


def test_settings_are_read_from_the_table(house: House) -> None:
    house.world.store.write(Insert(Saved("settings", house.settings_text)))
    assert services._settings(house.world.store)() == house.world.settings()


def test_an_account_never_shows_its_secrets(house: House) -> None:
    _, account = house.world.line("twilio", "main")
    assert "twilio-token" not in repr(account)
