"""Who may ask what listens on this machine."""

from __future__ import annotations

import pytest

from infra.local.server import Call
from infra.local.strangers import foreign


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "localhost", "LOCALHOST:9"])
def test_this_machine_is_no_stranger_whatever_the_port(host: str) -> None:
    assert foreign(Call("GET", "/", headers={"host": host})) == ""


@pytest.mark.parametrize(
    "host",
    ["", "rebound.example:8080", "localhost.rebound.example", "me@localhost", "127.0.0.1.rebound.example", "[::1"],
)
def test_a_request_for_another_host_is_foreign(host: str) -> None:
    assert foreign(Call("GET", "/", headers={"host": host})) == "this is only served as localhost"


@pytest.mark.parametrize("origin", ["http://localhost:1", "http://127.0.0.1:8080", "https://localhost"])
def test_a_page_of_this_machine_is_no_stranger(origin: str) -> None:
    assert foreign(Call("POST", "/", headers={"host": "localhost:8080", "origin": origin})) == ""


@pytest.mark.parametrize(
    "origin", ["", "null", "http://elsewhere.example", "http://localhost.elsewhere.example", "file://"]
)
def test_a_page_of_another_site_is_foreign(origin: str) -> None:
    headers = {"host": "localhost:8080", "origin": origin}
    assert foreign(Call("POST", "/", headers=headers)) == "another site may not ask for this"
