"""What a Web API call brings, and the one way it is refused."""

from __future__ import annotations

import json
from typing import Any

from infra.local.server import Call


class Refused(ValueError):
    """Slack's `{"ok": false, "error": …}`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error, **more}


class Args(dict[str, Any]):
    """A call's arguments, whether they came as a query, a form or JSON."""

    def word(self, name: str) -> str:
        value = self.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.word(name).lower() in {"true", "1"}

    def structure(self, name: str, error: str) -> Any:
        """Read a value that forms carry as JSON text."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as problem:
            raise Refused(error) from problem

    def number(self, name: str, default: int, most: int) -> int:
        word = self.word(name) or str(default)
        if not word.isdigit() or not 1 <= int(word) <= most:
            raise Refused("invalid_limit")
        return int(word)


def read_args(call: Call) -> Args:
    kind = call.headers.get("content-type", "").partition(";")[0].strip()
    args = Args(call.query)
    if not call.body:
        return args
    if kind == "application/json":
        args.update(_json_object(call))
    elif kind == "application/x-www-form-urlencoded":
        args.update(call.form())
    else:
        raise Refused("invalid_post_type")
    return args


def _json_object(call: Call) -> dict[str, Any]:
    try:
        value = call.json()
    except ValueError as problem:
        raise Refused("invalid_json") from problem
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def read_token(call: Call, args: Args) -> str:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else args.word("token")
