"""Files, both ways: what came with a message, where its bytes are, and what a channel is asked to send."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from chalicelib.model.lives import Reason

WORDS = "words:"
"""The reference of a file that is made of its message's own words, where these are too many for a post."""


class Carriage(StrEnum):
    """How far the bytes of an attachment have come."""

    NONE = "none"
    """There are no bytes, or nobody asked for them."""
    WAITING = "waiting"
    KEPT = "kept"
    """In our bucket, at `key`; on its way to a customer that is as far as it goes before it is sent."""
    READY = "ready"
    """At Slack as well, as `slack_id`, and not yet shared with anybody."""
    LOST = "lost"
    """It will not come; `why` says why."""


class Sort(StrEnum):
    """What an attachment is, in the words that a person reads."""

    PICTURE = "picture"
    ANIMATION = "animation"
    STICKER = "sticker"
    VIDEO = "video"
    VIDEO_MESSAGE = "video message"
    AUDIO = "audio"
    VOICE = "voice message"
    CONTACT = "contact card"
    FILE = "file"


def sort_of(mime: str) -> Sort:
    """Tell the sort of a file by its type alone."""
    if mime in ("text/vcard", "text/x-vcard"):
        return Sort.CONTACT
    broad = {"image": Sort.PICTURE, "video": Sort.VIDEO, "audio": Sort.AUDIO}
    return broad.get(mime.partition("/")[0], Sort.FILE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message; `reference` is the provider's handle, never a URL with a token.

    `kind` is a `Sort`, or what one was called when it was recorded.
    """

    kind: str
    name: str = ""
    mime: str = ""
    size: int = 0
    reference: str = ""
    carriage: Carriage = Carriage.NONE
    key: str = ""
    slack_id: str = ""
    why: Reason | None = None
    detail: str = ""
    apart: bool = False
    """Its message is posted, or is about to be, without it: it comes in a post of its own."""
    tried: int = 0
    """When it was last asked for in vain."""
    unshared: int = 0
    """How often it was at Slack, which then never showed it."""
    said: str = ""
    """What it says, in lines of our own, where few people would open it to find out."""
    lasting: str = ""
    """Another handle, good for nothing but to know it again: some providers give a new `reference` each time."""

    def __str__(self) -> str:
        return f"[{self.kind}{': ' + self.name if self.name else ''}]"


def wanted_again(file: Attachment, *, forgotten: bool = False) -> Attachment:
    """Let a file be looked for once more that was lost, or kept where it is forgotten by now."""
    away = file.carriage is Carriage.LOST or (forgotten and file.carriage is Carriage.KEPT)
    return replace(file, carriage=Carriage.WAITING, key="", why=None, detail="") if away else file


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of an attachment are to be had, and with which credentials.

    These go to the origin of `url` only. `hosts` are those where the bytes may be, without ports: that one, and
    those that it may send us on to. A name that begins with a dot stands for all below it; one that begins with
    `http://` is a host of our own that has no TLS.
    """

    url: str = field(repr=False)
    hosts: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    size: int = 0
    mime: str = ""

    def allows(self, url: str) -> bool:
        """Tell whether its bytes may be fetched there."""
        there = _split(url)
        if there is None or there.username is not None or not there.hostname:
            return False
        if there.scheme == "http":
            return f"http://{there.hostname}" in self.hosts
        name = there.hostname
        below = (each for each in self.hosts if each.startswith("."))
        return there.scheme == "https" and (name in self.hosts or any(name.endswith(each) for each in below))


def hosts_of(url: str) -> tuple[str, ...]:
    """Tell the host of an API's address, as a source names it; this machine goes by two names."""
    there = _split(url)
    if there is None or not there.hostname:
        return ()
    names = HERE if there.hostname in HERE else (there.hostname,)
    return names if there.scheme == "https" else tuple(f"http://{name}" for name in names)


HERE = ("127.0.0.1", "localhost")


def _split(url: str) -> SplitResult | None:
    """Take an address apart; None for one that nobody should call."""
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - it is read, and refused, only when asked for
    except ValueError:
        return None
    # What is no plain address, one program reads as one host and the next as another.
    return split if url.isascii() and url.isprintable() and not set(url) & set(" \\") else None


def unsigned(words: str) -> str:
    """Leave out of somebody's words what makes an address good: they may quote the one they were given."""
    return re.sub(r"(https?://[^\s?]+)\?[^\s]+", r"\1", words)


@dataclass(frozen=True, slots=True)
class File:
    """What a channel is asked to send beside the words of a message: by its short-lived address, or its bytes."""

    kind: str
    """One of the kinds that the medium's `Takes` name; the channel's own word for it is the channel's business."""
    name: str
    mime: str
    size: int
    url: str = field(repr=False)
    open: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Takes:
    """One kind of file that a medium takes: its types (`image/png`, or `*/*`), and how many bytes at most."""

    kind: str
    types: frozenset[str]
    most: int
    captioned: bool = True
    """Words can go with it, in the same message."""

    def fits(self, mime: str, size: int) -> bool:
        return size <= self.most and bool(self.types & {mime, f"{mime.partition('/')[0]}/*", "*/*"})
