"""Files at the local Slack: uploaded in three steps, shown when it likes, and fetched only by who may."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.server import Answer, Call, Server
from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, BOT_ID, BOT_USER_ID, ELSEWHERE, OUTSIDER, PRIVATE, SHARED, SUPPORT

TOKEN = "xoxb-stand-in"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
Json = dict[str, Any]


@dataclass
class World:
    """Slack, the app's end of it, and a clock that stands until a test moves it."""

    slack: SlackStandIn
    got: list[Json] = field(default_factory=list)
    moment: float = 1_700_000_000.0

    def messages(self) -> list[Json]:
        self.slack.quiet()
        return [event for event in self.got if event["type"] == "message" and not event.get("hidden")]

    def events(self, kind: str) -> list[Json]:
        self.slack.quiet()
        return [event for event in self.got if kind in (event["type"], event.get("subtype"))]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    def take(call: Call) -> Answer:
        found.got.append(call.json()["event"])
        return Answer()

    app = Server(take)
    slack = SlackStandIn(f"{app.url}/events", f"{app.url}/press", "secret", TOKEN, now=lambda: found.moment)
    found = World(slack)
    yield found
    slack.close()
    app.close()


@pytest.fixture(autouse=True)
def slack(world: World) -> SlackStandIn:
    world.slack.reset()
    world.slack.quiet()
    world.got.clear()
    return world.slack


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient(TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[])


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def uploaded(web: WebClient, name: str = "a.png", data: bytes = PNG) -> str:
    found = web.files_getUploadURLExternal(filename=name, length=len(data))
    assert requests.post(found["upload_url"], data=data, timeout=5).status_code == 200
    return str(found["file_id"])


def completed(web: WebClient, *files: str, **more: Any) -> Json:
    listed: list[dict[str, str | None]] = [{"id": file} for file in files]
    answer = web.files_completeUploadExternal(files=listed, channel_id=SUPPORT, **more)
    assert isinstance(answer.data, dict)
    return answer.data


def fetch(url: str, token: str = TOKEN) -> requests.Response:
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def blocks(*some: Json) -> str:
    """Write blocks as JSON: here the SDK leaves that to whoever calls it."""
    return json.dumps(some)


def rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


# Uploading


def test_the_sdk_uploads_a_file(slack: SlackStandIn, web: WebClient) -> None:
    web.files_upload_v2(filename="a.png", content=PNG, channel=SUPPORT, initial_comment="Look")
    [message] = slack.messages(SUPPORT)
    assert message["text"] == "Look"
    assert [(file["name"], file["mimetype"], file["size"]) for file in message["files"]] == [
        ("a.png", "image/png", len(PNG))
    ]


@pytest.mark.parametrize("arguments", [{"filename": "a", "length": 0}, {"length": 3}, {"filename": "a"}])
def test_an_upload_needs_a_name_and_a_length(web: WebClient, arguments: Json) -> None:
    assert refused(web.api_call, api_method="files.getUploadURLExternal", params=arguments) == "missing_argument"


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("files.getUploadURLExternal", "files:write"),
        ("files.completeUploadExternal", "files:write"),
        ("files.info", "files:read"),
        ("files.delete", "files:write"),
    ],
)
def test_each_method_needs_its_scope(slack: SlackStandIn, web: WebClient, method: str, scope: str) -> None:
    slack.scopes.discard(scope)
    assert refused(web.api_call, api_method=method) == "missing_scope"


def test_an_upload_address_takes_the_announced_length_once(web: WebClient) -> None:
    found = web.files_getUploadURLExternal(filename="a.png", length=len(PNG))

    def put(data: bytes) -> int:
        return requests.post(found["upload_url"], data=data, timeout=5).status_code

    assert [put(PNG[1:]), put(PNG), put(PNG)] == [400, 200, 404]


