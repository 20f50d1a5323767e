"""Files on their way into Slack: two calls, and what each answer means."""

from __future__ import annotations

import io

import pytest

from chalicelib.model import (
    Ambiguous,
    Attachment,
    Busy,
    Carriage,
    Ours,
    Outcome,
    Reason,
    Refused,
    Source,
)
from chalicelib.slack.files import Files
from chalicelib.web import call
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


# --------------------------------------------------------------------------- what people drop

HOSTED = {
    "id": "F7",
    "name": "cat.png",
    "mimetype": "image/png",
    "size": 17,
    "mode": "hosted",
    "url_private": "https://files.slack.com/files-pri/T1-F7/cat.png",
    "url_private_download": "https://files.slack.com/files-pri/T1-F7/download/cat.png",
}


def about(file: object) -> tuple[Attachment, Source] | Outcome:
    with slack(answer_json({"ok": True, "file": file})) as (threads, script):
        found = threads.files.about("F7")
        assert [(call.path, call.body) for call in script.calls] == [("/files.info", b"file=F7")]
    return found


def test_slack_says_what_a_file_is_and_where() -> None:
    found = about(HOSTED)
    assert isinstance(found, tuple)
    told, source = found
    assert told == Attachment("picture", "cat.png", "image/png", 17, "F7", Carriage.WAITING)
    assert (source.url, source.size) == (HOSTED["url_private_download"], 17)
    assert source.headers["Authorization"].startswith("Bearer xoxb-")
    assert "xoxb" not in repr(source)


def test_our_token_goes_to_slacks_files_only() -> None:
    files = Files(lambda *_, **__: {"file": HOSTED}, call, "https://slack.com/api/", lambda: "xoxb-1")
    found = files.about("F7")
    assert isinstance(found, tuple)
    source = found[1]
    assert source.allows(source.url)
    for elsewhere in (
        "https://slack-files.com/x",
        "https://evil.slack.com/x",
        "https://slack.com/x",
        "http://files.slack.com/",
    ):
        assert not source.allows(elsewhere)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"id": "F7", "mode": "tombstone"}, Reason.FILE_GONE),
        ({"id": "F7", "mode": "hidden_by_limit"}, Reason.FILE_GONE),
        ({"id": "F7", "mode": "file_access", "file_access": "access_denied"}, Reason.FILE_REFUSED),
        ({"id": "F7", "mode": "file_access", "file_access": "check_file_info"}, Reason.FILE_REFUSED),
        ({**HOSTED, "mode": "external", "is_external": True}, Reason.FILE_REFUSED),
        ({**HOSTED, "mode": "quip"}, Reason.FILE_KIND),
        ({**HOSTED, "mode": "space"}, Reason.FILE_KIND),
    ],
)
def test_what_has_no_bytes_for_us_is_refused(file: object, reason: Reason) -> None:
    found = about(file)
    assert isinstance(found, Refused)
    assert found.reason is reason


@pytest.mark.parametrize("file", [None, [], "F7", {"id": 7}, {**HOSTED, "size": "17"}])
def test_what_cannot_be_read_is_no_file_and_no_refusal(file: object) -> None:
    assert isinstance(about(file), Ambiguous | Refused)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal("file_not_found"), Refused(Reason.FILE_GONE, "file_not_found")),
        (refusal("access_denied"), Refused(Reason.FILE_REFUSED, "Slack does not show it to Threadline")),
        (refusal("invalid_arguments"), Refused(Reason.FILE_REFUSED, "invalid_arguments")),
        (refusal("missing_scope"), Ours("missing_scope")),
        (refusal("ratelimited", 429, **{"Retry-After": "7"}), Busy("Slack asks us to wait", 7_000)),
        (Answer(drop=True), Ambiguous("Slack did not answer")),
    ],
)
def test_asking_for_a_file_ends_in_one_of_the_six_ways(answer: Answer, outcome: Outcome) -> None:
    with slack(answer) as (threads, _):
        assert threads.files.about("F7") == outcome
