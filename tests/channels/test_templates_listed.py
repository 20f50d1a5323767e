"""What every channel promises of its templates: a list or an outcome, whatever the answer is."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from chalicelib.channels import CHANNELS
from chalicelib.channels.whatsapp.approved import ACCOUNT
from chalicelib.model import Ambiguous, Outcome, Template
from chalicelib.web import NoAnswer, NotTaken, Reply
from infra.local.twilio import contents
from infra.local.whatsapp import templates
from tests.captures import ACCOUNTS

FULL = {
    "whatsapp": templates.listed(
        templates.usual(), {"limit": "100", "fields": "name,language,status,components"}, ""
    ).body,
    "twilio": contents.listed(contents.usual(), "AC1", {"PageSize": "100"}).body,
    "telegram": b"{}",
}

every_channel = pytest.mark.parametrize("channel", CHANNELS)


def ask(channel: str, body: bytes, status: int = 200) -> tuple[Template, ...] | Outcome:
    account = ACCOUNTS[channel]
    account.secrets[ACCOUNT] = "1"  # type: ignore[index]  # a dictionary here
    return CHANNELS[channel].templates(account, lambda *_, **__: Reply(status, body, {}))


def spoiled(value: Any) -> list[Any]:
    """Make variants of a JSON value in which one value, at any depth, is another or missing."""
    if isinstance(value, list):
        return [None, "x", *([[other] for other in spoiled(value[0])] if value else [])]
    if not isinstance(value, dict):
        return [None, 7, [], {"x": 1}, "\ud83d"]
    changed = [{**value, name: other} for name, each in value.items() for other in spoiled(each)]
    return [None, [], *changed, *({n: e for n, e in value.items() if n != name} for name in value)]


@every_channel
def test_a_channel_lists_templates_where_a_medium_of_its_has_some(channel: str) -> None:
    found = ask(channel, FULL[channel])
    has = any(medium.templates for medium in CHANNELS[channel].CAPABILITIES.values())
    assert isinstance(found, tuple)
    assert bool(found) is has
    for each in found:
        assert each.id
        assert each.unsendable or each.body
        assert all(each.variables)


@every_channel
def test_whatever_the_answer_is_there_is_a_list_or_an_outcome(channel: str) -> None:
    for other in spoiled(json.loads(FULL[channel])):
        found = ask(channel, json.dumps(other).encode())
        assert isinstance(found, (tuple, *get_args(Outcome)))


@every_channel
@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_a_refusal_is_one_of_the_outcomes(channel: str, status: int) -> None:
    found = ask(channel, b"<html>", status)
    assert found == () or isinstance(found, get_args(Outcome))


@pytest.mark.parametrize("channel", ["twilio", "whatsapp"])
@pytest.mark.parametrize("failure", [NotTaken, NoAnswer])
def test_no_answer_is_its_own_outcome(channel: str, failure: type[NotTaken | NoAnswer]) -> None:
    def http(*_: Any, **__: Any) -> Reply:
        raise failure

    assert CHANNELS[channel].templates(ACCOUNTS[channel], http) == failure.outcome


def test_an_unreadable_list_is_no_empty_one() -> None:
    assert isinstance(ask("whatsapp", b'{"data": 7}'), Ambiguous)
