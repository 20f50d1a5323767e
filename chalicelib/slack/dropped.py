"""The files that a person drops into a message, as Slack tells of them.

https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.model import Attachment, Carriage, Reason, sort_of
from chalicelib.reading import Payload, number, part, rows, text
from chalicelib.slack.forwarded import DEEPEST

KEPT_BACK: Mapping[str, tuple[Reason, str]] = {
    "tombstone": (Reason.FILE_GONE, ""),
    "hidden_by_limit": (Reason.FILE_GONE, "Slack hides it, for want of a paid plan"),
    "access_denied": (Reason.FILE_REFUSED, "Slack does not show it to Threadline"),
    "external": (Reason.FILE_REFUSED, "it is kept elsewhere, and only named here"),
    "post": (Reason.FILE_KIND, "it was written in Slack"),
    "space": (Reason.FILE_KIND, "it was written in Slack"),
    "quip": (Reason.FILE_KIND, "it was written in Slack"),
    "canvas": (Reason.FILE_KIND, "it was written in Slack"),
    "list": (Reason.FILE_KIND, "it was written in Slack"),
}
"""What has no bytes for us, by its mode or by Slack's word for our access to it."""


def dropped(message: Payload) -> tuple[Attachment, ...]:
    """Read the files of a message, and of one that was forwarded with it.

    The file of a link, which Slack shows below, is none that anybody dropped: neither what stands in another
    system, whose link is among the words, nor what another message has that is only pointed at.
    """
    files = [file for each in _with_forwarded(message) for file in rows(each.get("files"))]
    return tuple(dict.fromkeys(read_file(file) for file in files if not _is_said(file, message)))


def _with_forwarded(message: Payload, depth: int = 0) -> Iterator[Payload]:
    """Walk through a message and those that were forwarded with it; what Slack shows of a link is none of them."""
    yield message
    shared = [each for each in rows(message.get("attachments")) if each.get("is_share") is True]
    for each in shared if depth < DEEPEST else ():
        yield from _with_forwarded(each, depth + 1)
        for block in rows(each.get("message_blocks")):
            yield from _with_forwarded(part(block.get("message")), depth + 1)


def to_be_had(message: Payload) -> tuple[str, ...]:
    """Name those files of a message that are still there."""
    return tuple(file.reference for file in dropped(message) if file.carriage is not Carriage.LOST)


def read_file(file: Payload) -> Attachment:
    """Read what Slack tells of a file; of some it tells no more than an id, and the rest has to be asked for."""
    access, mode = text(file.get("file_access")), text(file.get("mode"))
    external = "external" if file.get("is_external") is True else ""
    lost = next((KEPT_BACK[word] for word in (access, mode, external) if word in KEPT_BACK), None)
    if not file.get("id"):
        lost = KEPT_BACK["tombstone"]
    why, detail = lost or (None, "")
    mime = text(file.get("mimetype"))
    return Attachment(
        str(sort_of(mime)),
        text(file.get("name")) or text(file.get("title")),
        mime,
        number(file.get("size")),
        text(file.get("id")),
        Carriage.LOST if lost else Carriage.WAITING,
        why=why,
        detail=detail,
    )


def _is_said(file: Payload, message: Payload) -> bool:
    """Tell whether a file is only what a link among the words leads to."""
    places = (text(file.get("url_private")), text(file.get("external_url")))
    return file.get("is_external") is True and any(
        place and place in text(message.get("text")) for place in places
    )
