"""The files a bot and its customers have sent each other."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.blobs import FIELDS, Blob, Kept, kind_of, read_blob
from infra.local.server import Answer
from infra.local.telegram.wire import Refused

BIGGEST_DOWNLOAD = 20 * 1_048_576
MEDIA = ("photo", "document", "video", "audio", "voice", "animation", "sticker", "video_note")
UNSAID = {"photo": "image/jpeg", "sticker": "image/webp", "voice": "audio/ogg", "video_note": "video/mp4"}
"""What Telegram does not say of files that can be nothing else, or need not."""
_NAMED = frozenset({"document", "video", "audio", "animation"})


@dataclass(slots=True)
class Files:
    """Bytes by file id."""

    kept: dict[str, Kept] = field(default_factory=dict)

    def keep(self, item: Mapping[str, Any], media: str) -> dict[str, Any]:
        """Keep a file that somebody gives (`data`, or a `size`) and describe it as a message does."""
        blob = read_blob(item)
        about = {key: value for key, value in item.items() if key not in FIELDS}
        name = str(item.get("file_name", ""))
        kind = item.get("mime_type") or UNSAID.get(media) or kind_of(name)
        return {**self.put(blob, media, kind, name), **about}

    def put(self, blob: Blob, media: str, kind: str, name: str) -> dict[str, Any]:
        file_id = "AgAC" + secrets.token_urlsafe(24)
        self.kept[file_id] = Kept(blob, kind, name)
        size = {"file_size": blob.announced} if blob.announced else {}
        named = {"file_name": name} if name and media in _NAMED else {}
        typed = {} if media in {"photo", "sticker", "video_note"} else {"mime_type": kind}
        return {"file_id": file_id, "file_unique_id": file_id[-8:], **size, **named, **typed}

    def describe(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer getFile."""
        name = str(given.get("file_id") or "")
        if name not in self.kept:
            raise Refused(400, "invalid file_id")
        blob = self.kept[name].blob
        if blob.size > BIGGEST_DOWNLOAD:
            raise Refused(400, "file is too big")
        size = {"file_size": blob.announced} if blob.announced else {}
        return {"file_id": name, "file_unique_id": name[-8:], **size, "file_path": f"files/{name}"}

    def download(self, path: str) -> Answer:
        kept = self.kept.get(path.removeprefix("files/"))
        if kept is None:
            raise Refused(404)
        return kept.answer({"Content-Type": "application/octet-stream"})

    def media(self, message: Mapping[str, Any], home: str) -> list[dict[str, Any]]:
        """Say what a phone shows of the file of a message."""
        kind = next((name for name in MEDIA if name in message), "")
        content = message[kind][-1] if kind == "photo" else message.get(kind)
        name = str(content.get("file_id", "")) if isinstance(content, dict) else ""
        return [self.kept[name].media(home + name)] if name in self.kept else []
