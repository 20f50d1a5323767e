"""Slack's Web API as we use it: what each answer means, and that nothing is sent twice by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.model import Absent, Ambiguous, Busy, CannotTell, Claim, Ok, Ours, Reason, Refused, Stamp, new_id
from chalicelib.slack.answers import OURS
from chalicelib.slack.blocks import Post, line, plain_version
from chalicelib.slack.names import Names
from chalicelib.slack.threads import Threads
from infra.local.server import Answer, Call, Server, answer_json
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from tests.house import SECRETS, House

PLAIN = Post("Hi", ())


class Script:
    """A Slack that answers as it is told, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.answers.pop(0)


@contextmanager
def slack(*answers: Answer) -> Iterator[tuple[Threads, Script]]:
    script = Script(*answers)
    server = Server(script)
    store: Any = Blank()
    try:
        yield Threads(lambda: "xoxb-x", f"{server.url}/", store), script
    finally:
        server.close()


class Blank:
    """A store in which there is nothing."""

    def find(self, *_: Any) -> None:
        return None


def refusal(error: str, status: int = 200, **headers: str) -> Answer:
    return answer_json({"ok": False, "error": error}, status, headers)


PAGE = Answer(200, b"<html>Sign in to Slack, thread_not_found</html>", {"Content-Type": "text/html"})

OUTCOMES = {
    "ok": (answer_json({"ok": True, "ts": "1.000001"}), Ok("1.000001")),
    "429": (refusal("ratelimited", 429, **{"Retry-After": "7"}), Busy("Slack asks us to wait", 7_000)),
    "429 without a time": (refusal("ratelimited", 429), Busy("Slack asks us to wait", None)),
    "429 with a date": (
        refusal("ratelimited", 429, **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}),
        Busy("Slack asks us to wait", None),
    ),
    "429 with nothing in it": (Answer(429, b"", {"retry-after": "3"}), Busy("Slack asks us to wait", 3_000)),
    "ratelimited in the body": (refusal("ratelimited"), Busy("Slack asks us to wait", None)),
    "500": (Answer(500), Ambiguous("HTTP 500")),
    "503 with a page": (Answer(503, b"<html>busy</html>"), Ambiguous("HTTP 503")),
    "200 with a page": (PAGE, Ambiguous("HTTP 200")),
    "200 with a list": (answer_json([1]), Ambiguous("Slack did not answer")),
    "200 with nothing": (Answer(200), Ambiguous("HTTP 200")),
    "no answer": (Answer(drop=True), Ambiguous("Slack did not answer")),
    "internal_error": (refusal("internal_error"), Ambiguous("internal_error")),
    "is_archived": (refusal("is_archived"), Ours("is_archived")),
    "invalid_blocks": (refusal("invalid_blocks"), Refused(Reason.REFUSED, "invalid_blocks")),
    "thread_not_found": (refusal("thread_not_found"), Refused(Reason.REFUSED, "thread_not_found")),
    "an error of tomorrow": (refusal("some_new_error"), Refused(Reason.REFUSED, "some_new_error")),
}


@pytest.mark.parametrize("what", OUTCOMES)
def test_every_answer_ends_in_one_outcome_after_one_call(what: str) -> None:
    answer, outcome = OUTCOMES[what]
    with slack(answer) as (threads, script):
        assert threads.post("C0", "", PLAIN, Stamp("claim")) == outcome
    assert len(script.calls) == 1


@pytest.mark.parametrize("error", sorted(OURS))
def test_what_is_our_fault_is_no_fault_of_the_message(error: str) -> None:
    with slack(refusal(error)) as (threads, _):
        assert threads.post("C0", "", PLAIN, Stamp("claim")) == Ours(error)


def test_nobody_listening_means_that_nothing_happened() -> None:
    store: Any = None
    threads = Threads(lambda: "xoxb-x", "http://127.0.0.1:9/api/", store)
    assert threads.post("C0", "", PLAIN, Stamp("claim")) == Busy("Slack cannot be reached")


def test_a_host_that_does_not_exist_means_that_nothing_happened() -> None:
    store: Any = None
    threads = Threads(lambda: "xoxb-x", "http://slack.invalid/api/", store)
    assert threads.post("C0", "", PLAIN, Stamp("claim")) == Busy("Slack cannot be reached")


STAMP = Stamp("P", "C", "I")


