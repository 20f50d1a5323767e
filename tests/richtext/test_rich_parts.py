"""Long texts in parts: where they are cut, how they are measured, and that their looks go on."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.channels import telegram
from chalicelib.model import Capabilities, Markup, Unit
from chalicelib.richtext import Block, Run, Shape, Style, literal, measure, mrkdwn, parts
from infra.local.telegram.wire import read as telegram_reads

utf16 = measure(Unit.UTF16)


def split(text: str, limit: int, unit: Unit = Unit.CHARACTERS, *, numbered: bool = False) -> list[str]:
    """Give the parts of a text that has no looks."""
    return parts(literal(text), Capabilities("", "", limit, unit, numbered=numbered))[0]


# ------------------------------------------------------------------------------------------ parts

FAMILY, FLAG, TONED, KEYCAP, ENGLAND, HEART = "👨‍👩‍👧‍👦", "🇧🇷", "👋🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥"
LINK = "https://example.com/orders/12345?show=all&lang=pt"


def visible(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("short", ["short"]),
        ("one two three four five", ["one two three", "four five"]),
        ("First one.\n\nSecond it is.", ["First one.", "Second it is."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("It is so. And then more", ["It is so.", "And then more"]),
        ("Really so? Yes it is so!", ["Really so?", "Yes it is so!"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmn", "opqrstuvwxyz"]),
        ("a abcdefghijklmnopqrstuvwxyz", ["a", "abcdefghijklmn", "opqrstuvwxyz"]),
        ("我们已经收到您的订单。明天会送到的", ["我们已经收到您的订单。", "明天会送到的"]),
    ],
)
def test_a_text_is_cut_where_it_pauses(text: str, cut: list[str]) -> None:
    assert split(text, 14) == cut


@pytest.mark.parametrize("whole", [FAMILY, FLAG, TONED, KEYCAP, ENGLAND, HEART, "e\u0301", "कि"])
@pytest.mark.parametrize("before", range(12))
def test_what_is_one_character_to_the_eye_stays_whole(whole: str, before: int) -> None:
    text = "x" * before + whole * 6
    found = split(text, 16)
    assert "".join(found) == text
    assert all(part.count(whole) * len(whole) == len(part.lstrip("x")) for part in found)


@pytest.mark.parametrize("before", range(20, 60))
def test_a_link_stays_whole_if_it_fits_a_part(before: int) -> None:
    assert sum(LINK in part for part in split("(" + "x" * before + LINK, 60)) == 1


def test_parts_that_may_overtake_each_other_are_numbered() -> None:
    assert split("one two three four five six", 20, numbered=True) == [
        "one two (1/3)",
        "three four (2/3)",
        "five six (3/3)",
    ]


def test_numbers_of_three_digits_have_their_room() -> None:
    found = split("word " * 300, 20, numbered=True)
    assert len(found) > 99
    assert max(map(len, found)) <= 20


PIECES = [*"abc .\n!?(", "é", "e\u0301", "我", "。", "👋", FAMILY, FLAG, TONED, LINK, "\u200d", "\ud83d", "🇧"]
WORDS = ["word", " ", "\n\n", ". ", FAMILY, FLAG, LINK, "x" * 70, "ção"]
texts = st.lists(st.sampled_from(PIECES), max_size=120) | st.lists(st.sampled_from(WORDS), max_size=60)


@given(
    pieces=texts,
    limit=st.integers(30, 80),
    unit=st.sampled_from([Unit.CHARACTERS, Unit.UTF16, Unit.BYTES]),
    numbered=st.booleans(),
)
@example(pieces=["a"] * 200, limit=30, unit=Unit.BYTES, numbered=True)
def test_no_part_is_too_long_and_no_visible_character_is_lost(
    pieces: list[str], limit: int, unit: Unit, *, numbered: bool
) -> None:
    text, size = "".join(pieces), measure(unit)
    found = split(text, limit, unit, numbered=numbered)
    assert all(size(part) <= limit for part in found)
    bare = [part.rpartition(" (")[0] for part in found] if numbered and len(found) > 1 else found
    assert visible("".join(bare)) == visible(text)


@given(st.lists(st.sampled_from(["a", "word", "(so)", "end.", "ção", FAMILY, LINK]), max_size=99))
def test_no_word_that_fits_a_part_is_cut(words: list[str]) -> None:
    found = split(" ".join(words), len(LINK))
    assert [word for part in found for word in part.split()] == words


@pytest.mark.parametrize(
    ("unit", "size"), [(Unit.CHARACTERS, 3), (Unit.UTF16, 4), (Unit.BYTES, 7), (Unit.SEGMENTS, 1)]
)
def test_every_channel_counts_in_its_own_unit(unit: Unit, size: int) -> None:
    assert measure(unit)("aé👋") == size


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" + "€" * 152, 2),  # the first segment ends before the euro sign that it has only half a place for
        ("a" + "€" * 153, 3),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
        ("“" + "a" * 69, 1),
        ("“" + "a" * 70, 2),
        ("👋" * 35, 1),
        ("👋" * 66, 2),
        ("👋" * 67, 3),  # 33 in a segment, since none is divided
        ("Ünïcode" * 23, 3),
        ("Grüße, Ñandù! @£$" * 9, 1),
    ],
)
def test_an_sms_is_counted_in_segments(text: str, segments: int) -> None:
    assert measure(Unit.SEGMENTS)(text) == segments


def test_a_long_sms_is_cut_by_its_segments() -> None:
    can = Capabilities("SMS", "", 10, Unit.SEGMENTS, numbered=True)
    plain_words, _ = parts(literal("word " * 320), can)
    other_words, _ = parts(literal("wörd ş " * 230), can)
    assert [measure(Unit.SEGMENTS)(part) for part in plain_words] == [10, 1]
    assert [measure(Unit.SEGMENTS)(part) for part in other_words] == [10, 10, 5]


# -------------------------------------------------------------------------------------------- looks

HTML = Capabilities("", "", 30, Unit.UTF16, markup=Markup.HTML)
WHATSAPP = Capabilities("", "", 30, Unit.UTF16, markup=Markup.WHATSAPP)


def test_looks_go_on_in_the_next_part() -> None:
    rich = mrkdwn.read("*Bold words that go _on and on_ for quite some time*, then no more")
    assert parts(rich, HTML)[0] == [
        "<b>Bold words that go <i>on and on</i></b>",
        "<b>for quite some time</b>, then no",
        "more",
    ]
    assert parts(rich, WHATSAPP)[0] == [
        "*Bold words that go _on and_*",
        "*_on_ for quite some time*,",
        "then no more",
    ]


def test_tags_take_no_room_and_whatsapps_marks_do() -> None:
    rich = (Block((Run("x" * 30, frozenset({Style.BOLD})),)),)
    assert parts(rich, HTML)[0] == [f"<b>{'x' * 30}</b>"]
    assert [len(part) for part in parts(rich, WHATSAPP)[0]] == [29, 3 + 2]


def test_a_quote_and_code_go_on_in_the_next_part() -> None:
    quoted = mrkdwn.read("&gt; One two three four five six seven eight")
    code = mrkdwn.read("```one two three four five six seven eight```")
    assert parts(quoted, HTML)[0] == [
        "<blockquote>One two three four five six</blockquote>",
        "<blockquote>seven eight</blockquote>",
    ]
    assert parts(code, WHATSAPP)[0] == ["```one two three four five```", "```six seven eight```"]


def test_an_item_that_goes_on_is_not_another_item() -> None:
    rich = (Block((Run("one two three four five six seven eight"),), shape=Shape.ITEM, number=3),)
    assert parts(rich, HTML)[0] == ["3. one two three four five six", "seven eight"]


def test_the_name_of_a_link_is_not_divided() -> None:
    rich = mrkdwn.read("You find it all in <https://x.y|our shop. Come in> today")
    assert parts(rich, HTML)[0] == ["You find it all in", '<a href="https://x.y">our shop. Come in</a> today']


def test_what_has_no_looks_goes_out_without_tags() -> None:
    assert parts(literal("a < b & c"), HTML) == (["a < b & c"], Markup.PLAIN)
    assert parts(mrkdwn.read("a < *b* & c"), HTML) == (["a &lt; <b>b</b> &amp; c"], Markup.HTML)


def test_a_part_has_no_more_marks_than_its_channel_takes() -> None:
    rich = mrkdwn.read("\n".join(f"*a* `b` <https://x.y/{number}|c> and so on" for number in range(70)))
    found, _ = parts(rich, telegram.CAPABILITIES["telegram"])
    assert [len(telegram_reads(part, "HTML")[1]) for part in found] == [99, 99, 12]
    coded = mrkdwn.read("\n".join(f"{number} ```code```" for number in range(150)))
    assert len(parts(coded, telegram.CAPABILITIES["telegram"])[0]) == 2


STYLED = st.lists(
    st.tuples(st.sampled_from(WORDS + PIECES[:-3]), st.frozensets(st.sampled_from(Style), max_size=3)), max_size=40
)


@given(pieces=STYLED, limit=st.integers(40, 90), markup=st.sampled_from(Markup), numbered=st.booleans())
def test_every_part_has_its_room_and_its_own_marks(
    pieces: list[tuple[str, frozenset[Style]]], limit: int, markup: Markup, *, numbered: bool
) -> None:
    rich = (Block(tuple(Run(text, styles) for text, styles in pieces)),)
    found, form = parts(rich, Capabilities("", "", limit, Unit.UTF16, numbered=numbered, markup=markup))
    shown = [telegram_reads(part, "HTML")[0] if form is Markup.HTML else part for part in found]
    assert all(utf16(part) <= limit for part in shown)
    bare = [part.rpartition(" (")[0] for part in shown] if numbered and len(shown) > 1 else shown
    signs = str.maketrans("", "", "*_~`\u2060")
    text = "".join(text for text, _ in pieces)
    assert visible("".join(bare)).translate(signs) == visible(text).translate(signs)
