"""What Slack sends is kept without its secrets, and otherwise as it came."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote_plus

import pytest

from chalicelib.raw import keep
from chalicelib.slack.stripped import stripped
from chalicelib.web import Request
from tests.house import House

HOOK = "https://hooks.slack.com/actions/T0/1/secret"
WORDS = 'see https://shop/?a=1&token=mine and "token": "abc", \\ %22token%22'


def pressed(**about: str) -> bytes:
    return json.dumps({"type": "block_actions", "token": "secret", "response_url": HOOK, **about}).encode()


@pytest.mark.parametrize("form", ["json", "payload", "form", "cut short", "cut short form"])
def test_a_secret_is_not_kept(form: str) -> None:
    body = {
        "json": pressed(),
        "payload": b"payload=" + quote_plus(pressed()).encode(),
        "form": b"token=secret&command=%2Fdesk&response_url=" + quote_plus(HOOK).encode(),
        "cut short": b'{"team": "T0", "token" : "secr',
        "cut short form": b"payload=%7B%22token%22%3A+%22secr",
    }[form]
    assert b"secr" not in stripped(body)


def test_everything_else_stays_as_it_came() -> None:
    told = json.loads(stripped(pressed(text=WORDS)))
    assert told == {"type": "block_actions", "token": "", "response_url": "", "text": WORDS}


@pytest.mark.parametrize("door", ["events", "interactions"])
def test_both_doors_of_slack_keep_no_secret(house: House, door: str) -> None:
    raw = keep(house.world, ("slack", door), Request("POST", body=pressed()), "malformed")
    assert b"secret" not in base64.b64decode(raw.body)


def test_a_providers_body_is_kept_byte_for_byte(house: House) -> None:
    raw = keep(house.world, ("telegram", "main"), Request("POST", body=pressed()), "malformed")
    assert base64.b64decode(raw.body) == pressed()
