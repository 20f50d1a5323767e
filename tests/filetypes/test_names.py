import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.filetypes import clean_name
from chalicelib.filetypes.kinds import ENDINGS, LOOSE, PAGES, RUNNING, RUNS
from chalicelib.filetypes.names import LONGEST, LONGEST_BYTES

JPEG, PDF, ANYTHING, TEXT = "image/jpeg", "application/pdf", "application/octet-stream", "text/plain"
RTL = "\u202e"


@pytest.mark.parametrize(
    ("name", "mime", "clean"),
    [
        ("nota.pdf", PDF, "nota.pdf"),
        ("Relatório final (2).PDF", PDF, "Relatório final (2).pdf"),
        ("фото.jpeg", JPEG, "фото.jpeg"),
        ("👩‍👩‍👧.webp", "image/webp", "👩‍👩‍👧.webp"),
        ("IMG_0001", JPEG, "IMG_0001.jpg"),
        ("IMG.0001", JPEG, "IMG.0001.jpg"),
        ("", JPEG, "picture.jpg"),
        ("", "video/mp4", "video.mp4"),
        ("", "audio/ogg; codecs=opus", "audio.ogg"),
        ("", PDF, "file.pdf"),
        ("", "", "file.bin"),
        ("part.stl", ANYTHING, "part.stl"),
        ("part.stl", "model/stl", "part.stl"),
        ("backup.tar.gz", "application/gzip", "backup.tar.gz"),
        ("talk.opus", "audio/ogg", "talk.opus"),
        ("route.gpx", "text/xml", "route.gpx"),
        ("notes", TEXT, "notes.txt"),
        ("main.c", TEXT, "main.c"),
        ("report.pages", "application/zip", "report.pages"),
        ("plan.mpp", "application/x-ole-storage", "plan.mpp"),
    ],
)
def test_a_good_name_stays(name: str, mime: str, clean: str) -> None:
    assert clean_name(name, mime) == clean


@pytest.mark.parametrize(
    ("name", "mime", "clean"),
    [
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Users\\ana\\cat.jpg", JPEG, "cat.jpg"),
        ("cat.jpg/", JPEG, "picture.jpg"),
        ("..", JPEG, "picture.jpg"),
        (".bashrc", TEXT, "bashrc.txt"),
        ("-rf.txt", TEXT, "rf.txt"),
        ("cat\0.exe.jpg", JPEG, "cat.exe.jpg"),
        ("cat\r\nSet-Cookie: a=b.jpg", JPEG, "cat Set-Cookie_ a=b.jpg"),
        (f"cat{RTL}gpj.exe", "application/x-msdownload", "catgpj.exe.bin"),
        (f"cat{RTL}gpj.exe", JPEG, "catgpj.jpg"),
        ('a<b>c:"d|e?f*.pdf', PDF, "a_b_c__d_e_f_.pdf"),
        ("<!channel>.jpg", JPEG, "_!channel_.jpg".lstrip("_")),
        ("invoice.pdf" + " " * 90 + ".exe", PDF, "invoice.pdf"),
        ("CON", TEXT, "_CON.txt"),
        ("aux.jpg", JPEG, "_aux.jpg"),
        ("com¹.tar.gz", "application/gzip", "_com¹.tar.gz"),
        ("console.txt", TEXT, "console.txt"),
        ("cat.jpg. . .", JPEG, "cat.jpg"),
        ("\u200b\u200d\u2060", JPEG, "picture.jpg"),
        ("\u0301", JPEG, "picture.jpg"),
    ],
)
def test_a_name_does_nobody_any_harm(name: str, mime: str, clean: str) -> None:
    assert clean_name(name, mime) == clean


