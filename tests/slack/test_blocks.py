"""How things look in Slack: whatever a customer writes is text, and Slack takes every block of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.model import Attachment, Capabilities, Conversation, Item, Kind, Part, Reason, Route, State
from chalicelib.richtext import Block, Run, Style, kept
from chalicelib.settings import Texts
from chalicelib.slack import blocks, reasons
from chalicelib.slack.blocks import Post
from chalicelib.slack.card import Card, draw
from infra.local.slack.block_kit import find_problems

SMS = Capabilities("SMS", ":iphone:", 1600)
ROUTE = Route("twilio", "main", "sms", "phone:+15551230001", "+15551230001")
HOME = Conversation("C", "P", "support", "C0SUPPORT", "Ana", 0, route=ROUTE)

NASTY = {
    "shout": "<!channel> <!here> <!everyone>",
    "mention": "<@U0BOB> and <#C0SUPPORT> and <!subteam^S1>",
    "markup": "*bold* _italic_ ~struck~ `code` > quote\n• list",
    "entities": "&lt;!channel&gt; &amp;amp; &",
    "links": "https://evil.example <https://evil.example|bank> mailto:a@b.c",
    "rtl": "\u202eevil\u202c \u200f",
    "long": "x" * 10_000,
    "longer": "word " * 20_000,
    "brackets": "<" * 10_000,
    "lines": "\n" * 50,
    "tags": "</text>\x00\x07",
    "emoji": "👩‍👩‍👧‍👦🏽🇹🇷❤️" * 500,
    "accents": "a" + "\u0301" * 6_000,
    "json": '"},{"type":"actions"}',
    "empty": "",
    "spaces": " \t ",
    "invisible": "\u200b\u2060",
}


def message(text: str, **about: Any) -> Item:
    return Item("C", "I", Kind.MESSAGE, 1_789_000_000_000, "o", text=text, route=ROUTE, **about)


def words(text: str, name: str = "Ana", **about: Any) -> Post:
    return blocks.customers_words(message(text), SMS, name, late=about.pop("late", False), **about)


def shown(post: Post) -> str:
    """What a reader sees of the rich text; and that it is nothing but words, and links to what they say."""
    elements = [
        element
        for block in post.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for element in section["elements"]
    ]
    assert {element["type"] for element in elements} <= {"text", "link"}
    assert all("text" not in element for element in elements if element["type"] == "link")
    return "".join(element.get("text") or element["url"] for element in elements)


@pytest.mark.parametrize("kind", NASTY)
def test_slack_takes_every_block_of_every_text(kind: str) -> None:
    for post in (words(NASTY[kind]), blocks.line(f"Ana: {NASTY[kind]}")):
        assert find_problems(list(post.blocks)) == []
        assert post.text.strip()


@pytest.mark.parametrize("kind", sorted(NASTY.keys() - {"empty", "spaces", "lines", "invisible", "longer"}))
def test_every_text_is_shown_to_the_letter(kind: str) -> None:
    assert shown(words(NASTY[kind])) == NASTY[kind]


@pytest.mark.parametrize("kind", NASTY)
def test_nothing_in_a_text_pings_or_links(kind: str) -> None:
    for post in (words(NASTY[kind]), blocks.line(NASTY[kind] or "x"), blocks.plain_version(words(NASTY[kind]))):
        assert "<" not in post.text
        assert not post.text.endswith(("&", "&l", "&lt", "&am", "&amp"))
        assert len(post.text) <= 4_000


@pytest.mark.parametrize("kind", ["empty", "spaces", "lines", "invisible"])
def test_a_message_without_anything_to_see_says_so(kind: str) -> None:
    assert shown(words(NASTY[kind])) == words(NASTY[kind]).text == "(an empty message)"


def test_a_text_too_long_to_show_says_how_much_is_missing() -> None:
    post = words("x" * 100_000)
    assert len(shown(post)) == blocks.SHOWN_AT_MOST
    assert post.blocks[-1]["elements"][0]["text"] == "62,300 more characters are too many to show"


def test_a_post_ends_where_the_words_pause_and_keeps_how_they_look() -> None:
    rich = (Block((Run("All of it. " * 4_000, frozenset({Style.BOLD})),)),)
    said = message("", rich=kept(rich, ""), attachments=(Attachment("file", "a.pdf"),))
    post = blocks.customers_words(said, SMS, "Ana", late=False)
    *bold, below = [one for block in post.blocks[:-1] for one in block["elements"][0]["elements"]]
    assert {json.dumps(one["style"]) for one in bold} == {'{"bold": true}'}
    assert bold[-1]["text"].endswith("All of it.")
    assert below["text"] == "\n[file: a.pdf]"
    assert "6,304 more characters are too many to show" in str(post.blocks[-1])


def test_a_long_text_is_cut_between_words() -> None:
    sections = [block["elements"][0]["elements"][0]["text"] for block in words("word " * 2_000).blocks]
    assert {section[-5:] for section in sections} == {"word "}


def test_a_long_text_is_not_cut_inside_an_emoji() -> None:
    family = "👩‍👩‍👧‍👦"
    sections = [block["elements"][0]["elements"][0]["text"] for block in words(family * 1_000).blocks]
    assert len(sections) > 1
    assert all(set(section.split(family)) == {""} for section in sections)


def test_attachments_are_lines_below_the_text() -> None:
    item = message("Look", attachments=(Attachment("picture"), Attachment("file", "a.pdf")))
    assert shown(blocks.customers_words(item, SMS, "Ana", late=False)) == "Look\n[picture]\n[file: a.pdf]"


NAMES = {
    "<!channel>": "<!channel>",
    "Ana\n\nBob": "Ana Bob",
    "\u202eevil": "evil",
    "\u202e\u200b": "Somebody",
    "": "Somebody",
    "A" * 500: "A" * 59 + "…",
    "👩‍👧": "👩‍👧",
    "\u0645\u06cc\u200c\u062e": "\u0645\u06cc\u200c\u062e",
    "*Ana*": "*Ana*",
    "\ud800Ana": "Ana",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_one_harmless_line(name: str) -> None:
    assert words("Hi", name).username == f"{NAMES[name]} · SMS"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_slack_takes_every_card_and_verdict_whatever_the_name(name: str) -> None:
    home = Conversation("C", "P", "support", "C0SUPPORT", name, 0, route=ROUTE, waiting_since=5, tags=(name,))
    card = draw(Card(home, here=name, also=(name,), language=name, place=name, nine=5, tags=(name,), until=5))
    for post in (card, blocks.verdict(failed(Reason.BLOCKED), "SMS", name, Texts())):
        assert find_problems(list(post.blocks)) == []
        assert "<!" not in post.text


def test_the_mention_of_an_owner_is_ours_and_does_ping() -> None:
    post = words("Hi", reopened="<@U0BOB>")
    assert post.blocks[-1] == {"type": "context", "elements": [{"type": "mrkdwn", "text": "Reopened <@U0BOB>"}]}


def test_what_came_late_says_when_it_was_written() -> None:
    note = words("Hi", late=True).blocks[-1]["elements"][0]["text"]
    assert note == "Written <!date^1789000000^{date_short_pretty} at {time}|2026-09-10 00:26 UTC>, arrived late"


# ------------------------------------------------------------------------------ verdicts


def failed(reason: Reason, state: State = State.FAILED, detail: str = "") -> Item:
    part = Part("Hi", state, reason=reason, detail=detail)
    return Item("C", "I", Kind.REPLY, 0, "o", state=state, parts=(Part("", State.SENT), part))


def offered(post: Post) -> list[str]:
    return [
        button["action_id"] for block in post.blocks if block["type"] == "actions" for button in block["elements"]
    ]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_sending_again_is_offered_where_it_may_help(reason: Reason) -> None:
    post = blocks.verdict(failed(reason), "SMS", "Ana", Texts())
    assert post.text == f"⚠️ Not delivered to Ana by SMS: {reasons.REASONS[reason]}"
    assert offered(post) == ["send_again"] * (reason in reasons.SAFE_AGAIN)


def test_what_nobody_can_tell_is_asked() -> None:
    post = blocks.verdict(failed(Reason.LOST_TRACK, State.UNKNOWN), "Telegram", "Ana", Texts())
    assert post.text.startswith("⚠️ It is not known whether this reached Ana by Telegram")
    assert offered(post) == ["send_again", "it_arrived"]


def test_a_providers_words_are_quoted_harmlessly() -> None:
    post = blocks.verdict(
        failed(Reason.REFUSED, detail="30007 <!here>\n\u202e" + "x" * 999), "SMS", "Ana", Texts()
    )
    assert "(30007 &lt;!here&gt; xxx" in post.text
    assert len(post.text) < 400
    assert find_problems(list(post.blocks)) == []
