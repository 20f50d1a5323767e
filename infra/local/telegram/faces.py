"""What the people of a stand-in look like: small pictures that differ from one to the next."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from infra.local.telegram.files import Files

SIDES = (64, 160, 320)
CELLS = 5
LIGHT = b"\xf4\xf1\xec"


def sizes(files: Files, who: int, given: Any) -> list[dict[str, Any]]:
    """Keep somebody's picture in each size that Telegram makes of one, or the file that is given."""
    if not given:
        return []
    if given is not True:
        return [{**files.keep(given, "photo"), "width": 320, "height": 320}]
    made = [({"data": png(who, side)}, {"width": side, "height": side}) for side in SIDES]
    return [{**files.keep(data, "photo"), **about} for data, about in made]


def png(who: int, side: int) -> bytes:
    """Draw squares on a light ground, the left half as the right."""
    marks = zlib.crc32(str(who).encode())
    colour = bytes(60 + (marks >> shift) % 140 for shift in (0, 8, 16))
    cell = side // CELLS
    rows = b"".join(b"\0" + bytes(_row(marks, y * CELLS // side, side, cell, colour)) for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _row(marks: int, y: int, side: int, cell: int, colour: bytes) -> Iterator[int]:
    for x in range(side):
        column = min(x // cell, CELLS - 1)
        mirrored = min(column, CELLS - 1 - column)
        yield from colour if marks >> (y * 3 + mirrored) & 1 else LIGHT


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))
