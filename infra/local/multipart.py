"""Multipart forms, in which uploads arrive."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser

from infra.local.server import Call


def multipart(call: Call) -> dict[str, tuple[str, bytes]]:
    """Take a multipart form apart: each field's content type and bytes."""
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + call.body).get_payload()
    found: dict[str, tuple[str, bytes]] = {}
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message):
            name = str(part.get_param("name", header="content-disposition"))
            found[name] = (part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
    return found
