"""Files on their way into Slack: two calls, and what each answer means."""

from __future__ import annotations

import io

import pytest

from chalicelib.model import Ambiguous, Busy, Ours, Outcome, Reason, Refused
from infra.local.server import Answer, answer_json
from tests.slack.test_threads import refusal, slack

PICTURE = b"\x89PNG and more"


def told_where(url: str = "https://files.slack.com/upload/v1/x") -> Answer:
    return answer_json({"ok": True, "upload_url": url, "file_id": "F1"})


def uploaded(*answers: Answer, url: str = "") -> tuple[str | Outcome, list[tuple[str, bytes]]]:
    """Upload the picture to a Slack that answers so; also what it was asked."""
    with slack(*answers) as (threads, script):
        here = url or f"{threads._base_url}upload/v1/x"
        script.answers[:0] = [] if answers and answers[0].body.startswith(b'{"ok": false') else [told_where(here)]
        outcome = threads.files.upload("cat.png", len(PICTURE), io.BytesIO(PICTURE))
        return outcome, [(call.path, call.body) for call in script.calls]


def test_a_file_is_announced_and_brought_where_slack_says() -> None:
    outcome, asked = uploaded(Answer(200, b"OK - 13"))
    assert outcome == "F1"
    announced = f"filename=cat.png&length={len(PICTURE)}".encode()
    assert asked == [("/files.getUploadURLExternal", announced), ("/upload/v1/x", PICTURE)]


@pytest.mark.parametrize(
    "url", ["https://evil.example/upload", "http://files.slack.com/upload", "https://slack.com.evil.example/", ""]
)
def test_nothing_is_brought_anywhere_but_to_slack(url: str) -> None:
    with slack(told_where(url)) as (threads, script):
        outcome = threads.files.upload("cat.png", len(PICTURE), io.BytesIO(PICTURE))
    assert (type(outcome), len(script.calls)) == (Refused, 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal("file_upload_size_restricted"), Refused(Reason.FILE_TOO_BIG, "file_upload_size_restricted")),
        (refusal("blocked_file_type"), Refused(Reason.FILE_UNSHOWN, "blocked_file_type")),
        (refusal("missing_argument"), Refused(Reason.FILE_EMPTY, "missing_argument")),
        (refusal("file_uploads_disabled"), Refused(Reason.FILE_UNSHOWN, "file_uploads_disabled")),
        (refusal("missing_scope"), Ours("missing_scope")),
        (refusal("ratelimited", 429, **{"Retry-After": "7"}), Busy("Slack asks us to wait", 7_000)),
        (Answer(429, b"", {"Retry-After": "3"}), Busy("Slack asks us to wait", 3_000)),
        (Answer(503), Busy("Slack asks us to wait")),
        (Answer(413), Refused(Reason.FILE_TOO_BIG, "HTTP 413")),
        (Answer(400), Refused(Reason.FILE_UNSHOWN, "HTTP 400")),
        (Answer(500), Ambiguous("HTTP 500")),
        (Answer(drop=True), Ambiguous("no answer")),
    ],
)
def test_every_answer_ends_in_one_outcome(answer: Answer, outcome: Outcome) -> None:
    assert uploaded(answer)[0] == outcome
