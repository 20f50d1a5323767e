"""What hangs below a person's words in Slack: messages that they forwarded, and tables.

https://docs.slack.dev/reference/messaging/attachments
"""

from __future__ import annotations

from chalicelib.reading import Payload, part, rows, text
from chalicelib.richtext import Rich, mrkdwn, slack, words
from chalicelib.slack.words import is_visible

UNFURLED = (
    "from_url",
    "original_url",
    "is_msg_unfurl",
    "is_app_unfurl",
    "app_unfurl_url",
    "service_name",
    "bot_id",
)
"""What Slack shows of a link is nobody's words: the link is there, and what is behind it may be for us alone."""
NOTHING = "[no preview available]"
"""Slack's own words where it has none."""
DEEPEST = 3
"""Messages that were forwarded in messages that were forwarded."""


def forwarded(message: Payload, depth: int = 0) -> Rich:
    """Read what was passed on with a message."""
    passed = [each for each in rows(message.get("attachments")) if _is_passed_on(each)]
    return tuple(block for each in passed for block in _read(each, depth))


def _is_passed_on(attachment: Payload) -> bool:
    if attachment.get("is_share") is True:
        return True
    return bool(attachment.get("blocks")) and not any(attachment.get(name) for name in UNFURLED)


def _read(attachment: Payload, depth: int) -> Rich:
    """Read the best there is of it: its blocks, its text, or what Slack says in its place."""
    inner = [part(each.get("message")) for each in rows(attachment.get("message_blocks"))]
    found = tuple(block for each in (*inner, attachment) for block in slack.read(each.get("blocks")))
    for name in ("text", "fallback", "title"):
        if is_visible(words(found)):
            break
        said = text(attachment.get(name))
        found = mrkdwn.read(said) if said != NOTHING else found
    if depth < DEEPEST:
        found += tuple(block for each in (*inner, attachment) for block in forwarded(each, depth + 1))
    if attachment.get("is_share") is not True:
        return found
    return tuple(block._replace(quoted=True) for block in found)
