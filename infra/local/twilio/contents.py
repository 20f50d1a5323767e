"""Templates of Twilio's Content API, with what WhatsApp made of each.

https://www.twilio.com/docs/content/content-api-resources
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from infra.local.server import Answer, answer_json

Json = dict[str, Any]
PATH = "/v1/ContentAndApprovals"
HOST = "https://content.twilio.com"
VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def _made(number: int, name: str, types: Json, status: str = "approved", language: str = "en") -> Json:
    sid = f"HX{number:032x}"
    return {
        "sid": sid,
        "friendly_name": name,
        "language": language,
        "variables": {each: f"example {each}" for each in sorted(set(VARIABLE.findall(json.dumps(types))))},
        "types": types,
        "approval_requests": {"name": name, "category": "UTILITY", "status": status, "rejection_reason": ""},
        "date_created": "2026-09-01T12:00:00Z",
        "date_updated": "2026-09-01T12:00:00Z",
        "account_sid": None,
    }


def usual() -> list[Json]:
    """Give an account the templates that most have, and some that need more than words."""
    delivery = "Hello {{1}}, your parcel comes on {{2}}."
    question = {"body": "{{name}}, may we call you?", "actions": [{"title": "Yes", "id": "yes"}]}
    track = {
        "body": "On its way.",
        "actions": [{"type": "URL", "title": "Track", "url": "https://example.com/{{1}}"}],
    }
    return [
        _made(1, "delivery", {"twilio/text": {"body": delivery}}),
        _made(2, "may_we_call", {"twilio/quick-reply": question}),
        _made(3, "track", {"twilio/call-to-action": track}),
        _made(4, "catalog", {"twilio/catalog": {"id": "1017234312776586", "items": []}}),
        _made(5, "not_yet", {"twilio/text": {"body": "Soon."}}, status="pending"),
    ]


def listed(contents: Sequence[Json], account: str, query: Mapping[str, str]) -> Answer:
    """Answer a page of the list, whose next one is at Twilio's own host for this."""
    size, number = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
    start = size * number
    rows = [{**each, "account_sid": account} for each in contents[start : start + size]]
    following = f"{HOST}{PATH}?{urlencode({'PageSize': size, 'Page': number + 1, 'PageToken': 'DNHX'})}"
    first = f"{HOST}{PATH}?PageSize={size}&Page=0"
    meta = {
        "page": number,
        "page_size": size,
        "first_page_url": first,
        "previous_page_url": None,
        "url": first,
        "next_page_url": following if start + size < len(contents) else None,
        "key": "contents",
    }
    return answer_json({"meta": meta, "contents": rows})


def objection(contents: Sequence[Json], form: Mapping[str, str]) -> int:
    """Say what is wrong with a template that is sent, as Twilio's code."""
    sid = form.get("ContentSid", "")
    if not sid:
        return 0
    if not any(each["sid"] == sid for each in contents):
        return 21655
    try:
        values = json.loads(form.get("ContentVariables") or "{}")
    except ValueError:
        return 21656
    fit = isinstance(values, dict) and all(isinstance(each, str) and each for each in values.values())
    return 0 if fit else 21656


def rendered(contents: Sequence[Json], form: Mapping[str, str]) -> str:
    """Write a template as its reader sees it: what is not given is the example."""
    found = next((each for each in contents if each["sid"] == form.get("ContentSid")), None)
    if found is None:
        return ""
    values = {**found["variables"], **json.loads(form.get("ContentVariables") or "{}")}
    (content,) = found["types"].values()
    return VARIABLE.sub(lambda place: str(values[place[1]]), content.get("body", ""))


def is_approved(contents: Sequence[Json], sid: str) -> bool:
    """Tell whether WhatsApp lets a template out at any time."""
    return any(each["sid"] == sid and each["approval_requests"]["status"] == "approved" for each in contents)
