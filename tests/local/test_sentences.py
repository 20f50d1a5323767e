"""The page has a sentence for every line that the application is said to write to its log, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"`([a-z_]+\.[a-z_]+|swept)`")


def documented() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    chapter = text.split("## What it writes to the log")[1].split("\n## ")[0]
    table = [row.split("|")[1] for row in chapter.splitlines() if row.startswith("| `")]
    errors = chapter.split("Lines at ERROR")[1].split("They carry")[0]
    return set(NAME.findall("\n".join([*table, errors])))


def told() -> set[str]:
    source = ROOT / "infra" / "local" / "page" / "site" / "flow" / "lines.js"
    lines = source.read_text(encoding="utf-8").split("const LINES = {")[1].split("\n};")[0]
    return set(re.findall(r'^  "?([a-z_.]+)"?: ', lines, re.MULTILINE))


def test_every_line_of_the_log_has_a_sentence_on_the_page() -> None:
    assert told() == documented()
    assert {"webhook.taken", "reply.refused", "swept", "bell.lost"} <= told()