@pytest.mark.parametrize(
    ("name", "mime", "clean", "trusted"),
    [
        ("cat.jpg", "application/x-msdownload", "cat.exe.bin", "cat.exe"),
        ("cat.jpg", "text/html", "cat.html.txt", "cat.html"),
        ("logo.svg", "image/svg+xml", "logo.svg.txt", "logo.svg"),
        ("logo.svg.txt", "image/svg+xml", "logo.svg.txt", "logo.svg"),
        ("cat.jpg.html", JPEG, "cat.jpg", "cat.jpg"),
        ("cat.jpg", ANYTHING, "cat.bin", "cat.bin"),
        ("run.hta", ANYTHING, "run.hta.bin", "run.hta"),
        ("run.js", TEXT, "run.js.txt", "run.js"),
        ("work.rdp", TEXT, "work.rdp.txt", "work.rdp"),
        ("setup.msi", "application/x-ole-storage", "setup.msi.bin", "setup.msi"),
        ("app.apk", "application/vnd.android.package-archive", "app.apk.bin", "app.apk"),
        ("tool.sh", "text/x-script", "tool.sh.bin", "tool.sh"),
    ],
)
def test_a_file_is_called_what_it_is(name: str, mime: str, clean: str, trusted: str) -> None:
    assert clean_name(name, mime) == clean
    assert clean_name(name, mime, trusted=True) == trusted


def test_a_long_name_keeps_its_ending_and_is_cut_between_signs() -> None:
    assert clean_name("a" * 300 + ".pdf", PDF) == "a" * 95 + ".pdf"
    assert clean_name("a" * 94 + "e\u0301" * 9 + ".pdf", PDF) == "a" * 94 + "é.pdf"
    assert clean_name("x" * 94 + "q\u0303.pdf", PDF) == "x" * 94 + ".pdf"
    assert len(clean_name("😀" * 99, PDF).encode()) <= LONGEST_BYTES


SIGNS = [*"/\\.- ~:\0\n\x7f\u2028\u2066\u200d\ud800\ue000é😀", RTL, "e\u0301", "..", "%00"]
PIECES = [*SIGNS, "con", "nul.", "exe", ".exe", ".html", ".svg", ".jpg", "a" * 60]
NAMES = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
TYPES = st.one_of(st.sampled_from(sorted(ENDINGS)), st.text(max_size=30))


@given(name=NAMES, mime=TYPES, trusted=st.booleans())
@example(name="a" * 94 + "/con", mime="", trusted=False)
def test_no_name_can_do_harm(name: str, mime: str, trusted: bool) -> None:  # noqa: FBT001
    clean = clean_name(name, mime, trusted=trusted)
    assert 0 < len(clean) <= LONGEST
    assert len(clean.encode()) <= LONGEST_BYTES
    assert not set(clean) & set('/\\<>:"|?*')
    assert all(
        char == " " or unicodedata.category(char)[0] not in "CZ" or char in "\u200c\u200d" for char in clean
    )
    assert clean[0] not in ".- ~"
    assert clean[-1] not in ". "
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\s*\.", clean)
    assert any(unicodedata.category(char)[0] in "LNSP" for char in clean.rpartition(".")[0])


@given(name=NAMES, mime=st.sampled_from(sorted(ENDINGS)))
def test_an_ending_agrees_with_the_type_and_starts_nothing(name: str, mime: str) -> None:
    trusted, ending = clean_name(name, mime, trusted=True), clean_name(name, mime).rpartition(".")[2]
    told = trusted.rpartition(".")[2]
    known = {each for endings in ENDINGS.values() for each in endings}
    assert told in ENDINGS[mime] or (mime in LOOSE and told not in known)
    assert ending not in RUNNING
    assert (mime not in (PAGES | RUNS) - LOOSE) or ending in {"txt", "bin"}


@given(name=NAMES, mime=TYPES, trusted=st.booleans())
def test_a_clean_name_stays_as_it_is(name: str, mime: str, trusted: bool) -> None:  # noqa: FBT001
    clean = clean_name(name, mime, trusted=trusted)
    assert clean_name(clean, mime, trusted=trusted) == clean