def test_an_upload_may_be_a_form(slack: SlackStandIn, web: WebClient) -> None:
    found = web.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    assert requests.post(found["upload_url"], files={"file": ("a.png", PNG)}, timeout=5).status_code == 200
    completed(web, found["file_id"])
    assert slack.messages(SUPPORT)[0]["files"][0]["size"] == len(PNG)


# Completing


def test_completing_says_ok_without_a_place_and_our_own_event_tells_it(web: WebClient, world: World) -> None:
    file = uploaded(web)
    assert completed(web, file) == {"ok": True, "files": [{"id": file, "title": "a.png"}]}
    [event] = world.messages()
    assert (event["subtype"], event["bot_id"], event["app_id"]) == ("file_share", BOT_ID, "A0THREAD")
    assert [each["id"] for each in event["files"]] == [file]
    assert "metadata" not in event


def test_a_file_is_completed_once_and_only_when_its_bytes_are_there(web: WebClient) -> None:
    empty = web.files_getUploadURLExternal(filename="a.png", length=3)["file_id"]
    file = uploaded(web)
    completed(web, file)
    for each in (empty, file, "F1"):
        listed = [{"id": each}]
        assert refused(web.files_completeUploadExternal, files=listed, channel_id=SUPPORT) == "file_not_found"


def test_several_files_make_one_message_in_their_order(slack: SlackStandIn, web: WebClient) -> None:
    files = [uploaded(web, name) for name in ("b.png", "a.pdf")]
    completed(web, *files)
    [message] = slack.messages(SUPPORT)
    assert [each["name"] for each in message["files"]] == ["b.png", "a.pdf"]


def test_blocks_stand_above_the_files_of_a_thread(slack: SlackStandIn, web: WebClient) -> None:
    parent = slack.say(BOB, SUPPORT, "Hello")
    completed(web, uploaded(web), thread_ts=parent, blocks=blocks(rich("Look <here>")))
    reply = slack.thread(SUPPORT, parent)[1]
    assert (reply["blocks"][0]["type"], reply["text"]) == ("rich_text", "Look &lt;here&gt;")


def test_a_comment_has_the_blocks_ignored(slack: SlackStandIn, web: WebClient) -> None:
    completed(web, uploaded(web), initial_comment="Words", blocks=blocks({"type": "nonsense"}))
    [message] = slack.messages(SUPPORT)
    assert (message["text"], "blocks" in message) == ("Words", False)


def test_a_file_can_come_under_another_name_with_its_scope(slack: SlackStandIn, web: WebClient) -> None:
    file = uploaded(web)
    listed, name = [{"id": file}], {"username": "Ana", "icon_emoji": ":phone:"}
    slack.scopes.discard("chat:write.customize")
    assert refused(web.files_completeUploadExternal, files=listed, channel_id=SUPPORT, **name) == "missing_scope"
    slack.scopes.add("chat:write.customize")
    completed(web, file, **name)
    assert slack.messages(SUPPORT)[0]["username"] == "Ana"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"channel_id": ELSEWHERE}, "not_in_channel"),
        ({"channel_id": "C1"}, "channel_not_found"),
        ({"channel_id": "C0ARCHIVED"}, "is_archived"),
        ({"channel_id": SUPPORT, "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel_id": SUPPORT, "blocks": blocks({"type": "nonsense"})}, "invalid_blocks"),
        ({"channel_id": SUPPORT, "blocks": blocks({"type": "markdown", "text": "a"})}, "internal_error"),
    ],
)
def test_what_cannot_be_shared_stays_uploaded(slack: SlackStandIn, web: WebClient, how: Json, error: str) -> None:
    file = uploaded(web)
    assert refused(web.files_completeUploadExternal, files=[{"id": file}], **how) == error
    completed(web, file)
    assert len(slack.messages(SUPPORT)) == 1


def test_without_a_channel_a_file_is_shown_to_nobody(slack: SlackStandIn, web: WebClient) -> None:
    file = uploaded(web)
    web.files_completeUploadExternal(files=[{"id": file}])
    assert web.files_info(file=file)["file"]["shares"] == {}
    assert slack.messages(SUPPORT) == []


