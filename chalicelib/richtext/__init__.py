"""How a text looks, from whatever form it came in to whichever it goes out in.

One small tree in between (`tree.py`). In: Slack's blocks and markup, Telegram's entities, WhatsApp's marks, plain
text. Out: plain text, WhatsApp's marks, HTML, Slack's blocks. Readers never fail, whatever they are given; writers
never lose a word, and never let one be a mark.
"""

from chalicelib.richtext import entities, html, mrkdwn, plain, slack, whatsapp
from chalicelib.richtext.beginning import beginning
from chalicelib.richtext.emoji import glyphs
from chalicelib.richtext.kept import found, kept
from chalicelib.richtext.measure import measure
from chalicelib.richtext.mrkdwn import escape, unescape
from chalicelib.richtext.parts import parts, readable
from chalicelib.richtext.plain import linked, opened
from chalicelib.richtext.tree import (
    Block,
    Rich,
    Ruler,
    Run,
    Shape,
    Style,
    alike,
    changed,
    is_bare,
    literal,
    stripped,
    words,
)

__all__ = [
    "Block",
    "Rich",
    "Ruler",
    "Run",
    "Shape",
    "Style",
    "alike",
    "beginning",
    "changed",
    "entities",
    "escape",
    "found",
    "glyphs",
    "html",
    "is_bare",
    "kept",
    "linked",
    "literal",
    "measure",
    "mrkdwn",
    "opened",
    "parts",
    "plain",
    "readable",
    "slack",
    "stripped",
    "unescape",
    "whatsapp",
    "words",
]
