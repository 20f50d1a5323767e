"""Files that the bot sends: uploaded with the call, fetched from an address, or sent before.

https://core.telegram.org/bots/api#sending-files
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from infra.local.blobs import Blob, kind_of, sniffed
from infra.local.multipart import Field
from infra.local.outside import Outside
from infra.local.telegram import wire
from infra.local.telegram.files import MEDIA
from infra.local.telegram.wire import Refused

if TYPE_CHECKING:
    from infra.local.telegram.bot import Bot

MB = 1_048_576
UPLOAD, PHOTO = 50 * MB, 10 * MB
BY_ADDRESS, PHOTO_BY_ADDRESS = 20 * MB, 5 * MB
SMALLEST_GROUP, LARGEST_GROUP = 2, 10
WIDEST, LONGEST_SIDE_BY_SIDE = 20, 10_000
GROUPS = ({"photo", "video"}, {"audio"}, {"document"})
"""What may stand together in an album."""
BY_ADDRESS_AS_DOCUMENT = frozenset({"application/pdf", "application/zip", "image/gif"})
VOICES = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What Telegram got at an address that a bot gave, or that it got nothing."""

    kind: str = ""
    data: bytes = b""
    problem: str = ""


def fetch(outside: Outside, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Put what lies at the addresses of a call in their places."""
    kind = method.lower().removeprefix("send")
    if kind == "mediagroup":
        media = wire.nested(given, "media")
        items = media if isinstance(media, list) else []
        fetched = [
            {**item, "media": _fetched(outside, str(item.get("type")), item.get("media"))}
            for item in items
            if isinstance(item, dict)
        ]
        return {**given, "media": fetched}
    return {**given, kind: _fetched(outside, kind, given[kind])} if kind in MEDIA and kind in given else {**given}


def _fetched(outside: Outside, kind: str, address: Any) -> Any:
    if not (isinstance(address, str) and address.startswith(("http://", "https://"))):
        return address
    most = PHOTO_BY_ADDRESS if kind == "photo" else BY_ADDRESS
    heard = outside.fetch(address, most)
    if heard.status != HTTPStatus.OK or not heard.body or len(heard.body) > most:
        return Fetched(problem="failed to get HTTP URL content")
    if kind == "photo" and not heard.kind.startswith("image/"):
        return Fetched(problem="wrong type of the web page content")
    if kind == "document" and heard.kind not in BY_ADDRESS_AS_DOCUMENT:
        return Fetched(problem="wrong type of the web page content")
    return Fetched(heard.kind, heard.body)


def sender(bot: Bot, kind: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Make the method that sends one kind of file."""

    def send(given: Mapping[str, Any]) -> dict[str, Any]:
        if not given.get(kind):
            raise Refused(400, f"there is no {kind} in the request")
        caption = bot.text(given, "caption", wire.LONGEST_CAPTION)
        chat = bot.chat(given)
        return bot.post(chat, given, {**_content(bot, kind, given[kind]), **caption})

    return send


def send_group(bot: Bot, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Send an album: a message for each of its files."""
    items = [item for item in wire.nested(given, "media") or [] if isinstance(item, dict)]
    if not SMALLEST_GROUP <= len(items) <= LARGEST_GROUP:
        raise Refused(400, "group send failed: there must be 2-10 items")
    kinds = {str(item.get("type")) for item in items}
    if not any(kinds <= together for together in GROUPS):
        raise Refused(400, "can't use the media of the specified type in the album")
    chat, contents = bot.chat(given), []
    for item in items:
        kind, file = str(item["type"]), item.get("media")
        if isinstance(file, str) and file.startswith("attach://"):
            file = given.get(file.removeprefix("attach://"))
        if not file:
            raise Refused(400, "media not found")
        contents.append({**_content(bot, kind, file), **bot.text(item, "caption", wire.LONGEST_CAPTION)})
    album = {"media_group_id": str(chat.last + 1)}
    return [bot.post(chat, given, {**content, **album}) for content in contents]


def _content(bot: Bot, kind: str, file: Any) -> dict[str, Any]:
    """Give the part of a message that holds a file; what is no voice becomes a document, as at Telegram."""
    if isinstance(file, str):
        if file not in bot.files.kept:
            raise Refused(400, "wrong file identifier/HTTP URL specified")
        kept = bot.files.kept[file]
        return _described(kind, {"file_id": file, "file_unique_id": file[-8:], "file_size": kept.blob.size})
    if isinstance(file, Fetched) and file.problem:
        raise Refused(400, file.problem)
    name = file.filename or "" if isinstance(file, Field) else ""
    found = sniffed(file.data) or kind_of(name, file.kind)
    _require_size(kind, len(file.data))
    if kind == "photo":
        _require_picture(found, file.data)
    kind = "document" if kind == "voice" and found not in VOICES else kind
    return _described(kind, bot.files.put(Blob(file.data, len(file.data), len(file.data)), kind, found, name))


def _described(kind: str, kept: dict[str, Any]) -> dict[str, Any]:
    if kind == "photo":
        return {kind: [{**kept, "width": 1, "height": 1}]}
    lasting = {"duration": 1} if kind in {"voice", "audio", "video", "animation", "video_note"} else {}
    content = {kind: {**kept, **lasting}}
    return {**content, "document": kept} if kind == "animation" else content


def _require_size(kind: str, size: int) -> None:
    if not size:
        raise Refused(400, "file must be non-empty")
    if size > UPLOAD:
        raise Refused(413)
    if kind == "photo" and size > PHOTO:
        raise Refused(400, f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO} bytes")


def _require_picture(kind: str, data: bytes) -> None:
    if not kind.startswith("image/") or kind == "image/svg+xml":
        raise Refused(400, "IMAGE_PROCESS_FAILED")
    if kind != "image/png" or data[12:16] != b"IHDR":
        return
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if width + height > LONGEST_SIDE_BY_SIDE or max(width, height) > WIDEST * max(1, min(width, height)):
        raise Refused(400, "PHOTO_INVALID_DIMENSIONS")