def test_a_file_can_appear_late_by_the_clock(slack: SlackStandIn, web: WebClient, world: World) -> None:
    slack.files.file_posts(delay=30)
    file = uploaded(web)
    completed(web, file)
    assert web.files_info(file=file)["file"]["shares"] == {}
    world.moment += 30
    assert SUPPORT in web.files_info(file=file)["file"]["shares"]["public"]
    assert [event["files"][0]["id"] for event in world.messages()] == [file]


def test_a_file_that_is_late_appears_though_nobody_asks() -> None:
    slack = SlackStandIn("http://127.0.0.1:9/", "http://127.0.0.1:9/", "secret", TOKEN)
    web = WebClient(TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[])
    slack.files.file_posts(delay=0.05)
    completed(web, uploaded(web))
    until = time.monotonic() + 5
    while not slack.messages(SUPPORT) and time.monotonic() < until:
        slack.changes(slack.state()["journal"]["at"], 0.2)
    assert len(slack.messages(SUPPORT)) == 1
    slack.close()


def test_a_file_may_never_appear_though_slack_said_ok(slack: SlackStandIn, web: WebClient) -> None:
    slack.files.file_posts(never=1)
    files = [uploaded(web), uploaded(web)]
    for file in files:
        completed(web, file)
    assert [message["files"][0]["id"] for message in slack.messages(SUPPORT)] == files[1:]
    assert web.files_info(file=files[0])["file"]["shares"] == {}


def test_what_is_planned_for_files_is_told_and_mended(slack: SlackStandIn) -> None:
    slack.files.file_posts(delay=2, never=1)
    slack.files.file_stubs()
    planned = {"delay": 2, "never": 1, "stubs": True}
    told = [one["files"] for one in slack.changes()["changes"] if one["kind"] == "faults"]
    assert slack.state()["files"] == told[-1] == planned
    slack.mend()
    assert slack.state()["files"] == {"delay": 0, "never": 0, "stubs": False}


def test_where_a_file_is_shown_tells_private_from_public(slack: SlackStandIn, web: WebClient) -> None:
    parent = slack.say(BOB, PRIVATE, "Hello")
    file = uploaded(web)
    web.files_completeUploadExternal(files=[{"id": file}], channel_id=PRIVATE, thread_ts=parent)
    shares = web.files_info(file=file)["file"]["shares"]
    [place] = shares["private"][PRIVATE]
    assert (list(shares), place["thread_ts"]) == (["private"], parent)
    assert place["ts"] == slack.thread(PRIVATE, parent)[1]["ts"]


# Fetching


def test_what_somebody_drops_can_be_fetched_with_the_token(slack: SlackStandIn, world: World) -> None:
    data = base64.b64encode(PNG).decode()
    slack.say(BOB, SUPPORT, "", files=[{"name": "ein Bild.png", "data": data}, {"name": "b.txt", "data": b"hi"}])
    [event] = world.messages()
    first, second = event["files"]
    assert (event["subtype"], first["size"], second["mimetype"]) == ("file_share", len(PNG), "text/plain")
    assert "data" not in first
    got = fetch(first["url_private_download"])
    assert (got.content, got.headers["Content-Type"]) == (PNG, "image/png")
    assert fetch(second["url_private"]).content == b"hi"


