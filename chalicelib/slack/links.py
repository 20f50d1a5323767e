"""A link to a message in Slack, at the beginning of what somebody typed: it says what their words are about.

https://docs.slack.dev/reference/methods/chat.getPermalink
"""

from __future__ import annotations

import re
from typing import NamedTuple

from chalicelib.richtext import Rich, found, kept, mrkdwn, stripped

LINK = re.compile(
    r"\s*<?https://[\w.-]+\.slack\.com/archives/(?P<channel>[A-Z0-9]{3,20})/p(?P<whole>[0-9]{10})(?P<part>[0-9]{6})"
    r"(?:\?[^\s<>|]*)?(?:\|[^<>]*)?>?\s*"
)


class Beginning(NamedTuple):
    """To which message a text begins with a link, and what it says beside that."""

    channel: str
    ts: str
    text: str
    rich: str


def beginning(text: str, rich: str) -> Beginning | None:
    """Read the link a text begins with, or None if it begins with none."""
    link = LINK.match(text)
    if link is None:
        return None
    rest = text[link.end() :]
    looks = kept(_without(found(rich)), rest, mrkdwn.read) if rich else ""
    return Beginning(link["channel"], f"{link['whole']}.{link['part']}", rest, looks)


def without_link(text: str) -> str:
    """Leave out the link to a message that a text begins with."""
    link = LINK.match(text)
    return text[link.end() :] if link else text


def _without(rich: Rich) -> Rich:
    """Leave out the first words, which are that link."""
    rich = stripped(rich)
    if not rich or not rich[0].runs:
        return rich
    first, *others = rich
    runs = first.runs[1:] if first.runs[0].link else first.runs
    return stripped((first._replace(runs=runs), *others) if runs else tuple(others))
