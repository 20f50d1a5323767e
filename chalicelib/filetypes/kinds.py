"""The types that we know, how their files' names end, and which of them do something when they are opened.

https://www.iana.org/assignments/media-types
"""

from __future__ import annotations

from collections.abc import Mapping

ANYTHING, TEXT = "application/octet-stream", "text/plain"

HTML, XHTML, SVG, XML = "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml"
ZIP, OLE, GZIP = "application/zip", "application/x-ole-storage", "application/gzip"
PROGRAM, WINDOWS, SCRIPT = "application/x-executable", "application/x-msdownload", "text/x-script"
SHORTCUT, CLASS, DISK = "application/x-ms-shortcut", "application/java-vm", "application/x-iso9660-image"
JAR, APK = "application/java-archive", "application/vnd.android.package-archive"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODF = "application/vnd.oasis.opendocument."

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png", "apng"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "image/avif": ("avif",),
    "image/jxl": ("jxl",),
    "image/bmp": ("bmp", "dib"),
    "image/tiff": ("tif", "tiff"),
    "image/x-icon": ("ico",),
    "image/vnd.adobe.photoshop": ("psd",),
    SVG: ("svg",),
    "audio/mpeg": ("mp3", "mp2", "mpga"),
    "audio/mp4": ("m4a", "m4b", "mp4"),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/aac": ("aac",),
    "audio/amr": ("amr", "awb"),
    "audio/wav": ("wav",),
    "audio/flac": ("flac",),
    "audio/midi": ("mid", "midi"),
    "audio/webm": ("weba", "webm"),
    "audio/3gpp": ("3gp", "3ga"),
    "audio/aiff": ("aif", "aiff"),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/3gpp": ("3gp", "3g2"),
    "video/webm": ("webm",),
    "video/x-matroska": ("mkv",),
    "video/x-msvideo": ("avi",),
    "video/ogg": ("ogv",),
    "video/mpeg": ("mpg", "mpeg"),
    "video/x-ms-wmv": ("wmv", "wma", "asf"),
    "video/x-flv": ("flv",),
    "application/pdf": ("pdf",),
    "application/rtf": ("rtf",),
    "application/postscript": ("ps", "eps", "ai"),
    ZIP: ("zip",),
    GZIP: ("gz", "tgz", "tgs"),
    "application/x-7z-compressed": ("7z",),
    "application/vnd.rar": ("rar",),
    "application/x-bzip2": ("bz2", "tbz"),
    "application/x-xz": ("xz", "txz"),
    "application/zstd": ("zst",),
    "application/x-tar": ("tar",),
    OLE: ("ole",),
    "application/msword": ("doc", "dot"),
    "application/vnd.ms-excel": ("xls", "xlt"),
    "application/vnd.ms-powerpoint": ("ppt", "pps", "pot"),
    "application/vnd.ms-outlook": ("msg",),
    DOCX: ("docx", "docm", "dotx"),
    XLSX: ("xlsx", "xlsm", "xltx"),
    PPTX: ("pptx", "pptm", "ppsx"),
    f"{ODF}text": ("odt",),
    f"{ODF}spreadsheet": ("ods",),
    f"{ODF}presentation": ("odp",),
    f"{ODF}graphics": ("odg",),
    "application/epub+zip": ("epub",),
    "application/vnd.apple.pkpass": ("pkpass",),
    JAR: ("jar", "war"),
    APK: ("apk", "xapk"),
    "font/ttf": ("ttf",),
    "font/otf": ("otf",),
    "font/woff2": ("woff2",),
    "font/woff": ("woff",),
    "text/vcard": ("vcf", "vcard"),
    "text/calendar": ("ics", "ifb"),
    "text/csv": ("csv",),
    "text/markdown": ("md",),
    "application/json": ("json", "geojson"),
    TEXT: ("txt", "log", "text"),
    XML: ("xml", "gpx", "kml", "tcx", "opml", "fb2", "plist"),
    HTML: ("html", "htm", "shtml"),
    XHTML: ("xhtml", "xht"),
    WINDOWS: ("exe", "dll", "scr", "com", "sys", "cpl"),
    PROGRAM: ("elf", "so", "dylib", "o"),
    SCRIPT: ("sh",),
    SHORTCUT: ("lnk",),
    CLASS: ("class",),
    DISK: ("iso", "img"),
    ANYTHING: ("bin", "dat"),
}
"""How files of a type are called, the usual way first."""

TYPES: Mapping[str, tuple[str, ...]] = {
    ending: tuple(mime for mime, endings in ENDINGS.items() if ending in endings)
    for ending in {ending for endings in ENDINGS.values() for ending in endings}
}

PAGES = frozenset({HTML, XHTML, SVG, XML})
RUNS = frozenset({PROGRAM, WINDOWS, SCRIPT, SHORTCUT, CLASS, DISK, JAR, APK})
"""What a browser acts out, and what a machine does, when somebody opens it."""

LOOSE = frozenset({ANYTHING, TEXT, XML, ZIP, OLE, GZIP})
"""What many kinds of files are from outside: one of an ending that we do not know may keep it."""

RUNNING = frozenset(
    [
        *("apk", "app", "appimage", "application", "appinstaller", "appx", "appxbundle", "bash", "bat", "cab"),
        *("cer", "chm", "class", "cmd", "com", "command", "cpl", "crt", "crx", "csh", "deb", "desktop"),
        *("diagcab", "dll", "dmg", "dylib", "elf", "exe", "gadget", "hlp", "hta", "htc", "htm", "html", "img"),
        *("inf", "ins", "iqy", "iso", "jar", "jnlp", "js", "jse", "ksh", "library-ms", "lnk", "mht", "mhtml"),
        *("mobileconfig", "msc", "msh", "msi", "msix", "msixbundle", "msp", "mst", "msu", "one", "php", "pif"),
        *("pkg", "pl", "ppam", "ps1", "ps1xml", "psm1", "py", "pyw", "pyz", "rb", "rdp", "reg", "rpm", "run"),
        *("scf", "scpt", "scr", "sct", "search-ms", "searchconnector-ms", "service", "settingcontent-ms", "sh"),
        *("shtml", "slk", "so", "svg", "svgz", "swf", "sys", "terminal", "theme", "themepack", "url", "vb"),
        *("vbe", "vbs", "vhd", "vhdx", "vsix", "war", "webloc", "website", "workflow", "ws", "wsc", "wsf"),
        *("wsh", "xapk", "xbap", "xht", "xhtml", "xla", "xlam", "xll", "xml", "xpi", "xsl", "xslt", "zsh"),
    ]
)  # fmt: skip
"""Endings at which a machine does something, on one system or another."""


def essence(mime: str) -> str:
    """Take a type without what stands behind it."""
    return mime.partition(";")[0].strip().lower()
