"""Slack's text as a customer reads it, and long texts in parts."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.model import Unit
from chalicelib.richtext import escape, measure, plain, split, with_glyphs

NAMES = {"U0BOB": "Bob", "W0MIA": "Mia"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Hello", "Hello"),
        ("  Hello \n", "Hello"),
        ("&lt;b&gt; &amp; you", "<b> & you"),
        ("&amp;lt;", "&lt;"),
        ("Ask <@U0BOB>", "Ask @Bob"),
        ("Ask <@U0BOB|bobby>", "Ask @bobby"),
        ("Ask <@W0MIA> and <@U0BOB>!", "Ask @Mia and @Bob!"),
        ("See <#C123|help>", "See #help"),
        ("See <#C123|> or <#C123>", "See #channel or #channel"),
        ("<!here> please look", "please look"),
        ("Please <!channel> look", "Please look"),
        ("Please look <!everyone|everyone>", "Please look"),
        ("<!subteam^S1|@support> knows", "@support knows"),
        ("<!subteam^S1> knows", "knows"),
        ("<!date^1392734382^{date}^https://x.y|18 Feb>", "18 Feb"),
        ("<https://x.y/a?b=1&amp;c=2>", "https://x.y/a?b=1&c=2"),
        ("<https://x.y|x.y>", "https://x.y"),
        ("<https://x.y|Our shop>", "Our shop (https://x.y)"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<mailto:a@b.c|Write us>", "Write us (a@b.c)"),
        ("<tel:+123|+123>", "+123"),
        ("a < b", "a < b"),
        ("<>", ""),
        ("<!here>", ""),
        ("10:30:45", "10:30:45"),
        ("*bold* _it_", "*bold* _it_"),
    ],
)
def test_what_was_typed_in_slack_reads_as_plain_text(typed: str, read: str) -> None:
    assert plain(typed, lambda user: NAMES[user]) == read


@given(st.text())
def test_a_literal_text_survives_the_way_through_slack(text: str) -> None:
    assert plain(escape(text), lambda _: "?") == text.strip()


def rich(*emoji: dict[str, object]) -> list[dict[str, object]]:
    elements = [{"type": "emoji", **each} for each in emoji]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]


WAVE: dict[str, object] = {"name": "wave", "unicode": "1f44b"}


@pytest.mark.parametrize(
    ("text", "blocks", "read"),
    [
        ("Hi :wave:", rich(WAVE), "Hi 👋"),
        ("Hi :wave:", [], "Hi :wave:"),
        ("Hi :ours:", rich({"name": "ours"}), "Hi :ours:"),
        (
            ":wave: :wave::skin-tone-3:",
            rich(WAVE, {"name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3}),
            "👋 👋🏼",
        ),
        (
            ":handshake::skin-tone-2-3:",
            rich({"name": "handshake", "unicode": "1faf1-1f3fb-200d-1faf2-1f3fc"}),
            "🫱🏻‍🫲🏼",
        ),
        (":wave::skin-tone-3:", rich({"name": "wave", "unicode": "1f44b-1f3fc"}), "👋🏼"),
        (":+1: at 10:30:45", rich({"name": "+1", "unicode": "1f44d"}), "👍 at 10:30:45"),
        (":x:", rich({"name": "x", "unicode": "not hex"}), ":x:"),
        (":x:", rich({"name": "x", "unicode": "ffffffff"}), ":x:"),
        (":x:", rich({"name": "x", "unicode": 7}), ":x:"),
    ],
)
def test_emoji_become_characters_where_slack_says_which(
    text: str, blocks: list[dict[str, object]], read: str
) -> None:
    assert with_glyphs(text, blocks) == read


# ------------------------------------------------------------------------------------------ parts

FAMILY, FLAG, TONED, KEYCAP, ENGLAND, HEART = "👨‍👩‍👧‍👦", "🇧🇷", "👋🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥"
LINK = "https://example.com/orders/12345?show=all&lang=pt"

utf16 = measure(Unit.UTF16)


def visible(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "parts"),
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
def test_a_text_is_cut_where_it_pauses(text: str, parts: list[str]) -> None:
    assert split(text, 14, len) == parts


@pytest.mark.parametrize("whole", [FAMILY, FLAG, TONED, KEYCAP, ENGLAND, HEART, "e\u0301", "कि"])
@pytest.mark.parametrize("before", range(12))
def test_what_is_one_character_to_the_eye_stays_whole(whole: str, before: int) -> None:
    text = "x" * before + whole * 6
    parts = split(text, 16, len)
    assert "".join(parts) == text
    assert all(part.count(whole) * len(whole) == len(part.lstrip("x")) for part in parts)


@pytest.mark.parametrize("before", range(20, 60))
def test_a_link_stays_whole_if_it_fits_a_part(before: int) -> None:
    parts = split("(" + "x" * before + LINK, 60, len)
    assert sum(LINK in part for part in parts) == 1


def test_parts_that_may_overtake_each_other_are_numbered() -> None:
    assert split("one two three four five six", 20, len, numbered=True) == [
        "one two (1/3)",
        "three four (2/3)",
        "five six (3/3)",
    ]


def test_numbers_of_three_digits_have_their_room() -> None:
    parts = split("word " * 300, 20, len, numbered=True)
    assert len(parts) > 99
    assert max(map(len, parts)) <= 20


PIECES = [*"abc .\n!?(", "é", "e\u0301", "我", "。", "👋", FAMILY, FLAG, TONED, LINK, "\u200d", "\ud83d", "🇧"]
WORDS = ["word", " ", "\n\n", ". ", FAMILY, FLAG, LINK, "x" * 70, "ção"]
texts = st.lists(st.sampled_from(PIECES), max_size=120) | st.lists(st.sampled_from(WORDS), max_size=60)


@given(pieces=texts, limit=st.integers(30, 80), unit=st.sampled_from(Unit), numbered=st.booleans())
@example(pieces=["a"] * 200, limit=30, unit=Unit.BYTES, numbered=True)
def test_no_part_is_too_long_and_no_visible_character_is_lost(
    pieces: list[str], limit: int, unit: Unit, *, numbered: bool
) -> None:
    text, size = "".join(pieces), measure(unit)
    parts = split(text, limit, size, numbered=numbered)
    assert all(size(part) <= limit for part in parts)
    bare = [part.rpartition(" (")[0] for part in parts] if numbered and len(parts) > 1 else parts
    assert visible("".join(bare)) == visible(text)


@given(st.lists(st.sampled_from(["a", "word", "(so)", "end.", "ção", FAMILY, LINK]), max_size=99))
def test_no_word_that_fits_a_part_is_cut(words: list[str]) -> None:
    parts = split(" ".join(words), len(LINK), len)
    assert [word for part in parts for word in part.split()] == words


@pytest.mark.parametrize("piece", ["a", "word ", "\n", " ", "https://", FAMILY, "\u0301", ". ", "🇧", "我。"])
def test_a_text_of_any_kind_is_cut_in_linear_time(piece: str) -> None:
    began = time.perf_counter()
    split(piece * (200_000 // len(piece)), 1600, utf16, numbered=True)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(("unit", "size"), [(Unit.CHARACTERS, 3), (Unit.UTF16, 4), (Unit.BYTES, 7)])
def test_every_channel_counts_in_its_own_unit(unit: Unit, size: int) -> None:
    assert measure(unit)("aé👋") == size
