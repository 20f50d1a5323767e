"""Slack's markup, in what has no blocks: what bots post, `/me`, imports, and replies of an older version.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.richtext.emoji import glyphs
from chalicelib.richtext.marks import MOST, Grammar, runs
from chalicelib.richtext.tree import Block, Rich, Run, Shape, Style, alike, stripped

ANGLE = re.compile(r"<([^<>]*)>")
SHOUT = re.compile(r"<!(?:here|channel|everyone)(?:\|[^<>]*)?> ?")
"""It calls up colleagues, and says nothing to a customer."""
FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
QUOTE = "&gt;"
END_OF_TIME = 253_402_300_800
"""The first second after the year 9999."""
GRAMMAR = Grammar({"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}, whole=r"<[^<>\n]*>")


def unescape(text: str) -> str:
    """Read Slack's three entities as what was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Make text that Slack shows as it is, wherever it reads mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read(text: str) -> Rich:
    """Read a message's text."""
    text, found, done = SHOUT.sub("", text), list[Block](), 0
    for fence in FENCE.finditer(text):
        if fence[1].strip() and len(found) < MOST:
            found += _lines(text[done : fence.start()].removesuffix("\n"))
            found.append(Block((Run(_bare(fence[1])),), Shape.CODE))
            done = fence.end() + (text[fence.end() : fence.end() + 1] == "\n")
    return stripped((*found, *_lines(text[done:])))


def _lines(text: str) -> Iterator[Block]:
    """Put together what is quoted in a row, and what is not."""
    kept: list[str] = []
    quoted = False
    for place, line in enumerate(text.split("\n", MOST) if text else []):
        quotes = place < MOST and line.startswith((QUOTE, ">"))
        if quotes != quoted and kept:
            yield from _block("\n".join(kept), quoted=quoted)
            kept = []
        quoted = quotes
        kept.append(
            line.removeprefix(QUOTE if line.startswith(QUOTE) else ">").removeprefix(" ") if quotes else line
        )
    yield from _block("\n".join(kept), quoted=quoted)


def _block(text: str, *, quoted: bool) -> Iterator[Block]:
    found = alike(_angles(runs(text, GRAMMAR)))
    if found:
        yield Block(found, quoted=quoted)


def _angles(found: tuple[Run, ...]) -> Iterator[Run]:
    """Read what stands between angles, wherever the marks left it whole."""
    for run in found:
        done = 0
        for angle in ANGLE.finditer(run.text):
            if done < angle.start():
                yield _said(run, run.text[done : angle.start()])
            yield _angle(angle[1], run)
            done = angle.end()
        yield _said(run, run.text[done:])


def _said(run: Run, text: str) -> Run:
    text = unescape(text)
    return run._replace(text=text if Style.CODE in run.styles else glyphs(text))


def _angle(inner: str, run: Run) -> Run:
    target, _, label = inner.partition("|")
    if "&" in inner:
        target, label = unescape(target), unescape(label)
    match target[:1]:
        case "@":
            return Run(f"@{label or 'somebody'}", run.styles, "", "" if label else f"user:{target[1:]}")
        case "#":
            return Run(f"#{label or 'channel'}", run.styles, "", "" if label else f"channel:{target[1:]}")
        case "!":
            group = "" if label else _group(target)
            return run._replace(text="@group" if group else label, mention=group)
    said = target.removeprefix("mailto:").removeprefix("tel:")
    return run._replace(text=label or said, link=target) if target else run._replace(text="")


def _group(target: str) -> str:
    return f"group:{target.removeprefix('!subteam^')}" if target.startswith("!subteam^") else ""


def _bare(text: str) -> str:
    """Read code, in which only addresses and entities are spelled in another way."""
    return unescape(ANGLE.sub(lambda found: found[1].partition("|")[2] or found[1], text))


def names(text: str) -> Mapping[str, str]:
    """Find the names that Slack puts beside the ids of channels and groups; its blocks have only the ids."""
    found = {}
    for angle in ANGLE.finditer(text):
        target, _, label = angle[1].partition("|")
        if label and target.startswith("#"):
            found[f"channel:{target[1:]}"] = f"#{unescape(label)}"
        elif label and _group(target):
            found[_group(target)] = f"@{unescape(label).removeprefix('@')}"
    return found


def date(timestamp: Any) -> str:
    """Write a moment for people in any zone, where Slack gives no words for it."""
    if type(timestamp) is not int or not 0 <= timestamp < END_OF_TIME:
        return ""
    return f"{dt.datetime.fromtimestamp(timestamp, dt.UTC):%Y-%m-%d %H:%M} UTC"
