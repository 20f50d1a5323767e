"""A name for a file that can do nobody any harm: it is shown, downloaded and typed by people who trust it."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.filetypes.kinds import ANYTHING, ENDINGS, LOOSE, PAGES, RUNNING, RUNS, TEXT, TYPES, essence

LONGEST, LONGEST_BYTES = 100, 240
"""In characters, and in bytes: a file system takes 255 of these."""
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(?:\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever comes after the dot."""
UNSAFE = re.compile(r'[<>:"|?*]')
ENDING = re.compile(r"\.([A-Za-z0-9_-]{1,17})$")
GARBLED = "\ufffd"
JOINERS = "\u200c\u200d"
"""Format characters that join emoji and Persian words, and do nothing else."""
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
STEMS = {"image": "picture", "video": "video", "audio": "audio", "text": "text"}


def clean_name(name: str, mime: str, *, trusted: bool = False) -> str:
    """Name a file by what it is called and what it is.

    A stranger's file that would do something on being opened is called so that opening it shows it at most;
    one of our own people's (`trusted`) is called what it is.
    """
    mime = essence(mime)
    stem, ending = _apart(_tidy(name), mime)
    more = "" if trusted else _muzzle(ending, mime)
    stem = _shortened(stem, f".{ending}{more}") or STEMS.get(mime.partition("/")[0], "file")
    return f"{'_' if RESERVED.match(f'{stem}.') else ''}{stem}.{ending}{more}"


def _tidy(name: str) -> str:
    """Leave of a name what a reader sees of its last part."""
    last = re.split(r"[/\\]", name)[-1]
    last = "".join(" " if char.isspace() else char for char in last if _shows(char))
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if _shows(char))
    return _trimmed(UNSAFE.sub("_", " ".join(kept.split())))


def _shows(char: str) -> bool:
    return char in JOINERS or char.isspace() or (char != GARBLED and unicodedata.category(char) not in DROPPED)


def _trimmed(name: str) -> str:
    return name.lstrip(f". -_~{JOINERS}").rstrip(f". {JOINERS}")


def _apart(name: str, mime: str) -> tuple[str, str]:
    """Take a name apart into its stem and the ending that agrees with the type."""
    right = ENDINGS.get(mime, ENDINGS[ANYTHING])
    stem, ending = _ended(name)
    if ending in right:
        return stem, ending
    if not ending or ending not in TYPES:
        loose = mime in LOOSE or mime not in ENDINGS
        return (stem, ending) if ending and loose else (name, right[0])
    inner, before = _ended(stem)
    return (inner, before) if before in right else (stem, right[0])


def _ended(name: str) -> tuple[str, str]:
    found = ENDING.search(name)
    return (_trimmed(name[: found.start()]), found[1].lower()) if found else (name, "")


def _muzzle(ending: str, mime: str) -> str:
    """Tell what to put behind an ending at which a machine does something: what opens it then only shows it."""
    if mime in RUNS or ending in RUNNING:
        return ".txt" if mime in PAGES or mime == TEXT else ".bin"
    return ""


def _shortened(stem: str, behind: str) -> str:
    """Cut a stem so that it fits with what stands behind it, and not inside of what is one sign to a reader."""
    room, space = LONGEST - len(behind) - 1, LONGEST_BYTES - len(behind) - 1
    cut = stem[:room].encode()[:space].decode(errors="ignore")
    while cut and len(cut) < len(stem) and unicodedata.category(stem[len(cut)]) in ("Mn", "Me", "Mc"):
        cut = cut[:-1]
    cut = _trimmed(cut)
    return cut if any(unicodedata.category(char)[0] not in "ZCM" for char in cut) else ""
