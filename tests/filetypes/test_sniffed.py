import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.filetypes import sniffed
from chalicelib.filetypes.kinds import ENDINGS
from tests.filetypes.samples import DOCX, OLE, OOXML, SAMPLES, boxed, packed


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_is_what_its_bytes_say(kind: str) -> None:
    head, mime = SAMPLES[kind]
    assert sniffed(head, f"name.{kind.partition(' ')[0]}", "") == mime


@pytest.mark.parametrize("kind", sorted(set(SAMPLES) - {"doc", "xls", "csv", "json"}))
@pytest.mark.parametrize("claimed", ["image/jpeg", "text/html", "application/pdf", "nonsense"])
def test_what_it_is_said_to_be_changes_nothing(kind: str, claimed: str) -> None:
    head, mime = SAMPLES[kind]
    assert sniffed(head, "cat.jpg", claimed) == mime


@pytest.mark.parametrize(
    ("head", "name", "claimed", "mime"),
    [
        (boxed(b"isom"), "", "audio/mp4", "audio/mp4"),
        (boxed(b"3gp4"), "", "audio/3gpp", "audio/3gpp"),
        (SAMPLES["webm"][0], "voice.weba", "", "audio/webm"),
        (OLE, "", "application/vnd.ms-excel; charset=binary", "application/vnd.ms-excel"),
        (OLE, "letter.DOC", "application/octet-stream", "application/msword"),
        (OLE, "setup.msi", "application/x-msi", "application/x-ole-storage"),
        (packed("[Content_Types].xml"), "a.xlsx", "", f"{OOXML}.spreadsheetml.sheet"),
        (DOCX, "a.xlsx", f"{OOXML}.spreadsheetml.sheet", f"{OOXML}.wordprocessingml.document"),
        (b"a;b", "", "text/csv", "text/csv"),
        (b"a;b", "", "text/javascript", "text/plain"),
    ],
)
def test_what_looks_alike_is_what_it_is_said_to_be(head: bytes, name: str, claimed: str, mime: str) -> None:
    assert sniffed(head, name, claimed) == mime


@pytest.mark.parametrize(
    "page",
    [
        b"<html>",
        b"\xef\xbb\xbf \r\n\t<HTML lang=en>",
        b"<!-- hello --><script>alert(1)</script>",
        b"<script src=x>",
        b"<iframe/src=x>",
        b"<title>x",
        b"<img src=x onerror=alert(1)>",
        b"<a href=javascript:alert(1)>",
        b"<x><body>",
        b"<!DOCTYPE HTML PUBLIC>",
        "<html>".encode("utf-16"),
        b"\xfe\xff" + "<script>".encode("utf-16-be"),
        b"<meta http-equiv=refresh>",
    ],
)
def test_a_page_is_a_page_however_it_begins(page: bytes) -> None:
    assert sniffed(page, "cat.jpg", "image/jpeg") == "text/html"


@pytest.mark.parametrize(
    "picture",
    [
        b"<svg onload=alert(1)>",
        b"<!DOCTYPE svg PUBLIC><svg>",
        b"\n<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'>",
        b"<html><body><svg>",
        "\ufeff<SVG>".encode("utf-16-le"),
    ],
)
def test_a_drawing_that_can_act_is_known(picture: bytes) -> None:
    assert sniffed(picture, "cat.png", "image/png") == "image/svg+xml"


@pytest.mark.parametrize("head", [b"", b"\0", b"\xff", b"\xff\xff\xff\xff", b"RIFF", b"PK", b"ftyp"])
@pytest.mark.parametrize("claimed", ["image/png", "text/html", ""])
def test_what_nobody_can_tell_is_bytes_or_a_text(head: bytes, claimed: str) -> None:
    assert sniffed(head, "a.png", claimed) in {"application/octet-stream", "text/plain"}


@given(head=st.binary(max_size=300), name=st.text(max_size=20), claimed=st.text(max_size=20))
def test_whatever_comes_has_a_type_that_we_know(head: bytes, name: str, claimed: str) -> None:
    assert sniffed(head, name, claimed) in ENDINGS


@given(head=st.sampled_from([head for head, _ in SAMPLES.values()]), length=st.integers(0, 60))
def test_a_file_of_which_only_the_beginning_is_there_has_one_too(head: bytes, length: int) -> None:
    assert sniffed(head[:length], "", "") in ENDINGS
