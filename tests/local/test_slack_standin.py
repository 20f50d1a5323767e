"""The local Slack is what Slack would be: seen through the real SDK, refused where Slack refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from infra.local.server import Answer, Call, Server
from infra.local.slack import SlackStandIn
from infra.local.slack.team import (
    ARCHIVED,
    BOB,
    BOT_ID,
    BOT_USER_ID,
    ELSEWHERE,
    MIA,
    OTHER_BOT,
    OUTSIDER,
    PRIVATE,
    SALES,
    SCOPES,
    SHARED,
    SUPPORT,
)

SECRET, TOKEN = "signing-secret", "xoxb-stand-in"
Json = dict[str, Any]


class App:
    """A receiving end that keeps what came and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[Call] = []
        self.answers: list[Answer] = []
        self.slow: list[float] = []
        self.server = Server(self.handle)

    def handle(self, call: Call) -> Answer:
        self.got.append(call)
        time.sleep(self.slow.pop() if self.slow else 0)
        if b'"url_verification"' in call.body:
            return Answer(body=str(call.json()["challenge"]).encode())
        return self.answers.pop(0) if self.answers else Answer()

    @property
    def events(self) -> list[Json]:
        return [call.json()["event"] for call in self.got if call.path == "/events"]

    def messages(self) -> list[Json]:
        """Give the messages that are new, leaving out what changed or was deleted."""
        return [one for one in self.events if one["type"] == "message" and not one.get("hidden")]


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[App, SlackStandIn]]:
    app = App()
    url = app.server.url
    slack = SlackStandIn(f"{url}/events", f"{url}/press", SECRET, TOKEN, retries=(0.0, 0.01, 0.02), timeout=0.3)
    yield app, slack
    slack.close()
    app.server.close()


@pytest.fixture
def slack(line: tuple[App, SlackStandIn]) -> SlackStandIn:
    app, slack = line
    slack.reset()
    slack.quiet()  # an event of the test before may still be on its way
    app.got.clear()
    app.answers.clear()
    return slack


@pytest.fixture
def app(line: tuple[App, SlackStandIn], slack: SlackStandIn) -> App:
    assert slack is line[1]
    return line[0]


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return client(slack)


def client(slack: SlackStandIn, token: str | None = TOKEN) -> WebClient:
    return WebClient(token=token, base_url=f"{slack.url}/api/", retry_handlers=[])


def refusal(web: WebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        web.api_call(method, json=arguments)
    return str(caught.value.response["error"])


def pull(slack: SlackStandIn, verb: str, **fields: Any) -> Any:
    answer = requests.post(f"{slack.url}/control/{verb}", json=fields, timeout=5)
    return answer.json()


def section(text: str = "Hi") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str = "claim", **more: Any) -> Json:
    label = {"type": "plain_text", "text": "Claim"}
    return {"type": "button", "action_id": action_id, "text": label, "value": "42", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def rich(*elements: Json) -> Json:
    inner = [{"type": "rich_text_section", "elements": list(elements)}]
    return {"type": "rich_text", "elements": inner}


def post(web: WebClient, text: str = "Hello", **more: Any) -> str:
    return str(web.chat_postMessage(channel=SUPPORT, text=text, **more)["ts"])


# Who may call


def test_auth_test_says_who_the_app_is(web: WebClient) -> None:
    answer = web.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT_USER_ID, BOT_ID, "T0THREAD")
    assert set(answer.headers["x-oauth-scopes"].split(",")) == SCOPES


def test_a_wrong_token_is_refused(slack: SlackStandIn) -> None:
    assert refusal(client(slack, "xoxb-other"), "auth.test") == "invalid_auth"
    assert refusal(client(slack, None), "auth.test") == "not_authed"


