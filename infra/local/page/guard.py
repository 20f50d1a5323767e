"""Who may ask the page server, and what a browser may do with its answers."""

from __future__ import annotations

from dataclasses import replace

from infra.local.server import Answer, Call, answer_json
from infra.local.strangers import foreign

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


def refusal(call: Call) -> Answer | None:
    """Say why a request is not taken, if it is not.

    Without the look at Content-Type any site could pull the strings through a form.
    """
    if why := foreign(call):
        return refused(403, why)
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if call.method == "POST" and kind != "application/json":
        return refused(415, "send JSON, as Content-Type: application/json")
    return None


def guarded(answer: Answer) -> Answer:
    """Put the security headers on an answer; what it says itself wins."""
    return replace(answer, headers={**HEADERS, **answer.headers})


def refused(status: int, why: str) -> Answer:
    return answer_json({"ok": False, "error": why}, status)
