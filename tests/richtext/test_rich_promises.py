"""Whatever a text is: no word is lost, none turns into markup, and the work grows no faster than the text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.model import Capabilities, Item, Kind, Markup, Unit
from chalicelib.richtext import (
    Block,
    Rich,
    Run,
    Shape,
    Style,
    alike,
    entities,
    found,
    html,
    kept,
    linked,
    literal,
    mrkdwn,
    parts,
    plain,
    slack,
    whatsapp,
    words,
)
from chalicelib.slack.said import drawn, told, written
from chalicelib.slack.words import is_visible, notification
from infra.local.slack.block_kit import find_problems
from infra.local.telegram.wire import read as telegram_reads
from tests.richtext.phones import on_whatsapp

SIGNS = ["*", "_", "~", "`", "```", ">", "> ", "- ", "1. ", "<", "&", "&amp;", "<b>", "</b>", "\n", " ", "\u2060"]
WORDS = [
    "a",
    "word",
    "é",
    "我",
    "👋",
    "👨‍👩‍👧",
    "(",
    ".",
    "!",
    "\u202e",
    "\u0301",
    "کا",
    "https://x.y/a_b",
    "<!channel>",
    "<@U0BOB>",
    ":wave:",
]
texts = st.lists(st.sampled_from(SIGNS + WORDS), max_size=16).map("".join)
styles = st.frozensets(st.sampled_from(Style), max_size=3)
links = st.sampled_from(["", "", "", "https://x.y", "mailto:a@b.cd", "javascript:x", 'https://x.y/"onclick="x'])
runs = st.lists(st.builds(Run, texts, styles, links), max_size=4).map(alike)
blocks = st.builds(
    Block,
    runs,
    st.sampled_from(Shape),
    st.booleans(),
    st.integers(0, 4),
    st.integers(0, 3),
    st.sampled_from(["", "python", '"><b>']),
)
trees = st.lists(blocks.filter(lambda block: bool(block.runs)), max_size=4).map(tuple)

few = settings(max_examples=15)
"""Examples of each promise are enough: what they are made of is nothing but trouble."""


def visible(text: str) -> str:
    return "".join(re.sub(r"[\u2060\ufeff]", "", text).split())


def holds(shown: str, rich: Rich) -> bool:
    """Whether all the words of a tree are shown, in their order, with whatever else between the blocks."""
    at = 0
    for block in rich:
        for run in block.runs:
            for word in re.sub(r"[\u2060\ufeff]", "", run.text).split():
                at = shown.find(word, at)
                if at < 0:
                    return False
                at += len(word)
    return True


# ---------------------------------------------------------------------------------- nothing is lost


@few
@given(trees)
def test_plain_text_holds_every_word(rich: Rich) -> None:
    assert holds(re.sub(r"[\u2060\ufeff]", "", plain.write(rich)), rich)


@few
@given(trees)
def test_telegram_takes_the_html_and_shows_every_word(rich: Rich) -> None:
    shown, _ = telegram_reads(html.telegram(rich), "HTML")
    assert holds(re.sub(r"[\u2060\ufeff]", "", shown), rich)


@few
@given(trees)
def test_a_phone_shows_every_word_and_sign_that_went_out_to_whatsapp(rich: Rich) -> None:
    (said,), _ = parts(rich, Capabilities("", "", 10**6, markup=Markup.WHATSAPP)) if rich else ([""], 0)
    assert holds(re.sub(r"[\u2060\ufeff]", "", on_whatsapp(said)), rich)


@few
@given(trees)
def test_an_email_is_well_formed_and_holds_every_word(rich: Rich) -> None:
    reader = Strict()
    reader.feed(html.email(rich))
    reader.close()
    assert reader.open_tags == []
    assert holds(re.sub(r"[\u2060\ufeff]", "", reader.text), rich)


@few
@given(trees)
def test_slack_takes_the_blocks_and_shows_every_word(rich: Rich) -> None:
    item = Item("C", "I", Kind.MESSAGE, 0, "o", rich=kept(rich, "\0"))
    made = drawn(told(item))
    assert find_problems(made) == []
    shown = "".join(each.get("text") or each["url"] for each in elements(made))
    assert holds(re.sub(r"[\u2060\ufeff]", "", shown), rich) or not is_visible(words(rich))


def elements(made: list[Any]) -> list[Any]:
    """Every piece of words in blocks, which have nothing else."""
    pieces: list[Any] = []
    for each in made:
        inner = each.get("elements")
        pieces += elements(inner) if inner is not None else [each]
    return pieces


# --------------------------------------------------------------------- nothing turns into markup


@few
@given(trees)
def test_customers_words_are_never_more_than_words_in_slack(rich: Rich) -> None:
    item = Item("C", "I", Kind.MESSAGE, 0, "o", text=words(rich), rich=kept(rich, "\0"))
    for each in elements(drawn(told(item))):
        assert each["type"] in ("text", "link")
        if each["type"] == "link":
            assert each["url"].startswith(("https://", "http://", "mailto:"))
            assert each.get("text", each["url"]) in each["url"]
    assert "<" not in notification(written(item))


@few
@given(texts)
def test_a_text_without_looks_reads_the_same_on_whatsapp(text: str) -> None:
    text = text.replace("\u2060", "")
    assert on_whatsapp(whatsapp.write(literal(text))).replace("\u2060", "") == text


@few
@given(texts)
def test_what_a_person_escaped_in_slack_survives(text: str) -> None:
    bare = re.sub(r"[*_~`:>]", "", text)
    assert visible(words(mrkdwn.read(mrkdwn.escape(bare)))) == visible(bare)


# ------------------------------------------------------------------------------- ways and back


@few
@given(trees)
def test_a_tree_survives_the_table(rich: Rich) -> None:
    assert found(kept(rich, "\0")) == rich


@few
@given(trees)
def test_a_tree_survives_slack(rich: Rich) -> None:
    """What Slack has no form for is gone after the first time; then nothing changes any more."""
    once = slack.read([{"type": "rich_text", "elements": slack.write(rich)}])
    again = slack.read([{"type": "rich_text", "elements": slack.write(once)}])
    assert again == once
    assert visible(words(once)) == visible(words(rich))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["rich_text", "text", "link"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "elements", "text", "url", "style", "unicode", "user_id"]), inner
        )
    ),
    max_leaves=20,
)


@few
@given(json_values)
@example([{"type": "rich_text", "elements": [{"type": "rich_text_list", "indent": 10**30, "elements": None}]}])
@example([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": []}]}]}])
def test_whatever_slack_sends_can_be_read(value: Any) -> None:
    rich = slack.read(value)
    assert slack.read([{"type": "rich_text", "elements": slack.write(rich)}]) is not None


entity_values = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["bold", "italic", "pre", "blockquote", "text_link", "url", "code", "what"]),
            "offset": st.integers(-5, 70),
            "length": st.integers(-5, 70),
        },
        optional={"url": st.text(max_size=5) | st.none(), "language": st.text(max_size=5) | st.integers()},
    ),
    max_size=8,
)


@few
@given(texts, entity_values | json_values)
def test_entities_of_any_kind_change_no_word(text: str, marks: Any) -> None:
    assert visible(words(entities.read(text, marks))) == visible(text)


@few
@given(texts)
def test_whatever_is_typed_can_be_read(text: str) -> None:
    for read in (mrkdwn.read, whatsapp.read, lambda text: linked(literal(text))):
        read(text)
    assert words(linked(literal(text))) == text


# ------------------------------------------------------------------------------- how much work it is

PIECES = ["*", "_a_ ", "*a ", "*a*", "*a _b ~c* d_ e~ ", "`", "```", "```a```\n", "> ", "&gt; a\n", "- a\n"]
PIECES += ["<", "<a|", "<@U1>", "&", "https://", "https://x.y/)", "x@y.z ", "a", "\n", ":a", ": ", "(", "👋"]
PIECES += ["1. a\n", "a\u0301"]
READS: list[Callable[[str], Rich]] = [
    mrkdwn.read,
    whatsapp.read,
    lambda text: linked(literal(text)),
    lambda text: entities.read(text, [{"type": "bold", "offset": at, "length": 9} for at in range(0, 300, 20)]),
]


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work takes: the same on every machine, unlike its time."""
    count = 0

    def counting(*_: object) -> Any:
        nonlocal count
        count += 1
        return counting

    sys.settrace(counting)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.some(8)
