"""What the diary says of a call: whose words are in it, and what it posts or draws."""

from __future__ import annotations

import json
import re

from infra.local.server import Call

DRAWINGS = ("reactions.add", "chat.update", "chat.delete")
"""What we do in Slack besides posting."""
WORD = re.compile(r"[a-z]\d{4}x")
"""A word of somebody's own: every message, reply and note has one."""


def words_in(body: bytes) -> str:
    """Name the words of the cast that stand in a body."""
    return ",".join(dict.fromkeys(WORD.findall(body.decode(errors="replace"))))


def done_by(call: Call) -> dict[str, str]:
    """Name a post of ours in a thread: its channel, and the name it bears; of a drawing only where it is drawn."""
    if call.path.endswith(DRAWINGS):
        return {"draws": json.loads(call.body)["channel"]}
    if call.path.endswith("files.completeUploadExternal"):
        told = json.loads(call.body)
        return {"channel": told["channel_id"], "post": f"file:{told['files'][0]['id']}"}
    if not call.path.endswith("chat.postMessage"):
        return {}
    told = json.loads(call.body)
    stamp = (told.get("metadata") or {}).get("event_payload") or {}
    return {"channel": told["channel"], "post": stamp.get("post", "") if stamp.get("item") else ""}
