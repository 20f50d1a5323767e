"""What Slack sends to the door, as raw signed requests: who may come in, and which words are a team member's."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Malformed, Unverified
from chalicelib.model import Carriage
from chalicelib.slack.events import read_event, verify
from chalicelib.slack.told import (
    Challenge,
    HomeOpened,
    Nothing,
    Removed,
    Retyped,
    Shown,
    SlackEvent,
    Strange,
    Typed,
)
from chalicelib.web import Request

SECRET, NOW = "slack-signing", 1_789_000_000
TEAM, CHANNEL, ROOT, TS, EDITED = "T0OURS", "C0DESK", "1789000000.000100", "1789000060.000200", "1789000070.000300"

Json = dict[str, Any]


def signed(body: bytes, secret: str = SECRET, at: int = NOW, **headers: str) -> Request:
    base = b"v0:" + str(at).encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    proof = {"x-slack-request-timestamp": str(at), "x-slack-signature": f"v0={digest}"}
    return Request("POST", {**proof, **headers}, {}, body)


def message(**about: Any) -> Json:
    words = {"type": "message", "user": "U0BOB", "text": "Hello", "team": TEAM, "channel": CHANNEL}
    return {**words, "ts": TS, "thread_ts": ROOT, "event_ts": TS, **about}


def changed(before: Json, after: Json, **about: Any) -> Json:
    kind = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": CHANNEL, "ts": EDITED}
    return {**kind, "message": after, "previous_message": before, "event_ts": EDITED, **about}


def told(event: Any, **envelope: Any) -> SlackEvent:
    body = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0US", "event": event, **envelope}
    request = signed(json.dumps(body).encode())
    verify(request, [SECRET], NOW)
    return read_event(request)


# --------------------------------------------------------------------------- who may come in

DOCS = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
    b"foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
    b"hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
    b"47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
DOCS_HEADERS = {
    "x-slack-request-timestamp": "1531420618",
    "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
}


def test_the_signature_of_slacks_documentation_fits() -> None:
    request = Request("POST", DOCS_HEADERS, {}, DOCS)
    verify(request, ["8f742231b10e8888abcd99yyyzzz85a5"], 1531420618)


@pytest.mark.parametrize("apart", [-300, 0, 300])
def test_five_minutes_either_way_are_let_in(apart: int) -> None:
    verify(signed(b"{}", at=NOW + apart), [SECRET], NOW)


@pytest.mark.parametrize("secrets", [["old", SECRET], [SECRET, "new"]])
def test_both_secrets_are_good_while_one_is_rotated(secrets: list[str]) -> None:
    verify(signed(b"{}"), secrets, NOW)


GOOD = signed(b"{}").headers


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        ({}, [SECRET]),
        (GOOD, []),
        (GOOD, [""]),
        (GOOD, ["another"]),
        ({**GOOD, "x-slack-signature": ""}, [SECRET]),
        ({**GOOD, "x-slack-signature": GOOD["x-slack-signature"][3:]}, [SECRET]),
        ({**GOOD, "x-slack-signature": GOOD["x-slack-signature"].upper()}, [SECRET]),
        ({**GOOD, "x-slack-signature": "v0=ключ"}, [SECRET]),
        ({**GOOD, "x-slack-signature": "v0=\ud83d"}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": ""}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": "now"}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": "٣١"}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": "-1"}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": "9" * 5000}, [SECRET]),
        ({**GOOD, "x-slack-request-timestamp": str(NOW + 1)}, [SECRET]),
        (signed(b"{}", at=NOW - 301).headers, [SECRET]),
        (signed(b"{} ").headers, [SECRET]),
        (signed(b"{}", secret="").headers, [""]),
    ],
)
def test_nobody_else_is_let_in(headers: dict[str, str], secrets: list[str]) -> None:
    with pytest.raises(Unverified):
        verify(Request("POST", headers, {}, b"{}"), secrets, NOW)


@given(st.dictionaries(st.sampled_from([*GOOD]), st.text(max_size=80)), st.binary(max_size=80))
def test_whatever_a_stranger_sends_is_a_calm_no(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(Unverified):
        verify(Request("POST", headers, {}, body), [SECRET], NOW)


# --------------------------------------------------------------------------- whose words

REPLY = Typed(TEAM, CHANNEL, ROOT, TS, "U0BOB", "Hello", raw="Hello")


@pytest.mark.parametrize("subtype", [None, "me_message", "thread_broadcast", "file_share"])
def test_what_a_person_typed_in_a_thread_is_a_reply(subtype: str | None) -> None:
    assert told(message(subtype=subtype, root={"ts": ROOT})) == REPLY


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"thread_ts": None}, "not in a thread"),
        ({"thread_ts": TS}, "not in a thread"),
        ({"bot_id": "B1"}, "a bot"),
        ({"app_id": "A0US"}, "ours"),
        ({"app_id": "A1"}, "a bot"),
        ({"subtype": "bot_message", "user": None}, "a bot_message message"),
        ({"user": None}, "from nobody"),
        ({"user": "USLACKBOT"}, "from nobody"),
        ({"user_team": "T0THEIRS"}, "from outside the team"),
        ({"source_team": "T0THEIRS"}, "from outside the team"),
        ({"team": "T0THEIRS"}, "from outside the team"),
    ],
)
def test_what_nobody_of_the_team_typed_in_a_thread_is_nothing(about: Json, why: str) -> None:
    assert told(message(**about)) == Nothing(why)


@pytest.mark.parametrize(
    "subtype",
    [
        *("assistant_app_thread", "bot_add", "channel_archive", "channel_convert_to_private", "channel_join"),
        *("channel_leave", "channel_name", "channel_purpose", "channel_topic", "document_mention"),
        *("ekm_access_denied", "group_join", "huddle_thread", "message_locked", "message_replied", "pinned_item"),
        *("reminder_add", "reply_broadcast", "sh_room_created", "slackbot_response", "tombstone"),
    ],
)
def test_what_slack_makes_itself_is_nothing(subtype: str) -> None:
    assert told(message(subtype=subtype)) == Nothing(f"a {subtype} message")


def test_a_kind_of_message_nobody_knows_may_be_a_persons_words_in_a_thread() -> None:
    assert told(message(subtype="of_tomorrow")) == Strange("of_tomorrow message", TEAM, CHANNEL, ROOT)
    for about in ({"bot_id": "B1"}, {"user": None}, {"user": "USLACKBOT"}, {"thread_ts": None}):
        assert told(message(subtype="of_tomorrow", **about)) == Nothing("a of_tomorrow message")


def test_an_opened_app_home_is_told_apart_from_our_other_tab() -> None:
    opened = {"type": "app_home_opened", "user": "U0BOB", "tab": "home"}
    assert told(opened) == HomeOpened(TEAM, "U0BOB")
    assert told({**opened, "tab": "messages"}) == Nothing("a app_home_opened event")


@pytest.mark.parametrize("kind", ["member_left_channel", "tokens_revoked"])
def test_events_that_are_no_messages_are_nothing(kind: str) -> None:
    assert told({"type": kind}) == Nothing(f"a {kind} event")


def test_that_events_were_too_many_is_nothing() -> None:
    assert told({}, type="app_rate_limited") == Nothing("a app_rate_limited")


def test_our_team_is_the_one_we_are_installed_in() -> None:
    """In a shared channel the outer team may be the other company's."""
    ours = [{"team_id": TEAM, "is_bot": True}]
    assert told(message(), team_id="T0THEIRS", authorizations=ours) == REPLY
    theirs = message(team="T0THEIRS", user_team="T0THEIRS")
    assert told(theirs, team_id="T0THEIRS", authorizations=ours) == Nothing("from outside the team")


