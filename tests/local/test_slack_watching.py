"""Whoever watches the local Slack can keep up with all that happens in it, and learns no secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.server import Answer, Call, Server
from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, BOT_USER_ID, ELSEWHERE, JUN, MIA, SUPPORT

SECRET, TOKEN = "signing-secret", "xoxb-stand-in"
Json = dict[str, Any]


class App:
    """Takes what comes, answers as it is told, and remembers where to respond."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.response_url = ""
        self.server = Server(self.handle)

    def handle(self, call: Call) -> Answer:
        if call.path == "/press":
            self.response_url = json.loads(call.form()["payload"])["response_url"]
        return self.answers.pop(0) if self.answers else Answer()


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    app = App()
    yield app
    app.server.close()


@pytest.fixture
def slack(app: App) -> Iterator[SlackStandIn]:
    url = app.server.url
    slack = SlackStandIn(f"{url}/events", f"{url}/press", SECRET, TOKEN, retries=(0.0,), rate_limits=False)
    yield slack
    slack.close()


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient(TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[])


def changes(slack: SlackStandIn, **asked: Any) -> Json:
    answer = requests.get(f"{slack.url}/control/changes", params=asked, timeout=30)
    news: Json = answer.json()
    return news


def news(slack: SlackStandIn, *kinds: str) -> list[Json]:
    """Give what happened of these kinds, without number and moment."""
    found = [one for one in changes(slack)["changes"] if one["kind"] in kinds]
    return [{name: value for name, value in one.items() if name not in {"n", "at", "kind"}} for one in found]


def await_news(slack: SlackStandIn, wanted: Callable[[Json], bool]) -> Json:
    """Wait for a change that is wanted, however long that takes."""
    seen = 0
    while True:
        fresh = changes(slack, since=seen, wait=20)
        for change in fresh["changes"]:
            if wanted(change):
                return dict(change)
        assert fresh["changes"], "it never came"
        seen = fresh["at"]


def say_button(web: WebClient) -> str:
    label = {"type": "plain_text", "text": "Claim"}
    block = {"type": "actions", "elements": [{"type": "button", "action_id": "claim", "text": label}]}
    return str(web.chat_postMessage(channel=SUPPORT, text="Secret words", blocks=[block])["ts"])


# Messages


def test_a_message_is_told_as_state_shows_it(slack: SlackStandIn) -> None:
    slack.say(BOB, SUPPORT, "Hello :wave:")
    [told] = news(slack, "message")
    assert told == {"channel": SUPPORT, "message": slack.messages(SUPPORT)[0]}


def test_a_reply_is_told_and_then_its_parents_new_count(slack: SlackStandIn) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    reply = slack.say(BOB, SUPPORT, "Reply", parent)
    told = [one["message"] for one in news(slack, "message")][1:]
    assert [(one["ts"], one.get("reply_count")) for one in told] == [(reply, None), (parent, 1)]


