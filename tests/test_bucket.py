"""Addresses of files in the bucket: good at its own region, and for as long as they say."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.bucket import Bucket


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS itself, with the keys of a function there."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIA" + "X" * 16)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t" * 1000)


@pytest.mark.usefixtures("abroad")
def test_an_address_is_at_the_buckets_own_region() -> None:
    made = urlsplit(Bucket("threadline-prod").address("files/a/b", "a b.pdf", "application/pdf", 60))
    assert made.netloc == "threadline-prod.s3.eu-central-1.amazonaws.com"
    asked = parse_qs(made.query)
    assert asked["X-Amz-Credential"][0].endswith("/eu-central-1/s3/aws4_request")
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["response-content-disposition"] == [
        "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%20b.pdf"
    ]


@pytest.mark.usefixtures("abroad")
def test_an_address_is_short_enough_to_be_handed_on() -> None:
    key, name = f"files/{'C' * 26}/{'I' * 26}/F0123456789", "n" * 100
    assert len(Bucket("threadline-prod").address(key, name, "application/pdf", 3600)) < 2048
