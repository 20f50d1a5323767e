"""The emoji this workspace knows: some of Slack's names with their code points, and one of its own."""

from __future__ import annotations

import re

UNICODE = {
    "+1": "1f44d",
    "-1": "1f44e",
    "blush": "1f60a",
    "bug": "1f41b",
    "clap": "1f44f",
    "cry": "1f622",
    "email": "2709-fe0f",
    "eyes": "1f440",
    "fire": "1f525",
    "grinning": "1f600",
    "heart": "2764-fe0f",
    "hourglass": "231b",
    "hourglass_flowing_sand": "23f3",
    "joy": "1f602",
    "lock": "1f512",
    "ok_hand": "1f44c",
    "pray": "1f64f",
    "question": "2753",
    "rocket": "1f680",
    "slightly_smiling_face": "1f642",
    "smile": "1f604",
    "smiley": "1f603",
    "sob": "1f62d",
    "star": "2b50",
    "sweat_smile": "1f605",
    "tada": "1f389",
    "thinking_face": "1f914",
    "umbrella": "2614",
    "warning": "26a0-fe0f",
    "wave": "1f44b",
    "white_check_mark": "2705",
    "wink": "1f609",
    "x": "274c",
    "zap": "26a1",
}
CUSTOM = frozenset({"threadline"})

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def is_name(name: str) -> bool:
    """Tell whether Slack could know it: the real list is long and grows, so any well-formed name passes."""
    return _NAME.fullmatch(name) is not None


def glyph(code: str) -> str:
    return "".join(chr(int(point, 16)) for point in code.split("-"))


NAMES = {glyph(code).rstrip("\ufe0f"): name for name, code in UNICODE.items()}