def test_a_change_shows_what_was_so_then(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    for user in (MIA, JUN, MIA):
        slack.react(user, SUPPORT, ts, "eyes")
    users = [one["message"].get("reactions", [{"users": []}])[0]["users"] for one in news(slack, "message")]
    assert users == [[], [MIA], [MIA, JUN], [JUN]]


def test_what_is_deleted_is_gone_or_leaves_its_place(slack: SlackStandIn) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    reply = slack.say(BOB, SUPPORT, "Reply", parent)
    slack.delete(SUPPORT, parent)
    assert {"tombstone"} < {one["message"].get("subtype") for one in news(slack, "message")}
    assert news(slack, "gone") == []
    slack.delete(SUPPORT, reply)
    assert news(slack, "gone") == [{"channel": SUPPORT, "ts": ts} for ts in (reply, parent)]


def test_what_the_app_does_not_hear_is_told_all_the_same(slack: SlackStandIn) -> None:
    slack.say(BOB, ELSEWHERE, "Psst")
    assert [one["channel"] for one in news(slack, "message", "event")] == [ELSEWHERE]


def test_an_ephemeral_is_told_changed_and_put_away(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.press(BOB, SUPPORT, say_button(web), "claim")
    requests.post(app.response_url, json={"text": "Only you"}, timeout=5)
    [whisper] = slack.state()["ephemerals"]
    assert news(slack, "ephemeral") == [{"message": whisper}]
    assert (whisper["channel"], whisper["to"]) == (SUPPORT, BOB)
    slack.dismiss(BOB, SUPPORT, whisper["ts"])
    assert news(slack, "ephemeral_gone") == [{"ts": whisper["ts"]}]


def test_channels_are_told_with_their_members(slack: SlackStandIn) -> None:
    for befall in (slack.archive, slack.unarchive, slack.share, slack.kick):
        befall("sales")
    told = [one["channel"] for one in news(slack, "channel")]
    now = next(one for one in slack.state()["channels"] if one["name"] == "sales")
    assert [one["is_archived"] for one in told[:2]] == [True, False]
    assert told[-1] == {name: value for name, value in now.items() if name not in {"messages", "threads"}}
    assert BOT_USER_ID not in told[-1]["members"]


def test_who_keeps_up_sees_what_state_shows(slack: SlackStandIn, web: WebClient, app: App) -> None:
    known = slack.state()
    parent = say_button(web)
    reply = slack.say(BOB, SUPPORT, "Reply", parent)
    slack.say(JUN, SUPPORT, "To all", parent, broadcast=True)
    slack.react(MIA, SUPPORT, reply, "eyes")
    slack.press(BOB, SUPPORT, parent, "claim")
    for answer in ({"text": "Mine", "replace_original": True}, {"text": "Only you"}):
        requests.post(app.response_url, json=answer, timeout=5)
    slack.edit(SUPPORT, reply, "Better")
    slack.unfurl(SUPPORT, reply)
    slack.invite(ELSEWHERE)
    slack.delete(SUPPORT, slack.say(MIA, SUPPORT, "Oops"))
    slack.delete(SUPPORT, slack.say(MIA, SUPPORT, "Oops", parent))
    slack.fail("*", {"status": 500}, times=2)
    slack.quiet()
    follow(known, changes(slack, since=known["journal"]["at"], boot=known["journal"]["boot"])["changes"])
    now = slack.state()
    assert {**known, "journal": now["journal"]} == now


def follow(state: Json, happened: list[Json]) -> None:
    """Apply changes to a state, each twice: they say how it is, not what to do."""
    channels = {channel["id"]: channel for channel in state["channels"]}
    for change in (one for one in happened for _ in range(2)):
        match change:
            case {"kind": "message", "channel": channel, "message": message}:
                put(channels[channel], message)
            case {"kind": "gone", "channel": channel, "ts": ts}:
                take(channels[channel], ts)
            case {"kind": "ephemeral", "message": message}:
                state["ephemerals"] = [one for one in state["ephemerals"] if one["ts"] != message["ts"]]
                state["ephemerals"].append(message)
            case {"kind": "channel", "channel": channel}:
                channels[channel["id"]].update(channel)
            case {"kind": "faults", **plans}:
                state["app"] |= plans.pop("app")
                state |= {name: value for name, value in plans.items() if name not in {"n", "at"}}


def put(channel: Json, message: Json) -> None:
    parent = message.get("thread_ts", message["ts"])
    lists = []
    if parent == message["ts"] or message.get("subtype") == "thread_broadcast":
        lists.append(channel["messages"])
    if parent != message["ts"] and parent not in channel["threads"]:
        root = next(one for one in channel["messages"] if one["ts"] == parent)
        channel["threads"][parent] = [root]
    if parent in channel["threads"]:
        lists.append(channel["threads"][parent])
    for messages in lists:
        places = [place for place, one in enumerate(messages) if one["ts"] == message["ts"]]
        messages[slice(places[0], places[0] + 1) if places else slice(len(messages), None)] = [message]


def take(channel: Json, ts: str) -> None:
    for messages in (channel["messages"], *channel["threads"].values()):
        messages[:] = [one for one in messages if one["ts"] != ts]


# Between the app and Slack


def test_every_call_is_told_with_its_outcome(slack: SlackStandIn, web: WebClient) -> None:
    ts = str(web.chat_postMessage(channel=SUPPORT, text="Hi")["ts"])
    for how in ({"status": 429, "retry_after": 2}, {"status": 500}, {"error": "fatal_error"}):
        slack.fail("reactions.add", how)
        with pytest.raises(SlackApiError):
            web.reactions_add(channel=SUPPORT, timestamp=ts, name="eyes")
    for when in ("before", "after"):
        slack.fail("auth.test", {"drop": when})
        with pytest.raises(ConnectionError):
            web.auth_test()
    with pytest.raises(SlackApiError):
        web.chat_update(channel=SUPPORT, ts="1.000001", text="x")
    told = [{name: value for name, value in one.items() if name != "ms"} for one in news(slack, "call")]
    at: Json = {"channel": SUPPORT, "ts": ts}
    assert told == [
        {"method": "chat.postMessage", **at, "outcome": "ok"},
        {"method": "reactions.add", **at, "outcome": "429", "retry_after": 2},
        {"method": "reactions.add", **at, "outcome": "500"},
        {"method": "reactions.add", **at, "outcome": "fatal_error"},
        {"method": "auth.test", "outcome": "line broke"},
        {"method": "auth.test", "outcome": "answer lost"},
        {"method": "chat.update", "channel": SUPPORT, "ts": "1.000001", "outcome": "message_not_found"},
    ]


def test_attempts_to_deliver_an_event_are_told(slack: SlackStandIn, app: App) -> None:
    app.answers = [Answer(500), Answer(200), Answer(drop=True)]
    ts = slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    slack.react(MIA, SUPPORT, ts, "eyes")
    slack.quiet()
    slack.drop_events(1)
    slack.edit(SUPPORT, ts, "Ho")
    told = news(slack, "event")
    assert [(one["event"], one["attempt"], one["status"], one["result"]) for one in told] == [
        ("message", 0, 500, "http_error"),
        ("message", 1, 200, "ok"),
        ("reaction_added", 0, 0, "connection_failed"),
        ("reaction_added", 1, 200, "ok"),
        ("message", 0, 0, "dropped"),
    ]
    assert {(one["channel"], one["ts"]) for one in told} == {(SUPPORT, ts)}
    assert (told[0]["event_id"], told[-1]["subtype"]) == (told[1]["event_id"], "message_changed")


def test_a_press_is_told_with_the_apps_answer(slack: SlackStandIn, web: WebClient) -> None:
    ts = say_button(web)
    slack.press(BOB, SUPPORT, ts, "claim")
    assert news(slack, "pressed") == [
        {"did": "button", "user": BOB, "action_id": "claim", "channel": SUPPORT, "ts": ts, "status": 200}
    ]


# What is to go wrong


def planned(told: Json) -> Json:
    return {name: told[name] for name in ("faults", "repeat", "drops", "held")}


def test_what_is_planned_to_go_wrong_is_told_until_it_is_mended(slack: SlackStandIn) -> None:
    busy: Json = {"status": 429, "retry_after": 2}
    slack.fail("chat.postMessage", busy, times=2)
    slack.fail("chat.postMessage", {"status": 500})
    slack.repeat_events(2)
    slack.drop_events(3)
    slack.hold_events()
    plans: Json = {
        "faults": [
            {"how": busy, "method": "chat.postMessage", "left": 2},
            {"how": {"status": 500}, "method": "chat.postMessage", "left": 1},
        ],
        "repeat": 2,
        "drops": 3,
        "held": True,
    }
    assert planned(slack.state()) == planned(news(slack, "faults")[-1]) == plans
    requests.post(f"{slack.url}/control/mend", json={}, timeout=5)
    mended = {"faults": [], "repeat": 0, "drops": 0, "held": False}
    assert planned(slack.state()) == planned(news(slack, "faults")[-1]) == mended


def test_a_fault_that_struck_is_told_as_one_less(slack: SlackStandIn, web: WebClient) -> None:
    slack.fail("auth.test", {"status": 500}, times=2)
    with pytest.raises(SlackApiError):
        web.auth_test()
    left = [one["faults"][0]["left"] for one in news(slack, "faults")]
    assert left == [2, 1]


def test_events_that_were_held_go_out_when_all_is_mended(slack: SlackStandIn) -> None:
    slack.hold_events()
    slack.say(BOB, SUPPORT, "Hi")
    await_news(slack, lambda one: one["kind"] == "faults" and one["events"] == {"held": 1})
    slack.mend()
    await_news(slack, lambda one: one["kind"] == "event" and one["result"] == "ok")
    await_news(slack, lambda one: one["kind"] == "faults" and one["events"] == {"held": 0})


def test_what_is_merely_under_way_is_no_change(slack: SlackStandIn) -> None:
    parent = slack.say(BOB, SUPPORT, "Hi")
    slack.say(MIA, SUPPORT, "Ho", parent)
    slack.quiet()
    assert news(slack, "faults") == []
    assert (slack.state()["pending"], slack.state()["events"]) == (0, {"held": 0})


def test_a_revoked_token_is_told_as_that(slack: SlackStandIn) -> None:
    slack.revoke()
    assert news(slack, "faults")[-1]["app"] == {"revoked": True}
    assert slack.state()["app"]["revoked"]


# Asking


def test_who_waits_hears_what_happens_meanwhile(slack: SlackStandIn) -> None:
    mark = slack.state()["journal"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(changes, slack, since=mark["at"], boot=mark["boot"], wait=20)
        slack.say(BOB, SUPPORT, "Hi")
        heard = waiting.result()
    assert (heard["lost"], heard["changes"][0]["kind"]) == (False, "message")


def test_who_waits_is_let_go_at_the_end(app: App) -> None:
    slack = SlackStandIn(app.server.url, app.server.url, SECRET, TOKEN)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(slack.changes, 0, 25.0)
        slack.close()
        assert waiting.result(timeout=20)["changes"] == []


def test_after_a_reset_everybody_begins_anew(slack: SlackStandIn) -> None:
    slack.say(BOB, SUPPORT, "Hi")
    mark = slack.state()["journal"]
    slack.reset()
    fresh = changes(slack, since=mark["at"], boot=mark["boot"], wait=20)
    assert (fresh["lost"], fresh["changes"], slack.state()["journal"]) == (
        True,
        [],
        {"boot": fresh["boot"], "at": 0},
    )


@pytest.mark.parametrize("asked", [{"since": "x"}, {"since": -1}, {"wait": "NaN"}, {"wait": "Infinity"}, {"x": 1}])
def test_a_question_that_makes_no_sense_is_refused(slack: SlackStandIn, asked: Json) -> None:
    assert requests.get(f"{slack.url}/control/changes", params=asked, timeout=5).status_code == 400


def test_no_change_holds_a_secret(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.press(BOB, SUPPORT, say_button(web), "claim")
    requests.post(app.response_url, json={"text": "Only you"}, timeout=5)
    requests.get(f"{slack.url}/api/auth.test?token={TOKEN}", timeout=5)
    slack.quiet()
    everything = json.dumps([changes(slack), slack.state()])
    assert [word for word in (TOKEN, SECRET, app.response_url, "v0=") if word in everything] == []
    assert "Secret words" not in json.dumps(news(slack, "call", "event", "pressed", "faults"))


def test_one_fault_of_slack_is_forgotten_and_the_others_stay(slack: SlackStandIn) -> None:
    slack.hold_events()
    slack.fail("chat.postMessage", {"status": 500})
    slack.fail("*", {"error": "token_revoked"}, times=3)
    slack.mend({"status": 500})
    state = slack.state()
    assert ([plan["how"] for plan in state["faults"]], state["held"]) == ([{"error": "token_revoked"}], True)