def test_a_revoked_token_is_refused_and_announced(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.revoke()
    slack.quiet()
    assert refusal(web, "auth.test") == "token_revoked"
    assert app.events[0]["type"] == "tokens_revoked"


def test_a_missing_scope_is_named(slack: SlackStandIn, web: WebClient) -> None:
    slack.scopes.discard("reactions:write")
    with pytest.raises(SlackApiError) as caught:
        web.reactions_add(channel=SUPPORT, timestamp=slack.say(BOB, SUPPORT, "Hi"), name="eyes")
    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert "chat:write" in answer["provided"]


def test_an_own_name_needs_its_scope(slack: SlackStandIn, web: WebClient) -> None:
    slack.scopes.discard("chat:write.customize")
    assert refusal(web, "chat.postMessage", channel=SUPPORT, text="Hi", username="Ada") == "missing_scope"


def test_team_info_is_not_in_the_manifest(slack: SlackStandIn, web: WebClient) -> None:
    assert refusal(web, "team.info") == "missing_scope"
    slack.scopes.add("team:read")
    assert web.team_info()["team"]["id"] == "T0THREAD"


def test_unknown_methods_and_missing_arguments_are_refused(web: WebClient) -> None:
    assert refusal(web, "chat.shout") == "unknown_method"
    assert refusal(web, "chat.update", channel=SUPPORT, text="Hi") == "invalid_arguments"


# Posting


def test_a_post_is_in_the_channel_and_comes_back_as_our_own_event(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    ts = post(web, metadata={"event_type": "threadline_message", "event_payload": {"key": "01J"}})
    slack.quiet()
    [event] = app.messages()
    assert (event["ts"], event["bot_id"], event["user"]) == (ts, BOT_ID, BOT_USER_ID)
    assert event["metadata"]["event_payload"] == {"key": "01J"}
    assert [message["text"] for message in slack.messages("#support")] == ["Hello"]


def test_a_post_under_another_name_is_a_bot_message_without_a_user(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    post(web, username="Ada", icon_emoji=":wave:", metadata={"event_type": "a", "event_payload": {"k": "1"}})
    slack.quiet()
    [event] = app.messages()
    assert (event["subtype"], event["username"], event["bot_id"]) == ("bot_message", "Ada", BOT_ID)
    assert "user" not in event
    assert event["metadata"]["event_payload"] == {"k": "1"}


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("#support", "channel_not_found"),
        (ELSEWHERE, "not_in_channel"),
        (ARCHIVED, "is_archived"),
    ],
)
def test_a_post_where_the_app_cannot_write_is_refused(web: WebClient, channel: str, error: str) -> None:
    assert refusal(web, "chat.postMessage", channel=channel, text="Hi") == error


def test_a_private_channel_without_the_app_does_not_exist_for_it(slack: SlackStandIn, web: WebClient) -> None:
    slack.kick("private")
    assert refusal(web, "chat.postMessage", channel=PRIVATE, text="Hi") == "channel_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"text": "Hi", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "Hi", "markdown_text": "Hi"}, "markdown_text_conflict"),
        ({"text": "Hi", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "Hi", "attachments": "1"}, "invalid_arguments"),
        ({"text": "Hi", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "Hi", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"text": "Hi", "metadata": {"event_type": "A!", "event_payload": {}}}, "invalid_metadata_format"),
        (
            {"text": "Hi", "metadata": {"event_type": "a", "event_payload": {"k": {"deep": 1}}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "Hi", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 9000}}},
            "metadata_too_large",
        ),
    ],
)
def test_a_post_that_slack_would_not_take_is_refused(web: WebClient, arguments: Json, error: str) -> None:
    assert refusal(web, "chat.postMessage", channel=SUPPORT, **arguments) == error


def test_a_reply_cannot_be_a_parent(slack: SlackStandIn, web: WebClient) -> None:
    reply = slack.say(BOB, SUPPORT, "Reply", post(web))
    assert refusal(web, "chat.postMessage", channel=SUPPORT, text="Hi", thread_ts=reply) == "thread_not_found"