def test_a_reply_brings_its_emoji_and_its_files() -> None:
    wave = {"type": "emoji", "name": "wave", "unicode": "1f44b"}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [wave]}]}]
    files = [{"id": "F1", "name": "a<b>.pdf"}, {"id": "F2", "title": "Photo"}, {"id": "F3", "mode": "file_access"}]
    typed = told(message(text="Hi :wave:", blocks=blocks, files=files, subtype="file_share"))
    assert isinstance(typed, Typed)
    assert typed.text == "Hi 👋"
    assert [(file.reference, file.name, file.carriage) for file in typed.files] == [
        ("F1", "a<b>.pdf", Carriage.WAITING),
        ("F2", "Photo", Carriage.WAITING),
        ("F3", "", Carriage.WAITING),
    ]


OF_A_FILE: dict[str, Json] = {
    "with the app's name": {"app_id": "A0US", "bot_id": "B0US"},
    "with a bot's name only": {"bot_id": "B0US"},
    "under a customer's name": {"app_id": "A0US", "bot_id": "B0US", "subtype": "bot_message", "user": None},
    "with our bot user's name only": {"user": "U0US"},
}


@pytest.mark.parametrize("how", OF_A_FILE)
def test_a_post_that_shows_a_file_of_ours_says_which(how: str) -> None:
    files = [{"id": "F1", "name": "cat.png"}, {"id": "F2"}]
    ours = [{"team_id": TEAM, "user_id": "U0US", "is_bot": True}]
    event = message(**{"subtype": "file_share", "files": files, **OF_A_FILE[how]})
    assert told(event, authorizations=ours) == Shown(TEAM, CHANNEL, TS, "F1")


