"""Bytes: what is too big for the table lies in the bucket (S3 lives here)."""

from __future__ import annotations

from typing import Any


class Bucket:
    """One bucket, through one lazily made client."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._made: Any = None

    def put(self, key: str, body: bytes) -> None:
        self._client.put_object(Bucket=self._name, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        body: bytes = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
        return body

    @property
    def _client(self) -> Any:
        if self._made is None:
            import botocore.session  # noqa: PLC0415 - most bodies are small and never come here
            from botocore.config import Config  # noqa: PLC0415

            config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 2})
            self._made = botocore.session.get_session().create_client("s3", config=config)
        return self._made
