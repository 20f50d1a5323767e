"""A sheet to draw on: the page's own renderers in a browser, under the page's own policy, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route

Json = dict[str, Any]

NOW = "2026-03-14T12:00:00Z"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
SHEET = (
    '<!doctype html><html lang="en"><title>A sheet</title><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="ground/base.css"><link rel="stylesheet" href="blocks/blocks.css">'
    "<main></main></html>"
)
SETUP = """async () => {
  const { world } = await import("/ground/world.js");
  const { renderBlocks } = await import("/blocks/blocks.js");
  const { renderMrkdwn } = await import("/blocks/mrkdwn.js");
  const { renderPlain } = await import("/blocks/inline.js");
  world.emoji = { wave: "👋", tada: "🎉", heart: "❤️" };
  const people = { U1: { id: "U1", real_name: "Mia" }, U2: { id: "U2", name: "tom" } };
  const rooms = { C1: { id: "C1", name: "support" } };
  world.slack = { users: new Map(Object.entries(people)), channels: new Map(Object.entries(rooms)) };
  window.pressed = [];
  const ctx = {
    me: "U1",
    user: (id) => people[id],
    channel: (id) => rooms[id],
    open: (url) => window.pressed.push(["open", url]),
    press: (element, choice) => {
      window.pressed.push([element.action_id, choice]);
      return new Promise((taken, refused) => Object.assign(window, { taken, refused }));
    },
  };
  const TAGS = { STRONG: "b", EM: "i", S: "s", U: "u", CODE: "code", PRE: "pre", BLOCKQUOTE: "quote", MARK: "mark",
    TIME: "time", OL: "ol", UL: "ul", LI: "li", TABLE: "table", TR: "tr", TH: "th", TD: "td", H3: "h3", H4: "h4",
    BUTTON: "button", CAPTION: "caption", DETAILS: "details", SUMMARY: "summary", HR: "hr" };
  const NAMES = { "bk-mine": "me", "bk-mention": "at", "bk-emoji": "emoji", "bk-jumbo": "jumbo" };
  const outline = (node) => {
    if (node.nodeType === 3) return node.data;
    const inside = [...node.childNodes].map(outline).join("");
    if (node.tagName === "A") return `<a ${node.getAttribute("href")}>${inside}</a>`;
    const tag = Object.entries(NAMES).find(([name]) => node.classList.contains(name))?.[1] ?? TAGS[node.tagName];
    return tag ? `<${tag}>${inside}</${tag}>` : inside;
  };
  const DRAW = {
    blocks: (blocks) => renderBlocks(blocks, ctx),
    mrkdwn: (text) => renderMrkdwn(text, ctx),
    verbatim: (text) => renderMrkdwn(text, ctx, { verbatim: true }),
    plain: (text) => renderPlain(text, ctx),
  };
  window.draw = (how, what) => {
    const main = document.querySelector("main");
    main.replaceChildren(...DRAW[how](what));
    return outline(main);
  };
}"""


@contextmanager
def open_sheet(browser: Browser, site: str, *, at_work: bool = False) -> Iterator[Page]:
    """Open an empty page, where it is always noon, or where the clock goes on if it is `at_work`.

    Whatever it complains of in its console fails the test.
    """

    def serve(route: Route) -> None:
        policy = {"Content-Security-Policy": POLICY}
        route.fulfill(body=SHEET, content_type="text/html; charset=utf-8", headers=policy)

    window = browser.new_context(locale="en-US", timezone_id="UTC", reduced_motion="reduce")
    page = window.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/sheet", serve)
    if at_work:
        page.clock.install(time=NOW)
    else:
        page.clock.set_fixed_time(NOW)
    page.goto(f"{site}/sheet")
    page.evaluate(SETUP)
    yield page
    window.close()
    assert complaints == []


def draw(sheet: Page, how: str, what: Any) -> str:
    """Draw something and give its outline: words, and tags for what they are in."""
    drawn = sheet.evaluate("([how, what]) => window.draw(how, what)", [how, what])
    assert isinstance(drawn, str)
    return drawn


def rich(*elements: Any) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def section(*elements: Any) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def said(text: str, *styles: str) -> Json:
    return {"type": "text", "text": text, "style": dict.fromkeys(styles, True)}


def listed(style: str, *items: str, **more: Any) -> Json:
    return {"type": "rich_text_list", "style": style, "elements": [section(said(item)) for item in items], **more}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


BUTTON: Json = {"type": "button", "text": plain("Go"), "action_id": "go", "value": "7"}
OPTIONS = [{"text": plain("High"), "value": "h"}, {"text": plain("Low"), "value": "l"}]
