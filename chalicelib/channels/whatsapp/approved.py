"""Templates that Meta has approved for a business account.

https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.channels.whatsapp.api import VERSION, refusal, told
from chalicelib.channels.whatsapp.filled import HEADER
from chalicelib.model import Account, Ambiguous, Ours, Outcome, Template
from chalicelib.reading import Payload, ident, part, rows, text
from chalicelib.web import CallFailed, Http

ACCOUNT = "WHATSAPP_BUSINESS_ACCOUNT_ID"
FIELDS = "name,language,status,category,parameter_format,components"
PAGE, PAGES = 100, 10
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,60})\s*\}\}")

NEEDS = {
    "IMAGE": "a picture",
    "VIDEO": "a film",
    "DOCUMENT": "a file",
    "LOCATION": "a place",
    "PRODUCT": "a product",
}
"""What a header may ask for that cannot be typed."""
PLAIN_BUTTONS = frozenset({"QUICK_REPLY", "PHONE_NUMBER", "URL", "VOICE_CALL"})


def templates(account: Account, http: Http) -> tuple[Template, ...] | Outcome:
    """List what may be sent where the window is over."""
    business = account.secret(ACCOUNT)
    if not business:
        return Ours(f"{ACCOUNT} is not set")
    found: list[Template] = []
    after = ""
    for _ in range(PAGES):
        answer = _page(account, http, business, after)
        if not isinstance(answer, dict):
            return answer
        try:
            found += [each for row in rows(answer["data"]) for each in _template(row)]
            paging = part(answer.get("paging"))
            after = text(part(paging.get("cursors")).get("after")) if paging.get("next") else ""
        except (TypeError, ValueError, LookupError) as surprise:
            return Ambiguous(f"an unreadable list of templates ({type(surprise).__name__})")
        if not after:
            break
    return tuple(found)


def _page(account: Account, http: Http, business: str, after: str) -> dict[str, Any] | Outcome:
    version = account.secret("WHATSAPP_GRAPH_VERSION") or VERSION
    token = next(iter(account.accepted("WHATSAPP_ACCESS_TOKEN")), "")
    asked = {"fields": FIELDS, "status": "APPROVED", "limit": str(PAGE), **({"after": after} if after else {})}
    url = f"{account.api_url}/{version}/{business}/message_templates"
    try:
        reply = http("GET", url, headers={"Authorization": f"Bearer {token}"}, params=asked)
    except CallFailed as failure:
        return failure.outcome
    answer = reply.json()
    if reply.status == 200:  # noqa: PLR2004
        return answer
    error = answer.get("error")
    error = error if isinstance(error, dict) else {}
    return refusal(error.get("code"), told(error) if error else f"HTTP {reply.status}", reply)


def _template(row: Payload) -> Iterator[Template]:
    if text(row.get("status")) != "APPROVED":
        return
    pieces = {text(each.get("type")).upper(): each for each in rows(row["components"])}
    header, body, footer = (part(pieces.get(name)) for name in ("HEADER", "BODY", "FOOTER"))
    titled = VARIABLE.sub(lambda found: f"{{{{{HEADER}{found[1]}}}}}", text(header.get("text")))
    said = VARIABLE.sub(lambda found: f"{{{{{found[1]}}}}}", text(body.get("text")))
    words = "\n".join(filter(None, (titled, said, text(footer.get("text")))))
    yield Template(
        ident(row["name"]),
        ident(row["language"]),
        words,
        variables=tuple(dict.fromkeys(re.findall(r"\{\{([^{}]+)\}\}", words))),
        unsendable=_lacks(text(row.get("category")), header, pieces),
    )


def _lacks(category: str, header: Payload, pieces: Mapping[str, Payload]) -> str:
    """Say what a template needs that cannot be typed here."""
    if category.upper() == "AUTHENTICATION":
        return "it carries a code to sign in with"
    needs = NEEDS.get(text(header.get("format")).upper())
    if needs:
        return f"it needs {needs}"
    buttons = rows(part(pieces.get("BUTTONS")).get("buttons"))
    plain = all(text(each.get("type")).upper() in PLAIN_BUTTONS for each in buttons)
    if not plain or any(VARIABLE.search(text(each.get("url"))) for each in buttons):
        return "one of its buttons has to be filled in"
    return "" if set(pieces) <= {"HEADER", "BODY", "FOOTER", "BUTTONS"} else "it is made of several cards"
