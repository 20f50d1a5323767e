"""Slack's names of emoji: the shipped table knows what the local Slack knows, and is what its script makes."""

from __future__ import annotations

import pytest

from chalicelib.richtext import glyphs
from chalicelib.richtext.emoji import TABLE, glyph_of
from infra import emoji as script
from infra.local.slack import emoji


def test_the_table_is_what_its_script_makes() -> None:
    assert TABLE.read_text() == script.table()
    assert TABLE.stat().st_size < 60_000


def test_every_name_is_the_character_that_slack_shows_with_every_skin_tone() -> None:
    known = emoji._table()
    assert {name: glyph_of(name) for name in known.codes} == {
        name: emoji.glyph(code) for name, code in known.codes.items()
    }
    assert {name: glyph_of(name) for name in known.toned} == {
        name: emoji.glyph(code) for name, code in known.toned.items()
    }


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (":wave:", "👋"),
        (":wave::skin-tone-3:", "👋🏼"),
        (":x::skin-tone-3:", "❌"),
        (":heart: :+1: :-1: :100:", "❤️ 👍 👎 💯"),
        (":hash:", "#️⃣"),
        (":ours: at 10:30:45", ":ours: at 10:30:45"),
        ("a:b c::d", "a:b c::d"),
    ],
)
def test_names_in_a_text_become_characters(typed: str, shown: str) -> None:
    assert glyphs(typed) == shown
