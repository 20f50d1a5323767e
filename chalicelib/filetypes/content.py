"""What a file is by its first bytes. Nothing is decoded or unpacked, so nothing in it can take us in.

https://mimesniff.spec.whatwg.org
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from chalicelib.filetypes.kinds import (
    ANYTHING,
    APK,
    CLASS,
    DOCX,
    ENDINGS,
    GZIP,
    HTML,
    JAR,
    ODF,
    OLE,
    PPTX,
    PROGRAM,
    SCRIPT,
    SHORTCUT,
    SVG,
    TEXT,
    TYPES,
    WINDOWS,
    XHTML,
    XLSX,
    XML,
    ZIP,
    essence,
)  # fmt: skip

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/x-icon"),
    (0, b"8BPS\0\1", "image/vnd.adobe.photoshop"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"MThd\0\0\0\6", "audio/midi"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\x1f\x8b", GZIP),
    (0, b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\7", "application/vnd.rar"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO\0", "font/otf"),
    (0, b"\0\1\0\0\0", "font/ttf"),
    (0, b"MZ", WINDOWS),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xfe\xed\xfa\xce", PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"dex\n", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", CLASS),
    (0, b"L\0\0\0\1\x14\2\0", SHORTCUT),
    (0, b"#!", SCRIPT),
)  # fmt: skip
"""Where what stands in a file of which type. Order matters where one begins like another."""

BRANDS: Mapping[bytes, str] = {
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"F4A ": "audio/mp4", b"qt  ": "video/quicktime",
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"hevc": "image/heic",
    b"mif1": "image/heic", b"msf1": "image/heic", b"avif": "image/avif", b"avis": "image/avif",
}  # fmt: skip
RIFFS: Mapping[bytes, str] = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

SISTERS: Mapping[str, frozenset[str]] = {
    "video/mp4": frozenset({"audio/mp4"}),
    "video/3gpp": frozenset({"audio/3gpp"}),
    "video/webm": frozenset({"audio/webm", "video/x-matroska"}),
    "video/x-matroska": frozenset({"audio/webm"}),
    OLE: frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
                    "application/vnd.ms-outlook"}),
    ZIP: frozenset({DOCX, XLSX, PPTX, "application/vnd.apple.pkpass"}),
    TEXT: frozenset({"text/csv", "text/markdown", "application/json"}),
}  # fmt: skip
"""What looks the same from outside: here, and only here, is believed what a file is said to be."""

PACKED: tuple[tuple[bytes, str], ...] = (
    (b"AndroidManifest.xml", APK), (b"META-INF/MANIFEST.MF", JAR),
    (b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX),
)  # fmt: skip
MIMETYPE = re.compile(rb"mimetype(application/[a-z.+-]{1,60}?)(?:PK|$)")
"""The first entry of an OpenDocument and of a book: not compressed, and of this name."""

BEGINS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"BEGIN:VCARD\b", re.IGNORECASE), "text/vcard"),
    (re.compile(r"BEGIN:VCALENDAR\b", re.IGNORECASE), "text/calendar"),
)
TAG = re.compile(r"<(?:!doctype|!--|[?/]?[a-z])", re.IGNORECASE)
IS_SVG, IS_PAGE = re.compile(r"<(?:[\w-]+:)?svg\b", re.IGNORECASE), re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|script|iframe|style|title|meta|link|base|object|embed|form|table|div|span"
    r"|font|img|a|b|p|br|h1|h2|center|marquee|video|audio|math|input|button|details|template)\b)",
    re.IGNORECASE,
)  # fmt: skip
CONTROL = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def sniffed(head: bytes, name: str, claimed: str) -> str:
    """Tell the type of a file by its first few thousand bytes; what it is said to be only parts sisters."""
    found = next((mime for read in READERS if (mime := read(head))), ANYTHING)
    allowed = SISTERS.get(found, frozenset())
    endings = TYPES.get(name.rpartition(".")[2].lower(), ())
    said = [essence(claimed), *(() if found in endings else endings)]
    return next((mime for mime in said if mime in allowed), found)


def _signature(head: bytes) -> str:
    return next((mime for at, magic, mime in MAGIC if head.startswith(magic, at)), "")


def _film(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "video/3gpp" if brand.startswith((b"3gp", b"3g2")) else BRANDS.get(brand, "video/mp4")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"RIFF"):
        return RIFFS.get(head[8:12], "")
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:200] else "audio/ogg"
    return "audio/aiff" if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC") else ""


def _sound(head: bytes) -> str:
    """Know a stream of MPEG audio by its first frame: its sync bits, and values that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] < 0xE0:  # noqa: PLR2004
        return ""
    version, layer, rate, hertz = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004
        return "audio/aac"
    return "audio/mpeg" if layer and version != 1 and rate not in (0, 15) and hertz != 3 else ""  # noqa: PLR2004


def _picture(head: bytes) -> str:
    return "image/bmp" if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" else ""


def _packed(head: bytes) -> str:
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if not head.startswith((b"PK\3\4", b"PK\5\6")):
        return ""
    named = MIMETYPE.search(head[:200])
    if named:
        mime = named[1].decode()
        return mime if mime in ENDINGS and (mime.startswith(ODF) or mime == "application/epub+zip") else ZIP
    return next((mime for entry, mime in PACKED if entry in head), ZIP)


def _words(head: bytes) -> str:
    """Tell what a text is; anything in it that a browser would act out counts for more than all the rest."""
    words = _read(head)
    if words is None:
        return ""
    start = words.lstrip("\ufeff \t\r\n\f\v")
    if TAG.match(start):
        if IS_SVG.search(start):
            return SVG
        if IS_PAGE.search(start):
            return XHTML if start.startswith("<?xml") else HTML
        return XML
    return next((mime for begins, mime in BEGINS if begins.match(start)), TEXT)


def _read(head: bytes) -> str | None:
    """Read bytes as a text, whose end may be cut; None if they are none."""
    coding = next((coding for mark, coding in MARKS if head.startswith(mark)), "utf-8")
    for tail in range(4):
        try:
            words = head[: len(head) - tail].decode(coding)
        except UnicodeDecodeError:
            continue
        return None if not words or CONTROL.search(words) else words
    # What is neither is an older alphabet, or no text at all.
    words = head.decode("latin-1")
    return None if CONTROL.search(words) else words


READERS: tuple[Callable[[bytes], str], ...] = (_signature, _film, _packed, _picture, _sound, _words)
