"""What Slack shows of a message, and what the page shows of it: every construct, and everything wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.page.sheet import BUTTON, Json, draw, listed, mrkdwn, open_sheet, plain, rich, said, section


@pytest.fixture(scope="module")
def sheet(browser: Browser, site: str) -> Iterator[Page]:
    with open_sheet(browser, site) as page:
        yield page


MARCH_1 = 1772370000  # 2026-03-01 13:00 UTC
TODAY = 1773471600  # 2026-03-14 07:00 UTC
DAY = 86_400

MRKDWN = [
    # marks, and where they are none
    ("*bold* _italic_ ~struck~", "<b>bold</b> <i>italic</i> <s>struck</s>"),
    ("*_both_* _~too~_", "<b><i>both</i></b> <i><s>too</s></i>"),
    ("(*bold*), *so*.", "(<b>bold</b>), <b>so</b>."),
    ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
    ("* no * ** _ _ **no**", "* no * ** _ _ **no**"),
    ("*open _crossed* over_", "<b>open _crossed</b> over_"),
    ("*one\ntwo*", "*one\ntwo*"),
    # code
    ("`code` a`b`c ``", "<code>code</code> a`b`c ``"),
    ("`*no* :wave: &lt;b&gt;`", "<code>*no* :wave: <b></code>"),
    ("`<https://a.b> <@U1>`", "<code>https://a.b @Mia</code>"),
    ("before ```\n*as* it\n  is\n``` after", "before <pre>*as* it\n  is</pre> after"),
    ("never ```closed", "never ```closed"),
    # quotes
    ("> one\n> *two*\nthree", "<quote>one\n<b>two</b></quote>three"),
    ("&gt; so too\n&gt;and so", "<quote>so too\nand so</quote>"),
    ("a > b", "a > b"),
    # entities
    ("&lt;b&gt; &amp;amp; &quot; &", "<b> &amp; &quot; &"),
    # links
    ("<https://a.b/c?d=1&amp;e=2|the *page*>", "<a https://a.b/c?d=1&e=2>the *page*</a>"),
    ("<https://a.b>", "<a https://a.b>https://a.b</a>"),
    ("<mailto:a@b.c|write> <mailto:a@b.c> <tel:+351>", None),
    ("*<https://a.b|bold link>*", "<b><a https://a.b>bold link</a></b>"),
    ("see https://a.b/c_d_e?f=(g). &lt;http://h.i&gt;", None),
    ("xhttps://a.b", "xhttps://a.b"),
    ("<javascript:alert(1)|click>", "<javascript:alert(1)|click>"),
    ("<JAVA\tSCRIPT:alert(1)|x>", "<JAVA\tSCRIPT:alert(1)|x>"),
    ("<data:text/html,hi|click>", "<data:text/html,hi|click>"),
    ("<//evil.example|click>", "<//evil.example|click>"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    # mentions
    ("<@U1> <@U2|ignored> <@U9|ana> <@U8>", "<me>@Mia</me> <at>@tom</at> <at>@ana</at> <at>@U8</at>"),
    ("<#C1> <#C9|sales>", "<at>#support</at> <at>#sales</at>"),
    ("<!subteam^S1|@helpers> <!subteam^S2>", "<at>@helpers</at> <at>@S2</at>"),
    ("<!here> <!channel|channel> <!everyone>", "<me>@here</me> <me>@channel</me> <me>@everyone</me>"),
    ("<!new|a label> <!new> <>", "a label <!new> <>"),
    # emoji
    ("hi :wave: :wave::skin-tone-3:", "hi <emoji>👋</emoji> <emoji>👋🏼</emoji>"),
    (":tada::skin-tone-3: x", "<emoji>🎉</emoji> x"),
    ("10:30:45 :nobody: :threadline: :constructor:", "10:30:45 :nobody: :threadline: :constructor:"),
    (":wave::tada:", "<jumbo><emoji>👋</emoji><emoji>🎉</emoji></jumbo>"),
    ("👍🏽 👨‍👩‍👧", "<jumbo>👍🏽 👨‍👩‍👧</jumbo>"),
    # what is not closed
    ("<https://a.b", "<<a https://a.b>https://a.b</a>"),
]
PAIRED = {
    "<mailto:a@b.c|write> <mailto:a@b.c> <tel:+351>": (
        "<a mailto:a@b.c>write</a> <a mailto:a@b.c>a@b.c</a> <a tel:+351>+351</a>"
    ),
    "see https://a.b/c_d_e?f=(g). &lt;http://h.i&gt;": (
        "see <a https://a.b/c_d_e?f=(g)>https://a.b/c_d_e?f=(g)</a>. <<a http://h.i>http://h.i</a>>"
    ),
}


@pytest.mark.parametrize(("text", "shown"), [(text, shown or PAIRED[text]) for text, shown in MRKDWN])
def test_mrkdwn_looks_as_in_slack(sheet: Page, text: str, shown: str) -> None:
    assert draw(sheet, "mrkdwn", text) == shown


@pytest.mark.parametrize(
    ("moment", "form", "shown"),
    [
        (MARCH_1, "{date_num}", "2026-03-01"),
        (MARCH_1, "{date_slash}", "3/1/2026"),
        (MARCH_1, "{date}", "March 1st, 2026"),
        (MARCH_1, "{date_short}", "Mar 1, 2026"),
        (MARCH_1, "{date_long}", "Sunday, March 1st, 2026"),
        (MARCH_1, "{date_long_full}", "March 1, 2026"),
        (MARCH_1, "{day_divider_pretty}", "Sunday, March 1st"),
        (MARCH_1, "{date_pretty} at {time}", "March 1st, 2026 at 1:00 PM"),
        (MARCH_1, "{time_secs}", "1:00:00 PM"),
        (MARCH_1, "{ago}", "12 days ago"),
        (MARCH_1, "{unknown}", "{unknown}"),
        (TODAY, "{date_short_pretty} at {time}", "today at 7:00 AM"),
        (TODAY, "{ago}", "5 hours ago"),
        (TODAY - DAY, "{date_pretty}", "yesterday"),
        (TODAY + DAY, "{date_long_pretty}", "tomorrow"),
        (TODAY + 2 * DAY, "{date_long_pretty}", "Monday, March 16th, 2026"),
    ],
)
def test_dates_are_written_for_the_reader(sheet: Page, moment: int, form: str, shown: str) -> None:
    assert draw(sheet, "mrkdwn", f"<!date^{moment}^{form}|otherwise>") == f"<time>{shown}</time>"
    date = {"type": "date", "timestamp": moment, "format": form}
    assert draw(sheet, "blocks", [rich(section(date))]) == f"<time>{shown}</time>"


def test_a_date_can_be_a_link_and_what_is_none_shows_its_fallback(sheet: Page) -> None:
    linked = draw(sheet, "mrkdwn", f"<!date^{MARCH_1}^{{date_num}}^https://a.b|x>")
    assert linked == "<a https://a.b><time>2026-03-01</time></a>"
    assert draw(sheet, "mrkdwn", "<!date^soon^{date_num}|some day>") == "some day"
    assert draw(sheet, "mrkdwn", "<!date^9999999999999^{date_num}|some day>") == "some day"


def test_verbatim_leaves_addresses_alone(sheet: Page) -> None:
    assert draw(sheet, "verbatim", "https://a.b") == "https://a.b"


def test_plain_text_knows_emoji_and_nothing_else(sheet: Page) -> None:
    assert (
        draw(sheet, "plain", "*no* &lt; :wave: :nope:wave:")
        == "*no* &lt; <emoji>👋</emoji> :nope<emoji>👋</emoji>"
    )


# Rich text


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        (said("*as* it is"), "*as* it is"),
        (said("b", "bold", "italic", "strike", "underline", "code"), "<u><s><i><b><code>b</code></b></i></s></u>"),
        (said("found", "client_highlight"), "<mark>found</mark>"),
        ({"type": "link", "url": "https://a.b", "text": "a page"}, "<a https://a.b>a page</a>"),
        ({"type": "link", "url": "https://a.b"}, "<a https://a.b>https://a.b</a>"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "a page"}, "a page"),
        ({"type": "user", "user_id": "U1"}, "<me>@Mia</me>"),
        ({"type": "user", "user_id": "U2"}, "<at>@tom</at>"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "<at>@S1</at>"),
        ({"type": "channel", "channel_id": "C1"}, "<at>#support</at>"),
        ({"type": "team", "team_id": "T1"}, "<at>@T1</at>"),
        ({"type": "broadcast", "range": "here"}, "<me>@here</me>"),
        ({"type": "emoji", "name": "new", "unicode": "1f44b-1f3fc", "skin_tone": 3}, "<emoji>👋🏼</emoji>"),
        ({"type": "emoji", "name": "wave"}, "<emoji>👋</emoji>"),
        ({"type": "emoji", "name": "threadline"}, ":threadline:"),
        ({"type": "date", "timestamp": "?", "format": "{date}", "fallback": "then"}, "then"),
        ({"type": "color", "value": "#4a3fc4"}, "#4a3fc4"),
        ({"type": "color", "value": "red;}"}, "red;}"),
        ({"type": "canvas", "text": "a canvas"}, "a canvas"),
        ({"type": "file_mention", "url": "https://a.b"}, "https://a.b"),
        ({"type": "workflow_mention", "name": "Greet"}, "Greet"),
        ({"type": "hologram"}, "[hologram]"),
    ],
)
def test_every_inline_kind_of_rich_text_is_shown(sheet: Page, element: Json, shown: str) -> None:
    drawn = draw(sheet, "blocks", [rich(section(said("- "), element))])
    assert drawn == f"- {shown}"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([section(said("a\nb")), section(said("c"))], "a\nbc"),
        ([listed("bullet", "a", "b")], "<ul><li>a</li><li>b</li></ul>"),
        (
            [listed("ordered", "1"), listed("ordered", "a", indent=1), listed("ordered", "2", offset=1)],
            "<ol><li>1<ol><li>a</li></ol></li></ol><ol><li>2</li></ol>",
        ),
        ([listed("bullet", "deep", indent=3)], "<ul><li>deep</li></ul>"),
        ([{"type": "rich_text_quote", "elements": [said("q")]}], "<quote>q</quote>"),
        (
            [{"type": "rich_text_preformatted", "language": "c", "elements": [said("a  b"), said("c", "bold")]}],
            "<pre>a  bc</pre>",
        ),
    ],
)
def test_every_container_of_rich_text_is_shown(sheet: Page, parts: list[Json], shown: str) -> None:
    assert draw(sheet, "blocks", [rich(*parts)]) == shown


def test_ordered_lists_count_in_numbers_then_letters_then_roman_and_go_on_where_they_stopped(sheet: Page) -> None:
    parts = [listed("ordered", "x", indent=indent) for indent in range(4)]
    draw(sheet, "blocks", [rich(*parts, listed("ordered", "y", offset=4))])
    lists = sheet.locator("ol").evaluate_all(
        "all => all.map(one => [getComputedStyle(one).listStyleType, one.start])"
    )
    assert lists == [["decimal", 1], ["lower-alpha", 1], ["lower-roman", 1], ["decimal", 1], ["decimal", 5]]


def test_a_message_of_nothing_but_emoji_is_large(sheet: Page) -> None:
    wave = {"type": "emoji", "name": "wave", "unicode": "1f44b"}
    assert draw(sheet, "blocks", [rich(section(wave, said(" 🎉")))]) == "<jumbo><emoji>👋</emoji> 🎉</jumbo>"
    assert "jumbo" not in draw(sheet, "blocks", [rich(section(wave, said(" so")))])


# Blocks


PICTURE = {"type": "image", "image_url": "https://pics.example/a.png", "alt_text": "A parcel"}
CELLS = [[{"type": "raw_text", "text": word} for word in row] for row in (("Who", "Waits"), ("Ana", "1"))]
TASK = {"type": "task_card", "task_id": "1", "title": "Ask", "status": "in_progress"}

BLOCKS: list[tuple[Json, list[str]]] = [
    ({"type": "section", "text": mrkdwn("*Hi*"), "accessory": BUTTON}, ["Hi", "Go"]),
    ({"type": "section", "fields": [mrkdwn("*a*"), plain("b")]}, ["a", "b"]),
    ({"type": "context", "elements": [mrkdwn("by _Ana_"), plain("x"), PICTURE]}, ["by Ana", "x"]),
    ({"type": "actions", "elements": [BUTTON]}, ["Go"]),
    ({"type": "divider"}, []),
    ({"type": "header", "text": plain("Title"), "level": 1}, ["Title"]),
    ({**PICTURE, "title": plain("The parcel")}, ["The parcel", "A parcel", "pics.example"]),
    (rich(section(said("words"))), ["words"]),
    ({"type": "markdown", "text": "# One\n- [x] *two*"}, ["One", "two"]),
    (
        {"type": "video", "title": plain("Film"), "video_url": "https://v.example/1", "provider_name": "Tube"},
        ["Film", "Tube"],
    ),
    ({"type": "file", "external_id": "F1", "source": "remote"}, ["A remote file: F1"]),
    (
        {"type": "input", "label": plain("Name"), "element": {"type": "plain_text_input"}, "hint": plain("Short")},
        ["Name", "Short"],
    ),
    ({"type": "table", "rows": CELLS}, ["Who", "Ana"]),
    ({"type": "data_table", "caption": "Open", "rows": CELLS}, ["Open", "Who", "Ana"]),
    (
        {
            "type": "data_visualization",
            "title": "Week",
            "chart": {"type": "pie", "segments": [{"label": "A", "value": 3}]},
        },
        ["Week", "A", "3"],
    ),
    (
        {
            "type": "data_visualization",
            "title": "Week",
            "chart": {
                "type": "line",
                "series": [{"name": "In", "data": [{"label": "Mon", "value": 3}]}],
                "axis_config": {"categories": ["Mon"], "x_label": "Day"},
            },
        },
        ["Day", "In", "Mon", "3"],
    ),
    ({"type": "card", "title": mrkdwn("*Card*"), "body": mrkdwn("body"), "actions": [BUTTON]}, ["Card", "body"]),
    ({"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("One")}]}, ["One"]),
    (
        {"type": "container", "title": plain("Box"), "child_blocks": [{"type": "section", "text": mrkdwn("in")}]},
        ["Box", "in"],
    ),
    ({"type": "alert", "level": "warning", "text": mrkdwn("*Mind*")}, ["Mind"]),
    ({**TASK, "details": rich(section(said("now")))}, ["Ask", "now"]),
    ({"type": "plan", "title": "Plan", "tasks": [TASK]}, ["Plan", "Ask"]),
    (
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "+"},
                    "negative_button": {"text": plain("Bad"), "value": "-"},
                },
                {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "d"},
            ],
        },
        [],
    ),
]


@pytest.mark.parametrize(("block", "words"), BLOCKS, ids=[str(block["type"]) for block, _ in BLOCKS])
def test_every_block_is_drawn(sheet: Page, block: Json, words: list[str]) -> None:
    draw(sheet, "blocks", [block])
    assert sheet.locator(".bk-itself").count() == 0
    assert sheet.locator("main > .bk-block").count() == 1
    shown = sheet.locator("main").inner_text()
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("block", [{"type": "hologram", "depth": 3}, {"type": "toString"}, {"type": "section"}])
def test_an_unknown_block_shows_as_itself(sheet: Page, block: Json) -> None:
    draw(sheet, "blocks", [block, {"type": "header", "text": plain("After")}])
    itself = sheet.locator("details.bk-itself")
    assert itself.locator("summary").inner_text() == f"An unknown block: {block['type']}"
    assert not itself.locator("pre").is_visible()
    itself.locator("summary").click()
    assert json.loads(itself.locator("pre").inner_text()) == block
    assert sheet.get_by_role("heading", name="After").is_visible()


DEEP: Json = {"type": "container", "title": plain("x"), "child_blocks": []}
for _ in range(40):
    DEEP = {"type": "container", "title": plain("x"), "child_blocks": [DEEP]}
STRANGE: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"type": None},
    {"type": 5},
    {"type": {}},
    [[]],
    True,
    -1.5,
    {"text": 1},
]
NAMES = sorted({str(block["type"]) for block, _ in BLOCKS})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "field", ["text", "elements", "fields", "rows", "title", "child_blocks", "element", "chart"]
)
def test_a_block_of_a_bad_shape_shows_as_itself_or_without_what_is_bad(sheet: Page, name: str, field: str) -> None:
    good = next(block for block, _ in BLOCKS if block["type"] == name)
    bad = [{**good, field: strange} for strange in STRANGE] + [
        {"type": name, field: strange} for strange in STRANGE
    ]
    draw(sheet, "blocks", bad)
    assert sheet.locator("main > *").count() == len(bad)


@pytest.mark.parametrize("blocks", [*STRANGE[1:3], {"type": "section"}, True])
def test_blocks_that_are_no_list_show_as_themselves(sheet: Page, blocks: Any) -> None:
    draw(sheet, "blocks", blocks)
    assert sheet.locator("main > .bk-itself").count() == 1


@pytest.mark.parametrize("strange", STRANGE, ids=map(str, STRANGE))
def test_bad_shapes_inside_never_break_the_rest(sheet: Page, strange: Any) -> None:
    rest = {"type": "header", "text": plain("Still here")}
    inside = [
        strange,
        rich(strange, section(strange), {"type": "rich_text_list", "elements": [strange]}),
        {"type": "actions", "elements": [strange, {**BUTTON, "confirm": strange}, {"type": "static_select"}]},
        {"type": "actions", "elements": [{"type": "overflow", "options": [strange]}, {"type": "datepicker"}]},
        {"type": "context", "elements": [strange]},
        {"type": "table", "rows": [[strange], strange]},
    ]
    draw(sheet, "blocks", [*inside, rest])
    assert sheet.get_by_role("heading", name="Still here").is_visible()
    for how in ("mrkdwn", "plain"):
        draw(sheet, how, strange)


def test_blocks_in_blocks_in_blocks_end_somewhere(sheet: Page) -> None:
    draw(sheet, "blocks", [DEEP])
    assert sheet.locator(".bk-itself").count() == 1


def test_a_data_table_sorts_and_turns_its_pages(sheet: Page) -> None:
    head = [{"type": "raw_text", "text": "Waits"}]
    rows = [[{"type": "raw_number", "value": value, "text": f"{value} min"}] for value in (3, 12, 1, 20, 7, 2)]
    draw(sheet, "blocks", [{"type": "data_table", "caption": "Open", "rows": [head, *rows], "page_size": 4}])
    cells = sheet.locator("main tbody tr")
    assert cells.all_inner_texts() == ["3 min", "12 min", "1 min", "20 min"]
    sheet.get_by_role("button", name="Waits").click()
    assert cells.all_inner_texts() == ["1 min", "2 min", "3 min", "7 min"]
    sheet.get_by_role("button", name="The next page").click()
    assert cells.all_inner_texts() == ["12 min", "20 min"]
    sheet.get_by_role("button", name="Waits").click()
    assert cells.all_inner_texts() == ["20 min", "12 min", "7 min", "3 min"]
    assert sheet.locator("main th[aria-sort]").get_attribute("aria-sort") == "descending"


# What must not happen

HOSTILE = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "&lt;img src=x onerror=window.pwned=1&gt;",
    "<javascript:window.pwned=1|click>",
    "[click](javascript:window.pwned=1) <svg onload=window.pwned=1>",
    '<https://a.b/"onmouseover="window.pwned=1|x>',
    "![x](data:text/html,<script>window.pwned=1</script>)",
    '"><iframe srcdoc="<script>parent.pwned=1</script>">',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_text_is_executed(sheet: Page, text: str) -> None:
    blocks = [
        {"type": "section", "text": mrkdwn(text)},
        {"type": "section", "text": plain(text)},
        {"type": "markdown", "text": text},
        {"type": text, "text": text},
        rich(section(said(text), {"type": "link", "url": text, "text": text}, {"type": "emoji", "name": text})),
        {"type": "header", "text": plain(text)},
        {"type": "image", "image_url": f"https://a.b/{text}", "alt_text": text},
        {"type": "video", "title": plain(text), "title_url": text, "video_url": text},
        {"type": "actions", "elements": [{**BUTTON, "text": plain(text), "url": text, "action_id": text}]},
    ]
    draw(sheet, "blocks", blocks)
    assert sheet.locator("main :is(script, img, svg, iframe, object, embed, style)").count() == 0
    links = sheet.locator("main a").evaluate_all("all => all.map(one => new URL(one.href).protocol)")
    assert set(links) <= {"https:", "http:", "mailto:", "tel:"}
    handlers = (
        """all => all.flatMap(one => one.getAttributeNames()).filter(name => /^(on|style|srcdoc)/.test(name))"""
    )
    assert sheet.locator("main *").evaluate_all(handlers) == []
    assert sheet.evaluate("window.pwned") is None


def test_links_tell_nobody_where_they_were_followed(sheet: Page) -> None:
    draw(sheet, "mrkdwn", "<https://a.b|x>")
    link = sheet.locator("main a")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noreferrer noopener")


@pytest.mark.parametrize(
    "url", ["https://pics.example/a.png", "http://127.0.0.1:1/a.png", "//pics.example/a", "x.png"]
)
def test_pictures_from_elsewhere_are_never_fetched(sheet: Page, url: str) -> None:
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    draw(sheet, "blocks", [{**PICTURE, "image_url": url}, {"type": "context", "elements": [PICTURE]}])
    sheet.wait_for_timeout(50)
    assert asked == []


def test_our_own_pictures_are_shown(sheet: Page) -> None:
    tiny = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
    draw(sheet, "blocks", [{**PICTURE, "image_url": tiny}])
    assert sheet.get_by_role("img", name="A parcel").evaluate("one => one.naturalWidth") == 1


LONG = 100_000
NASTY = [
    "*a ",
    "(*(",
    "*_~",
    "`",
    "```",
    "<",
    "<@",
    "> ",
    ":",
    ":wave:",
    "&lt;",
    "\n",
    "https://[/",
    "[a](",
    "#",
    "- ",
    "|-",
]
NASTY += ["-" + " " * 99, "\u202e", "e\u0301", "👨‍👩‍👧", "שלום ", "* _ ~ "]


@pytest.mark.parametrize("bit", NASTY)
@pytest.mark.parametrize("end", ["", "x"])
def test_a_hundred_thousand_nasty_characters_are_shown(sheet: Page, bit: str, end: str) -> None:
    text = bit * (LONG // len(bit)) + end
    lost = """([text, end]) => {
      const main = document.querySelector("main");
      main.hidden = true; // what is tried is the drawing, not the browser's line breaks
      const counted = ["mrkdwn", "plain"].map((how) => {
        draw(how, text);
        return main.textContent.length;
      });
      draw("blocks", [{ type: "markdown", text }, { type: "section", text: { type: "mrkdwn", text } }]);
      const blocks = document.querySelectorAll("main > .bk-block").length;
      main.replaceChildren();
      main.hidden = false;
      return [...counted, blocks];
    }"""
    in_mrkdwn, in_plain, blocks = sheet.evaluate(lost, [text, end])
    spared = text.replace(":wave:", "👋")
    length = len(spared.encode("utf-16-le")) // 2
    assert in_plain == length
    assert in_mrkdwn >= len(end)
    assert in_mrkdwn <= length
    assert blocks == 2


def test_endless_words_stay_inside_and_each_line_has_its_own_direction(sheet: Page) -> None:
    draw(sheet, "blocks", [rich(section(said("W" * 10_000))), {"type": "section", "text": mrkdwn("x" * 5_000)}])
    assert sheet.locator("main").evaluate("one => one.scrollWidth <= one.clientWidth")
    draw(sheet, "blocks", [rich(section(said("שלום"))), rich(section(said("hello")))])
    directions = sheet.locator("main .bk-words").evaluate_all(
        "all => all.map(one => getComputedStyle(one).direction)"
    )
    assert directions == ["rtl", "ltr"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# One\n## Two", "<h3>One</h3><h4>Two</h4>"),
        ("**b** *i* _i_ ~~s~~ `c` ***bi***", "<b>b</b> <i>i</i> <i>i</i> <s>s</s> <code>c</code> <b>bi</b>"),
        (
            "[a page](https://a.b/(c)) <https://d.e>",
            "<a https://a.b/(c)>a page</a> <a https://d.e>https://d.e</a>",
        ),
        ("![alt](https://a.b/c.png)", "<a https://a.b/c.png>alt</a>"),
        ("\\*no\\* snake_case_name <b>", "*no* snake_case_name <b>"),
        ("```js\nlet *a*;\n```", "<pre>let *a*;</pre>"),
        ("> a\n> - b", "<quote>a<ul><li>b</li></ul></quote>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("- [x] done\n- [ ] open", "<ul><li>done</li><li>open</li></ul>"),
        ("|a|b|\n|-|-:|\n|c|d|", "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"),
        ("a\n\n---\n\nb", "a<hr></hr>b"),
        ("a\nb :wave:", "a\nb <emoji>👋</emoji>"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_markdown_is_the_usual_markdown(sheet: Page, text: str, shown: str) -> None:
    assert draw(sheet, "blocks", [{"type": "markdown", "text": text}]) == shown
