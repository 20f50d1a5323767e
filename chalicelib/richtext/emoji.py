"""Slack's names of emoji as characters. What this workspace alone has stays `:name:`.

The table is made by infra/emoji.py, and read when the first name is met: it takes a few ms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

NAME = re.compile(r":([a-z0-9_+'-]{1,100}):(?::skin-tone-([2-6](?:-[2-6])?):)?")
TABLE = Path(__file__).with_name("emoji.txt")
TONES = {"2": "\U0001f3fb", "3": "\U0001f3fc", "4": "\U0001f3fd", "5": "\U0001f3fe", "6": "\U0001f3ff"}


def glyph(codes: str) -> str:
    """Read code points as Slack's blocks give them, such as `1f44b-1f3fc`; nothing if they are none."""
    try:
        char = "".join([chr(int(code, 16)) for code in codes.split("-")])
        char.encode()
    except (ValueError, OverflowError):
        return ""
    return char


def glyph_of(name: str, tone: str = "") -> str:
    """Find the character of a name; nothing if Slack has none. `tone` is 2 to 6, of two people perhaps 2-6."""
    name, _, of_name = name.partition("::skin-tone-")
    tone = tone or of_name
    known = _table()
    found = known.get(f"{name}::{tone}" if tone else name, "")
    base = known.get(name, "")
    if found or not tone:
        return found
    if f"{name}*" in known and tone in TONES:
        return base[0] + TONES[tone] + base[1:].removeprefix("\ufe0f")
    return base


def glyphs(text: str) -> str:
    """Put characters in place of all the names that a text has in Slack's spelling."""
    return NAME.sub(lambda found: glyph_of(found[1], found[2] or "") or found[0], text) if ":" in text else text


def name_of(char: str) -> str:
    """Find Slack's name of one emoji, with its skin tone; nothing if Slack has none."""
    names = _names()
    bare = char.replace("\ufe0f", "")
    if bare in names or not char:
        return names.get(bare, "")
    for number, tone in TONES.items():
        name = names.get(bare.replace(tone, "")) if tone in bare else None
        if name:
            toned = f"{name}::skin-tone-{number}"
            return toned if glyph_of(toned).replace("\ufe0f", "") == bare else name
    return ""


@cache
def _names() -> Mapping[str, str]:
    """Turn the table round; of several names the first."""
    found: dict[str, str] = {}
    for name, char in _table().items():
        if "*" not in name and "::" not in name:
            found.setdefault(char.replace("\ufe0f", ""), name)
    return found


@cache
def _table() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        char, *names = line.split(" ")
        if names[-1] == "*":
            known.update({f"{name}*": char for name in names[:-1]})
            names.pop()
        known.update(dict.fromkeys(names, char))
    return known