def test_a_very_long_post_is_cut_with_a_warning(web: WebClient) -> None:
    answer = web.chat_postMessage(channel=SUPPORT, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["warning"] == "message_truncated"


def test_stray_markup_is_escaped_and_bare_links_are_linked(web: WebClient) -> None:
    text = "a<b & <@U0BOB> https://example.com/?a=1&b=2."
    answer = web.chat_postMessage(channel=SUPPORT, text=text)
    assert answer["message"]["text"] == "a&lt;b &amp; <@U0BOB> <https://example.com/?a=1&amp;b=2>."
    plain = web.chat_postMessage(channel=SUPPORT, text="https://example.com", parse="none")
    assert plain["message"]["text"] == "https://example.com"


def test_a_form_post_is_read_like_json(slack: SlackStandIn, web: WebClient) -> None:
    web.api_call("chat.postMessage", data={"channel": SUPPORT, "text": "Hi", "blocks": json.dumps([section()])})
    assert slack.messages(SUPPORT)[0]["blocks"][0]["type"] == "section"


def test_ts_rise_even_when_the_clock_stands_still(app: App) -> None:
    slack = SlackStandIn(app.server.url, app.server.url, SECRET, TOKEN, now=lambda: 1_700_000_000.0)
    first, second = (post(client(slack)) for _ in range(2))
    slack.close()
    assert (first, second > first) == ("1700000000.000000", True)


# Blocks


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        {"type": "section", "fields": [{"type": "plain_text", "text": "x"}] * 10, "accessory": button()},
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
        actions(button(style="primary"), {"type": "users_select", "action_id": "owner"}),
        {"type": "divider"},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A"},
        rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "link", "url": "https://x.io"}),
        rich({"type": "emoji", "name": "wave", "unicode": "1f44b"}, {"type": "user", "user_id": "U1"}),
    ],
)
def test_good_blocks_are_taken(web: WebClient, block: Json) -> None:
    assert web.chat_postMessage(channel=SUPPORT, text="Hi", blocks=[block])["ok"]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "section"}], "must have one of: text, fields [json-pointer:/blocks/0]"),
        ([{"type": "poster"}], "unsupported type: poster [json-pointer:/blocks/0]"),
        ([{"type": "divider", "x": 1}], "invalid additional property: x [json-pointer:/blocks/0]"),
        (
            [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text]",
        ),
        (
            [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            [actions(button(value="x" * 2001))],
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            [actions(button(style="loud"))],
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
        ),
        ([actions(button(), button())], "`action_id` claim already exists [json-pointer:/blocks]"),
        (
            [{"type": "image", "image_url": "https://example.com/a.png"}],
            "missing required field: alt_text [json-pointer:/blocks/0]",
        ),
        (
            [rich({"type": "text", "text": ""})],
            "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
        ),
    ],
)
def test_bad_blocks_are_refused_with_the_place(web: WebClient, blocks: list[Json], problem: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=SUPPORT, text="Hi", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["errors"] == [problem]


# Updating, deleting, whispering, linking


def test_an_update_replaces_the_look_and_keeps_the_metadata(slack: SlackStandIn, web: WebClient, app: App) -> None:
    metadata = {"event_type": "a", "event_payload": {"k": "1"}}
    ts = post(web, blocks=[section()], metadata=metadata)
    web.chat_update(channel=SUPPORT, ts=ts, text="Bye")
    slack.quiet()
    [message] = slack.messages(SUPPORT)
    assert (message["text"], message["metadata"], "blocks" in message) == ("Bye", metadata, False)
    assert app.events[-1]["previous_message"]["blocks"][0]["type"] == "section"
    web.chat_update(channel=SUPPORT, ts=ts, text="Bye", metadata={})
    assert "metadata" not in slack.messages(SUPPORT)[0]


def test_updates_are_refused_where_slack_refuses_them(slack: SlackStandIn, web: WebClient) -> None:
    ours, bobs = post(web), slack.say(BOB, SUPPORT, "Mine")
    assert refusal(web, "chat.update", channel=SUPPORT, ts=ours, text="x" * 4001) == "msg_too_long"
    assert refusal(web, "chat.update", channel=SUPPORT, ts=ours) == "no_text"
    assert refusal(web, "chat.update", channel=SUPPORT, ts=bobs, text="x") == "cant_update_message"
    assert refusal(web, "chat.update", channel=SUPPORT, ts="1.000001", text="x") == "message_not_found"


def test_only_own_messages_can_be_deleted(slack: SlackStandIn, web: WebClient, app: App) -> None:
    ours, bobs = post(web), slack.say(BOB, SUPPORT, "Mine")
    assert refusal(web, "chat.delete", channel=SUPPORT, ts=bobs) == "cant_delete_message"
    web.chat_delete(channel=SUPPORT, ts=ours)
    slack.quiet()
    assert (app.events[-1]["subtype"], app.events[-1]["deleted_ts"]) == ("message_deleted", ours)
    assert refusal(web, "chat.delete", channel=SUPPORT, ts=ours) == "message_not_found"


def test_an_ephemeral_is_seen_by_one_and_makes_no_event(slack: SlackStandIn, web: WebClient, app: App) -> None:
    web.chat_postEphemeral(channel=SUPPORT, user=BOB, text="Only you")
    assert refusal(web, "chat.postEphemeral", channel=SUPPORT, user=OUTSIDER, text="x") == "user_not_in_channel"
    slack.quiet()
    [whisper] = slack.state()["ephemerals"]
    assert (whisper["to"], whisper["text"], app.events) == (BOB, "Only you", [])


def test_a_permalink_leads_to_the_message(slack: SlackStandIn, web: WebClient) -> None:
    parent = post(web)
    reply = slack.say(BOB, SUPPORT, "Hi", parent)
    link = web.chat_getPermalink(channel=SUPPORT, message_ts=reply)["permalink"]
    place = f"p{reply.replace('.', '')}?thread_ts={parent}&cid={SUPPORT}"
    assert link == f"https://threadline.slack.com/archives/{SUPPORT}/{place}"


# Reading back


def test_a_thread_is_read_back_with_its_metadata_on_request(slack: SlackStandIn, web: WebClient) -> None:
    parent = post(web, metadata={"event_type": "a", "event_payload": {"k": "1"}})
    slack.say(BOB, SUPPORT, "One", parent)
    full = web.conversations_replies(channel=SUPPORT, ts=parent, include_all_metadata=True)["messages"]
    brief = web.conversations_replies(channel=SUPPORT, ts=parent)["messages"]
    assert [message["text"] for message in full] == ["Hello", "One"]
    assert (full[0]["reply_count"], full[0]["latest_reply"]) == (1, full[1]["ts"])
    assert full[0]["metadata"]["event_payload"] == {"k": "1"}
    assert brief[0]["metadata"] == {"event_type": "a"}


def test_a_thread_is_found_by_a_reply_and_not_by_a_guess(slack: SlackStandIn, web: WebClient) -> None:
    parent = post(web)
    reply = slack.say(BOB, SUPPORT, "One", parent)
    assert web.conversations_replies(channel=SUPPORT, ts=reply)["messages"][0]["ts"] == parent
    assert refusal(web, "conversations.replies", channel=SUPPORT, ts="1.000001") == "thread_not_found"


def test_history_comes_newest_first_in_pages_without_replies(slack: SlackStandIn, web: WebClient) -> None:
    first, second, third = (slack.say(BOB, SUPPORT, text) for text in ("1", "2", "3"))
    slack.say(BOB, SUPPORT, "reply", first)
    page = web.conversations_history(channel=SUPPORT, limit=2)
    rest = web.conversations_history(channel=SUPPORT, cursor=page["response_metadata"]["next_cursor"], limit=2)
    assert [message["ts"] for message in page["messages"]] == [third, second]
    assert (page["has_more"], [message["ts"] for message in rest["messages"]]) == (True, [first])


def test_history_keeps_to_its_bounds(slack: SlackStandIn, web: WebClient) -> None:
    first, second, third = (slack.say(BOB, SUPPORT, text) for text in ("1", "2", "3"))
    within = web.conversations_history(channel=SUPPORT, oldest=first, latest=third)["messages"]
    all_three = web.conversations_history(channel=SUPPORT, oldest=first, latest=third, inclusive=True)
    assert [message["ts"] for message in within] == [second]
    assert len(all_three["messages"]) == 3
    assert refusal(web, "conversations.history", channel=SUPPORT, oldest="soon") == "invalid_ts_oldest"
    assert refusal(web, "conversations.history", channel=SUPPORT, limit=0) == "invalid_limit"
    assert refusal(web, "conversations.history", channel=SUPPORT, cursor="?") == "invalid_cursor"
    assert refusal(web, "conversations.history", channel=ELSEWHERE) == "not_in_channel"


def test_channels_are_described_and_listed(web: WebClient) -> None:
    assert web.conversations_info(channel=SHARED)["channel"]["is_ext_shared"]
    public = web.conversations_list(exclude_archived=True)["channels"]
    private = web.conversations_list(types="private_channel")["channels"]
    assert [channel["name"] for channel in public] == [
        "support",
        "sales",
        "threadline-admin",
        "elsewhere",
        "shared",
    ]
    assert [channel["name"] for channel in private] == ["private"]
    assert BOB in web.conversations_members(channel=SUPPORT)["members"]


def test_the_app_can_join_a_public_channel(slack: SlackStandIn, web: WebClient, app: App) -> None:
    assert web.conversations_join(channel=ELSEWHERE)["channel"]["is_member"]
    assert web.conversations_join(channel=ELSEWHERE)["warning"] == "already_in_channel"
    assert refusal(web, "conversations.join", channel=ARCHIVED) == "is_archived"
    slack.quiet()
    assert (app.events[0]["type"], app.events[0]["user"]) == ("member_joined_channel", BOT_USER_ID)


def test_users_are_known_and_their_addresses_only_with_the_scope(slack: SlackStandIn, web: WebClient) -> None:
    assert "email" not in web.users_info(user=BOB)["user"]["profile"]
    slack.scopes.add("users:read.email")
    assert web.users_info(user=BOB)["user"]["profile"]["email"] == "bob@example.com"
    assert web.users_info(user=OUTSIDER)["user"]["is_stranger"]
    assert refusal(web, "users.info", user="U0NOBODY") == "user_not_found"
    assert MIA in {member["id"] for member in web.users_list()["members"]}


# Reactions


def test_a_reaction_is_added_once_shown_and_taken_off(slack: SlackStandIn, web: WebClient, app: App) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    place: Json = {"channel": SUPPORT, "timestamp": ts}
    web.reactions_add(**place, name="eyes")
    assert refusal(web, "reactions.add", **place, name="eyes") == "already_reacted"
    shown = web.reactions_get(**place)["message"]["reactions"]
    assert shown == [{"name": "eyes", "users": [BOT_USER_ID], "count": 1}]
    web.reactions_remove(**place, name="eyes")
    assert refusal(web, "reactions.remove", **place, name="eyes") == "no_reaction"
    slack.quiet()
    assert [event["type"] for event in app.events[1:]] == ["reaction_added", "reaction_removed"]
    assert app.events[1]["item"] == {"type": "message", "channel": SUPPORT, "ts": ts}


def test_reactions_that_make_no_sense_are_refused(slack: SlackStandIn, web: WebClient) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    assert refusal(web, "reactions.add", channel=SUPPORT, timestamp=ts, name="a b") == "invalid_name"
    assert refusal(web, "reactions.add", channel=SUPPORT, name="eyes") == "no_item_specified"
    assert refusal(web, "reactions.add", channel=SUPPORT, timestamp="1.1", name="x") == "message_not_found"
    for number in range(23):
        web.reactions_add(channel=SUPPORT, timestamp=ts, name=f"custom{number}")
    assert refusal(web, "reactions.add", channel=SUPPORT, timestamp=ts, name="x") == "too_many_reactions"


# Budgets and misfortunes


def test_posts_to_one_channel_are_paced_and_other_channels_go_on(app: App) -> None:
    clock = [1_700_000_000.0]
    slack = SlackStandIn(app.server.url, app.server.url, SECRET, TOKEN, now=lambda: clock[0])
    web = client(slack)
    for _ in range(5):
        post(web)
    with pytest.raises(SlackApiError) as caught:
        post(web)
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert caught.value.response["error"] == "ratelimited"
    assert web.chat_postMessage(channel=SALES, text="Hi")["ok"]
    clock[0] += 1
    post(web)
    slack.close()


def test_each_method_has_its_tier_and_limits_can_be_off(app: App) -> None:
    slack = SlackStandIn(app.server.url, app.server.url, SECRET, TOKEN, now=lambda: 1_700_000_000.0)
    web = client(slack)
    for _ in range(20):
        web.users_list()
    assert refusal(web, "users.list") == "ratelimited"
    slack.rate_limits = False
    assert web.users_list()["ok"]
    slack.close()


def test_an_ordered_429_names_its_wait(slack: SlackStandIn, web: WebClient) -> None:
    slack.fail("chat.postMessage", {"status": 429, "retry_after": 2})
    with pytest.raises(SlackApiError) as caught:
        post(web)
    assert caught.value.response.headers["Retry-After"] == "2"
    assert post(web)


def test_ordered_errors_come_as_often_as_ordered(slack: SlackStandIn, web: WebClient) -> None:
    slack.fail("chat.postMessage", {"error": "is_archived"}, times=2)
    errors = [refusal(web, "chat.postMessage", channel=SUPPORT, text="Hi") for _ in range(2)]
    assert errors == ["is_archived", "is_archived"]
    slack.fail("*", {"status": 500})
    with pytest.raises(SlackApiError):
        web.auth_test()
    assert web.auth_test()["ok"]


def test_a_call_can_be_lost_before_it_is_done_or_after(slack: SlackStandIn, web: WebClient) -> None:
    for when in ("before", "after"):
        slack.fail("chat.postMessage", {"drop": when})
        with pytest.raises(ConnectionError):
            post(web, when)
    assert [message["text"] for message in slack.messages(SUPPORT)] == ["after"]
    assert [method for method, _ in slack.calls] == ["chat.postMessage"] * 2


def test_a_call_can_be_slow(slack: SlackStandIn) -> None:
    slack.fail("auth.test", {"delay": 0.2})
    impatient = WebClient(token=TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[], timeout=0.05)  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        impatient.auth_test()


# Events


def test_events_are_signed_and_wrapped_as_slack_does(slack: SlackStandIn, app: App) -> None:
    slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    [call] = app.got
    assert SignatureVerifier(SECRET).is_valid_request(call.body, dict(call.headers))
    envelope = call.json()
    assert (envelope["type"], envelope["team_id"], envelope["api_app_id"]) == (
        "event_callback",
        "T0THREAD",
        "A0THREAD",
    )
    assert envelope["authorizations"][0]["user_id"] == BOT_USER_ID
    assert envelope["is_ext_shared_channel"] is False


def test_a_persons_message_has_escaped_text_and_rich_text(slack: SlackStandIn, app: App) -> None:
    slack.say("bob", "#support", "a < b & :wave: @mia #sales https://example.com ok 10:30:45")
    slack.quiet()
    [event] = app.events
    assert event["text"] == (f"a &lt; b &amp; :wave: <@{MIA}> <#{SALES}|sales> <https://example.com> ok 10:30:45")
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "a < b & "},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": MIA},
        {"type": "text", "text": " "},
        {"type": "channel", "channel_id": SALES},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://example.com"},
        {"type": "text", "text": " ok 10:30:45"},
    ]
    assert (event["user"], event["channel_type"], "client_msg_id" in event) == (BOB, "channel", True)


