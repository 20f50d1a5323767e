"""What goes out to WhatsApp, sign by sign: found by chance in very many texts, and what is like it."""

from __future__ import annotations

import pytest

from chalicelib.richtext import Block, Rich, Run, Shape, Style, literal, whatsapp, words
from tests.richtext.phones import on_whatsapp

BOLD, ITALIC, STRIKE, CODE = (frozenset({style}) for style in (Style.BOLD, Style.ITALIC, Style.STRIKE, Style.CODE))
APART = "\u2060"


def line(*runs: tuple[str, frozenset[Style]], **about: object) -> Rich:
    return (Block(tuple(Run(*run) for run in runs), **about),)  # type: ignore[arg-type]


NOBODY = frozenset[Style]()
CASES: dict[str, tuple[Rich, str]] = {
    "a fence that ends lines later": (literal("```1. \na```"), f"{APART}`{APART}`{APART}`1. \na`{APART}``"),
    "code that begins with a blank": (literal("``  (b).`"), f"{APART}`{APART}`  (b).`"),
    "code and a sign like it": (line(("a `", NOBODY), ("b", CODE)), "a `b"),
    "a mark beside a sign in a word": (line(("_x a_", NOBODY), ("b", BOLD)), "_x a_b"),
    "a sign that only a mark makes the end": (line(("_x .", NOBODY), ("y_", BOLD)), f"{APART}_x .y_"),
    "a sign that code seems to close": (line(("*x ", NOBODY), ("a*", CODE), (" b", NOBODY)), f"{APART}*x a* b"),
    "bold that begins unseen": (line(("\ufeffx", BOLD)), "\ufeffx"),
    "bold that ends in a blank": (line(("x ", BOLD), ("y", NOBODY)), "*x* y"),
    "bold blanks": (line((" \u202f", BOLD), ("y", NOBODY)), " \u202fy"),
    "bold that is all signs": (line(("_*_", BOLD)), f"{APART}_*_"),
    "marks around what is unseen": (line(("a\u200b", ITALIC), ("b", NOBODY)), "a\u200bb"),
    "bold in backticks": (line(("`d`word", BOLD)), "`d`word"),
    "blank code": (line((" ", CODE), ("y", NOBODY)), " y"),
    "a sign that would be a quote": (line((">", NOBODY), ("a", BOLD)), f"{APART}>*a*"),
    "underlined lines, one of them like a quote": (
        line(("a\n> b\nc", frozenset({Style.UNDERLINE}))),
        f"a\n{APART}> b\nc",
    ),
    "a quote with an empty line": (line(("a\n\n b", NOBODY), quoted=True), "> a\n\n> b"),
    "quoted code": (line(("a\n\nb", NOBODY), shape=Shape.CODE, quoted=True), "> ```a```\n\n> ```b```"),
    "bold lines": (line(("a\n\n b_\n*c*\n2*3", BOLD)), f"*a*\n\n *b_*\n{APART}*c*\n*2*3*"),
    "an address with signs": (literal("https://x.y/_a_/*"), "https://x.y/%5Fa_/*"),
    "a name in signs before an address": (literal("_a_ https://x.y/a_b_*"), f"{APART}_a_ https://x.y/a_b_*"),
    "a sign alone": (literal("5 * 3, *and _so_b"), "5 * 3, *and _so_b"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_phone_shows_every_sign_that_was_typed(case: str) -> None:
    rich, said = CASES[case]
    assert whatsapp.write(rich) == said
    shown = on_whatsapp(said).replace(APART, "").replace("%5F", "_")
    assert "".join(shown.split()) == "".join(words(rich).split())
