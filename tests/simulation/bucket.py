"""S3 behind the real client: botocore's `before-send` is the network."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import botocore
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.bucket import Bucket
from tests.embedded import Raw, aws_keys
from tests.simulation.clock import Clock
from tests.simulation.weather import End, Weather

MISSING = b"<Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>"


class S3:
    """One bucket, in memory."""

    def __init__(self, clock: Clock, weather: Weather) -> None:
        self.clock, self.weather = clock, weather
        self.kept: dict[str, bytes] = {}

    def open(self) -> Bucket:
        bucket, tie = client()
        tie[:] = [self.answer]
        return bucket

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        fate = self.weather.fate("s3", request.method)
        self.clock.sleep(fate.before)
        if fate.end is End.UNREACHED:
            raise EndpointConnectionError(endpoint_url="http://s3")
        if fate.end is End.LOST:
            raise ReadTimeoutError(endpoint_url="http://s3")
        status, body = (503, b"") if fate.end is End.REFUSED else self._do(request)
        self.clock.sleep(fate.after)
        if fate.end in (End.SILENT, End.RESET):
            raise ReadTimeoutError(endpoint_url="http://s3")
        return AWSResponse(request.url, status, {"content-length": str(len(body))}, Raw(body))

    def _do(self, request: Any) -> tuple[int, bytes]:
        key = urlsplit(request.url).path
        if request.method == "PUT":
            body = request.body
            self.kept[key] = body.read() if hasattr(body, "read") else bytes(body or b"")
            return 200, b""
        if request.method == "DELETE":
            self.kept.pop(key, None)
            return 204, b""
        return (200, self.kept[key]) if key in self.kept else (404, MISSING)


@cache
def client() -> tuple[Bucket, list[Callable[..., AWSResponse]]]:
    """Make the one client of this process, and a list whose last entry answers it."""
    with aws_keys():
        os.environ["AWS_ENDPOINT_URL"] = "http://s3"
        bucket = Bucket("bucket")
        tie: list[Callable[..., AWSResponse]] = []

        def answer(**about: Any) -> AWSResponse:
            return tie[-1](**about)

        # botocore would wait in real time before it tries again: here it does not, which is only harder on us.
        bucket.events.unregister("needs-retry.s3", unique_id="retry-config-s3")
        bucket.events.register("before-send.s3", answer)
        bucket.events.register("choose-signer.s3", _sign_addresses_only)
    return bucket, tie


def _sign_addresses_only(context: Mapping[str, Any], **_: Any) -> Any:
    return None if context.get("is_presign_request") else botocore.UNSIGNED
