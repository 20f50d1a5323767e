"""A stand-in's strings over HTTP: `POST /control/<verb>` with JSON; what is only looked at with GET."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from typing import Any

from infra.local.server import Answer, Call, answer_json
from infra.local.strangers import foreign

Json = dict[str, Any]
HOME = "/control/"
_LONGEST_NUMBER = 18


def pull(
    verbs: Mapping[str, Callable[..., Any]],
    views: Collection[str],
    call: Call,
    told: Callable[[Any], Any],
) -> Answer:
    """Call what has that name with the JSON's fields, or the query's; `told` makes JSON of what a verb gives."""
    name = call.path.removeprefix(HOME)
    act = verbs.get(name)
    if act is None:
        return refuse(HTTPStatus.NOT_FOUND, f"the controls are {', '.join(sorted(verbs))}")
    if (call.method == "GET") != (name in views):
        return refuse(HTTPStatus.METHOD_NOT_ALLOWED, f"{name} is for {'GET' if name in views else 'POST'}")
    try:
        found = act(**(_asked(call.query) if name in views else call.json()))
    except Exception as error:  # noqa: BLE001 - what comes from outside may be anything, and nobody else answers
        return refuse(HTTPStatus.BAD_REQUEST, _reason(error))
    return answer_json(found if name in views else told(found))


def stranger(call: Call) -> Answer | None:
    """Refuse whoever is not on this machine, or comes from another site."""
    why = foreign(call)
    return refuse(HTTPStatus.FORBIDDEN, why) if why else None


def refuse(status: int, why: str) -> Answer:
    return answer_json({"ok": False, "error": why}, status)


def _reason(error: Exception) -> str:
    """Take the words of what was raised to be read, and name the type of whatever was not."""
    meant = isinstance(error, ValueError | TimeoutError) or type(error) is LookupError
    return str(error) if meant else f"{type(error).__name__}: {error}"


def _asked(query: Mapping[str, str]) -> Json:
    """Read the query; nan would wait for ever."""
    asked: Json = dict(query)
    if "since" in query:
        asked["since"] = _whole(query["since"])
    if "wait" in query:
        asked["wait"] = float(query["wait"])
        if not 0 <= asked["wait"] < math.inf:
            raise ValueError("wait is a number from 0")
    return asked


def _whole(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        raise ValueError("since is a whole number from 0")
    return int(number)
