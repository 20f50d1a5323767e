"""The page's server beside the real stand-ins: what each of them tells arrives at the reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import takewhile
from typing import Any

import pytest
import requests

from infra.local.page import Page
from infra.local.slack import SlackStandIn
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn

NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def stand_ins() -> Iterator[dict[str, Any]]:
    with ExitStack() as open_ones:
        made: dict[str, Any] = {
            "slack": SlackStandIn(NOBODY, NOBODY, "secret", "xoxb-1", background=False),
            "twilio": TwilioStandIn(NOBODY, "AC" + "0" * 32, "token"),
            "whatsapp": WhatsAppStandIn(NOBODY, "token", "secret", "verify"),
            "telegram": TelegramStandIn(NOBODY, "1:token", "secret"),
        }
        for each in made.values():
            open_ones.enter_context(closing(each))
        yield made


ACTS = {
    "slack": ("say", ("bob", "support", "hello"), "message"),
    "twilio": ("write", ("+15550100001", "hello"), "phone"),
    "whatsapp": ("write", ("5511900000001", "hello"), "phone"),
    "telegram": ("write", (7001, "hello"), "phone"),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_a_stand_in_tells_arrives_at_the_page(stand_ins: dict[str, Any], name: str) -> None:
    verb, arguments, kind = ACTS[name]
    urls = {one: stand_in.url for one, stand_in in stand_ins.items()}
    with closing(Page(0, urls)) as page:
        since = requests.get(f"{page.url}/state", timeout=10).json()
        query = {"boot": since["boot"], "after": since["at"]}
        with requests.get(f"{page.url}/live", params=query, stream=True, timeout=10) as live:
            getattr(stand_ins[name], verb)(*arguments)
            lines = takewhile(lambda line: "still here" not in line, live.iter_lines(1, decode_unicode=True))
            told = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {"))
            found = next((change for change in told if change.get("kind") == kind), {"source": "nobody"})
    assert found["source"] == name
    assert "hello" in json.dumps(found)
