"""What a person forwards into a thread goes out with their words; what Slack only shows of a link does not."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.richtext import found, plain
from chalicelib.slack.told import Nothing, Typed
from tests.slack.test_events import changed, message, told

Json = dict[str, Any]
SECTION = {"type": "rich_text_section", "elements": [{"type": "text", "text": "Ready", "style": {"bold": True}}]}
RICH = {"type": "rich_text", "elements": [SECTION]}
SHARE = {"is_share": True, "is_msg_unfurl": True, "from_url": "https://t.slack.com/archives/C1/p1"}
SHARE |= {"author_name": "Mia", "fallback": "[March 1st] Mia: It is ready"}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}
UNFURL = {"from_url": "https://intra/secret", "original_url": "https://intra/secret", "title": "Our margins"}


def reply(*attachments: Json, text: str = "") -> Typed:
    found = told(message(text=text, attachments=list(attachments)))
    assert isinstance(found, Typed)
    return found


def goes_out(*attachments: Json, text: str = "") -> str:
    """All that a customer is given: the text with its looks, which says as much as the one without."""
    typed = reply(*attachments, text=text)
    assert not typed.rich or plain.write(found(typed.rich)).split() == typed.text.replace("&gt;", ">").split()
    return typed.text.replace("&gt;", ">")


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        ({"message_blocks": [{"message": {"blocks": [RICH]}}], "text": "Ready"}, "> Ready"),
        ({"blocks": [RICH]}, "> Ready"),
        ({"text": "It is ready\nsince *noon*"}, "> It is ready\n> since noon"),
        ({}, "> [March 1st] Mia: It is ready"),
        ({"fallback": "", "title": "A canvas"}, "> A canvas"),
        ({"text": "Look", "attachments": [{**SHARE, "text": "first"}]}, "> Look\n> first"),
        ({"blocks": [TABLE]}, "> a | b"),
    ],
)
def test_a_forwarded_message_is_quoted(attachment: Json, said: str) -> None:
    assert goes_out({**SHARE, **attachment}) == said
    assert goes_out({**SHARE, **attachment}, text="See below:") == f"See below:\n{said}"


def test_its_looks_are_kept() -> None:
    assert '"b"' in reply({**SHARE, "blocks": [RICH]}).rich


def test_a_table_that_hangs_below_goes_out_in_lines() -> None:
    assert goes_out({"blocks": [TABLE], "fallback": "[no preview available]"}, text="Prices:") == "Prices:\na | b"


@pytest.mark.parametrize(
    "attachment",
    [
        UNFURL,
        {**UNFURL, "blocks": [RICH]},
        {**SHARE, "is_share": False, "text": "what we said among us"},
        {"bot_id": "B1", "is_app_unfurl": True, "app_unfurl_url": "https://intra/1", "blocks": [RICH]},
        {**SHARE, "fallback": "[no preview available]"},
    ],
)
def test_what_slack_shows_of_a_link_does_not_leave(attachment: Json) -> None:
    assert goes_out(attachment, text="See https://intra/secret") == "See https://intra/secret"


def test_a_preview_that_comes_later_changes_nothing() -> None:
    before = message(text="See <https://x.y>")
    after = {**before, "attachments": [UNFURL], "edited": {"ts": "1789000070.000300"}}
    assert told(changed(before, after)) == Nothing("an edit that changed nothing")


def test_forwards_in_forwards_end() -> None:
    deep: Json = {**SHARE, "text": "bottom"}
    for _ in range(60):
        deep = {**SHARE, "text": "more", "attachments": [deep]}
    assert goes_out(deep).count("more") == 4


def test_a_forwarded_message_brings_its_files_and_a_link_does_not() -> None:
    hidden = {**SHARE, "message_blocks": [{"message": {"files": [{"id": "F2", "name": "b.pdf"}]}}]}
    shared = {**SHARE, "files": [{"id": "F1", "name": "a.pdf"}]}
    again = {**SHARE, "attachments": [shared]}
    shown = {**UNFURL, "is_msg_unfurl": True, "files": [{"id": "F3", "name": "margins.pdf"}]}
    assert [file.reference for file in reply(shared, hidden, again, shown).files] == ["F1", "F2"]
