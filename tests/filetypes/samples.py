"""The first bytes of files of every kind that people send each other, written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def packed(*names: str) -> bytes:
    """An archive of these entries; one called `mimetype=…` is the type of an OpenDocument."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            entry, _, content = name.partition("=")
            archive.writestr(entry, content)
    return file.getvalue()


def boxed(brand: bytes) -> bytes:
    return b"\0\0\0\x20ftyp" + brand + b"\0\0\2\0isommp41" + b"\0\0\0\x08free"


OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ZEROS = bytes(40)

SAMPLES: Mapping[str, tuple[bytes, str]] = {
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + ZEROS, "image/png"),
    "jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1" + ZEROS, "image/jpeg"),
    "gif": (b"GIF89a" + ZEROS, "image/gif"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + ZEROS, "image/webp"),
    "heic": (boxed(b"heic"), "image/heic"),
    "avif": (boxed(b"avif"), "image/avif"),
    "bmp": (b"BM\x46\0\0\0" + ZEROS, "image/bmp"),
    "tif": (b"II*\0" + ZEROS, "image/tiff"),
    "svg": (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg">', "image/svg+xml"),
    "mp4": (boxed(b"isom"), "video/mp4"),
    "mov": (boxed(b"qt  "), "video/quicktime"),
    "3gp": (boxed(b"3gp4"), "video/3gpp"),
    "webm": (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "video/webm"),
    "mkv": (b"\x1aE\xdf\xa3\xa3B\x86\x81\1B\x82\x88matroska", "video/x-matroska"),
    "avi": (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
    "m4a": (boxed(b"M4A "), "audio/mp4"),
    "ogg": (b"OggS\0\2" + ZEROS + b"\1\x13OpusHead\1\1", "audio/ogg"),
    "amr": (b"#!AMR\n\x3c", "audio/amr"),
    "mp3": (b"ID3\3\0\0\0\0\0\x21", "audio/mpeg"),
    "mp3 without a tag": (b"\xff\xfb\x90\x64" + ZEROS, "audio/mpeg"),
    "aac": (b"\xff\xf1\x50\x80" + ZEROS, "audio/aac"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "flac": (b"fLaC\0\0\0\x22", "audio/flac"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    "docx": (DOCX, f"{OOXML}.wordprocessingml.document"),
    "xlsx": (packed("[Content_Types].xml", "xl/workbook.xml"), f"{OOXML}.spreadsheetml.sheet"),
    "pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), f"{OOXML}.presentationml.presentation"),
    "odt": (
        packed("mimetype=application/vnd.oasis.opendocument.text", "content.xml"),
        "application/vnd.oasis.opendocument.text",
    ),
    "epub": (packed("mimetype=application/epub+zip", "a"), "application/epub+zip"),
    "doc": (OLE, "application/msword"),
    "xls": (OLE, "application/vnd.ms-excel"),
    "rtf": (rb"{\rtf1\ansi", "application/rtf"),
    "zip": (packed("a.txt=hello"), "application/zip"),
    "gz": (b"\x1f\x8b\x08\0" + ZEROS, "application/gzip"),
    "7z": (b"7z\xbc\xaf'\x1c\0\4", "application/x-7z-compressed"),
    "rar": (b"Rar!\x1a\7\1\0", "application/vnd.rar"),
    "vcf": (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD", "text/vcard"),
    "ics": (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "text/calendar"),
    "csv": (b"name,age\nAna,33\n", "text/csv"),
    "json": (b'{"a": 1}', "application/json"),
    "txt": ("Olá, tudo bem?".encode(), "text/plain"),
    "txt in UTF-16": ("Olá, tudo bem?".encode("utf-16"), "text/plain"),
    "txt in an old alphabet": ("Привет, как дела?".encode("cp1251"), "text/plain"),
    "txt that is cut": ("Olá €".encode()[:-1], "text/plain"),
    "xml": (b'<?xml version="1.0"?><gpx><trk/></gpx>', "text/xml"),
    "html": (b"<!DOCTYPE html><html><body>x", "text/html"),
    "exe": (b"MZ\x90\0\3" + ZEROS, "application/x-msdownload"),
    "elf": (b"\x7fELF\2\1\1" + ZEROS, "application/x-executable"),
    "sh": (b"#!/bin/sh\nrm -rf /", "text/x-script"),
    "lnk": (b"L\0\0\0\1\x14\2\0" + ZEROS, "application/x-ms-shortcut"),
    "apk": (packed("AndroidManifest.xml", "classes.dex"), "application/vnd.android.package-archive"),
    "jar": (packed("META-INF/MANIFEST.MF=x"), "application/java-archive"),
    "dat": (b"\0\1\2\3 whatever \xff", "application/octet-stream"),
}
"""What a file is called by its kind, how it begins, and its type."""