def test_who_may_not_see_a_file_gets_a_page_to_sign_in(slack: SlackStandIn, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png", "data": PNG}])
    url = world.messages()[0]["files"][0]["url_private_download"]
    slack.scopes.discard("files:read")
    no_scope = fetch(url)
    slack.scopes.add("files:read")
    for answer in (no_scope, fetch(url, "xoxb-other"), requests.get(url, timeout=5)):
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    slack.kick(SUPPORT)
    assert b"Sign in" in fetch(url).content


@pytest.mark.parametrize("how", ["tombstone", "hidden_by_limit", "access_denied"])
def test_of_some_files_there_is_nothing_but_the_id(slack: SlackStandIn, world: World, how: str) -> None:
    slack.say(BOB, SUPPORT, "Here", files=[{"name": "a.png", "spoilt": how}])
    [file] = world.messages()[0]["files"]
    assert how in (file["mode"], file.get("file_access"))
    assert "url_private" not in file


def test_files_info_of_what_is_spoilt(slack: SlackStandIn, web: WebClient, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png"}])
    file = world.messages()[0]["files"][0]["id"]
    slack.files.spoil_file(file, "hidden_by_limit")
    assert web.files_info(file=file)["file"]["mode"] == "hidden_by_limit"
    slack.files.spoil_file(file, "access_denied")
    assert refused(web.files_info, file=file) == "access_denied"
    slack.files.spoil_file(file, "tombstone")
    assert refused(web.files_info, file=file) == "file_deleted"
    assert refused(web.files_info, file="F1") == "file_not_found"
    with pytest.raises(ValueError, match="spoilt as"):
        slack.files.spoil_file(file, "eaten")


def test_a_file_from_elsewhere_lies_elsewhere(slack: SlackStandIn, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "Plan", "spoilt": "external"}])
    [file] = world.messages()[0]["files"]
    assert (file["is_external"], file["url_private"][:23]) == (True, "https://docs.google.com")


def test_a_slow_file_never_ends(slack: SlackStandIn, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png", "size": 1000, "slow": True}])
    url = world.messages()[0]["files"][0]["url_private_download"]
    with requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, stream=True, timeout=5) as got:
        assert next(got.iter_content(1)) == b"\0"


