"""Length as each channel counts it.

https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding: an SMS is 160 letters of a small alphabet,
or 70 of any other; in one of several segments 153 or 67.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.model import Unit

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("^{}\\[~]|€\f")
"""These take the room of two, which stay together."""
ALONE, OF_SEVERAL = (160, 153), (70, 67)


def measure(unit: Unit) -> Callable[[str], int]:
    """Count as a channel counts."""
    return _MEASURES[unit]


def _utf16(text: str) -> int:
    return len(text) + sum(map("\uffff".__lt__, text))


def segments(text: str) -> int:
    """Count the segments of an SMS; a single letter of another alphabet makes all of them short."""
    letters = set(text)
    if letters <= GSM_7:
        return _divided(len(text), ALONE)
    if letters <= GSM_7 | GSM_7_TWICE:
        return _filled([2 if letter in GSM_7_TWICE else 1 for letter in text], ALONE)
    if not any(map("\uffff".__lt__, letters)):
        return _divided(len(text), OF_SEVERAL)
    return _filled([2 if letter > "\uffff" else 1 for letter in text], OF_SEVERAL)


def _divided(length: int, room: tuple[int, int]) -> int:
    return -(-length // room[1]) if length > room[0] else min(length, 1)


def _filled(lengths: list[int], room: tuple[int, int]) -> int:
    """Fill segment after segment, since what takes two places is never divided."""
    if sum(lengths) <= room[0]:
        return 1
    full, left = 1, room[1]
    for length in lengths:
        if length > left:
            full, left = full + 1, room[1]
        left -= length
    return full


_MEASURES: Mapping[Unit, Callable[[str], int]] = {
    Unit.CHARACTERS: len,
    Unit.UTF16: _utf16,
    Unit.BYTES: lambda text: len(text.encode("utf-8", "surrogatepass")),
    Unit.SEGMENTS: segments,
}