def test_styles_lists_quotes_and_code_become_their_blocks(slack: SlackStandIn) -> None:
    slack.say(BOB, SUPPORT, "*Hi* 👋🏽\n- one\n- two\n> said\n```\nx < y\n```\na@b.co")
    [message] = slack.messages(SUPPORT)
    kinds = [container["type"].removeprefix("rich_text_") for container in message["blocks"][0]["elements"]]
    assert kinds == ["section", "list", "quote", "preformatted", "section"]
    assert message["text"] == (
        "*Hi* :wave::skin-tone-4:\n• one\n• two\n&gt; said\n```x &lt; y```\n<mailto:a@b.co|a@b.co>"
    )


def test_what_people_type_is_what_slack_would_take_back(slack: SlackStandIn, web: WebClient) -> None:
    slack.say(BOB, SUPPORT, "*Hi* @mia `x` 👋🏽 :threadline:\n1. one\n> q\n```c```")
    blocks = slack.messages(SUPPORT)[0]["blocks"]
    assert web.chat_postMessage(channel=SUPPORT, text="Hi", blocks=blocks)["ok"]


@pytest.mark.parametrize(
    ("how", "subtype"),
    [
        ({}, None),
        ({"files": [{"name": "a.png", "size": 3}]}, "file_share"),
        ({"broadcast": True}, "thread_broadcast"),
        ({"me": True}, "me_message"),
    ],
)
def test_replies_come_with_their_subtype(slack: SlackStandIn, app: App, how: Json, subtype: str | None) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    slack.say(BOB, SUPPORT, "Reply", parent, **how)
    slack.quiet()
    event = app.messages()[1]
    assert (event.get("subtype"), event["thread_ts"]) == (subtype, parent)
    assert ("root" in event) is (subtype == "thread_broadcast")
    assert [file["mimetype"] for file in event.get("files", [])] == (["image/png"] if "files" in how else [])


