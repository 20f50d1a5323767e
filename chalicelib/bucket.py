"""Bytes: files on their way, and what is too big for the table (S3 lives here)."""

from __future__ import annotations

import re
from typing import Any, BinaryIO
from urllib.parse import quote

CHUNK = 1 << 20
"""Bytes of a file that are in memory at a time."""


class Bucket:
    """One bucket, through one lazily made client."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._made: Any = None

    def put(self, key: str, body: bytes | BinaryIO) -> None:
        """Keep bytes under a key; a file is read from where it stands, a piece at a time."""
        self._client.put_object(Bucket=self._name, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        """Bring back what is small enough to be held in memory."""
        body: bytes = self._body(key).read()
        return body

    def bring(self, key: str, into: BinaryIO) -> None:
        """Bring a file back, a piece at a time."""
        into.writelines(self._body(key).iter_chunks(CHUNK))

    def open(self, key: str) -> BinaryIO:
        """Open a file, to be read a piece at a time and closed."""
        body: BinaryIO = self._body(key)
        return body

    def delete(self, key: str) -> None:
        """Keep a file no longer; what is not there is no trouble."""
        self._client.delete_object(Bucket=self._name, Key=key)

    def address(self, key: str, name: str, mime: str, seconds: int, *, shown: bool = False) -> str:
        """Make an address at which anybody gets a file for a while: to keep, unless it may be part of a page."""
        asked = {
            "Bucket": self._name,
            "Key": key,
            "ResponseContentType": mime,
            "ResponseContentDisposition": "inline" if shown else _to_keep(name),
        }
        made: str = self._client.generate_presigned_url("get_object", asked, ExpiresIn=seconds)
        return made

    @property
    def events(self) -> Any:
        """What botocore tells of each call to the bucket, for whoever counts or meddles."""
        return self._client.meta.events

    def _body(self, key: str) -> Any:
        return self._client.get_object(Bucket=self._name, Key=key)["Body"]

    @property
    def _client(self) -> Any:
        if self._made is None:
            import botocore.session  # noqa: PLC0415 - most bodies are small and never come here
            from botocore.config import Config  # noqa: PLC0415

            config = Config(
                connect_timeout=1,
                read_timeout=5,
                retries={"total_max_attempts": 2},
                # For the addresses that we make: at the bucket's own region, since elsewhere a new one is sent on,
                # which no signature survives; and signed in the one way that every region takes.
                signature_version="s3v4",
                s3={"addressing_style": "virtual"},
            )
            self._made = botocore.session.get_session().create_client("s3", config=config)
        return self._made


def _to_keep(name: str) -> str:
    """Say that a file is to be kept under its name; there is a spelling for those who read no other than ASCII."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
