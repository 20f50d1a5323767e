"""In the local Slack a person can do what Slack lets a person do, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, BOT_USER_ID, ELSEWHERE, GUEST, JUN, MIA, OUTSIDER, SUPPORT

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def standin() -> Iterator[SlackStandIn]:
    slack = SlackStandIn(NOBODY, NOBODY, "secret", "xoxb", background=False, rate_limits=False)
    yield slack
    slack.close()


@pytest.fixture
def slack(standin: SlackStandIn) -> SlackStandIn:
    standin.reset()
    return standin


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient("xoxb", base_url=f"{slack.url}/api/", retry_handlers=[])


def pull(slack: SlackStandIn, verb: str, **fields: Any) -> Any:
    return requests.post(f"{slack.url}/control/{verb}", json=fields, timeout=5).json()


def texts(slack: SlackStandIn) -> list[str]:
    return [message["text"] for message in slack.messages(SUPPORT)]


def test_three_of_the_team_are_there_with_their_titles_and_colours(slack: SlackStandIn, web: WebClient) -> None:
    jun = web.users_info(user=JUN)["user"]
    assert (jun["real_name"], jun["color"], jun["profile"]["title"]) == ("Jun Ito", "e7392d", "Sales")
    assert jun["profile"]["status_text"] == ""
    for channel in ("support", "sales", "threadline-admin", "private"):
        assert slack.say("jun", channel, "Hi")
    assert web.conversations_members(channel=SUPPORT)["members"][:3] == [BOB, MIA, JUN]


def test_people_live_in_time_zones_and_have_pictures_and_one_is_a_guest(
    slack: SlackStandIn, web: WebClient
) -> None:
    jun, gus, olga = (web.users_info(user=user)["user"] for user in (JUN, GUEST, OUTSIDER))
    assert (jun["tz"], jun["tz_offset"]) == ("Asia/Tokyo", 32_400)
    assert (gus["is_restricted"], gus["is_stranger"], olga["is_restricted"], olga["is_stranger"]) == (1, 0, 0, 1)
    picture = requests.get(jun["profile"]["image_72"], timeout=5)
    assert (picture.headers["Content-Type"], ">JI<" in picture.text) == ("image/svg+xml", True)
    assert requests.get(f"{slack.url}/avatars/nobody.svg", timeout=5).status_code == 404


def test_people_edit_and_delete_what_they_wrote_and_nothing_else(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Teh")
    refused = [pull(slack, verb, **place, user="mia")["error"] for verb, place in everything(ts)]
    assert refused == ["cant_update_message", "cant_delete_message"]
    pull(slack, "edit", channel="support", ts=ts, text="*The*", user="bob")
    assert texts(slack) == ["*The*"]
    assert pull(slack, "delete", channel="support", ts=ts, user="bob")["ok"]
    assert texts(slack) == []


def everything(ts: str) -> list[tuple[str, dict[str, str]]]:
    place = {"channel": "support", "ts": ts}
    return [("edit", {**place, "text": "x"}), ("delete", place)]


def test_nobody_edits_what_the_app_or_slack_wrote(slack: SlackStandIn, web: WebClient) -> None:
    post = str(web.chat_postMessage(channel=SUPPORT, text="Hello")["ts"])
    slack.invite(SUPPORT, "olga")
    joined = slack.messages(SUPPORT)[-1]["ts"]
    for ts in (post, joined):
        with pytest.raises(ValueError, match="cant_update_message"):
            slack.edit(SUPPORT, ts, "x")
    with pytest.raises(ValueError, match="cant_delete_message"):
        slack.delete(SUPPORT, post, user=BOB)


def test_nothing_changes_in_an_archived_channel(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    slack.archive(SUPPORT)
    for verb, place in everything(ts):
        assert "cant_" in pull(slack, verb, **place, user="bob")["error"]
    assert not pull(slack, "react", user="bob", channel="support", ts=ts, name="eyes")["ok"]


def test_a_message_cannot_become_empty(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    with pytest.raises(ValueError, match="empty"):
        slack.edit(SUPPORT, ts, "  ")


def test_a_deleted_message_can_be_answered_but_not_touched(slack: SlackStandIn) -> None:
    ts = slack.say(MIA, SUPPORT, "Parent")
    slack.say(BOB, SUPPORT, "Reply", ts)
    slack.delete(SUPPORT, ts, user=MIA)
    for verb, place in everything(ts):
        assert pull(slack, verb, **place)["error"] == f"no such message: {ts}"
    slack.say(JUN, SUPPORT, "Late", ts)
    assert [message["text"] for message in slack.thread(SUPPORT, ts)[1:]] == ["Reply", "Late"]


def test_people_react_where_they_are_with_names_that_could_be(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    assert pull(slack, "react", user="jun", channel="support", ts=ts, name="a b")["error"] == "invalid_name"
    there = slack.say(BOB, ELSEWHERE, "Hi")
    assert "cannot" in pull(slack, "react", user="jun", channel="elsewhere", ts=there, name="eyes")["error"]
    for number in range(23):
        slack.react(JUN, SUPPORT, ts, f"custom{number}")
    with pytest.raises(ValueError, match="too_many_reactions"):
        slack.react(JUN, SUPPORT, ts, "eyes")
    slack.react(JUN, SUPPORT, ts, "custom0")
    slack.react(JUN, SUPPORT, ts, "eyes")


def test_an_ephemeral_is_put_away_by_whom_it_is_for(slack: SlackStandIn, web: WebClient) -> None:
    ts = str(web.chat_postEphemeral(channel=SUPPORT, user=BOB, text="Only you")["message_ts"])
    assert not pull(slack, "dismiss", user="mia", channel="support", ts=ts)["ok"]
    assert pull(slack, "dismiss", user="bob", channel="support", ts=ts)["ok"]
    assert slack.state()["ephemerals"] == []
    post = slack.say(BOB, SUPPORT, "Hi")
    assert not pull(slack, "dismiss", user="bob", channel="support", ts=post)["ok"]


def test_the_app_does_nothing_through_the_controls(slack: SlackStandIn) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    with pytest.raises(ValueError, match="Web API"):
        slack.react(BOT_USER_ID, SUPPORT, ts, "eyes")