def test_a_big_file_is_made_as_it_goes(slack: SlackStandIn, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png", "size": 300_000, "announced": None}])
    url = world.messages()[0]["files"][0]["url_private_download"]
    got = fetch(url)
    assert (len(got.content), "Content-Length" in got.headers) == (300_000, False)


def test_in_shared_channels_events_name_files_by_their_ids(
    slack: SlackStandIn, web: WebClient, world: World
) -> None:
    slack.say(OUTSIDER, SHARED, "", files=[{"name": "a.png", "data": PNG}])
    [file] = world.messages()[0]["files"]
    assert file == {"id": file["id"], "mode": "file_access", "file_access": "check_file_info"}
    assert web.files_info(file=file["id"])["file"]["name"] == "a.png"


def test_stubs_can_be_ordered_everywhere(slack: SlackStandIn, world: World) -> None:
    slack.files.file_stubs()
    ts = slack.say(BOB, SUPPORT, "Hi", files=[{"name": "a.png"}])
    slack.edit(SUPPORT, ts, "Ho")
    assert world.messages()[0]["files"][0]["file_access"] == "check_file_info"
    assert world.events("message_changed")[0]["message"]["files"][0]["file_access"] == "check_file_info"
    assert slack.messages(SUPPORT)[0]["files"][0]["name"] == "a.png"


# Deleting, and what goes wrong


def test_a_deleted_file_leaves_its_place(slack: SlackStandIn, web: WebClient, world: World) -> None:
    file = uploaded(web)
    completed(web, file)
    web.files_delete(file=file)
    assert slack.messages(SUPPORT)[0]["files"] == [{"id": file, "mode": "tombstone"}]
    assert world.events("message_changed")[0]["message"]["files"][0]["mode"] == "tombstone"
    assert world.events("file_deleted")[0]["file_id"] == file
    assert refused(web.files_delete, file=file) == "file_deleted"


def test_only_who_uploaded_a_file_deletes_it(slack: SlackStandIn, web: WebClient, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png", "data": PNG}])
    [found] = world.messages()[0]["files"]
    assert refused(web.files_delete, file=found["id"]) == "cant_delete_file"
    slack.files.delete_file(found["id"])
    assert fetch(found["url_private"]).status_code == 404


@pytest.mark.parametrize("error", ["file_uploads_disabled", "blocked_file_type", "storage_limit_reached"])
def test_slack_may_refuse_any_upload(slack: SlackStandIn, web: WebClient, error: str) -> None:
    slack.fail("files.getUploadURLExternal", {"error": error})
    assert refused(web.files_getUploadURLExternal, filename="a.png", length=3) == error


def test_bytes_can_be_lost_on_their_way(slack: SlackStandIn, web: WebClient, world: World) -> None:
    found = web.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    slack.fail("upload", {"status": 500})
    slack.fail("download", {"drop": "before"})
    assert requests.post(found["upload_url"], data=PNG, timeout=5).status_code == 500
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.png", "data": PNG}])
    with pytest.raises(requests.ConnectionError):
        fetch(world.messages()[0]["files"][0]["url_private"])


def test_the_methods_of_files_have_their_budgets(web: WebClient) -> None:
    file = uploaded(web)
    web.files_completeUploadExternal(files=[{"id": file}])
    for _ in range(100):
        web.files_info(file=file)
    assert refused(web.files_info, file=file) == "ratelimited"


def test_files_are_seen_without_credentials_on_this_machine_alone(slack: SlackStandIn, world: World) -> None:
    slack.say(BOB, SUPPORT, "", files=[{"name": "a.svg", "data": b"<svg/>"}])
    url = f"{slack.url}/control/file/{world.messages()[0]['files'][0]['id']}"
    got = requests.get(url, timeout=5)
    assert (got.content, got.headers["X-Content-Type-Options"]) == (b"<svg/>", "nosniff")
    assert requests.get(url, headers={"Origin": "https://evil.example"}, timeout=5).status_code == 403
    assert requests.get(f"{slack.url}/control/file/F1", timeout=5).status_code == 404


def test_no_change_holds_an_address_where_bytes_are_put(slack: SlackStandIn, web: WebClient) -> None:
    completed(web, uploaded(web))
    assert "/upload/" not in json.dumps(slack.changes())


def test_strings_over_http(slack: SlackStandIn, world: World) -> None:
    def pull(verb: str, **fields: Any) -> Json:
        answer: Json = requests.post(f"{slack.url}/control/{verb}", json=fields, timeout=5).json()
        return answer

    assert pull("file_posts", delay=3)["ok"]
    assert not pull("file_posts", delay=-1)["ok"]
    assert not pull("say", user="bob", channel="support", text="", files=[{"name": "a", "data": "§"}])["ok"]
    assert pull("file_stubs")["ok"]
    pull("say", user="bob", channel="support", text="", files=[{"name": "a", "data": "YQ=="}])
    assert pull("delete_file", file=world.messages()[0]["files"][0]["id"])["ok"]
    assert not pull("spoil_file", file="F1", how="slow")["ok"]


# Events that the app asked for


def test_only_events_that_are_subscribed_to_come(slack: SlackStandIn, world: World) -> None:
    ts = slack.say(BOB, SUPPORT, "Hello")
    slack.react(BOB, SUPPORT, ts, "eyes")
    [event] = world.events("reaction_added")
    assert (event["user"], event["reaction"], event["item_user"]) == (BOB, "eyes", BOB)
    slack.subscribed.discard("reaction_removed")
    slack.react(BOB, SUPPORT, ts, "eyes")
    slack.subscribed.discard("message.channels")
    slack.say(BOB, SUPPORT, "Unheard")
    slack.say(BOB, PRIVATE, "Heard")
    assert world.events("reaction_removed") == []
    assert [event["text"] for event in world.messages()] == ["Hello", "Heard"]


def test_the_app_reacts_to_files_as_to_any_message(slack: SlackStandIn, web: WebClient, world: World) -> None:
    completed(web, uploaded(web))
    ts = slack.messages(SUPPORT)[0]["ts"]
    web.reactions_add(channel=SUPPORT, timestamp=ts, name="eyes")
    assert world.events("reaction_added")[0]["user"] == BOT_USER_ID