@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_is_no_more_than_twice_the_work(piece: str) -> None:
    cans = [Capabilities("", "", 60, Unit.UTF16, markup=markup, numbered=True) for markup in Markup]

    def work(text: str) -> None:
        for read in READS:
            rich = read(text)
            for can in cans:
                parts(rich, can)
            html.email(rich)
            drawn(told(Item("C", "I", Kind.MESSAGE, 0, "o", text=text, rich=kept(rich, "\0"))))

    once, twice = (steps(lambda size=size: work(piece * (size // len(piece)))) for size in (150, 300))  # type: ignore[misc]
    assert twice < once * 2.4 + 500


# ------------------------------------------------------------------------------- strict readers


class Strict(HTMLParser):
    """Reads HTML in which every tag that is opened is closed, in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open_tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag in ("p", "br", "b", "i", "u", "s", "a", "code", "pre", "ul", "ol", "li", "blockquote"), tag
        assert {name for name, _ in attrs} <= {"href", "start"}
        self.text += "\n"
        if tag != "br":
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_strict_readers_are_strict() -> None:
    assert on_whatsapp("*a* _b_ `c` > d\n> e") == "a b c > d\ne"
    assert on_whatsapp("a*b*c *x y* * z *") == "a*b*c x y * z *"
    with pytest.raises(AssertionError):
        Strict().feed("<b><i></b></i>")
    assert json.loads(json.dumps(slack.write(literal("a")))) == slack.write(literal("a"))
