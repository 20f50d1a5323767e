"""What WhatsApp takes beside words: by an address that Meta fetches from.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

from typing import Any

from chalicelib.model import File, Takes

MB = 1_000_000
OFFICE = "application/vnd.openxmlformats-officedocument"

FILES = (
    Takes("image", frozenset({"image/jpeg", "image/png"}), 5 * MB),
    Takes("video", frozenset({"video/mp4", "video/3gpp"}), 16 * MB),
    Takes("voice", frozenset({"audio/ogg"}), 16 * MB, captioned=False),
    Takes(
        "audio",
        frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/x-m4a"}),
        16 * MB,
        captioned=False,
    ),
    Takes(
        "document",
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{OFFICE}.wordprocessingml.document",
                f"{OFFICE}.spreadsheetml.sheet",
                f"{OFFICE}.presentationml.presentation",
            }
        ),
        100 * MB,
    ),
)
CAPTION = 1024


def content(file: File, caption: str) -> dict[str, Any]:
    """Say where Meta finds a file, and what stands below it."""
    kind = "audio" if file.kind == "voice" else file.kind
    said: dict[str, Any] = {"link": file.url}
    if file.kind == "voice":
        said["voice"] = True
    if file.kind == "document":
        said["filename"] = file.name
    if caption:
        said["caption"] = caption
    return {"type": kind, kind: said}
