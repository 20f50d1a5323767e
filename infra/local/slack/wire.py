"""Signed requests to the app, as Slack makes them.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

Post = Callable[[str, bytes, Mapping[str, str], float], "Reply"]

_OPENER = build_opener(ProxyHandler({}))  # a proxy from the environment has no business on loopback
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with the app's secret, freshly each time."""

    secret: str
    now: Callable[[], float]

    def headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.now()))
        base = b"v0:" + timestamp.encode() + b":" + body
        digest = hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass(frozen=True, slots=True)
class Reply:
    """The app's answer; `problem` is Slack's word for why it does not count as one."""

    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
    request = Request(url, body, {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **headers})
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            return _reply(response.status, response.read(), dict(response.headers.items()))
    except HTTPError as error:
        with error:
            return _reply(error.code, error.read(), dict(error.headers.items()))
    except TimeoutError:
        return Reply(problem="http_timeout")
    except URLError as error:
        slow = isinstance(error.reason, TimeoutError)
        return Reply(problem="http_timeout" if slow else "connection_failed")
    except (OSError, HTTPException):
        return Reply(problem="connection_failed")


def challenge(url: str, signer: Signer) -> bool:
    """Ask whether it is the app that listens there, as Slack does when an events URL is entered."""
    word = secrets.token_hex(20)
    body = json.dumps({"token": "", "challenge": word, "type": "url_verification"}).encode()
    reply = post(url, body, {"Content-Type": "application/json", **signer.headers(body)}, 3.0)
    return not reply.problem and word in reply.body.decode()


def _reply(status: int, body: bytes, headers: Mapping[str, str]) -> Reply:
    lowered = {name.lower(): value for name, value in headers.items()}
    return Reply(status, body, lowered, "" if status in _SUCCESS else "http_error")
