"""What a person types becomes what Slack's composer makes of it: rich_text, and a text that says the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.slack.block_kit import find_problems
from infra.local.slack.inline import Names, read
from infra.local.slack.marks import Marks
from infra.local.slack.typed import as_sent

Json = dict[str, Any]
NAMES = Names({"bob": "U0BOB", "mia": "U0MIA"}, {"sales": "C0SALES"})


def containers(typed: str) -> list[Json]:
    blocks = as_sent(typed, NAMES, "b1")["blocks"]
    assert find_problems(blocks) == []
    elements: list[Json] = blocks[0]["elements"]
    return elements


def inline(typed: str) -> list[Json]:
    [section] = containers(typed)
    assert section["type"] == "rich_text_section"
    elements: list[Json] = section["elements"]
    return elements


def text(typed: str) -> str:
    return str(as_sent(typed, NAMES, "b1")["text"])


def words(said: str, *styles: str) -> Json:
    element: Json = {"type": "text", "text": said}
    return {**element, "style": dict.fromkeys(styles, True)} if styles else element


@pytest.mark.parametrize(
    ("typed", "elements"),
    [
        ("*bold* x", [words("bold", "bold"), words(" x")]),
        ("_it_, ~no~", [words("it", "italic"), words(", "), words("no", "strike")]),
        (
            "*a _b ~c~_* d",
            [
                words("a ", "bold"),
                words("b ", "bold", "italic"),
                words("c", "bold", "italic", "strike"),
                words(" d"),
            ],
        ),
        ("_*b* i_", [words("b", "bold", "italic"), words(" i", "italic")]),
        ("(*so*)!", [words("("), words("so", "bold"), words(")!")]),
        ("`x *y* :wave:`", [words("x *y* :wave:", "code")]),
        ("*`c*` d*", [words("c*", "bold", "code"), words(" d", "bold")]),
    ],
)
def test_styles_stand_alone_and_in_each_other(typed: str, elements: list[Json]) -> None:
    assert inline(typed) == elements
    assert text(typed) == typed


def test_mentions_links_and_emoji_within_a_style_bear_it() -> None:
    bold = {"bold": True}
    assert inline("*@bob https://x.y/a_b :wave:*") == [
        {"type": "user", "user_id": "U0BOB", "style": bold},
        words(" ", "bold"),
        {"type": "link", "url": "https://x.y/a_b", "style": bold},
        words(" ", "bold"),
        {"type": "emoji", "name": "wave", "unicode": "1f44b", "style": bold},
    ]
    assert text("*@bob https://x.y/a_b :wave:*") == "*<@U0BOB> <https://x.y/a_b> :wave:*"


@pytest.mark.parametrize(
    "typed",
    [
        *("2 * 3 * 4", "a*b*c", "snake_case_name", "**x**", "__init__", "* ", "*a", "*a\nb*", "~ x ~", "`", "``"),
        *(
            "10:30:45",
            "10:100:20",
            ":nobody:",
            "@nobody",
            "#nowhere",
            "C#sharp",
            "a@b",
            "- ",
            "---",
            "1.",
            "1.5 kg",
        ),
        *(
            "2026. That was a year",
            "``````",
            "```open",
            "[a](b)",
            "done.It",
            "readme.md",
            "https://",
            "\u2764\ufe0e",
        ),
    ],
)
def test_what_means_nothing_stays_as_it_is(typed: str) -> None:
    assert containers(typed) == [{"type": "rich_text_section", "elements": [words(typed)]}]
    assert text(typed) == typed


@pytest.mark.parametrize(
    ("typed", "url", "sent"),
    [
        ("https://x.y/?a=1&b=2", "https://x.y/?a=1&b=2", "<https://x.y/?a=1&amp;b=2>"),
        ("(https://x.y/a_(b)).", "https://x.y/a_(b)", "(<https://x.y/a_(b)>)."),
        ("HTTPS://x.y/z!", "HTTPS://x.y/z", "<HTTPS://x.y/z>!"),
        ("*https://x.y*", "https://x.y", "*<https://x.y>*"),
        ("[our page](https://x.y/z)", "https://x.y/z", "<https://x.y/z|our page>"),
        (
            "see www.example.com/a.",
            "http://www.example.com/a",
            "see <http://www.example.com/a|www.example.com/a>.",
        ),
        ("example.com?", "http://example.com", "<http://example.com|example.com>?"),
        ("mail a@b.co", "mailto:a@b.co", "mail <mailto:a@b.co|a@b.co>"),
    ],
)
def test_addresses_become_links(typed: str, url: str, sent: str) -> None:
    assert [element["url"] for element in inline(typed) if element["type"] == "link"] == [url]
    assert text(typed) == sent


def test_angle_brackets_are_only_brackets_to_who_types_them() -> None:
    assert text("<https://x.y|label> <!channel> a<b") == "&lt;<https://x.y>|label&gt; &lt;!channel&gt; a&lt;b"


def test_people_channels_and_everybody_are_called() -> None:
    assert text("@Bob's @here, #sales <@U0MIA>") == "<@U0BOB>'s <!here>, <#C0SALES|sales> <@U0MIA>"
    assert [element["type"] for element in inline("@mia@bob @everyone #sales")] == [
        *("user", "text", "broadcast", "text", "channel"),
    ]


@pytest.mark.parametrize(
    ("typed", "sent", "element"),
    [
        (":tada:", ":tada:", {"name": "tada", "unicode": "1f389"}),
        (":thumbsup:", ":thumbsup:", {"name": "thumbsup", "unicode": "1f44d"}),
        (":threadline:", ":threadline:", {"name": "threadline"}),
        (
            ":wave::skin-tone-3:",
            ":wave::skin-tone-3:",
            {"name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3},
        ),
        ("👋🏽", ":wave::skin-tone-4:", {"name": "wave", "unicode": "1f44b-1f3fd", "skin_tone": 4}),
        (
            "🫱🏻‍🫲🏼",
            ":handshake::skin-tone-2-3:",
            {"name": "handshake", "unicode": "1faf1-1f3fb-200d-1faf2-1f3fc"},
        ),
        ("❤️", ":heart:", {"name": "heart", "unicode": "2764-fe0f"}),
        ("❤", ":heart:", {"name": "heart", "unicode": "2764-fe0f"}),
        ("🇹🇷", ":flag-tr:", {"name": "flag-tr", "unicode": "1f1f9-1f1f7"}),
        ("1️⃣", ":one:", {"name": "one", "unicode": "0031-fe0f-20e3"}),
        (":)", ":slightly_smiling_face:", {"name": "slightly_smiling_face", "unicode": "1f642"}),
    ],
)
def test_emoji_are_known_by_name_character_and_face(typed: str, sent: str, element: Json) -> None:
    assert inline(typed) == [{"type": "emoji", **element}]
    assert text(typed) == sent


def test_emoji_may_follow_each_other() -> None:
    names = [element["name"] for element in inline("👩🏽‍🚀👨‍👩‍👧‍👦:tada::wave::skin-tone-3::x:")]
    assert names == ["female-astronaut", "man-woman-girl-boy", "tada", "wave", "x"]


def shape(container: Json) -> tuple[str, int, int, int]:
    return (container["style"], container["indent"], container.get("offset", 0), len(container["elements"]))


def test_lists_hang_from_each_other_by_indentation_and_count_on() -> None:
    typed = "1. a\n1. b\n   - c\n      - d\n\t- e\n2. f\n - g"
    assert [shape(container) for container in containers(typed)] == [
        ("ordered", 0, 0, 2),
        ("bullet", 1, 0, 1),
        ("bullet", 2, 0, 1),
        ("bullet", 1, 0, 1),
        ("ordered", 0, 2, 1),
        ("bullet", 0, 0, 1),
    ]


def test_the_text_of_a_list_has_slacks_marks() -> None:
    assert text("* a\n  * b\n    * c\n3. d\n   1. e\n   2. f\n      4. g") == (
        "• a\n    ◦ b\n        ▪ c\n3. d\n    a. e\n    b. f\n        iv. g"
    )


def test_quotes_hold_words_and_lists() -> None:
    quote, listed, rest, after = containers("> *q*\n> - a\n>r\ns")
    assert quote == {"type": "rich_text_quote", "elements": [words("q", "bold")]}
    assert (listed["type"], listed["border"]) == ("rich_text_list", 1)
    assert (rest["elements"], after["type"]) == ([words("r")], "rich_text_section")
    assert text("> *q*\n> - a\n>r\ns") == "&gt; *q*\n&gt; • a\n&gt; r\ns"


def test_three_brackets_quote_all_that_follows_and_one_alone_nothing() -> None:
    assert text(">>> a\nb\n\nc") == "&gt; a\n&gt; b\n&gt; \n&gt; c"
    assert text(">") == "&gt;"
    assert text(">:(") == ":angry:"


def test_a_block_of_code_stands_for_itself() -> None:
    before, code, after = containers("Try\n```\nif a < b:\n    *x* :wave:\n```\nNow")
    assert code["elements"] == [words("if a < b:\n    *x* :wave:")]
    assert (before["elements"], after["elements"]) == ([words("Try")], [words("Now")])
    assert text("a ```x & y``` b") == "a \n```x &amp; y```\n b"


def test_empty_lines_stay_between_paragraphs_and_lists() -> None:
    assert text("a\n\nb\n\n- c\n\n- d\n") == "a\n\nb\n\n• c\n\n• d"


@pytest.mark.some(4)
@pytest.mark.parametrize(
    "piece",
    [
        "*x _y ~z ",
        "*a",
        "* ",
        "*a* ",
        "*`a`",
        "*`a ",
        "`a*b` _c ",
        "_http://a.b ",
        "~`a*` *b_ ",
        "`",
        "` ",
        "*_~a~_* ",
    ],
)
def test_marks_that_never_close_are_soon_known_to_be_letters(piece: str) -> None:
    typed = (piece * 50_000)[:50_000].strip()
    said = read(typed, NAMES)
    assert len(said.text) >= len(typed)


def test_each_place_of_a_line_is_walked_over_once_for_each_mark() -> None:
    marks = Marks("*x _y ~z " * 100)
    ends = [marks.end(mark, place) for mark in "*_~" for place in range(1, 900, 3)]
    assert ends == [0] * 900
    assert len(marks.walked) == 3 * 899


@pytest.mark.parametrize(
    ("typed", "mark", "end"),
    [
        ("*a* *b*", "*", 2),
        ("*a *b*", "*", 5),
        ("*`*`*", "*", 4),
        ("*https://x.y/*z* ", "*", 15),
        ("*a\n*", "*", 0),
        ("*a*b", "*", 0),
        ("_a*", "_", 0),
    ],
)
def test_a_mark_is_closed_at_the_end_of_a_word_outside_code_and_addresses(typed: str, mark: str, end: int) -> None:
    assert Marks(typed).end(mark, 1) == end


MARKS = st.text(st.sampled_from("*_~`> -1.:)(<3@#ab\n \t👋🏽\u200d\ufe0f[]&x"), max_size=40)
PIECES = st.sampled_from(["@bob", ":wave:", "https://x.y/(a)", "\n- ", "```", "*_~", "#sales", "\n> 1. ", "❤️"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(MARKS, PIECES), max_size=8).map("".join))
def test_whatever_is_typed_slack_would_take_it(typed: str) -> None:
    sent = as_sent(typed, NAMES, "b1")
    assert find_problems(sent.get("blocks", [])) == []
    assert bool(sent["text"].strip()) is bool(typed.strip())
