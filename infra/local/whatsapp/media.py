"""The files of a number: what customers sent, what the app uploaded, and what lay at the links it gave.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from infra.local.blobs import FIELDS, Blob, Kept, kind_of, read_blob
from infra.local.multipart import Field, multipart
from infra.local.outside import Outside
from infra.local.server import Answer, Call, answer_json
from infra.local.whatsapp import wire

MB = 1_048_576
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Mapping[str, Mapping[str, int]] = {
    "image": {"image/jpeg": 5 * MB, "image/png": 5 * MB},
    "sticker": {"image/webp": 500 * 1024},
    "audio": dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
    "video": dict.fromkeys(("video/mp4", "video/3gpp"), 16 * MB),
    "document": dict.fromkeys(
        (
            *("text/plain", "application/pdf", "application/msword"),
            *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
            f"{_OFFICE}.wordprocessingml.document",
            f"{_OFFICE}.spreadsheetml.sheet",
            f"{_OFFICE}.presentationml.presentation",
        ),
        100 * MB,
    ),
}
"""What each kind of message may hold, and how many bytes at most."""
UPLOADS = {kind: most for kinds in TYPES.values() for kind, most in kinds.items()}
LARGEST = 101 * MB
UNSAID = {"image": "image/jpeg", "sticker": "image/webp", "audio": "audio/ogg; codecs=opus", "video": "video/mp4"}
PATIENCE = 5.0
"""Seconds for a link; here it is the caller who waits for them, at Meta nobody does."""


@dataclass(eq=False)
class Media:
    """Files by their ids."""

    outside: Outside
    home: str = ""
    kept: dict[str, Kept] = field(default_factory=dict)

    def keep(self, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """Keep a customer's file (`data`, or a `size`), and describe it as a message does."""
        blob = read_blob(given)
        about = {name: value for name, value in given.items() if name not in FIELDS}
        type_of = str(about.get("mime_type") or UNSAID.get(kind) or kind_of(str(about.get("filename", ""))))
        sha256 = base64.b64encode(_hash(blob)).decode()
        name = self.store(Kept(blob, type_of, str(about.get("filename", ""))))
        return {**about, "id": name, "mime_type": type_of, "sha256": sha256}

    def store(self, kept: Kept) -> str:
        name = str(10**14 + secrets.randbelow(9 * 10**14))
        self.kept[name] = kept
        return name

    def upload(self, call: Call) -> Answer:
        form = multipart(call)
        given = form.get("file", Field())
        kind = form["type"].text if "type" in form else given.kind
        largest = UPLOADS.get(kind.partition(";")[0])
        if form.get("messaging_product", Field()).data != b"whatsapp":
            return wire.refuse(100, "The parameter messaging_product is required.")
        if largest is None or not given.data:
            return wire.refuse(100, f"Param file must be a file with one of these types: {', '.join(UPLOADS)}")
        if len(given.data) > largest:
            return wire.refuse(131053, f"The file is larger than {largest} bytes.")
        blob = Blob(given.data, len(given.data), len(given.data))
        return answer_json({"id": self.store(Kept(blob, kind, given.filename or ""))})

    def fetch(self, kind: str, content: Mapping[str, Any]) -> Kept | None:
        """Get what lies at a link, if it is there and fits the message."""
        link, types = str(content["link"]), TYPES[kind]
        heard = self.outside.fetch(link, max(types.values()), PATIENCE)
        if heard.status != HTTPStatus.OK or not 0 < len(heard.body) <= types.get(heard.kind, 0):
            return None
        blob = Blob(heard.body, len(heard.body), len(heard.body))
        return Kept(blob, heard.kind, str(content.get("filename", "")))

    def describe(self, call: Call, name: str) -> Answer:
        """Say where a file can be had for five minutes."""
        kept = self.kept[name]
        return answer_json(
            {
                "messaging_product": "whatsapp",
                "url": f"{self.home or 'http://' + call.headers['host']}/media/{name}",
                "mime_type": kept.kind,
                "sha256": _hash(kept.blob).hex(),
                "file_size": kept.blob.announced or 0,
                "id": name,
            }
        )

    def download(self, call: Call) -> Answer:
        kept = self.kept.get(call.path.removeprefix("/media/"))
        return kept.answer({}) if kept else Answer(HTTPStatus.NOT_FOUND)

    def shown(self, kind: str, content: Any, home: str) -> list[dict[str, Any]]:
        """Say what a phone shows of the file of a message."""
        name = str(content.get("id", "")) if kind in TYPES and isinstance(content, dict) else ""
        return [self.kept[name].media(home + name)] if name in self.kept else []


def _hash(blob: Blob) -> bytes:
    return hashlib.sha256(blob.data).digest()
