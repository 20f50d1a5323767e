"""Bytes: what is too big for the table lies in the bucket (S3 lives here)."""

from __future__ import annotations

from functools import cache
from typing import Any

from chalicelib.services import World


def put_aside(world: World, key: str, body: bytes) -> None:
    """Keep bytes under a key."""
    _client().put_object(Bucket=world.bucket, Key=key, Body=body)


def fetch(world: World, key: str) -> bytes:
    """Bring back what was put aside."""
    body: bytes = _client().get_object(Bucket=world.bucket, Key=key)["Body"].read()
    return body


@cache
def _client() -> Any:
    import botocore.session  # noqa: PLC0415 - most bodies are small and never come here
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 2})
    return botocore.session.get_session().create_client("s3", config=config)
