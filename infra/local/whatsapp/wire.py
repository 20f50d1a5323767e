"""WhatsApp's wire format and what it refuses: https://developers.facebook.com/docs/whatsapp/cloud-api."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.server import Answer, answer_json

BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
NUMBER = re.compile(r"\d{7,15}")
MEDIA = ("image", "video", "audio", "document", "sticker")
TYPES = ("text", *MEDIA, "location", "contacts", "interactive", "template", "reaction")

ERRORS = {
    1: (400, "An unknown error occurred"),
    2: (503, "Service temporarily unavailable"),
    4: (400, "Application request limit reached"),
    10: (403, "Application does not have permission for this action"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    2500: (400, "Unknown path components"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131026: (400, "Message undeliverable"),
    131047: (400, "Re-engagement message"),
    131051: (400, "Unsupported message type"),
    131053: (400, "Media upload error"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132012: (400, "Parameter format does not match format in the created template"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
}
DETAILS = {
    131047: "Message failed to send because more than 24 hours have passed "
    "since the customer last replied to this number.",
    131026: "Message Undeliverable.",
    131053: "Downloading media from weblink failed, or the media is of a type or size that is not supported.",
}

REQUIRED: Mapping[str, Sequence[str]] = {
    "text": ("text.body",),
    "template": ("template.name", "template.language.code"),
    "reaction": ("reaction.message_id",),
    "location": ("location.latitude", "location.longitude"),
    "interactive": ("interactive.type", "interactive.body.text", "interactive.action"),
    "contacts": ("contacts",),
}
LONGEST = {
    "text.body": 4096,
    "image.caption": 1024,
    "video.caption": 1024,
    "document.caption": 1024,
    "interactive.body.text": 1024,
    "interactive.header.text": 60,
    "interactive.footer.text": 60,
    "interactive.action.button": 20,
    "biz_opaque_callback_data": 512,
}
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_ROW = 10, 24

ONLY_OF = {"caption": ("image", "video", "document"), "filename": ("document",), "voice": ("audio",)}
"""What may stand beside a file, and of which kinds."""


def wamid() -> str:
    """Make a message id as unfriendly to URLs as theirs: with `+`, `/` and `=`."""
    return "wamid." + base64.b64encode(b"\x1d\x18\xfb\xff" + secrets.token_bytes(24)).decode()


def encode(payload: Any) -> bytes:
    """Write JSON as Meta does: non-ASCII as lower-case escapes, and slashes escaped."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def refuse(code: int, details: str = "", status: int = 0, retry_after: float | None = None) -> Answer:
    usual, title = ERRORS.get(code, (400, "An error occurred"))
    error: dict[str, Any] = {
        "message": f"(#{code}) {title}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": secrets.token_urlsafe(8),
    }
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return answer_json({"error": error}, status or usual, headers)


def failure(code: int) -> dict[str, Any]:
    """Describe an error as `statuses[].errors` does."""
    title = ERRORS.get(code, (0, "An error occurred"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": DETAILS.get(code, title)},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }


def status(
    message_id: str, state: str, at: float, recipient: Mapping[str, str], error: int | None, opaque: str
) -> dict[str, Any]:
    """Describe what became of a message as `statuses` does."""
    pricing = {
        "billable": False,
        "pricing_model": "PMP",
        "category": "service",
        "type": "free_customer_service",
    }
    return {
        "id": message_id,
        "status": state,
        "timestamp": str(int(at)),
        **recipient,
        **({"errors": [failure(error)]} if error else {"pricing": pricing}),
        **({"biz_opaque_callback_data": opaque} if opaque else {}),
    }


def dig(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def digits(address: str) -> str:
    """Reduce a number to its digits, as WhatsApp does with whatever is dialled."""
    return re.sub(r"[\s()+.-]", "", address)


def objection(body: Any) -> tuple[int, str] | None:
    """Name the first thing wrong with a message to send: the code and its details."""
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        return 100, "The parameter messaging_product is required."
    return _address(body) or _content(body) or _lengths(body)


def _address(body: Mapping[str, Any]) -> tuple[int, str] | None:
    to, recipient = str(body.get("to") or ""), str(body.get("recipient") or "")
    if not to and not recipient:
        return 100, "The parameter to is required."
    if to and not (NUMBER.fullmatch(digits(to)) or BSUID.fullmatch(to)):
        return 131009, "The recipient's phone number is not valid."
    if not to and not BSUID.fullmatch(recipient):
        return 131009, "The recipient is not a valid business-scoped user id."
    return None


def _content(body: Mapping[str, Any]) -> tuple[int, str] | None:
    kind = body.get("type", "text")
    if kind not in TYPES:
        return 100, f'Param type must be one of {{{", ".join(TYPES).upper()}}} - got "{kind}".'
    if kind in MEDIA and not (dig(body, f"{kind}.id") or dig(body, f"{kind}.link")):
        return 131008, f"The parameter {kind}['id'] or {kind}['link'] is required."
    for name, kinds in ONLY_OF.items():
        if kind in MEDIA and name in body[kind] and kind not in kinds:
            return 100, f'Unexpected key "{name}" on param "{kind}".'
    for path in REQUIRED.get(kind, ()):
        if dig(body, path) in (None, "", [], {}):
            return 131008, f"The parameter {path} is required."
    return _choices(dig(body, "interactive.action")) if kind == "interactive" else None


def _choices(action: Any) -> tuple[int, str] | None:
    buttons = [str(dig(button, "reply.title") or "") for button in dig(action, "buttons") or []]
    rows = [row for section in dig(action, "sections") or [] for row in dig(section, "rows") or []]
    if len(buttons) > MOST_BUTTONS or any(not 0 < len(title) <= LONGEST_BUTTON for title in buttons):
        return 131009, f"At most {MOST_BUTTONS} buttons of 1 to {LONGEST_BUTTON} characters are allowed."
    if len(rows) > MOST_ROWS or any(len(str(dig(row, "title") or "")) > LONGEST_ROW for row in rows):
        return 131009, f"At most {MOST_ROWS} rows of {LONGEST_ROW} characters are allowed."
    return None


def _lengths(body: Mapping[str, Any]) -> tuple[int, str] | None:
    for path, longest in LONGEST.items():
        if len(str(dig(body, path) or "")) > longest:
            return 131009, f"Param {path} must be at most {longest} characters long."
    return None


def text_of(message: Mapping[str, Any]) -> str:
    """Choose what a phone shows of a message in words."""
    kind = str(message.get("type", "text"))
    paths = (f"{kind}.body.text", f"{kind}.body", f"{kind}.caption", f"{kind}.emoji", f"{kind}.name")
    found = next((dig(message, path) for path in paths if isinstance(dig(message, path), str)), f"[{kind}]")
    return str(found)


def without_link(content: Any) -> Any:
    """Leave out where the app keeps a file of its own: what signs that address is nobody else's business."""
    if isinstance(content, dict):
        return {name: without_link(value) for name, value in content.items() if name != "link"}
    return [without_link(item) for item in content] if isinstance(content, list) else content
