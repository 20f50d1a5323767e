import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import vcard

IPHONE = """BEGIN:VCARD
VERSION:3.0
N:Souza;Ana;;Dr.;
FN:Dr. Ana Souza
ORG:Shoes Ltd;Sales
item1.TEL;waid=5511987654321;type=CELL:+55 11 98765-4321
item1.X-ABLabel:Mobile
TEL;type=HOME:+55 11 98765-4321
EMAIL;type=INTERNET:ana@shoes.exam
 ple
ADR;TYPE=WORK:;;1 Main St\\, rear;Springfield;;12345;US
URL:https://shoes.example
PHOTO;ENCODING=b:AAAA
 AAAA
END:VCARD
"""
NOKIA = """begin:vcard
version:2.1
n;charset=utf-8;encoding=quoted-printable:;J=C3=A1=
nos;;;
tel;cell:+361
end:vcard"""


def test_a_card_says_who_and_how_to_reach_them_each_once() -> None:
    assert vcard.cards(IPHONE.replace("\n", "\r\n").encode()) == [
        [
            "Dr. Ana Souza",
            "+55 11 98765-4321",
            "ana@shoes.example",
            "Shoes Ltd, Sales",
            "1 Main St, rear, Springfield, 12345, US",
            "https://shoes.example",
        ]
    ]


def test_an_old_phones_card_can_be_read() -> None:
    assert vcard.cards(NOKIA.encode()) == [["János", "+361"]]


def test_several_cards_are_several() -> None:
    assert vcard.cards((IPHONE + NOKIA).encode())[1] == ["János", "+361"]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe", b"BEGIN:VCARD\nEND:VCARD", b"FN:\nN:;;"])
def test_what_says_nothing_is_nothing(data: bytes) -> None:
    assert vcard.cards(data) == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("FN:a\\,b\\;c\\nd\\\\e", "a,b;c d\\e"),
        ("TEL;VALUE=uri:tel:+1-555", "+1-555"),
        ("N:Li;Bo", "Bo Li"),
        ("N:Cher", "Cher"),
    ],
)
def test_a_value_is_read_without_its_escapes(line: str, value: str) -> None:
    assert vcard.lines(f"BEGIN:VCARD\n{line}\n") == [value]


def test_a_card_that_never_ends_is_read_as_far_as_a_card_goes() -> None:
    data = b"BEGIN:VCARD\nFN:Ana\n" + b"TEL:+1\n" * 200_000
    assert vcard.cards(data) == [["Ana", "+1"]]
    many = "BEGIN:VCARD\n" + "".join(f"TEL:+{number}\n" for number in range(999))
    assert len(vcard.lines(many)) == vcard.MOST_LINES


@given(st.binary(max_size=400))
def test_nothing_breaks_it(data: bytes) -> None:
    for card in vcard.cards(b"BEGIN:VCARD\nTEL;ENCODING=QUOTED-PRINTABLE:=\n" + data):
        assert all(line and len(line) <= vcard.LONGEST_LINE and "\n" not in line for line in card)
