"""What a message may consist of: words, blocks, metadata and whose name it bears."""

from __future__ import annotations

import json
import re
from typing import Any

from infra.local.slack.block_kit import MARKDOWN, actions_of, find_problems
from infra.local.slack.calls import Args, Refused
from infra.local.slack.inline import escape
from infra.local.slack.team import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

MOST_ATTACHMENTS = 100
METADATA_BYTES = 8_000
"""Slack does not publish its limit."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_URL = re.compile(r"https?://[^\s<>|]*[^\s<>|.,!?;:)]")
_TOKEN = re.compile(r"<(?:[@#!][^<>\s]|https?://|mailto:|tel:)[^<>]*>")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


def read_content(workspace: Workspace, args: Args) -> Json:
    """Read text, blocks and attachments; a message needs at least one of them."""
    text, markdown = args.word("text"), args.word("markdown_text")
    blocks = args.structure("blocks", "invalid_blocks_format")
    attachments = args.structure("attachments", "invalid_arguments") or []
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict")
    if len(markdown) > MARKDOWN:
        raise Refused("msg_too_long")
    if not (text.strip() or markdown.strip() or blocks or attachments):
        raise Refused("no_text")
    if not isinstance(attachments, list):
        raise Refused("invalid_arguments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")
    content: Json = {"text": _stored_text(text or markdown, args)}
    if blocks:
        content["blocks"] = _read_blocks(workspace, blocks)
    return {**content, "attachments": attachments} if attachments else content


def read_body(workspace: Workspace, args: Args) -> Json:
    """Read what stands above files: text, or blocks, whose words become the text; or nothing."""
    blocks = args["blocks"] if args.get("blocks") else []
    content: Json = {"text": _stored_text(args.word("text"), args)}
    if blocks:
        content |= {"blocks": _read_blocks(workspace, blocks), "text": words_of(blocks)}
    return content


def _read_blocks(workspace: Workspace, blocks: Any) -> list[Json]:
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = find_problems(blocks)
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise Refused("invalid_blocks", errors=problems, response_metadata={"messages": messages})
    named: list[Json] = [{"block_id": workspace.next_id("b"), **block} for block in blocks]
    for _, element in actions_of(named):
        element.setdefault("action_id", workspace.next_id("a"))
    return named


def _stored_text(text: str, args: Args) -> str:
    """Escape what is not markup and link bare URLs, as Slack does before it keeps a text."""
    stored, done = "", 0
    for token in _TOKEN.finditer(text):
        stored += _plain(text[done : token.start()], args) + token[0]
        done = token.end()
    return stored + _plain(text[done:], args)


def _plain(text: str, args: Args) -> str:
    escaped = _STRAY_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return escaped if args.word("parse") == "none" else _URL.sub(r"<\g<0>>", escaped)


def read_metadata(args: Args) -> Json | None:
    """Read metadata: a name and flat values; `{}` is given back as it came."""
    metadata: Any = args.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    kind, payload = metadata["event_type"], metadata["event_payload"]
    if not isinstance(kind, str) or not _NAME.fullmatch(kind) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    if not all(_NAME.fullmatch(name) and _is_flat(value) for name, value in payload.items()):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return dict(metadata)


def words_of(blocks: list[Json]) -> str:
    """Give the words of blocks, as Slack makes a text of them where none is given."""
    parts = [_words(block) for block in blocks]
    return "\n".join(part for part in parts if part)


def _words(part: Any) -> str:
    """Walk down to what is said; containers stand on lines of their own."""
    if isinstance(part, str):
        return escape(part)
    if part.get("type") == "emoji":
        return f":{part['name']}:"
    if "elements" in part:
        words = [_words(each) for each in part["elements"]]
        return ("" if part["type"] == "rich_text_section" else "\n").join(word for word in words if word)
    if part.get("type") == "link":
        return f"<{part['url']}|{escape(part['text'])}>" if part.get("text") else f"<{part['url']}>"
    if part.get("type") == "user":
        return f"<@{part['user_id']}>"
    if part.get("type") == "mrkdwn":
        return str(part["text"])
    return _words(part.get("text", ""))


def _is_flat(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(one, str | int | float | bool) for one in values)


def read_author(workspace: Workspace, args: Args) -> Json:
    """Give the fields that say whom a post is from; under another name it has no user."""
    author: Json = {"bot_id": BOT_ID, "app_id": APP_ID, "team": TEAM_ID}
    name, emoji, picture = (args.word(field) for field in ("username", "icon_emoji", "icon_url"))
    if not (name or emoji or picture):
        profile = {"id": BOT_ID, "app_id": APP_ID, "name": "Threadline", "team_id": TEAM_ID}
        return {**author, "user": BOT_USER_ID, "bot_profile": profile}
    workspace.need("chat:write.customize")
    author |= {"subtype": "bot_message", "username": name or "Threadline"}
    if emoji:
        return {**author, "icons": {"emoji": emoji}}
    return {**author, "icons": {"image_48": picture}} if picture else author
