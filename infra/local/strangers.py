"""Requests that come from elsewhere than this machine: by a name that was rebound to it, or from another site."""

from __future__ import annotations

import re

from infra.local.server import Call

_HERE = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?", re.IGNORECASE)


def foreign(call: Call) -> str:
    """Say why a request is refused, nothing if it is not.

    Any port will do: behind `ssh -L` it is not ours. A program that is no browser sends no Origin.
    """
    if not _HERE.fullmatch(call.headers.get("host", "")):
        return "this is only served as localhost"
    origin = call.headers.get("origin")
    if origin is None:
        return ""
    scheme, _, host = origin.partition("://")
    return "" if scheme in {"http", "https"} and _HERE.fullmatch(host) else "another site may not ask for this"
