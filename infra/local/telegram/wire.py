"""Telegram's wire format: answers, refusals and the HTML it reads, as on https://core.telegram.org/bots/api."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from infra.local.multipart import multipart
from infra.local.server import Answer, Call, answer_json

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_DATA = 64
MOST_PHOTOS = 100
MOST_ENTITIES = 100

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
}
CHAT_NOT_FOUND = "chat not found"

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^<>]*)>?")
_ESCAPED = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class Refused(Exception):
    """A call that the Bot API answers with `ok: false`."""

    def __init__(self, code: int, why: str = "", parameters: Mapping[str, Any] | None = None) -> None:
        name = NAMES.get(code, "Internal Server Error")
        super().__init__(f"{name}: {why}" if why else name)
        self.code = code
        self.parameters = parameters or {}


def accept(result: Any) -> Answer:
    return answer_json({"ok": True, "result": result})


def refuse(refused: Refused) -> Answer:
    body = {"ok": False, "error_code": refused.code, "description": str(refused)}
    if refused.parameters:
        body["parameters"] = dict(refused.parameters)
    wait = refused.parameters.get("retry_after")
    return answer_json(body, refused.code, {} if wait is None else {"Retry-After": str(wait)})


def spoil(how: Mapping[str, Any]) -> Answer:
    """Refuse a call as planned."""
    code = int(how.get("error", how.get("status", 500)))
    usual = {400: CHAT_NOT_FOUND, 403: "bot was blocked by the user"}.get(code, "")
    refused = Refused(code, str(how.get("description", usual)), how.get("parameters"))
    if code == 429:  # noqa: PLR2004 - Too Many Requests
        wait = how.get("retry_after", 1)
        refused = Refused(code, parameters={"retry_after": wait})
        refused.args = (f"Too Many Requests: retry after {wait}",)
    return refuse(refused)


def parameters(call: Call) -> dict[str, Any]:
    """Read a call's parameters from wherever a bot may put them."""
    kind = call.headers.get("content-type", "").partition(";")[0]
    given: dict[str, Any] = dict(call.query)
    if kind == "application/json":
        try:
            return {**given, **call.json()}
        except (ValueError, TypeError) as error:
            raise Refused(400, "can't parse JSON object") from error
    if kind == "multipart/form-data":
        for name, field in multipart(call).items():
            given[name] = field.text if field.filename is None else field
        return given
    return {**given, **call.form()}


def nested(given: Mapping[str, Any], name: str) -> Any:
    """Read a parameter that is an object, which forms carry as JSON."""
    value = given.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refused(400, f"can't parse {name} JSON object") from error


def units(text: str) -> int:
    """Count as Telegram does: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def commands(text: str) -> list[dict[str, Any]]:
    """Find the bot commands of a customer's text, which Telegram marks by itself."""
    return [
        {"offset": units(text[: found.start()]), "length": units(found.group()), "type": "bot_command"}
        for found in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}", text)
    ]


def read(text: str, mode: str) -> tuple[str, list[dict[str, Any]]]:
    """Turn a text with its parse mode into what is shown, and its entities."""
    if not mode:
        return text.strip(), []
    if mode.lower() != "html":
        raise Refused(400, "unsupported parse_mode")
    shown, entities, open_tags, end = "", [], [], 0
    for tag in _TAG.finditer(text):
        shown += _plain(text[end : tag.start()])
        end = tag.end()
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        at = len(text[: tag.start()].encode())
        if name not in TAGS or not tag[0].endswith(">"):
            raise Refused(400, f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
        if not closing:
            open_tags.append((name, units(shown), attributes))
            continue
        if not open_tags or open_tags[-1][0] != name:
            raise Refused(400, f"can't parse entities: Unmatched end tag at byte offset {at}")
        _, start, attributes = open_tags.pop()
        entities.append(_entity(name, start, units(shown) - start, attributes))
    if open_tags:
        raise Refused(
            400, f"can't parse entities: Can't find end tag corresponding to start tag {open_tags[-1][0]}"
        )
    shown += _plain(text[end:])
    return shown.strip(), [entity for entity in entities if entity["length"]][:MOST_ENTITIES]


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: unescape(found[0]), text)


def _entity(name: str, start: int, length: int, attributes: str) -> dict[str, Any]:
    entity: dict[str, Any] = {"offset": start, "length": length, "type": TAGS[name]}
    link = re.search(r"href\s*=\s*\"([^\"]*)\"", attributes)
    return {**entity, "url": unescape(link[1])} if link and name == "a" else entity
