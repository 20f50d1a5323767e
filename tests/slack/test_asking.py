"""What Slack tells of what people ask, as raw requests: each kind read into what we make of it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.errors import Malformed
from chalicelib.slack.asked import Asked, By, Command, HandedIn, Looked, Press, Seen, Shortcut, Spot
from chalicelib.slack.asking import read_asked
from chalicelib.web import Request

TEAM = "T0THREAD"
USER = {"id": "U0BOB", "team_id": TEAM}
BOB = By(TEAM, "U0BOB")


def sent(form: dict[str, str]) -> list[Asked]:
    return read_asked(Request("POST", body=urlencode(form).encode()))


def asked(payload: Any) -> list[Asked]:
    return sent({"payload": json.dumps(payload)})


def pressed(*actions: dict[str, Any], **more: Any) -> list[Asked]:
    return asked({"type": "block_actions", "user": USER, "actions": list(actions), **more})


def test_a_press_names_who_what_and_on_what() -> None:
    actions = [{"action_id": "claim", "value": "01ABC"}, {"action_id": "other"}]
    assert pressed(*actions) == [Press(BOB, "claim", "01ABC"), Press(BOB, "other")]


def test_a_press_on_a_message_says_where_it_is_and_how_to_answer() -> None:
    message = {"ts": "2.0", "thread_ts": "1.0"}
    about = {
        "channel": {"id": "C0SUPPORT"},
        "message": message,
        "trigger_id": "1.2.x",
        "response_url": "https://x",
    }
    (press,) = pressed({"action_id": "more", "value": "01ABC"}, **about)
    assert press == Press(
        By(TEAM, "U0BOB", "1.2.x", "https://x"), "more", "01ABC", Spot("C0SUPPORT", "2.0", "1.0")
    )


@pytest.mark.parametrize(
    ("chosen", "value"),
    [
        ({"selected_option": {"text": {}, "value": "waiting"}}, "waiting"),
        ({"selected_option": None}, ""),
        ({"selected_user": "U0KIM"}, "U0KIM"),
        ({"selected_options": [{"value": "a"}, {"value": "b"}]}, "a"),
        ({"value": "typed"}, "typed"),
        ({}, ""),
    ],
)
def test_what_was_chosen_is_the_value(chosen: dict[str, Any], value: str) -> None:
    assert [press.value for press in pressed({"action_id": "x", **chosen}) if isinstance(press, Press)] == [value]


VIEW = {
    "id": "V1",
    "hash": "h",
    "callback_id": "snooze",
    "type": "modal",
    "private_metadata": '{"conversation": "01ABC"}',
    "state": {
        "values": {
            "preset": {"preset": {"type": "static_select", "selected_option": {"value": "hour"}}},
            "at": {"at": {"type": "datetimepicker", "selected_date_time": None}},
            "text#2": {"text#2": {"type": "plain_text_input", "value": "Hello"}},
            "empty": {"empty": {"type": "plain_text_input", "value": None}},
            "who": {"who": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
            "box": {"box": {"type": "checkboxes", "selected_options": []}},
            "when": {"when": {"type": "datetimepicker", "selected_date_time": 1_700_000_000}},
        }
    },
}


def test_a_form_is_read_by_its_fields() -> None:
    (handed,) = asked({"type": "view_submission", "user": USER, "view": VIEW})
    assert isinstance(handed, HandedIn)
    assert (handed.view.form, handed.view.meta) == ("snooze", {"conversation": "01ABC"})
    assert handed.view.values == {
        "preset": ("hour",),
        "at": (),
        "text": ("Hello",),
        "empty": (),
        "who": ("U1", "U2"),
        "box": (),
        "when": ("1700000000",),
    }
    assert handed.view.names["text"] == "text#2"


def test_a_home_is_told_from_a_modal() -> None:
    view = {"id": "V2", "hash": "h", "type": "home", "private_metadata": "", "callback_id": ""}
    (press,) = pressed({"action_id": "filter"}, view=view)
    assert press == Press(BOB, "filter", view=Seen("V2", "h", "", home=True))


def test_a_shortcut_on_a_message_has_a_spot_and_a_team() -> None:
    payload = {
        "type": "message_action",
        "callback_id": "threadline",
        "user": {"id": "U0BOB", "name": "bob"},
        "team": {"id": TEAM},
        "channel": {"id": "C0SUPPORT"},
        "message": {"ts": "1.0"},
    }
    assert asked(payload) == [Shortcut(BOB, "threadline", Spot("C0SUPPORT", "1.0"))]


def test_a_shortcut_from_anywhere_has_none() -> None:
    assert asked({"type": "shortcut", "callback_id": "threadline_write", "user": USER}) == [
        Shortcut(BOB, "threadline_write")
    ]


def test_a_search_says_what_was_typed_where() -> None:
    payload = {"type": "block_suggestion", "user": USER, "action_id": "customer", "value": "an", "view": VIEW}
    (looked,) = asked(payload)
    assert isinstance(looked, Looked)
    assert (looked.field, looked.typed, looked.view and looked.view.form) == ("customer", "an", "snooze")


def test_a_command_is_its_words() -> None:
    form = {
        "command": "/threadline",
        "text": " name Anna ",
        "user_id": "U0BOB",
        "team_id": TEAM,
        "channel_id": "C1",
    }
    assert sent({**form, "trigger_id": "1.2.x"}) == [Command(By(TEAM, "U0BOB", "1.2.x"), "name Anna", "C1")]


@pytest.mark.parametrize("kind", ["view_closed", "something_new"])
def test_what_asks_for_nothing_is_nothing(kind: str) -> None:
    assert asked({"type": kind, "user": USER}) == []


@pytest.mark.parametrize(
    "payload",
    [
        *(None, [], {}, {"type": "block_actions"}, {"type": "block_actions", "user": "bob", "actions": []}),
        {"type": "block_actions", "user": USER, "actions": 7},
        {"type": "block_actions", "user": USER, "actions": ["claim"]},
        {"type": "block_actions", "user": USER, "actions": [{"action_id": ["claim"]}]},
        {"type": "block_actions", "user": {"team_id": TEAM}, "actions": []},
        {"type": "view_submission", "user": USER, "view": {"id": "V1", "private_metadata": "{"}},
        {"type": "view_submission", "user": USER, "view": {"id": "V1", "private_metadata": "[1]"}},
        {"type": "view_submission", "user": USER, "view": {"id": "V1", "state": {"values": [1]}}},
        {"type": "block_suggestion", "user": USER},
        {
            "type": "message_action",
            "user": USER,
            "callback_id": "x",
            "channel": {"id": 7.5},
            "message": {"ts": "1"},
        },
    ],
)
def test_what_is_no_interaction_is_unreadable(payload: object) -> None:
    with pytest.raises(Malformed):
        asked(payload)


@pytest.mark.parametrize(
    "body",
    [b"", b"payload=", b"payload=%7B", b"payload=%ff", b"a=b", b"payload=1&payload=2", b"command=%2Fthreadline"],
)
def test_a_form_without_one_payload_is_unreadable(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_asked(Request("POST", body=body))
