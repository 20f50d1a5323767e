"""`make replay` and its siblings, short of being processes of their own."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from chalicelib.errors import OperatorError
from chalicelib.operate import operate
from chalicelib.raw import keep
from chalicelib.web import Request
from infra.operate import Ask, carry_out, on_aws, order_of
from tests.house import House


class Lambda:
    """Stands in for botocore's client: remembers what was invoked, and answers what it was given."""

    def __init__(self, *answers: Any, error: str = "") -> None:
        self.invoked: list[tuple[str, Any]] = []
        self._answers, self._error = list(answers), error

    def invoke(self, **call: Any) -> dict[str, Any]:
        self.invoked.append((call["FunctionName"], json.loads(call["Payload"])))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        failed = {"FunctionError": self._error} if self._error else {}
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


def asked(house: House) -> Ask:
    return lambda order: operate(house.world, order)


def test_what_is_said_on_the_command_line_is_the_order() -> None:
    order = order_of(["trace", "id=https://x.slack.com/archives/C0/p1?thread_ts=1.2&cid=C0", "channel=", "words="])
    assert order == {"do": "trace", "id": "https://x.slack.com/archives/C0/p1?thread_ts=1.2&cid=C0"}


def test_a_word_without_a_name_is_refused_in_a_sentence() -> None:
    with pytest.raises(OperatorError, match="'all' is not of the form name=value"):
        order_of(["retry", "all"])


def test_each_thing_is_a_line_and_where_there_is_none_that_is_said(house: House) -> None:
    assert list(carry_out(asked(house), {"do": "unread"})) == ["Everything could be read."]
    assert list(carry_out(asked(house), {"do": "replay"})) == ["There was nothing to do."]
    raw = keep(house.world, ("telegram", "main"), Request("POST", body=b"?"), "malformed", unread="malformed: ?")
    (line,) = carry_out(asked(house), {"do": "unread"})
    assert line.startswith(f"{raw.id}  telegram/main  ")
    assert "  malformed: ?  " in line


def test_a_story_is_told_line_by_line_without_its_words(house: House) -> None:
    house.twilio.write("+15551230001", "a secret")
    house.run()
    (item,) = house.items()
    told = "\n".join(carry_out(asked(house), {"do": "trace", "id": item.their_id}))
    assert told.startswith(f"{item.conversation}.{item.id}  a customer's message, found by ")
    assert "  claimed " in told
    assert "  now       in its thread" in told
    assert "secret" not in told
    assert "a secret" in "\n".join(carry_out(asked(house), {"do": "trace", "id": item.their_id, "words": "yes"}))


def test_a_deployed_stage_is_asked_until_nothing_is_left() -> None:
    client = Lambda(
        {"done": [{"raw": "A", "outcome": "read"}], "next": "A"},
        {"done": [{"raw": "B", "outcome": "still unread", "why": "because"}], "next": ""},
    )
    lines = list(carry_out(on_aws("prod", client), {"do": "replay"}))
    assert lines == ["A  read", "B  still unread  because"]
    name = "threadline-prod-operate"
    assert client.invoked == [(name, {"do": "replay"}), (name, {"do": "replay", "after": "A"})]


@pytest.mark.parametrize(
    ("client", "says"),
    [
        (Lambda(OSError("no route")), r"threadline-prod-operate cannot be called \(OSError\): are AWS_REGION"),
        (Lambda({"errorType": "KeyError"}, error="Unhandled"), r"threadline-prod-operate broke \(KeyError\)"),
        (Lambda({"error": "Say which."}), "Say which."),
    ],
)
def test_what_goes_wrong_is_a_sentence(client: Lambda, says: str) -> None:
    with pytest.raises(OperatorError, match=says):
        list(carry_out(on_aws("prod", client), {"do": "retry"}))
