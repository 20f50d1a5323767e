"""How a medium counts a text, and in which form it takes it."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """What a channel counts when it limits a text."""

    CHARACTERS = "characters"
    UTF16 = "utf-16 units"
    BYTES = "bytes"
    SEGMENTS = "sms segments"


class Markup(StrEnum):
    """In which form a text goes out: with no signs of ours, with WhatsApp's, or with Telegram's tags."""

    PLAIN = "plain"
    WHATSAPP = "whatsapp"
    HTML = "html"