def test_a_reply_also_changes_its_parent_as_noise(slack: SlackStandIn, app: App) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    slack.say(BOB, SUPPORT, "Reply", parent)
    slack.quiet()
    noise = app.events[-1]
    assert (noise["subtype"], noise["message"]["reply_count"]) == ("message_changed", 1)
    assert noise["message"]["text"] == noise["previous_message"]["text"]
    assert "edited" not in noise["message"]


def test_an_edit_and_a_preview_both_change_a_message(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(BOB, SUPPORT, "Teh")
    slack.edit(SUPPORT, ts, "The")
    slack.unfurl(SUPPORT, ts)
    slack.quiet()
    edit, preview = app.events[1:]
    assert (edit["previous_message"]["text"], edit["message"]["text"]) == ("Teh", "The")
    assert edit["message"]["edited"] == preview["message"]["edited"]


def test_a_deleted_parent_leaves_a_tombstone_until_its_replies_are_gone(slack: SlackStandIn, app: App) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    reply = slack.say(BOB, SUPPORT, "Reply", parent)
    slack.delete(SUPPORT, parent)
    slack.quiet()
    changes = [event["message"] for event in app.events[-2:]]
    assert [change.get("subtype") for change in changes] == ["tombstone", None]
    slack.delete(SUPPORT, reply)
    assert slack.messages(SUPPORT) == []


def test_outsiders_in_a_shared_channel_are_marked(slack: SlackStandIn, app: App) -> None:
    slack.share("sales")
    slack.say(OUTSIDER, SALES, "Hi")
    slack.quiet()
    assert [event["type"] for event in app.events[:2]] == ["channel_shared", "member_joined_channel"]
    assert (app.events[-1]["user_team"], app.got[-1].json()["is_ext_shared_channel"]) == ("T0OTHER", True)


def test_other_bots_carry_a_bot_id(slack: SlackStandIn, app: App) -> None:
    slack.say(OTHER_BOT, SUPPORT, "Beep")
    slack.quiet()
    assert app.events[0]["bot_id"] == "B0OTHERBOT"
    assert "client_msg_id" not in app.events[0]


def test_where_the_app_is_not_it_hears_nothing(slack: SlackStandIn, app: App) -> None:
    slack.say(BOB, ELSEWHERE, "Psst")
    slack.kick(SUPPORT)
    slack.say(BOB, SUPPORT, "Gone?")
    slack.quiet()
    assert [event["type"] for event in app.events] == ["channel_left"]


def test_an_archived_channel_is_announced_and_closed(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.archive(SUPPORT)
    slack.quiet()
    assert app.events[0]["type"] == "channel_archive"
    assert refusal(web, "chat.postMessage", channel=SUPPORT, text="Hi") == "is_archived"
    with pytest.raises(ValueError, match="cannot write"):
        slack.say(BOB, SUPPORT, "Hi")


def test_a_second_click_takes_a_reaction_back(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(BOB, SUPPORT, "Hi")
    for _ in range(2):
        slack.react(MIA, SUPPORT, ts, "eyes")
    slack.quiet()
    assert [event["type"] for event in app.events] == ["message", "reaction_added", "reaction_removed"]
    assert "reactions" not in slack.messages(SUPPORT)[0]


# Delivering


def test_a_failed_event_is_tried_three_times_more_with_fresh_signatures(slack: SlackStandIn, app: App) -> None:
    app.answers = [Answer(500)] * 4
    slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    numbers = [call.headers.get("x-slack-retry-num") for call in app.got]
    assert numbers == [None, "1", "2", "3"]
    assert app.got[1].headers["x-slack-retry-reason"] == "http_error"
    assert all(SignatureVerifier(SECRET).is_valid_request(call.body, dict(call.headers)) for call in app.got)
    assert [attempt["result"] for attempt in slack.deliveries] == ["http_error"] * 3 + ["given up"]


def test_a_retry_ends_with_success_or_when_the_app_declines(slack: SlackStandIn, app: App) -> None:
    app.answers = [Answer(500), Answer(), Answer(500, headers={"x-slack-no-retry": "1"})]
    slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    slack.say(BOB, SUPPORT, "Ho")
    slack.quiet()
    assert len(app.got) == 3


def test_a_closed_line_is_a_failed_connection(slack: SlackStandIn, app: App) -> None:
    app.answers = [Answer(drop=True)]
    slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    assert app.got[1].headers["x-slack-retry-reason"] == "connection_failed"


def test_an_answer_that_takes_too_long_is_a_timeout(slack: SlackStandIn, app: App) -> None:
    app.slow = [0.4]
    slack.say(BOB, SUPPORT, "Hi")
    slack.quiet()
    assert app.got[1].headers["x-slack-retry-reason"] == "http_timeout"


def test_a_retry_does_not_hold_back_what_follows(app: App) -> None:
    url = app.server.url
    slack = SlackStandIn(f"{url}/events", url, SECRET, TOKEN, retries=(0.1,))
    app.answers = [Answer(500)]
    for text in ("1", "2"):
        slack.say(BOB, SUPPORT, text)
    slack.quiet()
    slack.close()
    assert [event["text"] for event in app.events] == ["1", "2", "1"]


def test_many_posts_at_once_keep_their_order_and_their_ts(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.rate_limits = False
    with ThreadPoolExecutor(8) as pool:
        stamps = list(pool.map(lambda number: post(web, str(number)), range(40)))
    slack.rate_limits = True
    slack.quiet()
    told = [event["ts"] for event in app.messages()]
    assert (len(set(stamps)), told) == (40, sorted(stamps))


def test_events_can_be_repeated_dropped_held_and_turned_round(slack: SlackStandIn, app: App) -> None:
    slack.repeat_events(1)
    slack.say(BOB, SUPPORT, "1")
    slack.repeat_events(0)
    slack.drop_events(1)
    slack.say(BOB, SUPPORT, "2")
    slack.hold_events()
    slack.say(BOB, SUPPORT, "3")
    slack.say(BOB, SUPPORT, "4")
    slack.quiet()
    assert [event["text"] for event in app.events] == ["1", "1"]
    slack.release_events(reverse=True)
    slack.quiet()
    assert [event["text"] for event in app.events] == ["1", "1", "4", "3"]
    assert app.got[0].json()["event_id"] == app.got[1].json()["event_id"]


def test_without_a_thread_events_go_out_when_somebody_waits(app: App) -> None:
    url = app.server.url
    slack = SlackStandIn(f"{url}/events", url, SECRET, TOKEN, background=False, retries=(0.0,))
    app.answers = [Answer(500)]
    slack.say(BOB, SUPPORT, "Hi")
    assert app.got == []
    slack.quiet()
    slack.close()
    assert len(app.got) == 2


def test_the_events_url_is_verified_by_a_challenge(slack: SlackStandIn) -> None:
    assert slack.verify_url()


# Buttons


def pressed(app: App) -> Json:
    [call] = [call for call in app.got if call.path == "/press"]
    assert SignatureVerifier(SECRET).is_valid_request(call.body, dict(call.headers))
    payload: Json = json.loads(call.form()["payload"])
    return payload


def respond(payload: Json, **answer: Any) -> Any:
    return requests.post(payload["response_url"], json=answer, timeout=5).json()


def test_a_press_tells_the_app_who_what_and_where(slack: SlackStandIn, web: WebClient, app: App) -> None:
    parent = slack.say(MIA, SUPPORT, "Parent")
    ts = post(web, thread_ts=parent, blocks=[actions(button())])
    assert slack.press("mia", SUPPORT, ts, "claim") == 200
    payload = pressed(app)
    assert (payload["type"], payload["user"]["id"], payload["message"]["ts"]) == ("block_actions", MIA, ts)
    assert (payload["container"]["message_ts"], payload["container"]["thread_ts"]) == (ts, parent)
    [action] = payload["actions"]
    assert (action["action_id"], action["value"], action["type"]) == ("claim", "42", "button")
    assert {"block_id", "action_ts"} <= action.keys()


def test_a_choice_in_a_menu_is_told(slack: SlackStandIn, web: WebClient, app: App) -> None:
    ts = post(web, blocks=[{**section(), "accessory": {"type": "users_select", "action_id": "owner"}}])
    slack.press(BOB, SUPPORT, ts, "owner", choice=MIA)
    assert pressed(app)["actions"][0]["selected_user"] == MIA


def test_what_is_not_there_cannot_be_pressed(slack: SlackStandIn, web: WebClient) -> None:
    with pytest.raises(LookupError):
        slack.press(BOB, SUPPORT, post(web), "claim")


def test_only_who_is_there_can_press(slack: SlackStandIn, web: WebClient, app: App) -> None:
    ts = post(web, blocks=[actions(button())])
    with pytest.raises(ValueError, match="cannot write"):
        slack.press(OUTSIDER, SUPPORT, ts, "claim")
    slack.archive(SUPPORT)
    with pytest.raises(ValueError, match="cannot write"):
        slack.press(BOB, SUPPORT, ts, "claim")
    assert [call for call in app.got if call.path == "/press"] == []


def test_a_response_url_answers_the_presser_or_replaces_the_message(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    ts = post(web, blocks=[actions(button())])
    slack.press(BOB, SUPPORT, ts, "claim")
    payload = pressed(app)
    assert respond(payload, text="Only you") == {"ok": True}
    respond(payload, text="Yours now", replace_original=True)
    assert slack.state()["ephemerals"][0]["to"] == BOB
    assert slack.messages(SUPPORT)[0]["text"] == "Yours now"
    respond(payload, delete_original=True)
    assert slack.messages(SUPPORT) == []


def test_a_response_url_is_used_up(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.press(BOB, SUPPORT, post(web, blocks=[actions(button())]), "claim")
    payload = pressed(app)
    for _ in range(5):
        respond(payload, text="Hi")
    assert respond(payload, text="Hi") == {"ok": False, "error": "used_url"}


# Controls


def test_the_strings_can_be_pulled_over_http(slack: SlackStandIn) -> None:
    ts = pull(slack, "say", user="bob", channel="support", text="Hi")["result"]
    pull(slack, "say", user="mia", channel="support", text="Ho", thread_ts=ts)
    pull(slack, "quiet")
    state = requests.get(f"{slack.url}/control/state", timeout=5).json()
    support = next(channel for channel in state["channels"] if channel["name"] == "support")
    assert [message["text"] for message in support["messages"]] == ["Hi"]
    assert [message["text"] for message in support["threads"][ts]] == ["Hi", "Ho"]
    assert [message["text"] for message in slack.thread(SUPPORT, ts)] == ["Hi", "Ho"]


def test_a_wrong_pull_says_what_is_wrong(slack: SlackStandIn) -> None:
    answer = pull(slack, "say", user="bob", channel="nowhere", text="Hi")
    assert answer == {"ok": False, "error": "no such channel: nowhere"}


def test_reset_begins_again(slack: SlackStandIn, web: WebClient) -> None:
    slack.say(BOB, SUPPORT, "Hi")
    slack.fail("auth.test", {"status": 500})
    slack.revoke()
    slack.reset()
    slack.quiet()
    assert web.auth_test()["ok"]
    assert (slack.messages(SUPPORT), len(slack.calls)) == ([], 1)
