"""Files at Slack: shown, looked for, and taken away; what each answer means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.model import (
    Absent,
    Ambiguous,
    Busy,
    CannotTell,
    Ok,
    Ours,
    Reason,
    Refused,
)
from chalicelib.slack.blocks import Post
from chalicelib.slack.files import Files

CHANNEL = "C0DESK"
POST = Post("Look", [{"type": "rich_text", "elements": []}], "Ana · SMS", ":iphone:")
Json = dict[str, Any]


class Script:
    """A Slack that answers as it is told, and remembers what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[str, Json]] = []

    def __call__(self, method: str, **how: Any) -> Any:
        self.asked.append((method, how))
        return self.answer


def files(answer: Any) -> tuple[Files, Script]:
    script = Script(answer)
    unused: Any = None
    return Files(script, unused, "https://slack.com/api/", lambda: "xoxb-test"), script


def test_files_are_shown_with_blocks_and_without_any_other_words() -> None:
    asking, script = files({"ok": True, "files": [{"id": "F1"}]})
    assert asking.share(CHANNEL, "1.0", POST, [("F1", "cat.png"), ("F2", "dog.png")]) == Ok("")
    assert script.asked == [
        (
            "files.completeUploadExternal",
            {
                "json": {
                    "files": [{"id": "F1", "title": "cat.png"}, {"id": "F2", "title": "dog.png"}],
                    "channel_id": CHANNEL,
                    "thread_ts": "1.0",
                    "blocks": list(POST.blocks),
                    "username": "Ana · SMS",
                    "icon_emoji": ":iphone:",
                }
            },
        )
    ]


OUTCOMES: Sequence[tuple[Any, Any]] = [
    (Busy("Slack asks us to wait", 2_000), Busy("Slack asks us to wait", 2_000)),
    (Ambiguous("internal_error"), Ambiguous("internal_error")),
    (Ours("is_archived"), Ours("is_archived")),
    # The words alone may be taken; if not, the channel is at fault, and what they meet says so.
    (Ours("posting_to_channel_denied"), Refused(Reason.FILE_UNSHOWN, "posting_to_channel_denied")),
    (Refused(Reason.REFUSED, "malware_detected"), Refused(Reason.FILE_UNSHOWN, "malware_detected")),
]


@pytest.mark.parametrize(("answer", "outcome"), OUTCOMES, ids=str)
def test_what_slack_says_to_showing_files(answer: Any, outcome: Any) -> None:
    assert files(answer)[0].share(CHANNEL, "1.0", POST, [("F1", "")]) == outcome


def told(**file: Any) -> Json:
    return {"ok": True, "file": {"id": "F1", **file}}


FOUND: dict[str, tuple[Any, Any]] = {
    "shown": (told(shares={"public": {CHANNEL: [{"ts": "5.0"}]}}), Ok("5.0")),
    "in a private channel": (told(shares={"private": {CHANNEL: [{"ts": "5.0"}]}}), Ok("5.0")),
    "and shown again by somebody": (told(shares={"public": {CHANNEL: [{"ts": "7.0"}, {"ts": "5.0"}]}}), Ok("5.0")),
    "only elsewhere": (told(shares={"public": {"C0OTHER": [{"ts": "5.0"}]}}), Ok("")),
    "not yet": (told(shares={}), Ok("")),
    "without a word of shares": (told(), Ok("")),
    "with nothing for shares": (told(shares=None), Ok("")),
    "no such file": (Refused(Reason.REFUSED, "file_not_found"), Absent()),
    "deleted": (Refused(Reason.REFUSED, "file_deleted"), Absent()),
    "not allowed": (Ours("missing_scope"), CannotTell()),
    "no answer": (Ambiguous("HTTP 500"), None),
    "busy": (Busy("Slack asks us to wait"), None),
}


@pytest.mark.parametrize("how", FOUND)
def test_where_a_file_stands(how: str) -> None:
    answer, found = FOUND[how]
    asking, script = files(answer)
    assert asking.shared(CHANNEL, "F1") == found
    assert script.asked == [("files.info", {"params": {"file": "F1"}})]


GONE: Sequence[tuple[Any, Any]] = [
    ({"ok": True}, Ok("F1")),
    (Refused(Reason.REFUSED, "file_deleted"), Ok("F1")),
    (Refused(Reason.REFUSED, "file_not_found"), Ok("F1")),
    (Refused(Reason.REFUSED, "cant_delete_file"), Refused(Reason.REFUSED, "cant_delete_file")),
    (Ambiguous("HTTP 500"), Ambiguous("HTTP 500")),
]


@pytest.mark.parametrize(("answer", "outcome"), GONE, ids=str)
def test_a_file_is_taken_away(answer: Any, outcome: Any) -> None:
    assert files(answer)[0].discard("F1") == outcome