def test_a_file_of_another_app_is_nothing() -> None:
    event = message(subtype="file_share", files=[{"id": "F1"}], app_id="A0THEM", bot_id="B0THEM")
    assert told(event) == Nothing("a bot")


def test_a_file_of_a_person_is_a_reply() -> None:
    ours = [{"team_id": TEAM, "user_id": "U0US", "is_bot": True}]
    event = message(subtype="file_share", files=[{"id": "F1", "name": "cat.png"}])
    assert isinstance(told(event, authorizations=ours), Typed)


def test_what_no_table_can_hold_is_replaced() -> None:
    typed = told(message(text="half \ud83d\u0000"))
    assert isinstance(typed, Typed)
    assert typed.text == "half \ufffd\ufffd"


# --------------------------------------------------------------------------- changes

EDIT = {"user": "U0BOB", "ts": EDITED}


def test_an_edit_says_how_the_reply_reads_now_and_how_it_began() -> None:
    event = changed(message(text="// no"), message(text="yes", edited=EDIT))
    now = Typed(TEAM, CHANNEL, ROOT, TS, "U0BOB", "yes", edited=EDITED, raw="yes")
    assert told(event) == Retyped(now, ("// no", "// no"))


def test_an_edit_names_the_edit_that_made_the_form_before() -> None:
    earlier = {"user": "U0BOB", "ts": "1789000001.000100"}
    event = told(changed(message(text="// no", edited=earlier), message(text="yes", edited=EDIT)))
    assert isinstance(event, Retyped)
    assert event.now.follows == earlier["ts"]


def test_an_edit_without_what_was_before_is_an_edit_of_something_unknown() -> None:
    event = told(changed({}, message(edited=EDIT), previous_message=None))
    assert isinstance(event, Retyped)
    assert (event.now.follows, event.before) == ("?", ())


def test_a_message_that_is_told_of_in_a_later_form_is_an_edit_of_something_unknown() -> None:
    typed = told(message(edited=EDIT))
    assert isinstance(typed, Typed)
    assert (typed.edited, typed.follows) == (EDITED, "?")


CAT, DOG = {"id": "F1", "name": "cat.png"}, {"id": "F2", "name": "dog.png"}


@pytest.mark.parametrize("now", [[CAT], [CAT, DOG, {"id": "F3"}], [DOG, CAT], []])
def test_an_edit_of_the_files_is_an_edit(now: list[Json]) -> None:
    event = told(changed(message(files=[CAT, DOG]), message(files=now, edited=EDIT)))
    assert isinstance(event, Retyped)
    assert [file.reference for file in event.now.files] == [file["id"] for file in now]


def test_what_slack_finds_out_about_a_file_is_no_edit() -> None:
    later = {**CAT, "mimetype": "image/png", "size": 17, "thumb_64": "https://files.slack.com/t"}
    event = told(changed(message(files=[CAT]), message(files=[later], edited=EDIT)))
    assert event == Nothing("an edit that changed nothing")


