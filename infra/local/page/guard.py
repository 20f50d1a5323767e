"""Who may ask the page server, and what a browser may do with its answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from infra.local.server import Answer, Call, answer_json

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; manifest-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def refusal(call: Call, hosts: Collection[str]) -> Answer | None:
    """Say why a request is not taken, if it is not.

    Without the look at Host any site could rebind its name to this machine; without those at Origin and
    Content-Type any site could pull the strings through a form.
    """
    if call.headers.get("host", "") not in hosts:
        return _no(403, "this page is only served as localhost")
    if call.method != "POST":
        return None
    origin = call.headers.get("origin")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return _no(403, "another site may not pull these strings")
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _no(415, "send JSON, as Content-Type: application/json")
    return None


def guarded(answer: Answer) -> Answer:
    """Put the security headers on an answer; what it says itself wins."""
    return replace(answer, headers={**HEADERS, **answer.headers})


def _no(status: int, why: str) -> Answer:
    return answer_json({"ok": False, "error": why}, status)
