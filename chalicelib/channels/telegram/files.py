"""What Telegram takes beside words: the bytes themselves, in a form that is read as it is sent.

https://core.telegram.org/bots/api#sending-files
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.model import Busy, File, Reason, Refused, Takes
from chalicelib.web import CallFailed, NotTaken

MB = 1_000_000
CHUNK = 1 << 16

FILES = (
    Takes("photo", frozenset({"image/jpeg", "image/png", "image/webp"}), 10 * MB),
    Takes("animation", frozenset({"image/gif"}), 50 * MB),
    Takes("video", frozenset({"video/mp4"}), 50 * MB),
    Takes("voice", frozenset({"audio/ogg"}), 50 * MB),
    Takes("audio", frozenset({"audio/mpeg", "audio/mp4", "audio/x-m4a"}), 50 * MB),
    Takes("document", frozenset({"*/*"}), 50 * MB),
)
CAPTION = 1024
ANYTHING = "document"

NOT_AS_THAT = ("photo_invalid_dimensions", "photo_ext_invalid", "image_process_failed", "voice_messages_forbidden")
"""Telegram's words for a file that it does not take as what it is; as any other file it does."""


class BrokeOff(CallFailed):
    """The line broke in the middle of a form: Telegram takes no half of one."""

    outcome = Busy("the file was not sent to its end")


class TookTooLong(CallFailed):
    """So did its time; it would not be any quicker by itself."""

    outcome = Refused(Reason.FILE_SLOW, "to send it took too long")


class Form:
    """A form with one file in it, of known length, of which no more than a piece is ever in memory."""

    def __init__(self, fields: Mapping[str, Any], file: File, kind: str) -> None:
        edge = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={edge}"
        self.is_whole = False
        """Whether all of it was given away: a form that was not is none to Telegram."""
        self._file = file
        name = file.name.replace("\\", "_").replace('"', "%22")
        said = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{_spelled(value)}\r\n'
            for field, value in fields.items()
        )
        self._head = (
            f'{said}--{edge}\r\nContent-Disposition: form-data; name="{kind}"; filename="{name}"\r\n'
            f"Content-Type: {file.mime}\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{edge}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._head) + self._file.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        """Read it from its beginning, each time it is sent."""
        self.is_whole = False
        yield self._head
        yield from self._bytes()
        self.is_whole = True
        yield self._tail

    def _bytes(self) -> Iterator[bytes]:
        try:
            with self._file.open() as opened:
                yield from iter(lambda: opened.read(CHUNK), b"")
        except Exception as error:  # whatever keeps our own store from giving it: Telegram has not got it all
            raise NotTaken("the file could not be read") from error


def _spelled(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value