@pytest.mark.parametrize("now", [[CAT, {"id": "F2", "mode": "tombstone"}], [CAT]])
def test_to_delete_a_file_of_a_message_is_an_edit_though_slack_does_not_call_it_one(now: list[Json]) -> None:
    event = told(changed(message(files=[CAT, DOG]), message(files=now)))
    assert isinstance(event, Retyped)
    assert (event.now.edited, event.now.follows) == (EDITED, "")
    assert [file.reference for file in event.now.files if file.carriage is Carriage.WAITING] == ["F1"]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (message(), message(attachments=[{"title": "A preview"}]), "a change that is no edit"),
        (message(), message(reply_count=1, latest_reply=TS), "a change that is no edit"),
        (message(edited=EDIT), message(edited=EDIT, text="x"), "a change that is no edit"),
        (message(), message(text="deleted parents replay this"), "a change that is no edit"),
        (message(), message(edited=EDIT), "an edit that changed nothing"),
        (message(), message(edited=EDIT, text="x", subtype="bot_message"), "an edit by a bot"),
        (message(), message(edited=EDIT, text="x", bot_id="B1"), "a bot"),
        (message(), message(edited=EDIT, text="x", app_id="A0US"), "ours"),
        (message(), message(edited=EDIT, text="x", thread_ts=None), "not in a thread"),
        (message(), message(edited=EDIT, text="x", user_team="T0THEIRS"), "from outside the team"),
    ],
)
def test_the_noise_that_changes_a_message_is_no_edit(before: Json, after: Json, why: str) -> None:
    assert told(changed(before, after)) == Nothing(why)


def test_a_deletion_is_a_deletion() -> None:
    event = {"type": "message", "subtype": "message_deleted", "channel": CHANNEL, "deleted_ts": TS, "ts": EDITED}
    assert told({**event, "previous_message": message()}) == Removed(TEAM, CHANNEL, TS, ROOT)


def test_a_tombstone_is_a_deletion_and_no_edit() -> None:
    grave = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ROOT, "thread_ts": ROOT}
    event = changed(message(ts=ROOT), {**grave, "text": "This message was deleted."})
    assert told(event) == Removed(TEAM, CHANNEL, ROOT)


# --------------------------------------------------------------------------- handshake, garbage


def test_the_address_is_confirmed_with_the_challenge() -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZb"}).encode()
    assert read_event(signed(body)) == Challenge("3eZb")


BROKEN = [
    *(b"", b"[]", b'"event"', b"{", b"\xff\xfe\x00", b"\xc3\x28", b"payload=%7B%7D", b"[" * 100_000),
    b'{"type": "event_callback"}',
    b'{"type": "event_callback", "event": []}',
    b'{"type": "url_verification"}',
    b'{"type": "url_verification", "challenge": 7}',
    b'{"type": "event_callback", "event": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"",
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_event(signed(body))


@pytest.mark.parametrize(
    "key", ["ts", "thread_ts", "channel", "user", "text", "files", "blocks", "team", "subtype"]
)
@pytest.mark.parametrize("value", [7, [], ["x"], {}, "", True, "nan", "1e9", "9" * 3000, [[[]]], {"a": [1]}])
def test_a_field_of_a_wrong_kind_is_calmly_refused_or_passed_over(key: str, value: object) -> None:
    try:
        event = told(message(**{key: value}))
    except Malformed:
        return
    assert isinstance(event, Typed | Nothing | Strange)
    json.dumps(repr(event))


def test_blocks_without_a_bottom_are_refused() -> None:
    deep: Json = {"type": "x"}
    for _ in range(400):
        deep = {"elements": [deep]}
    assert isinstance(told(message(blocks=[deep])), Typed | Nothing | Strange)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*message(), "subtype", "message", "edited", "deleted_ts"]), json_values))
def test_no_event_can_break_the_reading(about: Json) -> None:
    for subtype in (None, "message_changed", "message_deleted"):
        try:
            told({**message(subtype=subtype, message=message(edited=EDIT)), **about, "type": "message"})
        except Malformed:
            continue
