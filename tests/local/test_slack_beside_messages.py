"""Beside messages: commands, the App Home and ephemeral answers of the local Slack, and news of its channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from slack_sdk.errors import SlackApiError

from infra.local.server import Answer, answer_json
from infra.local.slack.team import (
    BOB,
    COMMANDS,
    EVENTS,
    HINTS,
    JUN,
    LABELS,
    MIA,
    OUTSIDER,
    PRIVATE,
    SALES,
    SHARED,
    SHORTCUTS,
    SUPPORT,
)
from tests.local.slack_app import CLAIM, App, serving, text

Json = dict[str, Any]

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "infra" / "slack-manifest.yaml").read_text())


@pytest.fixture(scope="module")
def running() -> Iterator[App]:
    with serving() as app:
        yield app


@pytest.fixture
def app(running: App) -> App:
    running.begin()
    return running


def whispers(app: App) -> list[tuple[str, str, str]]:
    return [(one["channel"], one["to"], one["text"]) for one in app.slack.state()["ephemerals"]]


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        act()
    return str(caught.value.response["error"])


def test_what_the_app_has_to_offer_is_in_its_manifest() -> None:
    features, settings = MANIFEST["features"], MANIFEST["settings"]
    assert {each["command"] for each in features["slash_commands"]} == COMMANDS
    assert {each["callback_id"]: each["type"] for each in features["shortcuts"]} == SHORTCUTS
    assert {each["callback_id"]: each["name"] for each in features["shortcuts"]} == LABELS
    assert {each["command"]: each["usage_hint"] for each in features["slash_commands"]} == HINTS
    assert set(settings["event_subscriptions"]["bot_events"]) <= EVENTS
    for named, longest in (("shortcuts", 24), ("slash_commands", 32)):
        assert all(len(each.get("name", each.get("command"))) <= longest for each in features[named])
    assert all(len(each["description"]) <= 150 for each in features["shortcuts"])


def test_a_command_says_who_typed_what_and_where(app: App) -> None:
    assert app.slack.command(MIA, "/threadline  write Ana ", "sales") == 200
    told = app.got[-1]
    assert told["path"] == "/slack/commands"
    assert (told["command"], told["text"]) == ("/threadline", "write Ana")
    assert (told["user_id"], told["channel_id"], told["channel_name"]) == (MIA, SALES, "sales")
    assert app.web.views_open(
        trigger_id=told["trigger_id"], view={"type": "modal", "title": text("Write"), "blocks": [CLAIM]}
    )["ok"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(), []),
        (answer_json({"text": "Only you"}), ["Only you"]),
        (Answer(body=b"Only you", headers={"Content-Type": "text/plain"}), ["Only you"]),
        (answer_json({"response_type": "in_channel", "text": "All of you"}), []),
        (Answer(500), ['/threadline failed with the error "dispatch_failed"']),
        (answer_json({"blocks": [{"type": "poster"}]}), ['/threadline failed with the error "invalid_response"']),
    ],
)
def test_a_commands_answer_is_seen_by_whoever_typed_it(app: App, answer: Answer, said: list[str]) -> None:
    app.does += [lambda _: answer]
    app.slack.command(BOB, "/threadline help")
    assert whispers(app) == [(SUPPORT, BOB, words) for words in said]
    assert [one["text"] for one in app.slack.messages(SUPPORT)] == ["All of you"] * (b"in_channel" in answer.body)


def test_slack_keeps_commands_in_threads_and_unknown_ones_to_itself(app: App) -> None:
    ts = app.slack.say(BOB, SUPPORT, "Hi")
    app.slack.command(BOB, "/threadline help", SUPPORT, ts)
    app.slack.command(BOB, "/giphy cats")
    assert app.got == []
    assert [words for _, _, words in whispers(app)] == [
        "/threadline is not supported in threads. Sorry!",
        "`/giphy` is not a valid command. In Slack, all commands start with /.",
    ]


def test_people_of_another_organisation_can_only_press_buttons(app: App) -> None:
    ts = app.web.chat_postMessage(channel=SHARED, text="x", blocks=[CLAIM])["ts"]
    assert app.slack.press(OUTSIDER, SHARED, ts, "claim") == 200
    tries: list[Callable[[], Any]] = [
        lambda: app.slack.shortcut(OUTSIDER, SHARED, ts),
        lambda: app.slack.command(OUTSIDER, "/threadline", SHARED),
        lambda: app.slack.open_home(OUTSIDER),
    ]
    for each in tries:
        with pytest.raises(LookupError, match="another organisation"):
            each()


def test_a_message_shortcut_cannot_answer_into_the_thread(app: App) -> None:
    ts = app.slack.say(BOB, SUPPORT, "Hi")
    app.slack.shortcut(BOB, SUPPORT, ts)
    requests.post(app.got[-1]["response_url"], json={"text": "Only you", "thread_ts": ts}, timeout=5)
    app.slack.press(
        BOB, SUPPORT, app.web.chat_postMessage(channel=SUPPORT, text="x", blocks=[CLAIM])["ts"], "claim"
    )
    requests.post(app.got[-1]["response_url"], json={"text": "In it", "thread_ts": ts}, timeout=5)
    assert [(one["text"], one.get("thread_ts")) for one in app.slack.state()["ephemerals"]] == [
        ("Only you", None),
        ("In it", ts),
    ]


def test_a_home_is_drawn_for_one_person_and_opened_by_them(app: App) -> None:
    slack, home = app.slack, {"type": "home", "blocks": [CLAIM], "private_metadata": "mine"}
    slack.open_home(BOB)
    slack.quiet()
    assert ({"user": BOB, "tab": "home"}.items() <= app.events[-1].items(), "view" in app.events[-1]) == (
        True,
        False,
    )
    first = app.web.views_publish(user_id=BOB, view=home)["view"]
    slack.open_home(BOB)
    slack.quiet()
    assert app.events[-1]["view"]["id"] == first["id"]
    assert (slack.home(MIA), (slack.home(BOB) or {})["private_metadata"]) == (None, "mine")
    slack.press_in_view(BOB, "claim", home=True)
    told = app.got[-1]
    assert (told["view"]["type"], told["container"]["view_id"]) == ("home", first["id"])
    second = app.web.views_publish(user_id=BOB, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert refusal(lambda: app.web.views_publish(user_id=BOB, view=home, hash=first["hash"])) == "hash_conflict"
    assert refusal(lambda: app.web.views_publish(user_id="U0NOBODY", view=home)) == "invalid_arguments"
    assert (
        refusal(lambda: app.web.views_publish(user_id=BOB, view={**home, "title": text("x")}))
        == "invalid_arguments"
    )


def test_what_a_person_did_can_come_once_more(app: App) -> None:
    with pytest.raises(LookupError):
        app.slack.again(BOB)
    app.slack.command(BOB, "/threadline help")
    assert app.slack.again(BOB) == 200
    assert app.got[0] == app.got[1]


ROOMS: list[tuple[Callable[[App, str], Any], str, Json]] = [
    (lambda app, channel: app.slack.archive(channel), "archive", {"user": BOB}),
    (lambda app, channel: app.slack.delete_channel(channel), "deleted", {"actor_id": BOB}),
    (lambda app, channel: app.slack.kick(channel), "left", {"actor_id": BOB}),
]


@pytest.mark.parametrize(("act", "what", "about"), ROOMS)
@pytest.mark.parametrize(("channel", "kind"), [(SUPPORT, "channel"), (PRIVATE, "group")])
def test_the_app_hears_what_becomes_of_its_channels(
    app: App, act: Callable[[App, str], Any], what: str, about: Json, channel: str, kind: str
) -> None:
    act(app, channel)
    app.slack.quiet()
    assert {"type": f"{kind}_{what}", "channel": channel, **about}.items() <= app.events[-1].items()


def test_a_renamed_channel_is_told_with_its_new_name(app: App) -> None:
    app.slack.rename(PRIVATE, "secret")
    app.slack.quiet()
    renamed, noise = app.events
    assert (renamed["type"], renamed["channel"]["id"], renamed["channel"]["name"]) == (
        "group_rename",
        PRIVATE,
        "secret",
    )
    assert (noise["subtype"], noise["old_name"]) == ("channel_name", "private")
    with pytest.raises(ValueError, match="already"):
        app.slack.rename(SUPPORT, "sales")


def test_a_shared_channel_lets_others_in_and_unsharing_takes_them_out(app: App) -> None:
    app.slack.share(SUPPORT)
    app.slack.unshare(SUPPORT)
    app.slack.quiet()
    kinds = [event["type"] for event in app.events if event["type"] != "message"]
    assert kinds == ["channel_shared", "member_joined_channel", "channel_unshared"]
    assert app.events[-1]["is_ext_shared"] is False
    assert app.web.conversations_info(channel=SUPPORT)["channel"]["is_ext_shared"] is False


def test_a_channel_with_another_id_is_not_found_under_the_old_one(app: App) -> None:
    ts = app.slack.say(BOB, SUPPORT, "Hi")
    app.slack.move_channel(SUPPORT, "C0NEW")
    app.slack.quiet()
    event = app.events[-1]
    assert (event["type"], event["old_channel_id"], event["new_channel_id"]) == (
        "channel_id_changed",
        SUPPORT,
        "C0NEW",
    )
    assert refusal(lambda: app.web.chat_postMessage(channel=SUPPORT, text="x")) == "channel_not_found"
    assert [one["ts"] for one in app.slack.messages("C0NEW")] == [ts]


def test_who_is_thrown_out_hears_that_and_not_that_a_member_left(app: App) -> None:
    app.slack.leave(SUPPORT, JUN)
    app.slack.kick(SUPPORT)
    app.slack.invite(SUPPORT)
    app.slack.quiet()
    told = [event["type"] for event in app.events if event["type"] != "message"]
    assert told == ["member_left_channel", "channel_left", "member_joined_channel"]
