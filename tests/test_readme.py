"""The README is true: its channel table is the code's, and every file and target it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.channels import CHANNELS
from chalicelib.model import Capabilities

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HOUR = 3_600_000


MB = 1_000_000
CHANGES = {"edits": "edits", "deletes": "deletions", "reactions": "reactions", "replies": "quotes"}


def row(channel: str, medium: Capabilities) -> str:
    told = ", ".join(name for name in ("delivered", "read") if getattr(medium, name)) or "nothing"
    window = f"for {medium.window // HOUR} hours" if medium.window else "always"
    limit = f"{medium.text_limit} {medium.text_unit}"
    changes = ", ".join(word for name, word in CHANGES.items() if getattr(medium, name)) or "nothing"
    return f"| `{channel}` | {medium.label} | {limit} | {files(medium)} | {changes} | {told} | {window} |"


def files(medium: Capabilities) -> str:
    if not medium.files:
        return "as links"
    places = " or ".join(f"`{place}`" for place in medium.files_to if place)
    return f"{max(takes.most for takes in medium.files) // MB} MB" + (f", to {places} only" if places else "")


def test_the_channel_table_says_what_the_code_does() -> None:
    table = README.partition("\n|---|---|---|---|---|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert table == [
        row(name, medium) for name, module in CHANNELS.items() for medium in module.CAPABILITIES.values()
    ]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", text) + re.findall(r'\bsrc(?:set)?="([^"]+)"', text)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_the_readme_names_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets


def test_every_secret_a_channel_reads_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    names = {
        name for module in CHANNELS.values() for name in (*module.SECRETS, *module.OPTIONAL, module.API_URL[0])
    }
    assert {name for name in names if f"{name}=" not in example} == set()
