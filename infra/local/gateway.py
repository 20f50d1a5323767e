"""API Gateway in front of the real app: REST proxy events in, proxy responses out.

It behaves as a custom domain with an empty base path does: the path a caller sees is the path of the event.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.flow import Watcher, nobody
from infra.local.invocation import ACCOUNT, Context
from infra.local.outside import Outside
from infra.local.server import Answer, Call, answer_json

LAMBDA_LIMIT = 6_291_456
"""Bytes of an event, and of an answer, that Lambda passes on."""
STAGE = "api"
LONGEST_PATH = 200
SIGNATURES = (
    "x-slack-signature",
    "x-twilio-signature",
    "x-hub-signature-256",
    "x-telegram-bot-api-secret-token",
)
"""The headers by which those who knock prove who they are."""

SECRET_PATH = re.compile(r"^(/files/).+")
"""Who knows the rest of such an address may have the file."""

log = logging.getLogger("threadline.gateway")


class Gateway:
    """Serves a Chalice app on 127.0.0.1 until it is closed; raises PortBusy."""

    def __init__(self, app: Any, port: int = 0, watch: Watcher = nobody, outside: Outside | None = None) -> None:
        keep_requests_apart(app)
        self._app, self._watch = app, watch
        self._routes = [Route.of(path) for path in sorted(app.routes, key=_fixed_first)]
        self._server = (outside or Outside()).listen(self.answer, port)
        self.port, self.url = self._server.port, self._server.url

    def answer(self, call: Call) -> Answer:
        """Do what API Gateway and Lambda do with one request, and say that somebody knocked."""
        began = time.monotonic()
        answer = self._answer(call)
        self._watch(
            "door",
            method=call.method,
            path=SECRET_PATH.sub(r"\1…", call.path)[:LONGEST_PATH],
            signed=next((name for name in SIGNATURES if name in call.headers), ""),
            status=answer.status,
            ms=round((time.monotonic() - began) * 1000),
            bytes=len(call.body),
        )
        return answer

    def _answer(self, call: Call) -> Answer:
        route, parameters = self._find(call.path)
        if not route or call.method not in self._app.routes[route.resource]:
            return _refuse(403, "Missing Authentication Token")
        event = proxy_event(call, route.resource, parameters, self._app.api.binary_types)
        if len(json.dumps(event).encode()) > LAMBDA_LIMIT:
            return _refuse(413, "Request Too Long")
        try:
            return proxy_answer(self._app(event, Context("api_handler")))
        except Exception:
            log.exception("the app failed on %s %s", call.method, route.resource)
            return _refuse(502, "Internal server error")

    def close(self) -> None:
        self._server.close()

    def _find(self, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self._routes:
            if match := route.pattern.match(path):
                return route, {name: unquote(value) for name, value in match.groupdict().items()}
        return None, {}


@dataclass(frozen=True, slots=True)
class Route:
    resource: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, resource: str) -> Route:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(resource))
        return cls(resource, re.compile(f"^{pattern}/?$"))


def proxy_event(call: Call, resource: str, parameters: dict[str, str], binary_types: list[str]) -> dict[str, Any]:
    """Make the event (payload format 1.0) that Lambda would get for this request."""
    headers = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Amzn-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
    }
    headers |= {_title(name): value for name, value in call.headers.items()}
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(call.raw_query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return {
        "resource": resource,
        "path": call.path,
        "httpMethod": call.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": _request_context(call, resource),
        **_body(call, binary_types),
    }


def proxy_answer(result: Any) -> Answer:
    """Turn a proxy response into HTTP; raises on what API Gateway calls malformed."""
    body = result.get("body") or ""
    raw = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    if len(raw) > LAMBDA_LIMIT:
        raise ValueError("the answer is too long for Lambda")
    headers = {name: ", ".join(values) for name, values in (result.get("multiValueHeaders") or {}).items()}
    headers |= {name: str(value) for name, value in (result.get("headers") or {}).items()}
    return Answer(int(result["statusCode"]), raw, {"x-amzn-RequestId": str(uuid.uuid4()), **headers})


def keep_requests_apart(app: Any) -> None:
    """Give each thread its own `current_request`: Chalice keeps one per process, as Lambda allows."""
    if hasattr(type(app), "kept_apart"):
        return
    local = threading.local()

    def own(name: str) -> property:
        return property(lambda _: getattr(local, name, None), lambda _, value: setattr(local, name, value))

    parts = {"current_request": own("current_request"), "lambda_context": own("lambda_context")}
    app.__class__ = type(type(app).__name__, (type(app),), {**parts, "kept_apart": True})


def _fixed_first(resource: str) -> str:
    return resource.replace("{", "\x7f")


def _refuse(status: int, message: str) -> Answer:
    return answer_json({"message": message}, status)


def _title(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


def _body(call: Call, binary_types: list[str]) -> dict[str, Any]:
    """Pass binary types as base64, everything else as text: bytes that are not UTF-8 are lost, as on AWS."""
    if not call.body:
        return {"body": None, "isBase64Encoded": False}
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in binary_types:
        return {"body": base64.b64encode(call.body).decode(), "isBase64Encoded": True}
    return {"body": call.body.decode(errors="replace"), "isBase64Encoded": False}


def _request_context(call: Call, resource: str) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": call.headers.get("host", ""),
        "httpMethod": call.method,
        "identity": {"sourceIp": "127.0.0.1", "userAgent": call.headers.get("user-agent")},
        "path": call.path,
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTimeEpoch": int(time.time() * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": STAGE,
    }
