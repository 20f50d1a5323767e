"""Multipart forms, in which uploads arrive."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from infra.local.server import Call

_NAME = re.compile(rb'\bname="([^"]*)"')
_FILENAME = re.compile(rb'\bfilename="([^"]*)"')
_KIND = re.compile(rb"^content-type:\s*([^\r\n;]+)", re.IGNORECASE | re.MULTILINE)


class Field(NamedTuple):
    """One field of a form; files alone have a name of their own."""

    kind: str = ""
    data: bytes = b""
    filename: str | None = None

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


def multipart(call: Call) -> dict[str, Field]:
    """Take a multipart form apart; a standard parser takes seconds for what a film weighs."""
    about = Message()
    about["content-type"] = call.headers.get("content-type", "")
    edge = b"\r\n--" + str(about.get_param("boundary", "")).encode()
    found: dict[str, Field] = {}
    for part in (b"\r\n" + call.body).split(edge)[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name, filename, kind = (pattern.search(head) for pattern in (_NAME, _FILENAME, _KIND))
        if name:
            found[_word(name)] = Field(
                _word(kind).strip() if kind else "text/plain", data, _word(filename) if filename else None
            )
    return found


def _word(found: re.Match[bytes]) -> str:
    return found[1].decode("utf-8", "replace").replace("%22", '"')
