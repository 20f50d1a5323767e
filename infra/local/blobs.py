"""Bytes that a stand-in hands out: real ones, or as many as wanted without holding them, as slowly as wanted."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.server import Answer

PIECE = 65_536
DRIP = 0.1
"""Seconds between the bytes of a host that is slow for ever."""
BIGGEST = 1024**3
FIELDS = ("data", "size", "announced", "slow")


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes to hand out; beyond `data` it is zeros up to `size`, and slow ones drip for ever.

    `announced` is the length that the header names, wherever that differs: None for no header at all.
    """

    data: bytes = b""
    size: int = 0
    announced: int | None = 0
    slow: bool = False

    def pieces(self) -> Iterator[bytes]:
        while self.slow:
            yield b"\0"
            time.sleep(DRIP)
        left = self.size - len(self.data)
        yield self.data[: self.size]
        while left > 0:
            yield bytes(min(left, PIECE))
            left -= PIECE

    def answer(self, headers: Mapping[str, str]) -> Answer:
        if not self.slow and self.announced == self.size == len(self.data):
            return Answer(200, self.data, headers)
        length = {} if self.announced is None else {"Content-Length": str(self.announced)}
        return Answer(200, headers={**headers, **length}, stream=self.pieces())


def read_blob(given: Mapping[str, Any]) -> Blob:
    """Read what is given for a file: `data` (bytes, or base64), or only a `size`, and how it is handed out."""
    data = _bytes(given.get("data", b""))
    size = given.get("size", len(data))
    announced = given.get("announced", size)
    if not _is_size(size) or not (announced is None or _is_size(announced)):
        raise ValueError(f"size is a number of bytes up to {BIGGEST}")
    return Blob(data[:size], size, announced, given.get("slow") is True)


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value <= BIGGEST


def _bytes(given: Any) -> bytes:
    if isinstance(given, bytes):
        return given
    try:
        return base64.b64decode(str(given), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("data is base64") from error


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that somebody has sent, with its type and perhaps a name."""

    blob: Blob
    kind: str
    name: str = ""

    def media(self, url: str) -> dict[str, Any]:
        """Say what a phone shows of it, and where it is fetched."""
        named = {"name": self.name} if self.name else {}
        return {"kind": self.kind, "url": url, "size": self.blob.size, **named}

    def answer(self, headers: Mapping[str, str]) -> Answer:
        return self.blob.answer({"Content-Type": self.kind, **headers})


def kind_of(name: str, claimed: str = "") -> str:
    """Tell a file's type: as it is claimed, else by its name."""
    vague = claimed in {"", "application/octet-stream"}
    return (mimetypes.guess_type(name)[0] or "application/octet-stream") if vague else claimed


_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"OggS": "audio/ogg",
    b"%PDF": "application/pdf",
    b"ID3": "audio/mpeg",
}


def sniffed(data: bytes) -> str:
    """Tell a file's type by how it begins, of the few that matter here; nothing for others."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
