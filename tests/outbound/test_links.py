"""The door for whoever has a link to a file: it leads there for a week, and nobody else anywhere."""

from __future__ import annotations

import logging
from contextlib import closing
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from chalicelib.model import Attachment, Link
from chalicelib.outbound.links import laid
from tests.house import House

INVOICE = Attachment("file", 'in"voice ü.pdf', "application/pdf", 8, key="files/c/i/0")
WEEK = 7 * 24 * 3600


class Answer(NamedTuple):
    status: int
    location: str
    cache: str
    words: str


def ask(house: House, path: str) -> Answer:
    with closing(HTTPConnection("127.0.0.1", house.gateway.port, timeout=10)) as door:
        door.request("GET", path)
        answer = door.getresponse()
        about = answer.headers
        return Answer(
            answer.status, about.get("Location", ""), about.get("Cache-Control", ""), answer.read().decode()
        )


def link(house: House, file: Attachment = INVOICE) -> str:
    house.bucket.put(file.key, b"%PDF-1.7")
    return urlsplit(laid(house.world, file)).path


def test_a_link_leads_to_the_file_which_is_kept_under_its_name(house: House) -> None:
    answer = ask(house, link(house))
    assert (answer.status, answer.cache, answer.words) == (302, "no-store", "")
    with urlopen(answer.location) as file:  # noqa: S310 - our own bucket
        assert file.read() == b"%PDF-1.7"
    asked = parse_qs(urlsplit(answer.location).query)
    named = "attachment; filename=\"in_voice_.pdf\"; filename*=UTF-8''in%22voice%20%C3%BC.pdf"
    assert asked["response-content-disposition"] == [named]
    assert asked["response-content-type"] == ["application/pdf"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert int(asked["X-Amz-Expires"][0]) <= 15 * 60


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "x", ""])
def test_what_a_browser_might_run_is_only_bytes_to_it(house: House, mime: str) -> None:
    path = link(house, Attachment("file", "a.bin", mime, 8, key="files/c/i/1"))
    asked = parse_qs(urlsplit(ask(house, path).location).query)
    assert asked["response-content-type"] == ["application/octet-stream"]


def test_a_link_is_over_after_a_week(house: House) -> None:
    path = link(house)
    house.clock.ahead += WEEK + 1
    answer = ask(house, path)
    assert answer[:2] == (404, "")
    assert answer.words == "This link is over. Please ask for the file again."


@pytest.mark.parametrize("token", ["x", "A" * 22, "%2e%2e%2fraw", "a%00b", "%C3%84" * 22, "A" * 4000])
def test_whoever_guesses_gets_the_same_answer(house: House, token: str) -> None:
    link(house)
    answer = ask(house, f"/files/{token}")
    assert answer[:2] == (404, "")


def test_no_two_links_are_alike_and_none_tells_of_the_file(house: House) -> None:
    first, second = link(house), link(house)
    assert first != second
    assert len(first.rpartition("/")[2]) == 22
    assert "invoice" not in first


def test_neither_a_token_nor_an_address_stands_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "chalicelib")
    path = link(house)
    token = path.rpartition("/")[2]
    there = ask(house, path).location
    assert token not in caplog.text
    assert urlsplit(there).query not in caplog.text
    assert token not in repr(house.world.store.find(Link, token))
