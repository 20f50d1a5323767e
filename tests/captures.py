"""Captures as requests: what the door would hand to a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chalicelib.channels import CHANNELS
from chalicelib.model import Account
from chalicelib.web import Request
from tests.fixtures import make

ARRIVED = 1_789_000_100_000


def _account(channel: str) -> Account:
    return Account(
        channel=channel,
        name="main",
        secrets=make.SECRETS[channel],
        api_url=CHANNELS[channel].API_URL[1],
        webhook_url=f"https://{make.HOST}{make.STAGE}/webhooks/{channel}/main",
    )


ACCOUNTS: Mapping[str, Account] = {channel: _account(channel) for channel in make.SECRETS}


def captures(channel: str) -> list[Path]:
    return sorted((make.HERE / channel).glob("*.http"))


def read(path: Path) -> Request:
    """Read a capture as it would arrive at the door."""
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    rest = "/".join(target.split("/")[5:])
    return Request(method, headers, {}, body, rest, ARRIVED)


def capture(channel: str, event: str) -> Request:
    return read(make.HERE / channel / f"{event}.http")


def signed(channel: str, request: Request) -> Request:
    """Sign a request anew, as its provider would."""
    rest = f"/{request.path_rest}" if request.path_rest else ""
    headers = make.SIGN[channel](f"{make.STAGE}/webhooks/{channel}/main{rest}", request.body)
    return replace(request, headers={name.lower(): value for name, value in headers.items()})
