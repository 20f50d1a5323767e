"""What Twilio takes beside words: by an address that it fetches from, each in a message of its own.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""

from __future__ import annotations

from chalicelib.model import Takes

MB, KB = 1_000_000, 1_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PICTURES = frozenset({"image/jpeg", "image/png"})
_SOUNDS = frozenset({"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/x-m4a"})
_FILMS = frozenset({"video/mp4", "video/3gpp"})
_PAPERS = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.presentationml.presentation",
    }
)

MMS = (
    Takes("picture", _PICTURES | {"image/gif"}, 5 * MB),  # Twilio makes it as small as the carrier wants it
    Takes("file", _SOUNDS | _FILMS | {"application/pdf", "text/vcard", "text/calendar"}, 500 * KB),
)
MMS_TO = ("+1",)
"""In the United States and Canada only; elsewhere Twilio refuses them, or sends an address of its own instead."""

WHATSAPP = (
    Takes("picture", _PICTURES, 5 * MB),
    Takes("film", frozenset({"video/mp4"}), 16 * MB),
    # WhatsApp drops the words that go with any of these.
    Takes("file", _SOUNDS | _PAPERS | {"text/vcard"}, 16 * MB, captioned=False),
)

RCS = (Takes("file", _PICTURES | _FILMS | {"image/gif", "application/pdf"}, 16 * MB, captioned=False),)
