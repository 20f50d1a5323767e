"""The strings of every stand-in are pulled from this machine alone, and whatever is asked gets an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from infra.local.faults import MOST
from infra.local.server import Answer, Server
from infra.local.slack import SlackStandIn
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn

AC = "AC" + "0" * 32
NAMES = ("slack", "twilio", "whatsapp", "telegram")
CALLS = {
    "slack": "/api/auth.test",
    "twilio": f"/2010-04-01/Accounts/{AC}.json",
    "whatsapp": "/v26.0/106540352242922",
    "telegram": "/bot1000001:token/getMe",
}
FAILING = {name: {"method": "*"} if name == "slack" else {} for name in NAMES}
REPEAT = {name: "repeat_events" if name == "slack" else "repeat" for name in NAMES}

Json = dict[str, Any]


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[dict[str, Any]]:
    with closing(Server(lambda _: Answer(200))) as app:
        ours = f"{app.url}/hook"
        found: dict[str, Any] = {
            "slack": SlackStandIn(ours, ours, "secret", "xoxb-token", rate_limits=False),
            "twilio": TwilioStandIn(ours, AC, "token"),
            "whatsapp": WhatsAppStandIn(ours, "token", "secret", "verify"),
            "telegram": TelegramStandIn(ours, "1000001:token", "secret"),
        }
        yield found
        for stand_in in found.values():
            stand_in.close()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, stand_ins: dict[str, Any]) -> Iterator[str]:
    yield request.param
    stand_ins[request.param].reset()


@pytest.fixture
def stand_in(stand_ins: dict[str, Any], name: str) -> Any:
    return stand_ins[name]


def pull(stand_in: Any, verb: str, asked: Any = None, **headers: str) -> requests.Response:
    body = asked if isinstance(asked, bytes) else json.dumps(asked or {})
    return requests.post(f"{stand_in.url}/control/{verb}", body, headers=headers, timeout=10)


def look(stand_in: Any, view: str, **headers: str) -> requests.Response:
    return requests.get(f"{stand_in.url}/control/{view}", headers=headers, timeout=10)


STRANGERS = [
    {"Host": "rebound.example"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", STRANGERS)
def test_another_site_pulls_no_strings_and_sees_nothing(stand_in: Any, headers: dict[str, str]) -> None:
    answers = [
        pull(stand_in, "mend", **headers),
        *(look(stand_in, view, **headers) for view in ("state", "changes")),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert [answer.json()["ok"] for answer in answers] == [False] * 3


@pytest.mark.parametrize("provider", NAMES[1:])
@pytest.mark.parametrize("headers", STRANGERS)
def test_another_site_sees_no_picture(stand_ins: dict[str, Any], provider: str, headers: dict[str, str]) -> None:
    assert look(stand_ins[provider], "media/any", **headers).status_code == 403


@pytest.mark.parametrize("headers", [{"Host": "localhost:1"}, {"Origin": "http://localhost:8080"}])
def test_this_machine_may_pull_whatever_its_port_is_called(stand_in: Any, headers: dict[str, str]) -> None:
    assert pull(stand_in, "mend", **headers).status_code == 200


HOWS: list[Any] = [
    {"status": 429, "retry_after": 1.5},
    {"status": 429, "retry_after": "1"},
    {"status": 429, "retry_after": -1},
    {"status": "429"},
    {"status": True},
    {"status": 42},
    {"delay": "2"},
    {"delay": -1},
    {"delay": 10**9},
    {"delay": float("nan")},
    {"drop": "sometimes"},
    {"drop": []},
    {"error": []},
    {"magic": 1},
    {},
    5,
    "status",
    None,
]


@pytest.mark.parametrize("how", HOWS, ids=str)
def test_a_fault_that_cannot_be_meant_is_refused_when_it_is_planned(stand_in: Any, name: str, how: Any) -> None:
    answer = pull(stand_in, "fail", {**FAILING[name], "how": how})
    assert (answer.status_code, stand_in.state()["faults"]) == (400, [])
    assert "fault" in answer.json()["error"]


@pytest.mark.parametrize("times", [-1, 1.5, "2", True, None, MOST + 1])
def test_how_often_is_a_whole_number_within_reason(stand_in: Any, name: str, times: Any) -> None:
    fault = {**FAILING[name], "how": {"status": 500}, "times": times}
    assert [pull(stand_in, "fail", fault).status_code, pull(stand_in, REPEAT[name], {"n": times}).status_code] == [
        400
    ] * 2
    assert (stand_in.state()["faults"], stand_in.state()["repeat"]) == ([], 0)


def test_the_name_of_a_call_is_a_word(stand_in: Any, name: str) -> None:
    place = "method" if name == "slack" else "on"
    assert pull(stand_in, "fail", {"how": {"status": 500}, place: 5}).status_code == 400


def test_events_are_dropped_by_number(stand_ins: dict[str, Any]) -> None:
    assert pull(stand_ins["slack"], "drop_events", {"n": "x"}).status_code == 400


def test_parameters_of_telegram_hold_a_whole_wait(stand_ins: dict[str, Any]) -> None:
    how = {"error": 429, "parameters": {"retry_after": 1.5}}
    assert pull(stand_ins["telegram"], "fail", {"how": how}).status_code == 400


def test_a_call_that_is_spoiled_is_answered_and_told(stand_in: Any, name: str) -> None:
    pull(stand_in, "fail", {**FAILING[name], "how": {"status": 429, "retry_after": 7}})
    answer = requests.get(stand_in.url + CALLS[name], timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    [call] = [change for change in stand_in.changes()["changes"] if change["kind"] == "call"]
    assert (call["outcome"], call["retry_after"]) == ("429", 7)


BODIES = [
    *(
        b"[]",
        b"5",
        b"null",
        b"{",
        b"\xff",
        b"[" * 200_000,
        b'{"who": 5}',
        b'{"who": []}',
        b'{"who": {}, "text": 7}',
    ),
    *(b'{"user": 5, "channel": 5, "text": 5}', b'{"user": "bob", "channel": [], "text": "a"}', b'{"x": 1}'),
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.decode("latin-1")[:30])
def test_whatever_is_said_gets_an_answer_with_a_reason(stand_in: Any, name: str, body: bytes) -> None:
    if name in {"telegram", "whatsapp"} and body == b'{"who": 5}':
        pytest.skip("digits alone are a customer here")
    answer = pull(stand_in, "say" if name == "slack" else "write", body)
    assert (answer.status_code, answer.json()["ok"], bool(answer.json()["error"])) == (400, False, True)


@pytest.mark.parametrize(
    "query", ["since=-1", "since=1.5", "since=" + "9" * 5000, "since=²", "wait=-1", "wait=nan", "wait=inf", "at=1"]
)
def test_a_question_that_makes_no_sense_is_refused_alike(stand_in: Any, query: str) -> None:
    answer = look(stand_in, f"changes?{query}")
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_the_largest_number_a_script_can_count_to_is_one(stand_in: Any) -> None:
    assert look(stand_in, f"changes?since={2**53 - 1}").json()["lost"]


def test_what_is_no_control_or_is_asked_the_wrong_way_is_refused_alike(stand_in: Any) -> None:
    answers = [pull(stand_in, "fly"), pull(stand_in, "state"), look(stand_in, "mend")]
    assert [(answer.status_code, answer.json()["ok"]) for answer in answers] == [
        (404, False),
        (405, False),
        (405, False),
    ]


def test_the_first_plan_that_fits_is_the_one_a_call_meets(stand_in: Any, name: str) -> None:
    place = "method" if name == "slack" else "on"
    pull(stand_in, "fail", {"how": {"status": 500}, place: "something.else"})
    pull(stand_in, "fail", {**FAILING[name], "how": {"status": 503}})
    assert requests.get(stand_in.url + CALLS[name], timeout=10).status_code == 503
    assert [plan["how"] for plan in stand_in.state()["faults"]] == [{"status": 500}]


def test_a_plan_is_not_changed_by_whoever_made_it(stand_in: Any, name: str) -> None:
    how = {"status": 500}
    stand_in.fail(how=how, **FAILING[name])
    how["status"] = 200
    stand_in.state()["faults"][0]["how"]["status"] = 200
    assert stand_in.state()["faults"][0]["how"] == {"status": 500}


def test_calls_do_not_make_the_state_grow(stand_in: Any, name: str) -> None:
    before = stand_in.state().keys()
    requests.get(stand_in.url + CALLS[name], timeout=10)
    assert (len(stand_in.calls), "calls" in before, stand_in.state().keys()) == (1, False, before)


@pytest.mark.parametrize("name", NAMES[1:], indirect=True)
def test_old_calls_are_forgotten(stand_in: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.faults.KEPT", 3)
    stand_in.reset()
    for _ in range(5):
        requests.get(stand_in.url + CALLS[name], timeout=10)
    assert len(stand_in.calls) == 3


def test_old_calls_of_slack_are_forgotten_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.slack.api.KEPT", 3)
    with closing(SlackStandIn("http://127.0.0.1:9", "http://127.0.0.1:9", "secret", "xoxb-token")) as slack:
        for _ in range(5):
            requests.get(slack.url + CALLS["slack"], timeout=10)
        assert len(slack.calls) == 3


def test_two_threads_may_plan_and_call_at_once(stand_in: Any, name: str) -> None:
    planning = [
        threading.Thread(target=stand_in.fail, kwargs={**FAILING[name], "how": {"delay": 0}, "times": 50})
        for _ in range(8)
    ]
    for each in planning:
        each.start()
    for each in planning:
        each.join()
    told = [change for change in stand_in.changes()["changes"] if change["kind"] == "faults"][-1]
    assert told["faults"] == stand_in.state()["faults"]
    assert sum(plan["left"] for plan in told["faults"]) == 400
