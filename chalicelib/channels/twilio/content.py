"""What a message says that came through Twilio, in text and attachments.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from urllib.parse import urlsplit, urlunsplit

from chalicelib.model import Attachment, Markup, Sort, sort_of
from chalicelib.richtext import literal, whatsapp
from chalicelib.telling import EMPTY, Said, aside, place, told

Form = Mapping[str, str]

CHOICES = ("Body", "ButtonText", "ListTitle", "ListDescription")
"""Where the words are: typed, on a button, or in a list; a tap on a button may have no body."""


def said(form: Form, markup: Markup) -> Said:
    """Read a message."""
    files = tuple(_files(form))
    typed = next(filter(None, (form.get(name, "") for name in CHOICES)), "")
    looks = whatsapp.read(typed) if markup is Markup.WHATSAPP else literal(typed)
    content = told(typed, looks, _about(form), _lines(form))._replace(files=files)
    if not content.text and not files:
        content = content._replace(text=_unsaid(form))
    return content._replace(typed="") if _is_passed_on(form) else content


def _is_passed_on(form: Form) -> bool:
    return "true" in (form.get("Forwarded"), form.get("FrequentlyForwarded"))


def _about(form: Form) -> Iterator[str]:
    """Say where a message comes from, if not from the customer, and what brought them here."""
    if _is_passed_on(form):
        yield aside("forwarded many times" if form.get("FrequentlyForwarded") == "true" else "forwarded")
    if form.get("ReferralSourceUrl") or form.get("ReferralHeadline"):
        where = "a post" if form.get("ReferralSourceType") == "post" else "an advert"
        yield aside(
            f"from {where}",
            *(form.get(f"Referral{name}", "") for name in ("Headline", "Body", "SourceUrl")),
        )


def _lines(form: Form) -> Iterator[str]:
    latitude, longitude = form.get("Latitude", "").strip(), form.get("Longitude", "").strip()
    if latitude and longitude:
        yield place(latitude, longitude, form.get("Label", ""), form.get("Address", ""))


def _unsaid(form: Form) -> str:
    """Say what came of which Twilio passes on no more than its kind, or its button's code."""
    kind = form.get("MessageType", "")
    said = EMPTY if kind in PLAIN else aside(kind.replace("_", " "), "Twilio does not pass on what it says")
    return form.get("ButtonPayload") or said


PLAIN = frozenset({"", "text"})
NOTE = "audio/ogg"
"""What phones record as somebody speaks; nobody has files of this kind."""
SORTS: Mapping[str, Sort] = {NOTE: Sort.VOICE, "sticker": Sort.STICKER}


def _files(form: Form) -> Iterator[Attachment]:
    for number in count():
        url = urlsplit(form.get(f"MediaUrl{number}", ""))
        if not url.netloc:
            return
        mime = form.get(f"MediaContentType{number}", "")
        clean = urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2]))
        sort = SORTS.get(form.get("MessageType", "") if mime != NOTE else NOTE, sort_of(mime))
        yield Attachment(sort, mime=mime, reference=clean)
