"""The files a bot and its customers have sent each other."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.telegram.wire import Refused

BIGGEST_DOWNLOAD = 20 * 1_048_576
MEDIA = ("photo", "document", "video", "audio", "voice", "animation", "sticker")
UNSAID = {"photo": "image/jpeg", "sticker": "image/webp"}
"""What Telegram does not say of files that can be nothing else."""


@dataclass(slots=True)
class Files:
    """Bytes by file id."""

    kept: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def keep(self, item: Mapping[str, Any], media: str) -> dict[str, Any]:
        """Keep a file (`data`: bytes, or base64) and describe it as a message does."""
        data = item["data"]
        raw = data if isinstance(data, bytes) else base64.b64decode(data)
        name = "AgAC" + secrets.token_urlsafe(24)
        self.kept[name] = raw
        self.kinds[name] = item.get("mime_type") or UNSAID.get(media, "application/octet-stream")
        about = {key: value for key, value in item.items() if key != "data"}
        return {"file_id": name, "file_unique_id": name[-8:], "file_size": len(raw), **about}

    def describe(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer getFile."""
        name = str(given.get("file_id") or "")
        if name not in self.kept:
            raise Refused(400, "invalid file_id")
        size = len(self.kept[name])
        if size > BIGGEST_DOWNLOAD:
            raise Refused(400, "file is too big")
        return {"file_id": name, "file_unique_id": name[-8:], "file_size": size, "file_path": f"files/{name}"}

    def find(self, name: str) -> tuple[str, bytes] | None:
        return (self.kinds[name], self.kept[name]) if name in self.kept else None

    def media(self, message: Mapping[str, Any], home: str) -> list[dict[str, str]]:
        """Say where a phone fetches the file of a message: kept here, or wherever it is linked."""
        kind = next((name for name in MEDIA if name in message), "")
        content = message[kind][-1] if kind == "photo" else message.get(kind)
        name = str(content.get("file_id", "")) if isinstance(content, dict) else ""
        if name in self.kept:
            return [{"kind": self.kinds[name], "url": home + name}]
        return [{"kind": "", "url": name.partition("?")[0]}] if "://" in name else []