def test_a_post_carries_its_stamp_and_turns_markup_and_previews_off() -> None:
    with slack(answer_json({"ok": True, "ts": "1.0"})) as (threads, script):
        threads.post("C0", "5.0", Post("Hi", [{"type": "divider"}], "Ana", ":iphone:", broadcast=True), STAMP)
    assert script.calls[0].json() == {
        "channel": "C0",
        "text": "Hi",
        "blocks": [{"type": "divider"}],
        "thread_ts": "5.0",
        "reply_broadcast": True,
        "username": "Ana",
        "icon_emoji": ":iphone:",
        "metadata": {
            "event_type": "threadline_post",
            "event_payload": {"post": "P", "conversation": "C", "item": "I"},
        },
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_picture_takes_the_place_of_the_badge_and_only_where_there_is_one() -> None:
    post = Post("Hi", (), "Ana", ":iphone:")
    with slack(answer_json({"ok": True, "ts": "1.0"})) as (threads, script):
        threads.post("C0", "", post.under("https://threadline.example/files/x"), STAMP)
    sent = script.calls[0].json()
    assert sent["icon_url"] == "https://threadline.example/files/x"
    assert "icon_emoji" not in sent
    assert post.under("") == post
    assert Post("A line of ours", ()).under("https://threadline.example/files/x").icon_url == ""
    assert plain_version(post.under("https://threadline.example/files/x")).icon_url == ""


def test_an_update_says_that_its_text_is_no_markup() -> None:
    with slack(answer_json({"ok": True, "ts": "1.0"})) as (threads, script):
        threads.update("C0", "1.0", PLAIN)
    assert script.calls[0].json() == {"channel": "C0", "ts": "1.0", "text": "Hi", "blocks": [], "parse": "none"}


def test_a_reaction_that_is_there_already_is_as_good() -> None:
    with slack(refusal("already_reacted")) as (threads, _):
        assert threads.mark("C0", "1.0", "eyes") == Ok("")


# ------------------------------------------------------------------------------ finding a post again


MINE = Claim(new_id(100_000), 400_000, 2)

NOT_FOUND = {
    "thread_not_found": Absent(),
    "missing_scope": CannotTell(),
    "not_in_channel": None,
    "token_revoked": None,
    "internal_error": None,
    "ratelimited": None,
}


@pytest.mark.parametrize("error", NOT_FOUND)
def test_a_look_that_fails_is_only_an_answer_where_it_is_certain(error: str) -> None:
    with slack(refusal(error)) as (threads, _):
        assert threads.find("C0", "1.0", MINE) == NOT_FOUND[error]


def test_a_claim_is_found_on_a_later_page() -> None:
    mine = {"ts": "9.0", "metadata": {"event_type": "threadline_post", "event_payload": {"post": MINE.post}}}
    pages = (
        answer_json({"ok": True, "messages": [{"ts": "8.0"}], "response_metadata": {"next_cursor": "more"}}),
        answer_json({"ok": True, "messages": [{"ts": "8.5", "metadata": None}, mine]}),
    )
    with slack(*pages) as (threads, script):
        assert threads.find("C0", "1.0", MINE) == Ok("9.0")
    assert [call.form().get("cursor") for call in script.calls] == [None, "more"]
    assert (
        script.calls[0].form()["oldest"] == "40.000000"
    )  # since it was first tried, and a minute more for Slack's clock
    assert script.calls[0].form()["latest"] == "520.000000"


def test_of_two_copies_the_first_is_found() -> None:
    def copy(ts: str) -> dict[str, Any]:
        return {"ts": ts, "metadata": {"event_type": "threadline_post", "event_payload": {"post": MINE.post}}}

    with slack(answer_json({"ok": True, "messages": [copy("9.0"), copy("8.0")]})) as (threads, _):
        assert threads.find("C0", "", MINE) == Ok("8.0")


def test_a_look_without_an_end_says_nothing() -> None:
    page = answer_json({"ok": True, "messages": [], "response_metadata": {"next_cursor": "more"}})
    with slack(*[page] * 10) as (threads, _):
        assert threads.find("C0", "1.0", MINE) is None


@pytest.mark.parametrize("threaded", [False, True], ids=["head", "reply"])
def test_a_real_post_is_found_by_its_claim_and_no_other_is(house: House, threaded: bool) -> None:  # noqa: FBT001
    threads, now = house.world.slack, house.clock.ms()
    root = house.slack.say(BOB, SUPPORT, "a thread") if threaded else ""
    claim, other = new_id(now), new_id(now + 1)
    posted = threads.post(SUPPORT, root, line("Hi"), Stamp(claim))
    assert isinstance(posted, Ok)
    assert threads.find(SUPPORT, root, Claim(claim, now)) == Ok(posted.id)
    assert threads.find(SUPPORT, root, Claim(other, now)) == Absent()


# ------------------------------------------------------------------------------ small questions


def test_a_person_is_named_once(house: House) -> None:
    threads = house.world.slack
    assert [threads.called(f"user:{BOB}"), threads.called(f"user:{BOB}")] == ["@Bob Brown", "@Bob Brown"]
    assert [name for name, _ in house.slack.calls] == ["users.info"]


def test_a_channel_is_named_once(house: House) -> None:
    threads = house.world.slack
    assert [threads.called(f"channel:{SUPPORT}"), threads.called(f"channel:{SUPPORT}")] == ["#support", "#support"]
    assert [name for name, _ in house.slack.calls] == ["conversations.info"]


def test_all_groups_are_named_by_one_question() -> None:
    asked: list[str] = []

    def read(method: str, **_: str) -> dict[str, Any]:
        asked.append(method)
        return {"usergroups": [{"id": "S1", "handle": "support"}, {"id": "S2", "name": "Sales"}]}

    names = Names(read)
    assert [names.of(f"group:{group}") for group in ("S1", "S2", "S1")] == ["@support", "@Sales", "@support"]
    assert asked == ["usergroups.list"]


def test_whom_slack_will_not_name_has_no_name(house: House) -> None:
    unknown = [f"{kind}:X0NOBODY" for kind in ("user", "channel", "group", "team")]
    assert [house.world.slack.called(mention) for mention in unknown] == [""] * 4


def test_a_person_has_no_name_while_slack_does_not_answer(house: House) -> None:
    house.slack.fail("users.info", {"status": 500})
    assert house.world.slack.called(f"user:{BOB}") is None
    assert house.world.slack.called(f"user:{BOB}") == "@Bob Brown"


def test_only_whom_nobody_knows_yet_has_no_name_while_slack_is_not_to_be_asked(house: House) -> None:
    bob, slack = f"user:{BOB}", house.world.slack
    assert slack.called(bob, ask=False) is None
    assert slack.called(bob) == slack.called(bob, ask=False) == "@Bob Brown"


def test_a_link_that_slack_will_not_give_is_left_out(house: House) -> None:
    assert house.world.slack.permalink(SUPPORT, "1.000000") == ""


def test_the_team_is_asked_for_once_and_then_known(house: House) -> None:
    assert house.world.slack.team() == TEAM_ID
    again = Threads(lambda: SECRETS["SLACK_BOT_TOKEN"], "http://127.0.0.1:9/api/", house.world.store)
    assert again.team() == TEAM_ID


def test_a_token_of_another_team_is_asked_whose_it_is(house: House) -> None:
    assert house.world.slack.team() == TEAM_ID
    server = Server(Script(answer_json({"ok": True, "team_id": "T0OTHER"})))
    other = Threads(lambda: "xoxb-other", f"{server.url}/", house.world.store)
    assert other.team() == "T0OTHER"
    server.close()


def test_a_team_that_cannot_be_asked_for_is_an_outcome(house: House) -> None:
    house.slack.revoke()
    assert house.world.slack.team() == Ours("token_revoked")


def test_a_new_token_is_used_at_once() -> None:
    tokens, store = iter(["xoxb-old", "xoxb-new"]), None
    script = Script(refusal("token_revoked"), answer_json({"ok": True, "ts": "1.0"}))
    server = Server(script)
    threads = Threads(lambda: next(tokens), f"{server.url}/", store)  # type: ignore[arg-type]
    assert threads.post("C0", "", PLAIN, Stamp("claim")) == Ours("token_revoked")
    assert threads.post("C0", "", PLAIN, Stamp("claim")) == Ok("1.0")
    server.close()
    assert [call.headers["authorization"] for call in script.calls] == ["Bearer xoxb-old", "Bearer xoxb-new"]


def test_blocks_are_sent_as_json_and_not_as_text() -> None:
    with slack(answer_json({"ok": True, "ts": "1.0"})) as (threads, script):
        threads.post("C0", "", line("<!channel> \ud83d"), Stamp("claim"))
    assert script.calls[0].headers["content-type"].startswith("application/json")
    assert json.loads(script.calls[0].body)["text"].startswith("&lt;!channel&gt;")
