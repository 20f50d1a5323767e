"""Reading other people's payloads: a wrong type is a TypeError at that field, and every text can be stored.

Each function takes what `.get` gave, so an absent optional field reads as an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from chalicelib.errors import Malformed
from chalicelib.model import Capabilities, MessageReceived, OptedIn, OptedOut

Payload = Mapping[str, Any]

LONGEST_ID = 200
"""In characters of up to four bytes: a key of the table has 2048. No provider's id comes near this."""
LAST_MOMENT = 253_402_300_799_999
"""The end of the year 9999."""
MILLISECONDS_FROM = 10**11
"""As seconds the year 5138, as milliseconds 1973: whatever is larger came in milliseconds."""


@contextmanager
def untrusted() -> Iterator[None]:
    """Turn any surprise in a payload into Malformed; the one `try` of a channel's `parse`."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Malformed(type(error).__name__) from error


def text(value: Any) -> str:
    """Read a text; lone halves of surrogate pairs and NULs, which no store takes, become U+FFFD."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def word(value: Any) -> str:
    """Read a text or a number, whichever they felt like sending."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else text(value)


def degrees(value: Any) -> str:
    """Read a latitude or a longitude, to the tenth of a metre, as a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text(value).strip()
    return f"{value:.6f}".rstrip("0").rstrip(".")


def ident(value: Any) -> str:
    """Read an id, as a string always; ids have no empty or endless values."""
    if isinstance(value, float):
        raise TypeError("not an id")
    name = word(value)
    if not 0 < len(name) <= LONGEST_ID:
        raise ValueError("not an id")
    return name


def number(value: Any) -> int:
    """Read a count, within what a table can hold."""
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise TypeError("not a number")
    return min(max(value or 0, 0), 10**12 - 1)


def moment(value: Any) -> int:
    """Read a Unix time in seconds or milliseconds, as a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("not a time")
    stamp = int(value)
    return min(max(stamp if stamp > MILLISECONDS_FROM else stamp * 1000, 0), LAST_MOMENT)


def part(value: Any) -> Payload:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def rows(value: Any) -> list[Payload]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a list")
    return [part(row) for row in value]


def with_wish(message: MessageReceived, can: Capabilities, said: str) -> MessageReceived:
    """Read from a message a wish to stop or start; the words count only if they are all there is."""
    asked = said.strip()
    about = message.route, message.addresses, message.at, asked
    if asked.upper() in can.stop_words:
        return replace(message, wish=OptedOut(f"{message.id}#stop", *about))
    if asked.upper() in can.start_words:
        return replace(message, wish=OptedIn(f"{message.id}#start", *about))
    return message
